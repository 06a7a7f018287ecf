"""S10: a migration that is killed at any statement; databases of a newer or an older Hatang."""

import itertools
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing

import pytest
from sqlite_utils import Database

from inventory.rollups import Bucket
from inventory.store.connect import open_for_writing
from inventory.store.errors import StoreError
from inventory.store.migrations import migrations
from inventory.store.reader import Reader
from inventory.store.writer import Writer

MIGRATE_AND_DIE = """
    import os, signal, sqlite3, sys
    from pathlib import Path
    from inventory.store import connect

    left = 0
    def trace(statement):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        elif left < 0:
            print("at", flush=True)
            sys.stdin.readline()

    plain = sqlite3.connect
    def traced(*arguments, **options):
        connection = plain(*arguments, **options)
        connection.set_trace_callback(trace)
        return connection
    connect.sqlite3.connect = traced

    # Imported once; each line of input is a database, and the statement to die at; 0: to stop at
    # each statement until the next line.
    for line in sys.stdin:
        path, number = line.split()
        child = os.fork()
        if not child:
            left = int(number)
            connect.open_for_writing(Path(path)).close()
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def schema(database):
    with closing(sqlite3.connect(database)) as reading:
        return sorted(
            sql
            for name, sql in reading.execute("SELECT name, sql FROM sqlite_master")
            if "sqlite" not in name
        )


def schemas(folder):
    """The schema before any step, and after each one."""
    database = folder / "steps.db"
    found = [[]]
    with closing(sqlite3.connect(database)) as writing:
        for step in migrations.pending(Database(writing))[1:]:
            migrations.apply(Database(writing), stop_before=step.name)
            found.append(schema(database))
        migrations.apply(Database(writing))
    return [*found, schema(database)]


def as_killed(database, copy):
    """What another process would find of a database if its writer were killed now."""
    for end in ("", "-wal", "-journal"):
        there, here = (path.with_name(path.name + end) for path in (database, copy))
        here.unlink(missing_ok=True)
        if there.exists():
            shutil.copyfile(there, here)
    copy.with_name(f"{copy.name}-shm").unlink(missing_ok=True)
    return copy


def test_s10_a_migration_killed_at_any_statement_leaves_the_old_or_the_new_schema(
    tmp_path, start_python
):
    """The files as each statement finds them, and for every twentieth one a true kill, which
    leaves the same."""
    steps = schemas(tmp_path)
    new = steps[-1]
    assert len(new) > 10
    process = start_python(MIGRATE_AND_DIE, stdin=subprocess.PIPE)

    def send(text):
        process.stdin.write(f"{text}\n")
        process.stdin.flush()

    whole = tmp_path / "whole.db"
    send(f"{whole} 0")
    left = []
    while process.stdout.readline() == "at\n":
        left.append(schema(as_killed(whole, tmp_path / "left.db")))
        assert left[-1] in steps
        send("go on")
    assert schema(whole) == new
    assert len(left) > 50
    assert [found for found, _ in itertools.groupby(left)] == steps[:-1]
    for number in range(20, len(left) + 1, 20):
        database = tmp_path / f"{number}.db"
        send(f"{database} {number}")
        assert int(process.stdout.readline()) == -signal.SIGKILL
        assert schema(database) == left[number - 1]
        open_for_writing(database).close()
        assert schema(database) == new


def test_a_newer_schema_is_refused_and_not_a_byte_is_touched(database, batch):
    writer = Writer(database)
    writer.write(batch(1))
    # The other connection stays open, so a log is there, too, as after a crash.
    with closing(sqlite3.connect(database)) as newer:
        with newer:
            newer.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
                "VALUES ('hatang', 'm999_of_tomorrow', 'later')"
            )
        writer.close(clean=False)
        files = [database, database.with_name(database.name + "-wal")]
        before = [path.read_bytes() for path in files]
        for use in (Writer, Reader):
            with pytest.raises(StoreError, match="m999_of_tomorrow") as refused:
                use(database)
            assert refused.value.kind == "newer"
        assert [path.read_bytes() for path in files] == before


def test_a_database_without_tables_is_migrated(database):
    sqlite3.connect(database).close()
    database.touch()
    Writer(database).close(clean=True)
    with Reader(database) as reader:
        assert reader.assets() == []


def test_hourly_figures_from_before_their_checksums_are_read_as_they_were(database):
    with closing(sqlite3.connect(database)) as older:
        migrations.apply(Database(older), stop_before="m005_checksums_of_hourly_figures")
        with older:
            older.execute(
                "INSERT INTO assets VALUES (1, 'A', '22849', '{}', 0, NULL, NULL, 0)",
            )
            older.execute("INSERT INTO rollups VALUES (1, 'cpu_ratio', 3600, 2, 0.5, 0.4, '[2]')")
    Writer(database).close(clean=True)
    with Reader(database) as reader:
        found = reader.rollups("cpu_ratio", [3600.0])
    assert found == {1: [Bucket("cpu_ratio", 3600.0, 2, 0.5, 0.4, [2])]}


def test_every_new_database_has_a_name_of_its_own(tmp_path):
    epochs = set()
    for name in ("one.db", "two.db", "one.db"):
        Writer(tmp_path / name).close(clean=True)
        with Reader(tmp_path / name) as reader:
            epochs.add(reader.meta()["epoch"])
    assert len(epochs) == 2
