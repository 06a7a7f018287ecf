"""Which assets stand in the books of a commune, how they came and how they left."""

import datetime as dt

import pytest

from inventory.books import Booked, Coming, Leaving, books_of, year_ends_s
from inventory.register.moves import Move, MoveKind
from inventory.register.register import Register

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


def test_the_book_of_a_year_that_is_over_holds_what_was_registered_at_its_end(
    desk, make_rules, make_asset, lan
):
    clock = FakeClock()
    rules = make_rules()
    register = Register(desk, lambda: rules, clock)
    day = {"in_use_since": "2024-05-01"}
    clock.set_day("2026-11-30")
    price = {"price_vnd": 20_000_000, **day}
    for tag in ("PC-1", "PC-2", "PC-3", "PC-4"):
        register.create(make_asset(tag, name="Máy cũ", **price), lan)
    register.create(make_asset("PC-5", **day), lan)
    register.create(make_asset("PC-6", commune=THERE, **price), lan)
    register.create(make_asset("PC-7", status="planned"), lan)
    register.take_files([make_asset("SW-1", **price)])
    clock.set_day("2027-02-01")
    register.edit("PC-1", {"name": "Máy mới", "price_vnd": 1}, lan)
    register.edit("PC-1", {"tag": "PC-1-NEW"}, lan)
    register.remove("PC-2", lan)
    register.edit("PC-3", {"commune": THERE}, lan)
    clock.set_day("2027-02-28")
    register.move("PC-4", move("transferred", dt.date(2027, 2, 1), to_commune=THERE), lan)
    register.edit("PC-5", {"price_vnd": 7}, lan)
    register.edit("PC-6", {"commune": HERE}, lan)
    register.edit("PC-7", {"status": "in_use"}, lan)
    register.create(make_asset("PC-8", name="Ghi sổ sau", **price), lan)

    def read(commune, year):
        ends_s = year_ends_s(year, dt.date(2027, 3, 1), dt.UTC)
        found = books_of(register, commune, lambda move: "", before_s=ends_s)
        return {b.asset.tag: (b.asset.name, b.asset.price_vnd) for b in found if b.stood_in(year)}

    then = read(HERE, 2026)
    assert set(then) == {"PC-1", "PC-2", "PC-3", "PC-4", "PC-5", "PC-8", "SW-1"}
    assert then["PC-1"] == ("Máy cũ", 20_000_000)
    assert then["PC-5"][1] == 7  # what was not known then completes it
    assert set(read(THERE, 2026)) == {"PC-6"}
    now = read(HERE, 2027)
    assert set(now) == {"PC-1-NEW", "PC-4", "PC-5", "PC-6", "PC-7", "PC-8", "SW-1"}
    assert now["PC-1-NEW"] == ("Máy mới", 1)


class FakeClock:
    """Stands still at noon of a day."""

    def set_day(self, day):
        self._now_s = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()

    def wall(self):
        return self._now_s

    def monotonic(self):
        return 0.0
