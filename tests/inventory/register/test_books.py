"""Which assets stand in the books of a commune, how they came and how they left."""

import datetime as dt

import pytest

from inventory.books import Booked, Coming, Leaving, books_of
from inventory.register.moves import Move, MoveKind

HERE, THERE = "22849", "22840"
FIRST, LATER = dt.date(2026, 3, 4), dt.date(2026, 9, 1)


@pytest.fixture
def books(register):
    """books(commune) -> {tag: (how it came, how it left)}."""

    def read(commune=HERE):
        found = books_of(register, commune, lambda move: move.kind.value)
        return [(b.asset.tag, b.came, b.gone) for b in found]

    return read


def move(kind, day, **more):
    return Move(MoveKind(kind), day, document="QĐ 7", **more)


def test_what_stands_in_a_commune_stands_in_its_books_and_what_is_planned_does_not(
    register, make_asset, lan, books
):
    register.create(make_asset("PC-1"), lan)
    register.create(make_asset("PC-2", status="planned"), lan)
    register.create(make_asset("PC-3", commune=THERE), lan)
    assert books() == [("PC-1", None, None)]


def test_a_transfer_leaves_one_book_and_enters_the_other(register, make_asset, lan, books):
    register.create(make_asset("PC-1"), lan)
    register.move("PC-1", move("transferred", FIRST, to_commune=THERE), lan)
    assert books(HERE) == [("PC-1", None, Leaving(FIRST, "QĐ 7", "transferred"))]
    assert books(THERE) == [("PC-1", Coming(FIRST, "QĐ 7"), None)]


def test_what_comes_back_stands_in_the_book_twice(register, make_asset, lan, books):
    register.create(make_asset("PC-1"), lan)
    register.move("PC-1", move("transferred", FIRST, to_commune=THERE), lan)
    register.move("PC-1", move("transferred", LATER, to_commune=HERE), lan)
    assert books(HERE) == [
        ("PC-1", None, Leaving(FIRST, "QĐ 7", "transferred")),
        ("PC-1", Coming(LATER, "QĐ 7"), None),
    ]


@pytest.mark.parametrize("kind", ["liquidated", "destroyed"])
def test_a_decision_ends_the_stay_and_taking_it_back_goes_on_with_it(
    register, make_asset, lan, books, kind
):
    register.create(make_asset("PC-1"), lan)
    register.move("PC-1", move(kind, FIRST), lan)
    assert books() == [("PC-1", None, Leaving(FIRST, "QĐ 7", kind))]
    register.undo(register.changes("PC-1")[0].id, lan)
    assert books() == [("PC-1", None, None)]


def test_repair_and_loss_leave_it_in_the_books(register, make_asset, lan, books):
    register.create(make_asset("PC-1"), lan)
    for kind in ("to_repair", "from_repair", "lost"):
        register.move("PC-1", move(kind, FIRST), lan)
    assert books() == [("PC-1", None, None)]


def test_what_was_removed_from_the_register_is_in_no_book(register, make_asset, lan, books):
    register.create(make_asset("PC-1"), lan)
    register.move("PC-1", move("transferred", FIRST, to_commune=THERE), lan)
    register.remove("PC-1", lan)
    assert (books(HERE), books(THERE)) == ([], [])


def test_a_transferred_asset_stood_in_no_year_before_it_came(make_asset):
    asset = make_asset(in_use_since="2020-01-01", price_vnd=20_000_000)
    stay = Booked(asset, None, Coming(FIRST))
    assert [stay.stood_in(year) for year in (2025, 2026, 2027)] == [False, True, True]
    # Its wear goes on from where it was.
    assert stay.worth(dt.date(2026, 12, 31)).residual == 0


def test_what_files_have_and_the_register_has_not_taken_yet_stands_in_the_books_once(
    register, make_asset, lan
):
    register.create(make_asset("PC-1"), lan)
    files = [make_asset("PC-1"), make_asset("PC-2"), make_asset("PC-3", commune=THERE)]
    found = books_of(register, HERE, lambda move: "", files)
    assert [booked.asset.tag for booked in found] == ["PC-1", "PC-2"]
