"""Thirty days as a bar: what each cell says, and what the whole says to who cannot see it."""

import datetime as dt
from types import SimpleNamespace

import pytest

from dashboards.web.history import DAYS, FULL_HEIGHT, days, lines, tally
from inventory.uptime import Interval, State

DAY = 86_400.0
ZONE = dt.timezone(dt.timedelta(hours=7))
NOON = dt.datetime(2026, 11, 25, 12, tzinfo=ZONE).timestamp()
MIDNIGHT = NOON - DAY / 2


@pytest.fixture(scope="module")
def place():
    """What the bar needs of a site: the zone."""

    return SimpleNamespace(settings=SimpleNamespace(zone=ZONE))


def looks(line, place):
    return [(d.day.day, d.look, d.height, d.pale) for d in days(line, place, NOON)]


def test_a_bar_has_thirty_local_days_that_end_today(place):
    found = days([Interval(State.UP, MIDNIGHT - 60 * DAY, NOON)], place, NOON)
    assert len(found) == DAYS
    assert found[-1].day == dt.date(2026, 11, 25)
    assert found[0].day == dt.date(2026, 10, 27)
    assert {d.look for d in found} == {"up"}
    assert tally(found).whole == DAYS


def test_no_time_line_is_no_bar(place):
    assert days([], place, NOON) == []


def test_a_cell_is_as_high_as_what_was_up_of_what_was_seen(place):
    start = MIDNIGHT - 2 * DAY
    line = [
        Interval(State.UP, start, start + 0.95 * DAY),
        Interval(State.DOWN, start + 0.95 * DAY, start + DAY),
        Interval(State.DOWN, start + DAY, start + 1.5 * DAY),
        Interval(State.UP, start + 1.5 * DAY, NOON),
    ]
    assert looks(line, place)[-3:] == [
        (23, "part", FULL_HEIGHT - 2, False),
        (24, "down", FULL_HEIGHT // 2, False),
        (25, "up", FULL_HEIGHT, False),
    ]


def test_the_shortest_outage_is_seen(place):
    line = [
        Interval(State.UP, MIDNIGHT, MIDNIGHT + 100),
        Interval(State.DOWN, MIDNIGHT + 100, MIDNIGHT + 101),
        Interval(State.UP, MIDNIGHT + 101, NOON),
    ]
    assert looks(line, place)[-1] == (25, "part", FULL_HEIGHT - 2, False)


def test_days_without_evidence_say_why_and_days_before_it_was_known_are_apart(place):
    start = MIDNIGHT - 4 * DAY
    line = [
        Interval(State.UNKNOWN, start, start + DAY),
        Interval(State.UNREACHABLE, start + DAY, start + 2 * DAY),
        Interval(State.MAINTENANCE, start + 2 * DAY, start + 3 * DAY),
        Interval(State.UNKNOWN, start + 3 * DAY, start + 3.9 * DAY),
        Interval(State.UP, start + 3.9 * DAY, NOON),
    ]
    found = looks(line, place)
    assert [look for _, look, _, _ in found[-5:]] == [
        *("unknown", "unreachable", "maintenance", "up", "up"),
    ]
    assert [pale for *_, pale in found[-5:]] == [False, False, False, True, False]
    assert {look for _, look, _, _ in found[:-5]} == {"before"}
    told = tally(days(line, place, NOON))
    assert (told.whole, told.broken, told.unseen) == (2, 0, 28)


def test_lines_are_read_back_to_the_first_midnight_of_the_bar(site):
    found = site()
    now_s = found.clock.wall()
    line = lines(found, ["RT-1", "SW-1"], now_s)
    assert [i.state for i in line["RT-1"]] == ["up", "down", "up"]
    assert line["RT-1"][-1].end_s == now_s
    assert line["SW-1"] == []
