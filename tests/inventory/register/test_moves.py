"""Moves of public bodies: kept with their papers, changing the asset, and taken back with it."""

import datetime as dt

import pytest

from config.assets import AssetStatus
from inventory.register.entry import MoveStep
from inventory.register.moves import Move, MoveKind, kinds_for
from inventory.register.problems import Refused

DAY = dt.date(2026, 5, 4)


def move(kind, day=DAY, **more):
    return Move(MoveKind(kind), day, **more)


def test_a_transfer_leads_to_the_other_commune_and_out_of_the_room(register, make_asset, lan):
    made = register.create(make_asset(room="P. 101", custodian="Bà Hoa", edge=True), lan)
    moved = register.move(
        "PC-1", move("transferred", document=" 12/QĐ ", to_commune="22840", to_person="Ông An"), lan
    )
    asset = moved.asset
    assert (asset.commune, asset.room, asset.custodian) == ("22840", "", "Ông An")
    assert not asset.edge
    (kept,) = register.moves(made.id)
    assert kept.move == move(
        "transferred",
        document="12/QĐ",
        from_commune="22849",
        to_commune="22840",
        from_person="Bà Hoa",
        to_person="Ông An",
    )
    assert register.change(kept.change).action == "moved"


def test_the_life_of_an_asset_in_its_moves(register, make_asset, lan):
    id_ = register.create(make_asset(status="planned"), lan).id
    story = [
        ("received", {}, "in_stock"),
        ("handed_over", {"to_person": "Bà Hoa"}, "in_use"),
        ("to_repair", {"to_person": "Cửa hàng"}, "in_repair"),
        ("from_repair", {}, "in_use"),
        ("lost", {}, "lost"),
        ("found", {}, "in_use"),
        ("liquidated", {"document": "7/QĐ"}, "retired"),
    ]
    for number, (kind, more, status) in enumerate(story):
        day = DAY + dt.timedelta(days=number)
        assert register.move("PC-1", move(kind, day, **more), lan).asset.status == status
    assert register.get("PC-1").asset.custodian == "Bà Hoa"
    assert [r.move.kind for r in register.moves(id_)] == [kind for kind, *_ in reversed(story)]
    assert len(register.moves_between(DAY, DAY + dt.timedelta(days=1))) == 2
    assert kinds_for(AssetStatus.RETIRED) == ()


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (move("found"), "kind"),
        (move("lost", dt.date(2199, 1, 1)), "day"),
        (move("lost", dt.date(1900, 1, 1)), "day"),
        (move("lost", DAY - dt.timedelta(days=1)), "day"),
        (move("transferred", to_commune="22840"), "document"),
        (move("transferred", document="1", to_commune="22849"), "to_commune"),
        (move("transferred", document="1", to_commune="99999"), "commune"),
        (move("liquidated"), "document"),
        (move("handed_over"), "to_person"),
        (move("lost", from_commune="22840"), "from_commune"),
        (move("lost", to_commune="22840"), "to_commune"),
        (move("lost", document="x" * 501), "document"),
    ],
)
def test_a_move_that_cannot_be_is_refused_at_its_field(register, make_asset, lan, what, field):
    register.create(make_asset(), lan)
    before = register.move("PC-1", move("handed_over", to_person="Bà Hoa"), lan)
    with pytest.raises(Refused) as refused:
        register.move("PC-1", what, lan)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert str(refused.value)
    assert register.get("PC-1") == before
    assert len(register.moves(before.id)) == 1


def test_what_is_taken_back_is_no_move_any_more_until_that_is_taken_back(register, make_asset, lan):
    ids = [register.create(make_asset(f"PC-{n}"), lan).id for n in range(3)]
    paper = move("transferred", document="1", to_commune="22840")
    batch = register.apply([MoveStep(f"PC-{n}", paper) for n in range(3)], lan)
    back = register.undo(batch, lan)
    assert [register.by_id(id_).asset.commune for id_ in ids] == ["22849"] * 3
    assert [register.moves(id_)[0].undone for id_ in ids] == [True] * 3
    register.undo(back, lan)
    assert [register.by_id(id_).asset.commune for id_ in ids] == ["22840"] * 3
    assert [register.moves(id_)[0].undone for id_ in ids] == [False] * 3


def test_a_receipt_that_changes_nothing_is_kept_and_can_be_taken_back(register, make_asset, lan):
    made = register.create(make_asset(), lan)
    moved = register.move("PC-1", move("received", document="1"), lan)
    assert moved.version == 2
    change = register.changes("PC-1")[0]
    register.undo(change.id, lan)
    assert register.get("PC-1").asset == made.asset
    assert register.moves(made.id)[0].undone
