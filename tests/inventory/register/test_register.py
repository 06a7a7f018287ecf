"""Entering, changing, finding and removing assets, and what stands in the log of it."""

import pytest

from config.assets import AssetClass, AssetStatus
from inventory.register import finder
from inventory.register.entry import Create, Edit, Query, Remove
from inventory.register.problems import NotFound, Refused
from inventory.register.stale import Stale


def tags(found):
    return [entry.asset.tag for entry in found.entries]


def fields(refused):
    return {problem.field for problem in refused.value.problems}


def test_what_was_registered_is_there_and_in_the_log(register, make_asset, lan):
    made = register.create(make_asset(price_vnd=12_000_000), lan, "bought")
    assert register.get("PC-1") == made == register.by_id(made.id)
    assert (made.version, made.origin) == (1, "register")
    (change,) = register.changes("PC-1")
    assert (change.actor, change.via, change.action) == ("lan", "web", "created")
    assert (change.before, change.reason) == ({}, "bought")
    assert change.after["price_vnd"] == 12_000_000


def test_an_edit_changes_what_it_names_and_a_blank_clears(register, make_asset, lan):
    register.create(make_asset(room="P. 101", vendor="HP"), lan)
    edited = register.edit("PC-1", {"room": "  P. 102 ", "vendor": ""}, lan)
    assert (edited.asset.room, edited.asset.vendor, edited.version) == ("P. 102", "", 2)
    change = register.changes("PC-1")[0]
    assert change.before == {"room": "P. 101", "vendor": "HP"}
    assert change.after == {"room": "P. 102", "vendor": None}


def test_the_same_values_again_change_nothing(register, make_asset, lan):
    made = register.create(make_asset(room="P. 101"), lan)
    assert register.edit("PC-1", {"room": "P. 101"}, lan) == made
    assert len(register.changes("PC-1")) == 1


def test_of_two_who_edit_one_asset_the_second_learns_what_the_first_did(
    register, make_asset, lan, minh
):
    seen = register.create(make_asset(), lan).version
    register.edit("PC-1", {"room": "P. 102"}, minh, version=seen)
    with pytest.raises(Stale) as stale:
        register.edit("PC-1", {"room": "P. 103"}, lan, version=seen)
    assert stale.value.entry.asset.room == "P. 102"
    assert [(c.actor, c.after) for c in stale.value.changes] == [("minh", {"room": "P. 102"})]
    assert register.get("PC-1").asset.room == "P. 102"


def test_what_was_removed_keeps_its_history_and_its_tag_is_free(register, make_asset, lan):
    made = register.create(make_asset(), lan)
    register.remove("PC-1", lan, reason="sold")
    assert register.get("PC-1") is None
    assert register.by_id(made.id).removed_at_s is not None
    assert [c.action for c in register.changes("PC-1")] == ["removed", "created"]
    assert tags(register.search(Query())) == []
    assert tags(register.search(Query(removed=True))) == ["PC-1"]
    assert register.create(make_asset(), lan).id != made.id


def test_history_is_found_under_the_new_tag(register, make_asset, lan):
    made = register.create(make_asset(), lan)
    renamed = register.edit("PC-1", {"tag": "PC-9"}, lan)
    assert (renamed.id, renamed.asset.tag) == (made.id, "PC-9")
    assert register.get("PC-1") is None
    assert [c.action for c in register.changes("PC-9")] == ["edited", "created"]


def test_what_names_an_asset_follows_its_tag(register, make_asset, lan):
    register.create(make_asset("ST-1"), lan)
    register.create(make_asset("SW-1", parent="ST-1"), lan)
    register.edit("ST-1", {"tag": "ST-2"}, lan)
    assert register.get("SW-1").asset.parent == "ST-2"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"commune": "99999"}, "commune"),
        ({"price_vnd": -1}, "price_vnd"),
        ({"price_vnd": 10**15}, "price_vnd"),
        ({"in_use_since": "1900-01-01"}, "in_use_since"),
        ({"warranty_until": "2100-01-01"}, "warranty_until"),
        ({"purchased": "2025-02-30"}, "purchased"),
        ({"class": "toaster"}, "class"),
        ({"name": "  "}, "name"),
        ({"tag": "PC 1"}, "tag"),
        ({"room": "P\x00101"}, "room"),
        ({"room": "x" * 501}, "room"),
        ({"life_years": 0}, "life_years"),
        ({"upstream": "NOWHERE"}, "upstream"),
        ({"parent": "NOWHERE"}, "parent"),
        ({"parent": "PC-1"}, "parent"),
        ({"serial": "sn 777"}, "serial"),
        ({"tag": "PC-2"}, "tag"),
        ({"tag": "new"}, "tag"),
        ({"tag": "bulk"}, "tag"),
        ({"edge": True}, "edge"),
        ({"custom": {"": "x"}}, "custom"),
        ({"colour": "red"}, "colour"),
        ({"endpoints": [{"kind": "ping"}]}, "address"),
        (
            {"address": "10.0.0.1", "endpoints": [{"kind": "snmp", "credential": "none"}]},
            "endpoints",
        ),
        (
            {"address": "192.0.2.1", "endpoints": [{"kind": "snmp", "credential": "snmp"}]},
            "endpoints",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_changes_nothing(
    register, make_asset, lan, values, field
):
    register.create(make_asset("PC-2", vendor="HP", serial="SN-777", edge=True), lan)
    before = register.create(make_asset(vendor="hp"), lan)
    with pytest.raises(Refused) as refused:
        register.edit("PC-1", values, lan)
    assert fields(refused) == {field}
    assert str(refused.value.problems[0])
    assert register.get("PC-1") == before


def test_a_serial_of_another_commune_is_said_with_its_asset_and_commune(register, make_asset, lan):
    register.create(make_asset("PC-2", vendor="HP", serial="SN777", commune="22840"), lan)
    with pytest.raises(Refused) as refused:
        register.create(make_asset(vendor="HP", serial="sn-777"), lan)
    assert refused.value.problems[0].values == {"tag": "PC-2", "commune": "Xã Bắc Ái"}
    register.create(make_asset(vendor="Dell", serial="SN777"), lan)


def test_nothing_that_others_name_is_removed(register, make_asset, lan):
    register.create(make_asset("SW-1"), lan)
    register.create(make_asset("PC-1", parent="SW-1"), lan)
    with pytest.raises(Refused):
        register.remove("SW-1", lan)
    register.apply([Remove("SW-1"), Edit("PC-1", {"parent": ""})], lan)
    assert tags(register.search(Query())) == ["PC-1"]


def test_nothing_stands_behind_itself(register, make_asset, lan):
    register.create(make_asset("A"), lan)
    register.create(make_asset("B", upstream="A"), lan)
    register.create(make_asset("C", upstream="B"), lan)
    with pytest.raises(Refused) as refused:
        register.edit("A", {"upstream": "C"}, lan)
    assert refused.value.problems[0].values == {"way": "A → C → B → A"}


def test_all_steps_or_none(register, make_asset, lan):
    register.create(make_asset("A"), lan)
    steps = [
        Create(make_asset("B")),
        Edit("A", {"room": "1"}),
        Create(make_asset("C", commune="99999"), row=17),
        Create(make_asset("B")),
    ]
    with pytest.raises(Refused) as refused:
        register.apply(steps, lan)
    assert [(p.row, p.field) for p in refused.value.problems] == [(17, "commune"), (3, "tag")]
    assert register.get("B") is None
    assert register.get("A").version == 1
    with pytest.raises(NotFound):
        register.apply([Create(make_asset("B")), Remove("NOWHERE")], lan)
    assert register.get("B") is None


def test_tags_can_be_exchanged(register, make_asset, lan):
    one, other = register.create(make_asset("A"), lan), register.create(make_asset("B"), lan)
    register.apply([Edit("A", {"tag": "B"}), Edit("B", {"tag": "A"})], lan)
    assert (register.get("A").id, register.get("B").id) == (other.id, one.id)


def test_words_are_found_in_any_field_without_their_marks(register, make_asset, lan):
    register.create(make_asset("SRV-1", name="Máy chủ", room="Phòng Địa chính"), lan)
    register.create(
        make_asset("PC-1", custom={"Màu": "Đỏ"}, in_use_since="2025-12-31", commune="22840"), lan
    )
    for text, expected in [
        ("may chu", ["SRV-1"]),
        ("MÁY", ["PC-1", "SRV-1"]),
        ("dia  may", ["SRV-1"]),
        ("do", ["PC-1"]),
        ("31/12/2025", ["PC-1"]),
        ("bac ai", ["PC-1"]),
        ("thuan may", ["SRV-1"]),
        ("may chut", []),
        ("%", []),
        ("", ["PC-1", "SRV-1"]),
    ]:
        assert tags(register.search(Query(text))) == expected, text


def test_filters_sort_and_pages(register, make_asset, lan):
    names = ["Đô", "Dũng", "Ấn", "An", "Ăn", "Án"]
    for number, name in enumerate(names):
        status = "in_stock" if number % 2 else "in_use"
        register.create(make_asset(f"A{number}", name=name, status=status), lan)
    register.create(make_asset("Z", name="Z", commune="22840", **{"class": "printer"}), lan)

    def shown(**query):
        return [entry.asset.name for entry in register.search(Query(**query)).entries]

    assert shown(sort="name") == ["An", "Án", "Ăn", "Ấn", "Dũng", "Đô", "Z"]
    assert shown(sort="name", descending=True, limit=2) == ["Z", "Đô"]
    assert shown(sort="name", offset=5, limit=1) == ["Đô"]
    assert register.search(Query(limit=2)).total == 7
    assert shown(communes=frozenset({"22840"})) == ["Z"]
    assert shown(communes=frozenset()) == []
    assert shown(classes=(AssetClass.PRINTER,)) == ["Z"]
    assert len(shown(statuses=(AssetStatus.IN_STOCK,))) == 3
    assert shown(exactly={"name": "đô"}) == ["Đô"]
    with pytest.raises(ValueError, match="sorted by nothing"):
        shown(sort="nothing")


def test_an_asset_of_the_files_is_found_and_not_changed_here(register, make_asset, lan):
    register.take_files([make_asset("F-1", name="Máy trong tệp")])
    entry = register.get("F-1")
    assert entry.origin == "file"
    assert tags(register.search(Query("tep", origin="file"))) == ["F-1"]
    for refused in (
        lambda: register.edit("F-1", {"room": "1"}, lan),
        lambda: register.remove("F-1", lan),
        lambda: register.create(make_asset("F-1"), lan),
    ):
        with pytest.raises(Refused):
            refused()
    register.take_files([make_asset("F-1", name="Máy khác")])
    assert (register.get("F-1").id, register.get("F-1").version) == (entry.id, 2)
    register.take_files([])
    assert register.get("F-1") is None


def test_of_an_asset_that_stands_in_both_the_file_wins(register, make_asset, lan):
    register.create(make_asset("PC-1"), lan)
    assert register.take_files([make_asset("PC-1")]) == ["PC-1"]
    assert register.get("PC-1").origin == "file"
    assert register.search(Query()).total == 1
    assert register.take_files([]) == []
    assert register.get("PC-1").origin == "register"


def test_the_log_takes_other_matters_and_nothing_of_it_is_changed(register, desk, lan):
    register.log(lan, "denied", "user", "minh", after={"why": "no right"})
    (line,) = register.changes("minh", kind="user")
    assert (line.action, line.after) == ("denied", {"why": "no right"})
    for sql in ("DELETE FROM changes", "UPDATE changes SET actor = 'nobody'"):
        with pytest.raises(Exception, match="only added to"):
            desk.write("tamper", lambda c, sql=sql: c.execute(sql))
    with pytest.raises(Refused):
        register.undo(line.id, lan)


def test_columns_that_were_made_ready_are_not_read_again(register, make_asset, lan, monkeypatch):
    for tag, name in ("A-1", "Bàn"), ("A-2", "An"):
        register.create(make_asset(tag=tag, name=name), lan)
    register.get_ready(("tag", "name"), lambda: False)
    monkeypatch.setattr(finder, "column_values", lambda *_: pytest.fail("read again"))
    found = register.search(Query(sort="name"))
    assert tags(found) == ["A-2", "A-1"]


def test_columns_are_not_made_ready_once_it_is_over(register, make_asset, lan, monkeypatch):
    register.create(make_asset(), lan)
    monkeypatch.setattr(finder, "column_values", lambda *_: pytest.fail("read"))
    register.get_ready(("tag", "name"), lambda: True)
