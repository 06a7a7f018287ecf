"""S10: a migration that is killed at any statement; databases of a newer or an older Hatang."""

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

    plain = sqlite3.connect
    def traced(*arguments, **options):
        connection = plain(*arguments, **options)
        connection.set_trace_callback(trace)
        return connection
    connect.sqlite3.connect = traced

    # Imported once; each line of input is a database, and the statement to die at.
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


def test_s10_a_migration_killed_at_any_statement_leaves_the_old_or_the_new_schema(
    tmp_path, start_python
):
    steps = schemas(tmp_path)
    new = steps[-1]
    assert len(new) > 10
    process = start_python(MIGRATE_AND_DIE, stdin=subprocess.PIPE)
    statement = killed = 0
    while True:
        statement += 1
        database = tmp_path / f"{statement}.db"
        process.stdin.write(f"{database} {statement}\n")
        process.stdin.flush()
        if int(process.stdout.readline()) == 0:
            break
        killed += 1
        assert schema(database) in steps
        if killed % 20 == 0:
            open_for_writing(database).close()
            assert schema(database) == new
        for path in tmp_path.glob(f"{statement}.db*"):
            path.unlink()
    assert schema(database) == new
    assert killed > 50, killed


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
