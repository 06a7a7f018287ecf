"""Uptime under any sequence of answers, losses, pauses, crashes, restarts and clocks that jump."""

import itertools

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from inventory.reachability import Patience, Reachability
from inventory.uptime import State, availability, judged

FAST = Patience(down_after=2, hold_s=150.0)
SLOW = Patience(down_after=2, hold_s=9000.0)
PATIENCE = {"fast": FAST, "other": FAST, "slow": SLOW}
NAMES = st.sampled_from(sorted(PATIENCE))


class Time(RuleBasedStateMachine):
    """One asset with three endpoints, the rows a store has of it, and what was really seen."""

    @initialize()
    def begin(self):
        self.now = self.born = self.latest = 1_790_000_000.0
        self.reachability = Reachability(self.born, PATIENCE)
        self.store = []
        self.heartbeat = self.born
        self.answers = []
        self.losses = []

    def _look(self, name, answered):
        self.latest = max(self.now, self.latest)
        self.reachability.observe(name, self.now, answered, "edge")
        if answered:
            self.answers.append(self.latest)
        else:
            self.losses.append(self.latest)
            # An answer after which no time passed says nothing of any time.
            self.answers = [t for t in self.answers if t != self.latest]

    @rule(seconds=st.floats(0.5, 100), name=NAMES, answered=st.booleans())
    def look(self, seconds, name, answered):
        self.now += seconds
        self._look(name, answered)

    @rule(name=NAMES, answered=st.booleans())
    def look_in_the_same_tick(self, name, answered):
        self._look(name, answered)

    @rule(seconds=st.floats(30, 60), name=NAMES)
    def silence_until_down_is_certain(self, seconds, name):
        for _ in range(3):
            self.now += seconds
            for other in PATIENCE:
                self._look(other, False)

    @rule(bad=NAMES, good=NAMES)
    def one_fails_while_another_answers(self, bad, good):
        for _ in range(4):
            self.now += 30
            self._look(bad, False)
            self._look(good, True)

    @rule(name=NAMES)
    def one_alone_is_looked_at_and_fails(self, name):
        for _ in range(4):
            self.now += 60
            self._look(name, False)

    @rule(seconds=st.floats(0, 100_000))
    def the_collector_pauses(self, seconds):
        self.now += seconds
        self.reachability.tick(self.now)

    @rule(seconds=st.floats(1, 100_000))
    def the_clock_is_set_back(self, seconds):
        self.now -= seconds

    @rule()
    def the_clock_says_1970(self):
        self.now = 5.0
        self._look("fast", False)
        self.now = self.reachability.timeline[-1].start_s + 1

    @rule(left=st.sampled_from(sorted(PATIENCE)))
    def an_endpoint_leaves_and_comes_back(self, left):
        self.reachability.watch({n: p for n, p in PATIENCE.items() if n != left})
        self.reachability.watch(PATIENCE)

    @rule()
    def all_endpoints_are_exchanged(self):
        self.reachability.watch({"new": FAST})
        self.reachability.tick(self.now)
        self.reachability.watch(PATIENCE)

    @rule()
    def commit(self):
        """A store replaces all it has from the first unsaved interval on."""
        unsaved = self.reachability.unsaved()
        if unsaved:
            self.store = [i for i in self.store if i.start_s < unsaved[0].start_s] + unsaved
        self.reachability.dirty_from_s = None
        self.heartbeat = max(self.now, self.latest)

    @rule(seconds=st.floats(0, 7200))
    def crash_and_restart(self, seconds):
        """Only what was committed comes back; since the last heartbeat nobody was looking."""
        self.now += seconds
        self.reachability = Reachability(self.born, PATIENCE, self.store)
        self.reachability.interrupt(self.heartbeat)
        self.latest = max(self.heartbeat, self.reachability.timeline[-1].start_s)
        self.answers = [t for t in self.answers if t < self.heartbeat]
        self.losses = [t for t in self.losses if t < self.heartbeat]

    @invariant()
    def memory_and_store_tile(self):
        for line in filter(None, (self.reachability.timeline, self.store)):
            assert line[0].start_s == self.born
            for one, following in itertools.pairwise(line):
                assert one.start_s < one.end_s == following.start_s
                assert one.state is not following.state
            assert line[-1].end_s is None

    @invariant()
    def at_an_answer_the_asset_was_up(self):
        for at in self.answers[-20:]:
            for interval in self.reachability.timeline:
                if interval.start_s <= at and (interval.end_s is None or at < interval.end_s):
                    assert interval.state is not State.DOWN

    @invariant()
    def an_outage_begins_at_a_loss(self):
        for interval in self.reachability.timeline:
            assert interval.state is not State.DOWN or interval.start_s in self.losses

    @invariant()
    def the_five_totals_add_up_to_any_window(self):
        line = self.reachability.timeline
        now = max(self.now, line[-1].start_s)
        planned = [(self.born + 100, self.born + 900)]
        found = judged(line, now, planned, {"edge": [(self.born + 500, self.born + 5000)]})
        for start in (line[0].start_s - 1000, (line[0].start_s + now) / 2, now - 60):
            seen = availability(found, [(start, now)])
            assert seen.window_s == pytest.approx(now - max(start, self.born), abs=1e-3)
            assert all(total >= 0 for total in seen.totals.values())
            assert seen.ratio is None or 0 <= seen.ratio <= 1
            assert 0 <= seen.coverage <= 1


Time.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestTime = Time.TestCase


def test_an_hour_of_answers_is_not_rewritten_by_an_older_failure_of_another_endpoint():
    """An agent that fails for days while ping answers; then ping is not looked at any more."""
    line = Reachability(0.0, {"ping": FAST, "snmp": FAST})
    for at in range(0, 3601, 60):
        line.observe("snmp", at + 1.0, False, None)
        line.observe("ping", at + 2.0, True, None)
    for at in range(3660, 3901, 60):
        line.observe("snmp", float(at), False, None)
    assert [(i.state, i.start_s) for i in line.timeline] == [
        (State.UNKNOWN, 0.0),
        (State.UP, 2.0),
        (State.DOWN, 3660.0),
    ]


def test_a_daily_check_does_not_hide_that_ping_fell_silent():
    line = Reachability(0.0, {"ping": FAST, "http": Patience(2, 2.5 * 86_400)})
    line.observe("http", 10.0, True, None)
    line.observe("ping", 20.0, True, None)
    for at in range(80, 260, 60):
        line.observe("ping", float(at), False, None)
    assert (line.current.state, line.current.start_s) == (State.DOWN, 80.0)
    line.observe("http", 5000.0, True, None)
    assert line.current.state is State.UP


def test_a_ping_that_is_filtered_for_good_makes_no_outages_between_two_slow_answers():
    line = Reachability(0.0, {"ping": FAST, "snmp": Patience(2, 780.0)})
    line.observe("snmp", 0.0, True, None)
    for at in range(60, 7200, 60):
        line.observe("ping", float(at), False, None)
        if at % 300 == 0:
            line.observe("snmp", at + 1.0, True, None)
    downs = [i for i in line.timeline if i.state is State.DOWN]
    assert [i.start_s for i in downs] == [60.0]
    assert downs[0].end_s == 301.0


def test_two_endpoints_of_one_pace_wait_for_each_other():
    line = Reachability(0.0, {"ping": FAST, "snmp": FAST})
    line.observe("ping", 0.0, True, None)
    line.observe("snmp", 30.0, True, None)
    for at in (60.0, 70.0, 80.0):
        line.observe("ping", at, False, None)
    assert line.current.state is State.UP
    line.observe("snmp", 90.0, False, None)
    line.observe("snmp", 100.0, False, None)
    assert (line.current.state, line.current.start_s) == (State.DOWN, 60.0)


def test_endpoints_that_were_exchanged_leave_nobody_up_for_ever():
    line = Reachability(0.0, {"a": FAST})
    line.observe("a", 10.0, True, None)
    line.observe("a", 70.0, True, None)
    line.watch({"b": FAST})
    line.tick(80.0)
    assert (line.current.state, line.current.start_s) == (State.UNKNOWN, 70.0)


def test_what_nobody_knows_cannot_be_observed():
    with pytest.raises(KeyError):
        Reachability(0.0, {}).observe("x", 1.0, True, None)
