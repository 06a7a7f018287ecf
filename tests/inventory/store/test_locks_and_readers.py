"""S6, S7: a database that others hold; one daemon a database."""

import os
import subprocess

import pytest

from inventory.store.errors import StoreError
from inventory.store.lock import StoreLock
from inventory.store.reader import Reader
from inventory.store.writer import Writer

HOLD = """
    import sqlite3, sys
    other = sqlite3.connect(sys.argv[1])
    other.execute(sys.argv[2])
    other.execute("SELECT count(*) FROM rollups").fetchone()
    print("held", flush=True)
    sys.stdin.read(1)
    other.rollback()
    other.close()
    print("free", flush=True)
"""


def let_go(holder):
    holder.stdin.write("x")
    holder.stdin.flush()
    assert holder.stdout.readline() == "free\n"


def test_s6_a_lock_held_by_another_process_is_busy_and_passes(database, start_python, batch):
    writer = Writer(database, busy_timeout_s=0.05)
    holder = start_python(HOLD, database, "BEGIN IMMEDIATE", stdin=subprocess.PIPE)
    assert holder.stdout.readline() == "held\n"
    for _ in range(3):
        with pytest.raises(StoreError) as busy:
            writer.write(batch(1))
        assert busy.value.kind == "busy"
    let_go(holder)
    writer.write(batch(2))
    writer.close(clean=True)
    with Reader(database) as reader:
        assert reader.assets()[0].reboots == 2


def test_s7_a_stuck_reader_delays_no_commit_and_the_log_shrinks_when_it_goes(
    database, start_python, batch, monkeypatch
):
    monkeypatch.setattr("inventory.store.writer.WAL_LIMIT_BYTES", 1_000_000)
    # Waiting for the reader, even once, would take longer than the test may.
    writer = Writer(database, busy_timeout_s=600.0)
    writer.write(batch(1))
    holder = start_python(HOLD, database, "BEGIN", stdin=subprocess.PIPE)
    assert holder.stdout.readline() == "held\n"
    for number in range(2, 20):
        writer.write(batch(number, rollups=1000))
    assert writer.sizes().wal_bytes > 2_000_000
    let_go(holder)
    writer.write(batch(20))
    assert writer.sizes().wal_bytes <= 1_000_000
    writer.close(clean=True)
    assert writer.sizes().wal_bytes == 0
    with Reader(database) as reader:
        assert reader.assets()[0].reboots == 20


def test_a_second_holder_is_refused_with_the_first_ones_pid_and_death_frees(database, start_python):
    code = """
        import sys
        from pathlib import Path
        from inventory.store.lock import StoreLock
        StoreLock(Path(sys.argv[1])).acquire()
        print("held", flush=True)
        sys.stdin.read()
    """
    holder = start_python(code, database, stdin=subprocess.PIPE)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreError) as refused:
        StoreLock(database).acquire()
    assert refused.value.kind == "locked"
    assert str(holder.pid) in str(refused.value)
    holder.kill()
    holder.wait()
    with StoreLock(database):
        pass


def test_the_lock_holds_on_a_full_disk(small_disk, fill):
    folder, _ = small_disk
    (folder / "hatang.db.lock").touch()
    fill(folder)
    with StoreLock(folder / "hatang.db"):
        with pytest.raises(StoreError) as refused:
            StoreLock(folder / "hatang.db").acquire()
        assert refused.value.kind == "locked"


def test_a_lock_that_cannot_be_made_is_an_error_of_the_disk(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as refused:
        StoreLock(tmp_path / "file" / "hatang.db").acquire()
    assert refused.value.kind == "io"


def test_a_lock_given_back_twice_is_free_and_names_nobody(database):
    lock = StoreLock(database)
    lock.acquire()
    assert database.with_name("hatang.db.lock").read_text() == f"{os.getpid()}\n"
    lock.release()
    lock.release()
    assert database.with_name("hatang.db.lock").read_text() == ""
