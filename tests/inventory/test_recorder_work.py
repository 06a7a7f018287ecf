"""The recorder's thread: work between batches, defects, what no database takes, the stop."""

import sqlite3
from contextlib import closing

import pytest

from inventory.observation import Claim, ClaimKind, InterfaceReading, Outcome
from inventory.store.errors import StoreError
from inventory.store.reader import Reader
from inventory.store.rows import FactRow
from inventory.uptime import State


def rows(database, sql):
    with closing(sqlite3.connect(database)) as reading:
        return reading.execute(sql).fetchall()


def test_what_no_database_takes_stays_out_and_the_rest_goes_in(start, database, timeline_of):
    run = start("A", "B")
    run.see(facts={"model": "R340"})
    run.see(endpoint="B/host", facts={"model": "R350"})
    run.recorder._take_in()
    record = run.ledger._records["A"]
    record.unsaved_facts["odd", "measured"] = FactRow(record.id, "odd", "measured", 2**80, 0.0)
    assert not run.step()
    assert run.value("hatang_store_ok") == 0
    assert not run.step(0.5)
    assert run.step(60.0)
    assert run.value("hatang_store_ok") == 1
    assert run.value("hatang_job_failures_total", task="recorder") == 1
    with Reader(database) as reader:
        facts = {(f.asset_id, f.name): f.value for f in reader.facts() if f.source == "measured"}
    assert facts == {(1, "model"): "R340", (2, "model"): "R350"}
    assert timeline_of("A")[-1].state is timeline_of("B")[-1].state is State.UP
    run.see(outcome=Outcome.OK)
    assert run.step()


def test_j2_a_defect_in_any_part_of_a_round_ends_nothing(start, monkeypatch):
    run = start(commit_every_s=0.01)
    broken = iter([RuntimeError("one"), ValueError("two"), OSError("three")])

    def fail_a_few_times(name, target):
        real = getattr(target, name)

        def maybe(*arguments):
            for error in broken:
                raise error
            return real(*arguments)

        monkeypatch.setattr(target, name, maybe)

    fail_a_few_times("batch", run.ledger)
    fail_a_few_times("sizes", run.writer)
    fail_a_few_times("tick", run.ledger)
    run.recorder.start()
    run.see()
    assert run.recorder.submit(lambda: 7).result(30) == 7
    assert run.recorder.stop(30.0)
    assert next(broken, None) is None
    assert run.value("hatang_job_failures_total", task="recorder") == 3


def test_work_is_done_without_a_commit_more_than_one_a_second(start):
    run = start()
    run.see()
    assert run.step()
    committed = run.value("hatang_batch_duration_seconds_count")
    for _ in range(5):
        run.recorder.submit(lambda: None)
        run.step(0.1)
    assert run.value("hatang_batch_duration_seconds_count") == committed
    run.step(1.0)
    assert run.value("hatang_batch_duration_seconds_count") == committed + 1


def test_a_stop_tries_the_last_commit_until_its_time_is_over(start, monkeypatch, timeline_of):
    run = start(commit_every_s=0.01)
    write, failures = run.writer.write, iter([StoreError("busy", "locked")] * 3)

    def fail_first(batch):
        for error in failures:
            raise error
        write(batch)

    monkeypatch.setattr(run.writer, "write", fail_first)
    run.see()
    run.recorder.start()
    assert run.recorder.stop(30.0)
    assert timeline_of()[-1].state is State.UP


def test_a_stop_that_cannot_commit_says_so_and_the_next_start_counts_a_recovery(start, monkeypatch):
    run = start(commit_every_s=0.01)

    def fail(_):
        raise StoreError("busy", "locked")

    monkeypatch.setattr(run.writer, "write", fail)
    run.see()
    run.recorder.start()
    assert not run.recorder.stop(0.3)
    late = run.recorder.submit(lambda: 7)
    assert late.cancelled()
    again = start()
    again.recorder.start()
    assert again.recorder.stop(30.0)
    assert again.value("hatang_store_recoveries_total") == 1
    third = start()
    third.recorder.start()
    assert third.recorder.stop(30.0)
    assert third.value("hatang_store_recoveries_total") == 0


def test_a_device_that_claims_another_serial_at_every_look_fills_no_inbox(start, database):
    run = start()
    for number in range(200):
        run.see(claims=(Claim(ClaimKind.SERIAL, f"SERIAL{number}"),))
        run.step()
    ((waiting,),) = rows(database, "SELECT count(*) FROM inbox")
    assert waiting == 50


def test_a_claim_that_waits_for_a_person_is_written_once(start, database):
    run = start()
    for _ in range(3):
        run.see(claims=(Claim(ClaimKind.SERIAL, "OTHER1"),))
        run.step()
        assert run.ledger.batch(0.0).inbox == []
    assert rows(database, "SELECT count(*) FROM inbox") == [(1,)]


def test_a_claim_that_is_no_text_does_not_stop_the_recording(start, database):
    run = start()
    run.see(claims=(Claim(ClaimKind.SERIAL, b"m\xe1y 1".decode("utf-8", "surrogateescape")),))
    assert run.step()
    with Reader(database) as reader:
        (waiting,) = reader.inbox()
    assert "m?y 1" in waiting.message


def test_a_device_that_numbers_its_ports_anew_at_every_look_fills_no_memory(start):
    run = start()
    for look in range(60):
        ports = tuple(InterfaceReading(look * 100 + n, f"eth{n}") for n in range(100))
        run.see(interfaces=ports)
        run.step()
    record = run.ledger._records["A"]
    assert len(record.interfaces) <= 1300


@pytest.mark.parametrize("seconds", [0.0, 1800.0, 3600.0])
def test_a_restart_goes_on_counting_the_hour_it_is_in(start, database, clock, seconds):
    run = start()
    clock.advance(3600.0 - clock.wall() % 3600.0)
    for _ in range(4):
        run.see(cpu_ratio=0.5)
        run.step()
    run.close()
    clock.advance(seconds)
    again = start()
    again.see(cpu_ratio=1.0)
    again.step()
    counts = [n for (n,) in rows(database, "SELECT count FROM rollups ORDER BY hour_s")]
    assert counts == ([4, 1] if seconds == 3600.0 else [5])


def test_an_hour_that_is_over_is_never_begun_again(start, database, clock):
    run = start()
    clock.advance(3600.0 - clock.wall() % 3600.0 - 2.0)
    for _ in range(4):
        run.see(cpu_ratio=0.5)
        run.step()
    record = run.ledger._records["A"]
    late = clock.wall() - 3.0
    record._count("cpu_ratio", 0.5, late)
    run.see()
    run.step()
    assert sum(n for (n,) in rows(database, "SELECT count FROM rollups")) == 5
