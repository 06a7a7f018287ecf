"""Uptime that can be defended: time lines tile, totals add up, peers' mistakes stay theirs."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.reachability import Patience, Reachability
from inventory.uptime import (
    Interval,
    State,
    availability,
    down_spans,
    judged,
    outages,
)

HOUR = 3600.0
PATIENCE = Patience(down_after=2, hold_s=150.0)


def assert_tiles(line):
    for one, following in itertools.pairwise(line):
        assert one.end_s == following.start_s
        assert one.end_s > one.start_s
        assert one.state is not following.state
    assert line[-1].end_s is None


def watched(born_s=0.0, names=("a",)):
    return Reachability(born_s, dict.fromkeys(names, PATIENCE))


def window(line, start_s, end_s, maintenance=(), causes=None):
    return availability(judged(line, end_s, maintenance, causes), [(start_s, end_s)])


def test_no_data_at_all_is_unknown_and_neither_0_nor_100_percent():
    seen = window(watched().timeline, 0.0, 24 * HOUR)
    assert seen.ratio is None
    assert seen.coverage == 0
    assert seen.totals[State.UNKNOWN] == 24 * HOUR
    assert window([], 0.0, HOUR).ratio is None


def test_an_outage_older_than_the_window_counts_in_all_of_it():
    line = [Interval(State.UP, 0.0, 10 * HOUR), Interval(State.DOWN, 10 * HOUR)]
    seen = window(line, 100 * HOUR, 124 * HOUR)
    assert seen.ratio == 0
    assert seen.totals[State.DOWN] == 24 * HOUR


def test_a_device_younger_than_the_window_has_a_shorter_window():
    line = [Interval(State.UP, 20 * HOUR)]
    seen = window(line, 0.0, 24 * HOUR)
    assert seen.window_s == 4 * HOUR
    assert (seen.ratio, seen.coverage) == (1, 1)


def test_an_outage_still_open_counts_until_now():
    reachability = watched()
    reachability.observe("a", 0.0, True, None)
    for at in (60.0, 70.0):
        reachability.observe("a", at, False, None)
    seen = window(reachability.timeline, 0.0, 120.0)
    assert seen.totals[State.DOWN] == 60
    (outage,) = outages(judged(reachability.timeline, 120.0))
    assert (outage.start_s, outage.end_s) == (60.0, 120.0)


def test_the_collector_dead_for_an_hour_is_unknown_and_neither_up_nor_down():
    reachability = watched()
    for at in range(0, 601, 60):
        reachability.observe("a", float(at), True, None)
    reachability.interrupt(600.0)
    reachability.observe("a", 600.0 + HOUR, True, None)
    seen = window(reachability.timeline, 0.0, 600.0 + 2 * HOUR)
    assert seen.totals[State.UNKNOWN] == HOUR
    assert seen.totals[State.DOWN] == 0
    assert seen.ratio == 1


def test_a_silence_of_ours_without_a_crash_is_unknown_from_the_last_look_on():
    reachability = watched()
    reachability.observe("a", 0.0, True, None)
    reachability.tick(100.0)
    assert reachability.current.state is State.UP
    reachability.tick(151.0)
    assert reachability.current == Interval(State.UNKNOWN, 0.0)


def test_down_inside_maintenance_and_still_down_after_it():
    line = [Interval(State.UP, 0.0, HOUR), Interval(State.DOWN, HOUR, 4 * HOUR)]
    line.append(Interval(State.UP, 4 * HOUR))
    seen = window(line, 0.0, 5 * HOUR, maintenance=[(0.5 * HOUR, 2 * HOUR)])
    assert seen.totals[State.MAINTENANCE] == HOUR
    assert seen.totals[State.DOWN] == 2 * HOUR
    assert seen.totals[State.UP] == 2 * HOUR
    assert seen.ratio == pytest.approx(0.5)


def test_up_inside_maintenance_stays_up():
    seen = window([Interval(State.UP, 0.0)], 0.0, HOUR, maintenance=[(0.0, HOUR)])
    assert seen.totals[State.UP] == HOUR


def test_recovery_in_the_same_tick_as_a_timeout_leaves_no_empty_outage():
    reachability = watched()
    reachability.observe("a", 0.0, True, None)
    reachability.observe("a", 60.0, False, None)
    reachability.observe("a", 70.0, False, None)
    reachability.observe("a", 70.0, True, None)
    assert_tiles(reachability.timeline)
    assert reachability.current.state is State.UP
    assert window(reachability.timeline, 0.0, 100.0).totals[State.DOWN] == 10.0


def test_a_timestamp_of_1970_makes_no_interval_of_years():
    reachability = watched(1_790_000_000.0)
    reachability.observe("a", 1_790_000_010.0, True, None)
    reachability.observe("a", 5.0, False, None)
    reachability.observe("a", 6.0, False, None)
    assert_tiles(reachability.timeline)
    seen = window(reachability.timeline, 1_790_000_000.0, 1_790_000_100.0)
    assert seen.window_s == pytest.approx(100.0)
    assert reachability.current.state is State.DOWN


def test_one_loss_is_no_outage_and_one_answer_ends_one():
    reachability = watched()
    reachability.observe("a", 0.0, True, None)
    reachability.observe("a", 60.0, False, None)
    assert reachability.current.state is State.UP
    reachability.observe("a", 70.0, False, None)
    assert reachability.current == Interval(State.DOWN, 60.0)
    reachability.observe("a", 80.0, True, None)
    assert reachability.current == Interval(State.UP, 80.0)


def test_an_asset_is_up_while_one_of_its_endpoints_answers():
    reachability = watched(names=("a", "b"))
    for at in (0.0, 60.0, 120.0):
        reachability.observe("a", at, True, None)
        reachability.observe("b", at + 1, False, None)
    assert reachability.current.state is State.UP


def test_a_cause_reaches_a_little_further_than_it_was_seen():
    line = [Interval(State.UP, 0.0, 100.0), Interval(State.DOWN, 100.0, 200.0)]
    assert down_spans(line, 300.0, before_s=5.0, after_s=7.0) == [(95.0, 207.0)]
    assert down_spans([Interval(State.DOWN, 100.0)], 300.0) == [(100.0, 300.0)]


def test_a_planned_window_over_the_beginning_of_a_cause_is_one_piece_and_not_two():
    child = [Interval(State.DOWN, 0.0, 100.0, "line")]
    found = judged(child, 100.0, [(20.0, 80.0)], {"line": [(50.0, 100.0)]})
    assert [(i.state, i.start_s, i.end_s) for i in found] == [
        (State.DOWN, 0.0, 20.0),
        (State.MAINTENANCE, 20.0, 80.0),
        (State.UNREACHABLE, 80.0, 100.0),
    ]


def test_a_child_that_stays_down_after_its_cause_is_down_again():
    child = [Interval(State.DOWN, 0.0, None, "line")]
    seen = window(child, 0.0, 3 * HOUR, causes={"line": [(0.0, HOUR)]})
    assert seen.totals[State.UNREACHABLE] == HOUR
    assert seen.totals[State.DOWN] == 2 * HOUR


def test_an_open_interval_has_no_length_until_it_is_judged():
    with pytest.raises(ValueError, match="judge"):
        availability([Interval(State.UP, 0.0)], [(0.0, 1.0)])


SPANS = st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), max_size=6)


@given(st.lists(st.tuples(st.floats(1, 9999), st.sampled_from("udn"))), SPANS, SPANS)
def test_a_judged_time_line_tiles_whatever_windows_and_causes_there_are(steps, planned, cause):
    states = {"u": State.UP, "d": State.DOWN, "n": State.UNKNOWN}
    line, at = [], 0.0
    for length, letter in steps:
        if not line or line[-1].state is not states[letter]:
            line.append(Interval(states[letter], at, at + length, "line"))
            at += length
    found = judged(line, at + 1, planned, {"line": cause})
    for one, following in itertools.pairwise(found):
        assert one.start_s < one.end_s == following.start_s
        assert one.state is not following.state
    assert availability(found, [(0.0, at)]).window_s == pytest.approx(at)
    up = sum(i.end_s - i.start_s for i in line if i.state is State.UP)
    assert availability(found, [(0.0, at)]).totals[State.UP] == pytest.approx(up)


@given(SPANS, st.floats(1, 1e5))
def test_overlapping_spans_are_counted_once(spans, end):
    line = judged([Interval(State.UP, 0.0)], end)
    seen = availability(line, spans)
    assert 0 <= seen.window_s <= end + 1e-6


def test_memory_forgets_only_what_is_closed_and_saved():
    reachability = watched()
    for at in range(0, 1000, 100):
        reachability.observe("a", float(at), at % 200 == 0, None)
        reachability.observe("a", float(at) + 1, at % 200 == 0, None)
    before = list(reachability.timeline)
    reachability.forget_before(500.0)
    assert reachability.timeline == before
    reachability.dirty_from_s = None
    reachability.forget_before(500.0)
    assert len(reachability.timeline) < len(before)
    assert_tiles(reachability.timeline)
