"""Uptime that can be defended: time lines tile, totals add up, peers' mistakes stay theirs."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

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


class Time(RuleBasedStateMachine):
    """Answers, losses, pauses, crashes, restarts and clocks that jump, in any order."""

    @initialize()
    def begin(self):
        self.now = 1_000_000.0
        self.born = self.now
        self.reachability = watched(self.now, ("a", "b"))

    @rule(
        seconds=st.floats(-1000, 2000),
        name=st.sampled_from("ab"),
        answered=st.booleans(),
        behind=st.sampled_from([None, "edge"]),
    )
    def look(self, seconds, name, answered, behind):
        self.now += seconds
        self.reachability.observe(name, self.now, answered, behind)

    @rule(name=st.sampled_from("ab"), answered=st.booleans())
    def look_in_the_same_tick(self, name, answered):
        self.reachability.observe(name, self.now, answered, None)

    @rule(seconds=st.floats(0, 100_000))
    def time_passes(self, seconds):
        self.now += seconds
        self.reachability.tick(self.now)

    @rule(back=st.floats(0, 500))
    def nobody_was_looking(self, back):
        self.reachability.interrupt(self.now - back)

    @rule()
    def crash_and_restart(self):
        """Only what was saved comes back."""
        saved = list(self.reachability.timeline)
        self.reachability = Reachability(self.born, dict.fromkeys("ab", PATIENCE), saved)
        self.reachability.interrupt(self.now)

    @rule()
    def an_endpoint_leaves_and_comes_back(self):
        self.reachability.watch({"a": PATIENCE})
        self.reachability.watch(dict.fromkeys("ab", PATIENCE))

    @invariant()
    def intervals_tile(self):
        assert_tiles(self.reachability.timeline)

    @invariant()
    def totals_add_up_to_the_window(self):
        now = max(self.now, self.reachability.timeline[-1].start_s)
        start = self.reachability.timeline[0].start_s
        seen = window(
            self.reachability.timeline,
            start,
            now,
            maintenance=[(start + 100, start + 900)],
            causes={"edge": [(start, start + 5000)]},
        )
        assert seen.window_s == pytest.approx(now - start, abs=1e-3)
        assert all(total >= 0 for total in seen.totals.values())
        assert seen.ratio is None or 0 <= seen.ratio <= 1
        assert 0 <= seen.coverage <= 1


Time.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestTime = Time.TestCase


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


def test_twelve_communes_behind_one_line_are_one_outage_and_eleven_unreachable():
    line = [Interval(State.UP, 0.0, HOUR), Interval(State.DOWN, HOUR, 2 * HOUR)]
    line.append(Interval(State.UP, 2 * HOUR))
    slack = 90.0
    causes = {"line": down_spans(line, 3 * HOUR, slack)}
    for late in range(12):
        child = [
            Interval(State.UP, 0.0, HOUR - 30 + late, "line"),
            Interval(State.DOWN, HOUR - 30 + late, 2 * HOUR + late, "line"),
            Interval(State.UP, 2 * HOUR + late),
        ]
        seen = window(child, 0.0, 3 * HOUR, causes=causes)
        assert seen.totals[State.DOWN] == 0
        assert seen.totals[State.UNREACHABLE] == HOUR + 30
        assert seen.ratio == 1
    assert window(line, 0.0, 3 * HOUR).totals[State.DOWN] == HOUR


def test_a_child_that_stays_down_after_its_cause_is_down_again():
    child = [Interval(State.DOWN, 0.0, None, "line")]
    seen = window(child, 0.0, 3 * HOUR, causes={"line": [(0.0, HOUR)]})
    assert seen.totals[State.UNREACHABLE] == HOUR
    assert seen.totals[State.DOWN] == 2 * HOUR


def test_an_open_interval_has_no_length_until_it_is_judged():
    with pytest.raises(ValueError, match="judge"):
        availability([Interval(State.UP, 0.0)], [(0.0, 1.0)])


@given(
    st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), max_size=6),
    st.floats(1, 1e5),
)
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
