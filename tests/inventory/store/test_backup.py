"""Backups while the daemon writes, and the way back (S9)."""

import os
import shutil
import sqlite3
import subprocess
import threading
import time
from contextlib import closing

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
        made = [make_backup(database, tmp_path / "b", AT_S + n, keep=3).path for n in range(5)]
    finally:
        stop.set()
        loading.join()
    writer.close(clean=True)
    assert backups(tmp_path / "b") == made[-3:]
    assert newest_backup_s(tmp_path / "b") == AT_S + 4
    inside, now = number_in(made[-1]), number_in(database)
    assert inside <= now
    kept = restore(made[-1], database).kept
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
    made = make_backup(database, tmp_path / "b", AT_S, keep=1).path
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
    made = make_backup(database, tmp_path / "b", AT_S, keep=1).path
    writer.close(clean=True)
    target = tmp_path / "elsewhere" / "hatang.db"
    assert restore(made, target).kept is None
    assert number_in(target) == 5


def test_s9_a_backup_ends_though_the_database_changes_without_a_pause(database, tmp_path, batch):
    """A copy in steps begins anew after every commit, so it would not end before the writing."""
    writer = Writer(database)
    writer.write(batch(1, rollups=60_000))
    stop = threading.Event()
    pauses = []

    def load():
        number = 1
        while not stop.is_set():
            number += 1
            writer.write(batch(number, rollups=10))
            pauses.append(number)

    loading = threading.Thread(target=load)
    loading.start()
    try:
        made = make_backup(database, tmp_path / "b", AT_S, keep=3).path
    finally:
        stop.set()
        loading.join()
    writer.close(clean=True)
    assert made.stat().st_size > 5_000_000
    assert len(pauses) > 1


def test_a_restore_takes_what_is_only_in_the_backups_log(database, tmp_path):
    """A copy of the files of a daemon that was killed is a backup, too."""
    writer = Writer(database)
    write(writer, 7)
    files = tmp_path / "files"
    files.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{database}{suffix}", files / f"copy.db{suffix}")
    writer.close(clean=True)
    target = tmp_path / "elsewhere" / "hatang.db"
    restore(files / "copy.db", target)
    assert number_in(target) == 7


def test_a_restore_keeps_what_is_only_in_the_log_of_what_it_replaces(database, tmp_path):
    writer = Writer(database)
    write(writer, 1)
    made = make_backup(database, tmp_path / "b", AT_S, keep=1).path
    write(writer, 9)
    target = tmp_path / "crashed" / "hatang.db"
    target.parent.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{database}{suffix}", f"{target}{suffix}")
    writer.close(clean=True)
    kept = restore(made, target).kept
    assert number_in(kept) == 9
    assert number_in(target) == 1
    assert not target.with_name("hatang.db-wal").exists()


def test_a_damaged_database_is_replaced_and_kept_with_its_log(database, tmp_path):
    writer = Writer(database)
    write(writer, 1)
    made = make_backup(database, tmp_path / "b", AT_S, keep=1).path
    writer.close(clean=True)
    database.write_bytes(b"damaged" * 1000)
    database.with_name("hatang.db-wal").write_bytes(b"its log")
    kept = restore(made, database).kept
    assert kept.read_bytes() == b"damaged" * 1000
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"its log"
    assert number_in(database) == 1


def test_two_restores_in_one_second_keep_both_that_they_replace(database, tmp_path):
    writer = Writer(database)
    write(writer, 1)
    made = make_backup(database, tmp_path / "b", AT_S, keep=1).path
    write(writer, 2)
    writer.close(clean=True)
    first, second = restore(made, database).kept, restore(made, database).kept
    assert first != second
    assert number_in(first) == 2
    assert number_in(second) == 1


def test_a_restored_database_is_no_sign_of_a_crash(database, tmp_path):
    writer = Writer(database)
    write(writer, 1)
    made = make_backup(database, tmp_path / "b", AT_S, keep=1).path
    writer.close(clean=True)
    restore(made, database)
    again = Writer(database)
    assert not again.after_crash
    again.close(clean=True)


def test_a_backup_with_rows_of_no_asset_is_refused(database, tmp_path):
    writer = Writer(database)
    write(writer, 1)
    writer.close(clean=True)
    with closing(sqlite3.connect(database)) as other, other:
        other.execute("INSERT INTO facts VALUES (99, 'model', 'measured', 'x', 1.0)")
    with pytest.raises(StoreError, match="facts of no asset"):
        make_backup(database, tmp_path / "b", AT_S, keep=1)
    assert list((tmp_path / "b").iterdir()) == []


def test_a_backup_that_fails_takes_no_older_one_away(database, small_disk, batch, fill):
    folder, _ = small_disk
    writer = Writer(database)
    writer.write(batch(1, rollups=2000))
    made = make_backup(database, folder / "b", AT_S, keep=1).path
    fill(folder)
    with pytest.raises(StoreError) as failed:
        make_backup(database, folder / "b", AT_S + 1, keep=1)
    assert failed.value.kind in ("full", "io")
    assert list((folder / "b").iterdir()) == [made]
    writer.close(clean=True)


def test_what_a_killed_backup_left_goes_with_the_next(database, tmp_path):
    writer = Writer(database)
    write(writer, 1)
    folder = tmp_path / "b"
    folder.mkdir()
    for name, age_s in (("old", 2 * 86_400), ("now", 0)):
        remains = folder / f".hatang-{name}-1.partial"
        remains.touch()
        os.utime(remains, (time.time() - age_s, time.time() - age_s))
    made = make_backup(database, folder, AT_S, keep=1).path
    assert sorted(folder.iterdir()) == [folder / ".hatang-now-1.partial", made]
    writer.close(clean=True)


RESTORE_AND_DIE = """
    import os, signal, sys
    from pathlib import Path
    from inventory.store.backup import restore

    # Imported once; each line of input is a database, and the step to die at.
    steps = {"os.rename", "os.link", "os.remove", "open", "sqlite3.connect"}
    for line in sys.stdin:
        backup, database, left = line.split()
        child = os.fork()
        if not child:
            left, folder = int(left), os.path.dirname(database)
            def die(event, arguments):
                global left
                left -= event in steps and folder in repr(arguments)
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            sys.addaudithook(die)
            restore(Path(backup), Path(database))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def test_s9_a_restore_killed_at_any_step_leaves_a_whole_database(database, tmp_path, start_python):
    writer = Writer(database)
    write(writer, 1)
    made = make_backup(database, tmp_path / "b", AT_S, keep=1).path
    write(writer, 2)
    files = tmp_path / "files"
    files.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{database}{suffix}", files / f"hatang.db{suffix}")
    writer.close(clean=True)
    process = start_python(RESTORE_AND_DIE, stdin=subprocess.PIPE)
    found = []
    while True:
        folder = tmp_path / f"step{len(found) + 1}"
        shutil.copytree(files, folder)
        target = folder / "hatang.db"
        process.stdin.write(f"{made} {target} {len(found) + 1}\n")
        process.stdin.flush()
        if int(process.stdout.readline()) == 0:
            break
        found.append(number_in(target))
        restore(made, target)
        assert number_in(target) == 1
    assert number_in(target) == 1
    # First what was there, then at one step and for good what was restored.
    assert found == sorted(found, reverse=True)
    assert set(found) == {1, 2}
    assert len(found) > 12
