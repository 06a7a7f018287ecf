"""Backups while the daemon writes, and the way back (S9)."""

import sqlite3
import threading

import pytest

from inventory.store.backup import backups, make_backup, newest_backup_s, restore
from inventory.store.errors import StoreError
from inventory.store.lock import StoreLock
from inventory.store.reader import Reader
from inventory.store.rows import AssetRow, Batch
from inventory.store.writer import Writer

AT_S = 1_795_000_000.0


def write(writer, number):
    writer.write(
        Batch(float(number), assets=[AssetRow(1, "A", "22849", "{}", 0.0, None, None, number)])
    )


def number_in(path):
    with Reader(path) as reader:
        return reader.assets()[0].reboots


def test_s9_a_backup_under_load_is_sound_and_restores_as_another_database(database, tmp_path):
    writer = Writer(database)
    write(writer, 1)
    stop = threading.Event()

    def load():
        number = 1
        while not stop.is_set():
            number += 1
            write(writer, number)

    loading = threading.Thread(target=load)
    loading.start()
    try:
        made = [make_backup(database, tmp_path / "b", AT_S + n, keep=3) for n in range(5)]
    finally:
        stop.set()
        loading.join()
    writer.close(clean=True)
    assert backups(tmp_path / "b") == made[-3:]
    assert newest_backup_s(tmp_path / "b") == AT_S + 4
    inside, now = number_in(made[-1]), number_in(database)
    assert inside <= now
    kept = restore(made[-1], database)
    assert number_in(database) == inside
    assert number_in(kept) == now
    with Reader(database) as reader:
        epoch = reader.meta()["epoch"]
        assert reader.integrity_problems() == []
    restore(made[-1], database)
    with Reader(database) as reader:
        assert reader.meta()["epoch"] != epoch


def test_restore_is_refused_while_a_daemon_holds_the_database(database, tmp_path):
    writer = Writer(database)
    write(writer, 1)
    made = make_backup(database, tmp_path / "b", AT_S, keep=1)
    writer.close(clean=True)
    with StoreLock(database), pytest.raises(StoreError) as refused:
        restore(made, database)
    assert refused.value.kind == "locked"


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(4000)])
def test_restore_refuses_what_is_no_backup_and_leaves_what_was_there(database, tmp_path, content):
    writer = Writer(database)
    write(writer, 5)
    writer.close(clean=True)
    bad = tmp_path / "bad.db"
    bad.write_bytes(content)
    with pytest.raises(StoreError):
        restore(bad, database)
    assert number_in(database) == 5
    with pytest.raises(StoreError, match="no file"):
        restore(tmp_path / "missing.db", database)


def test_restore_into_nothing_keeps_nothing(database, tmp_path):
    writer = Writer(database)
    write(writer, 5)
    made = make_backup(database, tmp_path / "b", AT_S, keep=1)
    writer.close(clean=True)
    target = tmp_path / "elsewhere" / "hatang.db"
    assert restore(made, target) is None
    assert number_in(target) == 5


def test_a_damaged_evaluation_is_noticed_by_its_checksum(database):
    from inventory.readiness.result import Evaluation, Score

    writer = Writer(database)
    evaluation = Evaluation("22849", "p", "1", AT_S, Score(0.5, 0.5), {}, ())
    writer.write(Batch(AT_S, evaluations=[evaluation]))
    writer.close(clean=True)
    with Reader(database) as reader:
        assert reader.evaluations(AT_S)["22849"] == evaluation
    with sqlite3.connect(database) as other:
        other.execute("UPDATE evaluations SET body = replace(body, '0.5', '0.9')")
    other.close()
    with Reader(database) as reader, pytest.raises(StoreError, match="hatang restore"):
        reader.evaluations(AT_S)
