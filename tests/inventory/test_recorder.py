"""The recorder: batches, clocks, duplicates, and what a failing store must not cost."""

import itertools
import sqlite3

import pytest

from inventory.observation import (
    Claim,
    ClaimKind,
    InterfaceReading,
    Observation,
    Outcome,
    Reading,
)
from inventory.readiness.result import Evaluation, Score
from inventory.store.errors import StoreError
from inventory.store.reader import Reader
from inventory.uptime import State

LOST = Outcome.UNREACHABLE


def assert_tiles(line):
    for one, following in itertools.pairwise(line):
        assert one.end_s == following.start_s
        assert one.end_s > one.start_s
        assert one.state is not following.state
    assert line[-1].end_s is None


def facts(database):
    with Reader(database) as reader:
        return {(f.name, f.source): f.value for f in reader.facts()}


def test_what_is_seen_is_committed_with_a_heartbeat(start, database, timeline_of, clock):
    run = start()
    run.see(facts={"model": "R340"})
    assert run.step()
    assert facts(database)["model", "measured"] == "R340"
    assert timeline_of()[-1].state is State.UP
    with Reader(database) as reader:
        assert reader.heartbeat() == clock.wall()
    assert run.value("hatang_batch_rows_total") > 0


def test_the_same_observation_twice_changes_nothing(start, database):
    run = start()
    seen = run.see(outcome=LOST)
    run.recorder.sink(seen)
    run.step()
    assert run.value("hatang_observations_duplicate_total") == 1
    assert run.ledger.snapshot.assets["A"].endpoints[0].failures_in_a_row == 1


def test_an_observation_of_what_is_not_registered_is_passed_over(start):
    run = start()
    run.see(endpoint="NOBODY/host")
    assert run.step()


def test_a_failed_or_partial_look_never_blanks_a_known_value(start, database):
    run = start()
    run.see(facts={"model": "R340"}, claims=(Claim(ClaimKind.SYS_NAME, "sw"),))
    run.step()
    run.see(outcome=Outcome.PARTIAL, facts={"model": ""})
    run.see(outcome=LOST)
    run.step()
    assert facts(database)["model", "measured"] == "R340"
    assert run.ledger.snapshot.assets["A"].fact("model") == "R340"


def test_what_a_person_registered_wins_and_the_disagreement_waits_in_the_inbox(start, database):
    run = start()
    run.see(claims=(Claim(ClaimKind.SERIAL, "MEASURED1"),))
    run.see(claims=(Claim(ClaimKind.SERIAL, "MEASURED1"),))
    run.step()
    assert run.ledger.snapshot.assets["A"].fact("serial") == "REGISTERED"
    with Reader(database) as reader:
        (waiting,) = reader.inbox()
    assert "REGISTERED" in waiting.message
    assert "MEASURED1" in waiting.message


def test_reboots_are_counted_and_a_wrap_is_none(start):
    run = start()
    wrap = 2**32 / 100
    for uptime in (wrap - 30, 30.0, 90.0, 5.0):
        run.see(uptime_s=uptime, uptime_wrap_s=wrap)
        run.step(60.0)
    assert run.ledger.snapshot.assets["A"].reboots == 1


def test_rates_come_from_two_looks_and_not_across_a_restart(start):
    run = start()

    def look(octets, uptime):
        port = InterfaceReading(1, "eth0", speed_bps=10**9, in_octets=octets, out_octets=octets)
        run.see(interfaces=(port,), uptime_s=uptime)
        run.step(60.0)
        return run.ledger.snapshot.assets["A"].interfaces[0].in_bps

    assert look(1_000, 100.0) is None
    assert look(61_000, 160.0) == pytest.approx(8000)
    assert look(500, 20.0) is None
    assert look(60_500, 80.0) == pytest.approx(8000)


def test_t1_a_clock_that_jumps_is_counted_and_makes_no_negative_interval(
    start, timeline_of, clock, database
):
    run = start()
    for jump in (0.0, -3600.0, 86_400.0, 0.0):
        clock.jump(jump)
        run.see()
        run.step(60.0)
    assert run.value("hatang_clock_steps_total", direction="backward") == 1
    assert run.value("hatang_clock_steps_total", direction="forward") == 1
    assert_tiles(timeline_of())


def test_t2_what_is_seen_in_1970_is_held_and_dated_when_the_clock_is_right(
    start, timeline_of, clock
):
    run = start()
    run.see()
    run.step()
    run.close()
    right = clock.wall()
    clock.jump(-right)
    again = start()
    again.see(outcome=LOST)
    again.step(10.0)
    again.see(outcome=LOST)
    again.step(10.0)
    assert again.value("hatang_observations_held") == 2
    assert timeline_of()[-1].state is not State.DOWN
    clock.jump(right)
    again.step(10.0)
    assert again.value("hatang_observations_held") == 0
    last = timeline_of()[-1]
    assert (last.state, last.start_s) == (State.DOWN, pytest.approx(right, abs=1))


def test_t3_a_pause_of_the_whole_process_is_unknown(start, timeline_of):
    run = start()
    run.see()
    run.step()
    run.step(3600.0)
    assert timeline_of()[-1].state is State.UNKNOWN


def test_j2_a_defect_while_applying_ends_nothing(start, timeline_of, monkeypatch):
    run = start()
    apply = run.ledger.apply

    def broken(seen, at_s):
        if seen.reason == "poison":
            raise RuntimeError("defect")
        apply(seen, at_s)

    monkeypatch.setattr(run.ledger, "apply", broken)
    poison = Observation(
        "test",
        "x",
        "A/host",
        1,
        "host",
        run.clock.wall(),
        run.clock.monotonic(),
        0.1,
        LOST,
        "poison",
        reading=Reading(),
    )
    run.recorder.sink(poison)
    run.see()
    assert run.step()
    assert timeline_of()[-1].state is State.UP
    assert run.value("hatang_job_failures_total", task="recorder") == 1


def test_a_full_queue_loses_its_oldest_and_says_so(start):
    run = start(queue_size=3)
    for _ in range(5):
        run.see()
    assert run.value("hatang_observations_dropped_total") == 2
    assert run.step()


def test_s3_while_the_store_fails_nothing_is_lost_and_it_recovers_by_itself(
    start, timeline_of, monkeypatch
):
    run = start()
    write = run.writer.write
    monkeypatch.setattr(
        run.writer, "write", lambda batch: (_ for _ in ()).throw(StoreError("full", "disk full"))
    )
    for outcome in (Outcome.OK, LOST, LOST, Outcome.OK):
        run.see(outcome=outcome)
        assert not run.step(60.0)
    assert run.value("hatang_store_ok") == 0
    assert run.value("hatang_store_errors_total", kind="full") >= 1
    assert "store" in run.ledger.snapshot.problems
    monkeypatch.setattr(run.writer, "write", write)
    assert run.step(60.0)
    assert run.value("hatang_store_ok") == 1
    assert "store" not in run.ledger.snapshot.problems
    states = [i.state for i in timeline_of()]
    assert states[-3:] == [State.UP, State.DOWN, State.UP]


def test_work_is_done_in_the_recorders_thread_and_its_error_comes_back(start):
    run = start()
    done, failed = run.recorder.submit(lambda: 7), run.recorder.submit(lambda: 1 // 0)
    run.step()
    assert done.result() == 7
    with pytest.raises(ZeroDivisionError):
        failed.result()


def test_a_real_thread_drains_and_commits_at_its_end(start, timeline_of):
    run = start(commit_every_s=0.01)
    run.recorder.start()
    for _ in range(50):
        run.see()
    assert run.recorder.stop(30.0)
    assert timeline_of()[-1].state is State.UP


def test_assets_that_leave_and_come_back_keep_their_history(
    start, timeline_of, make_register, units, clock
):
    run = start("A", "B")
    run.see()
    run.step()
    for tags in (("B",), ("A", "B")):
        run.ledger.register(make_register(*tags), units, clock.wall())
        assert run.step(60.0)
    run.see()
    run.step()
    assert [i.state for i in timeline_of()][-3:] == [State.UP, State.UNKNOWN, State.UP]
    assert_tiles(timeline_of())


def test_an_asset_that_left_the_register_while_nobody_ran_is_gone(start, database, clock):
    run = start("A", "B")
    run.see(endpoint="A/host")
    run.step()
    run.close()
    clock.advance(3600.0)
    again = start("B")
    again.step()
    with Reader(database) as reader:
        rows = {row.tag: row for row in reader.assets()}
        line = reader.timelines_of(["A"], 0.0)["A"]
    assert rows["A"].gone_at_s is not None
    assert rows["B"].gone_at_s is None
    assert line[-1].state is State.UNKNOWN


def test_retention_keeps_the_interval_that_reaches_over_the_limit(start, timeline_of, clock):
    run = start()
    for _ in range(6):
        run.see()
        run.step(30.0)
        run.see(outcome=LOST)
        run.step(30.0)
        run.see(outcome=LOST)
        run.step(30.0)
    before = timeline_of()
    limit = before[3].start_s + 1
    run.writer.prune(outages_before_s=limit, rollups_before_s=0.0, readiness_before_s=0.0)
    after = timeline_of()
    assert after == before[3:]
    assert after[0].start_s < limit


def test_of_older_days_the_last_evaluation_is_kept(start, database):
    run = start()
    day = 86_400.0
    for at in (1.0, 2.0, day - 1, day + 5, day + 6, 2 * day + 1, 2 * day + 2):
        score = Score(at / (3 * day), 1.0)
        run.ledger.note_evaluations([Evaluation("22849", "p", "1", at, score, {}, ())])
        run.step()
    run.writer.prune(
        outages_before_s=0.0,
        rollups_before_s=0.0,
        readiness_before_s=1.5,
        readiness_daily_before_s=2 * day,
    )
    with sqlite3.connect(database) as connection:
        kept = [row[0] for row in connection.execute("SELECT at_s FROM evaluations ORDER BY at_s")]
    connection.close()
    assert kept == [day - 1, day + 6, 2 * day + 1, 2 * day + 2]


def test_p3_a_locked_database_does_not_stop_the_ledger_or_the_readers_of_the_snapshot(
    start, database
):
    run = start()
    run.writer._connection.execute("PRAGMA busy_timeout=10")
    with sqlite3.connect(database) as other:
        other.execute("BEGIN IMMEDIATE")
        run.see(outcome=Outcome.OK)
        assert not run.step()
        assert run.ledger.snapshot.assets["A"].state is State.UP
        assert run.value("hatang_store_errors_total", kind="busy") == 1
        other.rollback()
    other.close()
    assert run.step(60.0)
