"""T1, T2: the recorder under clocks that are wrong."""

import itertools

import pytest

from inventory.observation import Outcome
from inventory.store.reader import Reader
from inventory.uptime import State

LOST = Outcome.UNREACHABLE


def born_s(database, tag="A"):
    with Reader(database) as reader:
        return next(row.registered_at_s for row in reader.assets() if row.tag == tag)


def test_t1_an_outage_is_seen_at_once_after_the_clock_was_set_back_an_hour(
    start, clock, timeline_of
):
    run = start()
    run.see()
    run.step()
    clock.jump(-3600.0)
    for _ in range(2):
        run.see(outcome=LOST)
        run.step(10.0)
    assert run.ledger.snapshot.assets["A"].state is State.DOWN
    assert "half its pace" in run.ledger.snapshot.problems["clock"]
    assert timeline_of()[-1].state is State.DOWN
    for _ in range(130):
        run.see()
        run.step(60.0)
    assert "clock" not in run.ledger.snapshot.problems
    assert run.ledger.snapshot.assets["A"].state is State.UP
    line = timeline_of()
    for one, following in itertools.pairwise(line):
        assert one.start_s < one.end_s == following.start_s
    assert line[-1].start_s < clock.wall()


def test_t1_a_restart_after_the_clock_was_set_back_goes_on_as_well(start, clock, timeline_of):
    run = start()
    run.see()
    run.step()
    run.close()
    clock.jump(-3600.0)
    again = start()
    again.see()
    assert again.step()
    assert timeline_of()[-1].state is State.UP
    for _ in range(2):
        again.see(outcome=LOST)
        again.step(10.0)
    assert timeline_of()[-1].state is State.DOWN
    assert again.value("hatang_observations_held") == 0


def test_t2_a_first_start_in_1970_registers_nothing_before_the_date_is_known(
    start, clock, database, timeline_of
):
    right = clock.wall()
    clock.jump(-right)
    run = start("A", "B")
    run.see()
    assert not run.step(10.0)
    assert "nothing is dated" in run.ledger.snapshot.problems["clock"]
    with Reader(database) as reader:
        assert reader.assets() == []
        assert reader.heartbeat() is None
    run.step(20.0)
    clock.jump(right)
    assert run.step(10.0)
    assert "clock" not in run.ledger.snapshot.problems
    assert born_s(database) == born_s(database, "B") == pytest.approx(right)
    assert timeline_of()[-1].start_s == pytest.approx(right)
    assert timeline_of()[-1].state is State.UP


def test_t2_an_asset_that_is_new_in_1970_begins_when_it_was_first_seen(start, clock, database):
    run = start("A")
    run.see()
    run.step()
    begun = born_s(database)
    run.close()
    right = clock.wall()
    clock.advance(7 * 86_400.0)
    clock.jump(-clock.wall())
    again = start("A", "B")
    again.see(endpoint="B/host")
    again.step(5.0)
    clock.jump(right + 7 * 86_400.0 - clock.wall() + 5.0)
    assert again.step()
    assert born_s(database) == begun
    assert born_s(database, "B") == pytest.approx(right + 7 * 86_400.0, abs=10)


def test_t2_what_is_held_is_bounded_and_what_was_dropped_is_counted(start, clock):
    clock.jump(-clock.wall())
    run = start(held_max=3)
    for _ in range(5):
        run.see()
        run.step()
    assert run.value("hatang_observations_held") == 3
    assert run.value("hatang_observations_dropped_total") == 2


def test_t2_a_stop_before_the_date_is_known_says_that_what_was_seen_is_lost(start, clock):
    clock.jump(-clock.wall())
    for seen in (True, False):
        run = start(commit_every_s=0.01)
        run.recorder.start()
        if seen:
            run.see()
        assert run.recorder.stop(5.0) is not seen


def test_a_register_read_anew_under_a_clock_that_was_set_back_makes_no_year_of_unknown(
    start, clock, make_register, units, database
):
    run = start("A")
    run.see()
    run.step()
    clock.jump(-clock.wall())
    run.step()
    run.ledger.register(make_register("A", "B"), units, clock.wall())
    run.step()
    assert born_s(database, "B") >= born_s(database, "A")
