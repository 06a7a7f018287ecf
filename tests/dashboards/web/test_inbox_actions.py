"""The inbox is emptied by hand: register, attach, ignore; accept or keep; one or many."""

import re
from dataclasses import replace

import pytest

from config.assets import Asset
from inventory.register.entry import SYSTEM
from inventory.sighting import How, Match, Report, Thing, ThingState
from inventory.snapshot import AssetView, FactView
from inventory.store.reader import Reader
from inventory.uptime import State

NEW = Thing(
    7, (How.SCAN,), ("10.20.0.33",), 1.0, 2.0, credential="", commune="22849",
    asset_class="printer",
    facts={"vendor": "HP", "model": "M404", "serial": "VNB7", "sys_name": "pr"},
)  # fmt: skip


def wanted(tag="SW-9", **more):
    values = {"tag": tag, "name": tag, "class": "switch", "commune": "22849", **more}
    return Asset.model_validate(values)


def put(site, asset, *, measured=None, address=None):
    """Register an asset, and show it as the daemon does."""
    site.register.create(asset, SYSTEM)
    facts = tuple(FactView(k, v, "measured", 1.0) for k, v in (measured or {}).items())
    site.snapshot.assets[asset.tag] = AssetView(99, asset, State.UP, 1.0, facts=facts)


def thing(site, id_):
    with Reader(site.database) as reader:
        return next(t for t in reader.things() if t.id == id_)


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.fixture
def waiting(site, see):
    found = site()
    see(found, [NEW])
    return found


@pytest.fixture
def client(enter_as_admin, waiting):
    return enter_as_admin(waiting)


def test_a_thing_is_registered_with_what_was_seen_of_it(client, waiting):
    page = client.get("/inbox/7")
    assert 'value="PR-22849-001"' in page.text
    assert '<option value="printer" selected>' in page.text
    assert '<option value="22849" selected>' in page.text
    form = {"tag": "PR-22849-001", "name": "Máy in", "class": "printer", "commune": "22849"}
    sent = {**form, "address": "10.20.0.33", "vendor": "HP", "serial": "VNB7", "watch": "1"}
    answer = client.post("/inbox/7/register", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (
        303, "/inbox?done=registered&tag=PR-22849-001",
    )  # fmt: skip
    asset = waiting.register.get("PR-22849-001").asset
    assert (asset.name, asset.serial, str(asset.address)) == ("Máy in", "VNB7", "10.20.0.33")
    assert [endpoint.kind for endpoint in asset.endpoints] == ["ping"]
    assert thing(waiting, 7).state is ThingState.REGISTERED
    (change,) = waiting.register.changes("PR-22849-001")
    assert change.via == "web"
    assert "PR-22849-001" in client.get(answer.headers["location"]).text


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(client, waiting):
    sent = {"tag": "RT-1", "name": "<b>x</b>", "class": "", "commune": "22849"}
    answer = client.post("/inbox/7/register?lang=en", data=sent)
    assert answer.status_code == 422
    assert 'aria-describedby="class-wrong" aria-invalid="true"' in answer.text
    assert "&lt;b&gt;x&lt;/b&gt;" in answer.text
    again = client.post("/inbox/7/register?lang=en", data={**sent, "class": "printer"})
    assert "another asset has the tag RT-1" in text(again)
    assert thing(waiting, 7).state is ThingState.NEW


def test_a_thing_is_attached_and_the_asset_takes_what_is_ticked(client, waiting):
    put(waiting, wanted("PR-5", model="cũ"))
    sent = {"to": "PR-5", "take": ["serial", "address"]}
    assert client.post("/inbox/7/attach", data=sent).status_code == 303
    asset = waiting.register.get("PR-5").asset
    assert (asset.serial, asset.address, asset.model) == ("VNB7", "10.20.0.33", "cũ")
    match = thing(waiting, 7).match
    assert (match.tag, match.by) == ("PR-5", "person")
    assert client.post("/inbox/7/attach", data={"to": "NO-1"}).status_code == 422


def test_many_are_left_out_with_a_reason_and_come_back(client, waiting):
    sent = {"thing": ["1", "7"], "do": "ignore"}
    assert client.post("/inbox", data=sent).status_code == 422
    answer = client.post("/inbox", data={**sent, "reason": "máy của khách"})
    assert answer.headers["location"] == "/inbox?done=ignored"
    assert {thing(waiting, id_).state for id_ in (1, 7)} == {ThingState.IGNORED}
    assert "máy của khách" in client.get("/inbox").text
    client.post("/inbox/7/back")
    assert thing(waiting, 7).state is ThingState.NEW


def test_many_are_registered_with_the_next_free_tags_or_none(client, waiting, see):
    put(waiting, wanted("PR-22849-007", serial="X"))
    see(waiting, [replace(NEW, id=8, addresses=("10.20.0.34",), facts={"serial": "VNB8"})])
    answer = client.post("/inbox?lang=en", data={"thing": ["7", "8", "2"], "do": "register"})
    assert answer.status_code == 422
    assert "No. 3" in text(answer)
    assert waiting.register.get("PR-22849-008") is None
    assert client.post("/inbox", data={"thing": ["7", "8"], "do": "register"}).status_code == 303
    serials = [waiting.register.get(tag).asset.serial for tag in ("PR-22849-008", "PR-22849-009")]
    assert serials == ["VNB7", "VNB8"]
    first, second = (
        waiting.register.changes("PR-22849-008"),
        waiting.register.changes("PR-22849-009"),
    )
    assert first[0].batch == second[0].batch


def test_nothing_ticked_is_said(client):
    assert client.post("/inbox", data={"do": "register"}).status_code == 422


def test_an_asset_that_moved_is_moved_or_kept(client, waiting, see):
    put(waiting, wanted(address="10.20.0.9", serial="S9"))
    moved = Thing(
        70, (How.SCAN,), ("10.20.0.70",), 1.0, 2.0,
        match=Match("SW-9", "serial", sure=True), state=ThingState.REGISTERED,
    )  # fmt: skip
    see(waiting, [moved])
    assert "10.20.0.70" in client.get("/inbox").text
    sent = {"tag": "SW-9", "what": "address", "measured": "10.20.0.70"}
    assert client.post("/inbox/settle", data={**sent, "measured": "10.9.9.9"}).status_code == 422
    assert client.post("/inbox/settle", data={**sent, "do": "keep"}).status_code == 303
    assert "10.20.0.70" not in client.get("/inbox").text
    assert waiting.register.get("SW-9").asset.address == "10.20.0.9"


def test_what_was_measured_is_accepted_into_the_register(client, waiting):
    put(waiting, wanted(serial="S1"), measured={"serial": "S2<b>"})
    assert "S2&lt;b&gt;" in client.get("/inbox").text
    sent = {"tag": "SW-9", "what": "serial", "measured": "S2<b>", "do": "accept"}
    assert client.post("/inbox/settle", data=sent).status_code == 303
    assert waiting.register.get("SW-9").asset.serial == "S2<b>"
    assert client.post("/inbox/settle", data={**sent, "tag": "RT-99"}).status_code == 404


def test_swapped_addresses_are_exchanged(client, waiting):
    put(waiting, wanted("SW-8", address="10.0.0.8", serial="A8"), measured={"serial": "A9"})
    put(waiting, wanted("SW-9", address="10.0.0.9", serial="A9"), measured={"serial": "A8"})
    assert 'id="swapped"' in client.get("/inbox").text
    sent = {"tag": "SW-8", "what": "swapped", "do": "accept"}
    assert client.post("/inbox/settle", data=sent).status_code == 303
    assert [waiting.register.get(t).asset.address for t in ("SW-8", "SW-9")] == [
        "10.0.0.9", "10.0.0.8",
    ]  # fmt: skip


def test_what_the_files_register_is_changed_there(client, waiting):
    view = waiting.snapshot.assets["RT-1"]
    fact = FactView("serial", "OTHER", "measured", 1.0)
    waiting.snapshot.assets["RT-1"] = replace(view, facts=(*view.facts, fact))
    sent = {"tag": "RT-1", "what": "serial", "measured": "OTHER", "do": "accept"}
    answer = client.post("/inbox/settle?lang=en", data=sent)
    assert "kept in hatang.yaml" in text(answer)
    assert client.post("/inbox/settle", data={**sent, "do": "keep"}).status_code == 303
    assert 'id="conflicting"' not in client.get("/inbox").text


@pytest.mark.parametrize("id_", ["999", "x", "0", "99999999999999999999999"])
def test_what_is_not_there_is_not_found(client, id_):
    assert client.get(f"/inbox/{id_}").status_code == 404
    assert client.post(f"/inbox/{id_}/back").status_code in (404, 405)


def test_decisions_of_the_inbox_stay_when_the_thing_is_seen_again(waiting, client):
    put(waiting, wanted("PR-5"))
    client.post("/inbox/7/attach", data={"to": "PR-5"})
    waiting.tell(Report())
    assert thing(waiting, 7).match.tag == "PR-5"
