"""The time on record under clocks that jump: never backwards, never standing still."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.timeline import EARLIEST_S, SLOW_WITHIN_S, Timeline

START_S = 1_795_000_000.0
HOUR_S = 3600.0


class Clock:
    def __init__(self, wall=START_S):
        self.at, self.passed = wall, 50.0

    def wall(self):
        return self.at

    def monotonic(self):
        return self.passed

    def pass_(self, seconds):
        self.at += seconds
        self.passed += seconds


def run(clock, timeline, seconds):
    """Let time pass, checked every second as the recorder does."""
    for _ in range(int(seconds)):
        clock.pass_(1.0)
        timeline.check()


def test_it_is_the_wall_clock_where_that_can_be_believed():
    clock = Clock()
    timeline = Timeline(clock, START_S - 100)
    run(clock, timeline, 10)
    assert timeline.now() == clock.wall()
    assert timeline.date_of(clock.monotonic() - 3) == clock.wall() - 3
    assert timeline.trusted
    assert timeline.problem() == ""


def test_t1_an_hour_back_is_caught_up_with_at_half_the_pace_and_said_meanwhile():
    clock = Clock()
    timeline = Timeline(clock, 0.0)
    clock.at -= HOUR_S
    step = timeline.check()
    assert step.by_s == pytest.approx(-HOUR_S)
    assert timeline.now() == START_S
    assert "half its pace" in timeline.problem()
    run(clock, timeline, HOUR_S)
    assert timeline.now() == pytest.approx(START_S + HOUR_S / 2)
    run(clock, timeline, HOUR_S)
    assert timeline.now() == pytest.approx(clock.wall(), abs=2)
    assert timeline.problem() == ""


def test_t1_a_day_forward_is_followed_and_the_way_back_is_not_a_day_of_silence():
    clock = Clock()
    timeline = Timeline(clock, 0.0)
    clock.at += 86_400
    assert timeline.check().by_s == pytest.approx(86_400)
    assert timeline.now() == clock.wall()
    run(clock, timeline, 60)
    clock.at -= 86_400
    timeline.check()
    before = timeline.now()
    run(clock, timeline, 600)
    assert timeline.now() == pytest.approx(before + 300, abs=2)


def test_a_clock_that_was_a_year_ahead_leaves_the_pace_alone_and_says_what_to_do():
    clock = Clock()
    timeline = Timeline(clock, START_S + 365 * 86_400)
    assert timeline.trusted
    run(clock, timeline, 100)
    assert timeline.now() == pytest.approx(START_S + 365 * 86_400 + 100)
    assert "365.0 days behind" in timeline.problem()
    assert "restore a backup" in timeline.problem()


@pytest.mark.parametrize("floor_s", [0.0, START_S - 500])
def test_t2_a_start_in_1970_has_no_date_until_the_clock_is_right(floor_s):
    clock = Clock(wall=3.0)
    timeline = Timeline(clock, floor_s)
    seen_at = clock.monotonic()
    run(clock, timeline, 100)
    assert not timeline.trusted
    assert timeline.now() == max(floor_s, EARLIEST_S)
    assert "nothing is dated" in timeline.problem()
    clock.at = START_S
    timeline.check()
    assert timeline.trusted
    assert timeline.date_of(seen_at) == pytest.approx(START_S - 100)


def test_t2_a_fall_to_1970_while_it_runs_is_bridged_by_the_monotonic_clock():
    clock = Clock()
    timeline = Timeline(clock, 0.0)
    clock.at = 10.0
    timeline.check()
    run(clock, timeline, 300)
    assert timeline.now() == pytest.approx(START_S + 300)
    assert "measured without it" in timeline.problem()
    clock.at = START_S + 300
    timeline.check()
    assert timeline.now() == pytest.approx(clock.wall())
    assert timeline.problem() == ""


def test_a_correction_of_less_than_a_second_is_no_step():
    clock = Clock()
    timeline = Timeline(clock, 0.0)
    clock.at -= 0.4
    assert timeline.check() is None
    run(clock, timeline, 3)
    assert timeline.now() == pytest.approx(clock.wall())


@given(
    st.lists(
        st.tuples(st.floats(0, 5000), st.floats(-2 * SLOW_WITHIN_S, 2 * SLOW_WITHIN_S)), max_size=30
    ),
    st.sampled_from([START_S, 5.0]),
)
def test_whatever_the_clock_does_time_on_record_never_falls_and_always_moves(moves, wall):
    clock = Clock(wall)
    timeline = Timeline(clock, START_S - 1000)
    for seconds, jump in moves:
        before, was_trusted = timeline.now(), timeline.trusted
        clock.pass_(seconds)
        reached = timeline.now()
        assert reached >= before
        assert not was_trusted or reached - before >= seconds / 2 - 1e-3
        clock.at += jump
        timeline.check()
        assert timeline.now() >= reached - 1e-6
