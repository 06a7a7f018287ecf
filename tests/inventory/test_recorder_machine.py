"""The recorder and its database under any looks, stops, crashes, clocks and failures."""

import itertools
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from inventory.observation import Outcome
from inventory.store.errors import StoreError
from inventory.store.reader import Reader
from inventory.uptime import availability, judged

ENDPOINTS = st.sampled_from(["A/host", "A/tcp:22", "B/host"])
OUTCOMES = st.sampled_from([Outcome.OK, Outcome.UNREACHABLE, Outcome.PARTIAL, Outcome.ERROR])
SECONDS = st.floats(1, 400)
DAY_S = 86_400.0


@pytest.fixture
def machine(make_lab, make_register, units):
    class Recording(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            self.folder = tempfile.TemporaryDirectory()
            self.lab = make_lab(Path(self.folder.name) / "hatang.db")
            self.run = self.lab.start("A", "B")
            self.last = None
            self.answers = {"A": 0, "B": 0}
            self.committed = dict(self.answers)
            self.settle()

        def teardown(self):
            if hasattr(self, "lab"):
                self.lab.close()
                self.folder.cleanup()

        def settle(self):
            """What is known is committed now; it is what a crash must not take."""
            assert self.run.step()
            self.committed = dict(self.answers)

        @rule(endpoint=ENDPOINTS, outcome=OUTCOMES, seconds=SECONDS)
        def look(self, endpoint, outcome, seconds):
            if endpoint not in self.run.ledger._owner:
                return
            self.last = self.run.see(endpoint=endpoint, outcome=outcome, cpu_ratio=0.25)
            self.answers[endpoint[0]] += self.last.answered
            self.lab.clock.advance(seconds - 1)
            self.settle()

        @rule(endpoint=ENDPOINTS, number=st.integers(1, 4), outcome=OUTCOMES)
        def looks_that_are_not_committed_yet(self, endpoint, number, outcome):
            if endpoint not in self.run.ledger._owner:
                return
            for _ in range(number):
                self.lab.clock.advance(0.01)
                seen = self.run.see(endpoint=endpoint, outcome=outcome, cpu_ratio=0.25)
                self.answers[endpoint[0]] += seen.answered

        @rule()
        def the_last_look_comes_again(self):
            if self.last is not None and self.last.endpoint in self.run.ledger._owner:
                known = self.run.ledger._records[self.last.endpoint[0]].is_duplicate(self.last)
                self.run.recorder.sink(self.last)
                self.run.recorder._take_in()
                assert known or self.last.epoch != self.run.epoch
                self.answers[self.last.endpoint[0]] += self.last.answered and not known
                self.settle()

        @rule(seconds=st.floats(1, 20_000))
        def nobody_looks(self, seconds):
            self.lab.clock.advance(seconds)
            self.settle()

        @rule(seconds=st.floats(-2 * DAY_S, 2 * DAY_S))
        def the_clock_jumps(self, seconds):
            self.lab.clock.jump(seconds)
            self.settle()

        @rule(endpoint=ENDPOINTS)
        def the_clock_shows_1970_for_a_while(self, endpoint):
            right = self.lab.clock.wall()
            self.lab.clock.jump(-right)
            self.look(endpoint, Outcome.UNREACHABLE, 5.0)
            self.lab.clock.jump(right)
            self.settle()

        @rule(seconds=SECONDS)
        def a_clean_restart(self, seconds):
            self.settle()
            self.run.close()
            self.lab.clock.advance(seconds)
            self.run = self.lab.start("A", "B")
            self.settle()

        @rule(seconds=SECONDS)
        def a_crash(self, seconds):
            self.run.close(clean=False)
            self.answers = dict(self.committed)
            self.lab.clock.advance(seconds)
            self.run = self.lab.start("A", "B")
            self.settle()

        @rule(tags=st.sampled_from([("A",), ("B",), ("A", "B")]), seconds=SECONDS)
        def another_register(self, tags, seconds):
            self.settle()
            self.run.ledger.register(make_register(*tags), units, self.lab.clock.wall())
            self.lab.clock.advance(seconds)
            self.settle()

        @rule(endpoint=ENDPOINTS, kind=st.sampled_from(["full", "io", "busy", "other"]))
        def the_store_fails_for_a_while(self, endpoint, kind):
            writer = self.run.writer
            real = writer.write

            def fail(_):
                raise StoreError(kind, "for the test")

            writer.write = fail
            for outcome in (Outcome.OK, Outcome.UNREACHABLE, Outcome.UNREACHABLE):
                if endpoint in self.run.ledger._owner:
                    seen = self.run.see(endpoint=endpoint, outcome=outcome, cpu_ratio=0.25)
                    self.answers[endpoint[0]] += seen.answered
                self.lab.clock.advance(20.0)
                assert not self.run.step() or kind == "other"
            writer.write = real
            self.lab.clock.advance(60.0)
            if kind == "other":  # written in parts, each of which was refused
                self.lab.close()
                self.answers = dict(self.committed)
                self.run = self.lab.start("A", "B")
            self.settle()

        @invariant()
        def time_lines_tile_and_nothing_counts_twice_or_not_at_all(self):
            with Reader(self.lab.database) as reader:
                lines = reader.timelines_of(["A", "B"], 0.0)
                born = {row.tag: row.registered_at_s for row in reader.assets()}
                heartbeat = reader.heartbeat()
            for tag, line in lines.items():
                assert line[0].start_s == born[tag]
                for one, following in itertools.pairwise(line):
                    assert one.start_s < one.end_s == following.start_s
                    assert one.state is not following.state
                assert line[-1].end_s is None
                now = max(heartbeat, line[-1].start_s)
                for start in (born[tag], (born[tag] + now) / 2):
                    seen = availability(judged(line, now), [(start, now)])
                    assert seen.window_s == pytest.approx(now - start, abs=1e-3)
            with closing(sqlite3.connect(self.lab.database)) as reading:
                counted = dict(
                    reading.execute(
                        "SELECT tag, sum(count) FROM rollups JOIN assets ON id = asset_id "
                        "WHERE metric = 'cpu_ratio' GROUP BY tag"
                    )
                )
            assert counted == {tag: n for tag, n in self.committed.items() if n}

        @invariant()
        def what_is_shown_is_what_is_on_file(self):
            with Reader(self.lab.database) as reader:
                lines = reader.timelines_of(list(self.run.ledger.timelines()), 0.0)
            for tag, line in self.run.ledger.timelines().items():
                if not self.run.recorder._queue:
                    assert line == lines[tag][-len(line) :]

    return Recording


def test_whatever_comes_the_database_tells_one_whole_story(machine):
    run_state_machine_as_test(
        machine, settings=settings(max_examples=20, stateful_step_count=25, deadline=None)
    )
