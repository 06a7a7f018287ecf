"""What the store must survive: kill -9, full disks, stuck readers, damage, newer schemas."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from inventory.rollups import Bucket
from inventory.store.connect import open_for_writing
from inventory.store.errors import StoreError
from inventory.store.lock import StoreLock
from inventory.store.reader import Reader
from inventory.store.rows import AssetRow, Batch
from inventory.store.writer import BALLAST_BYTES, Writer
from inventory.uptime import Interval, State

ROOT = Path(__file__).parents[3]


def batch(number, rollups=50):
    """A batch whose number can be read back: one asset, its time line, some rollups."""
    at = float(number)
    return Batch(
        at_s=at,
        assets=[AssetRow(1, "A", "22849", "{}", 0.0, reboots=number)],
        timelines={1: [Interval(State.UP, 0.0)]},
        rollups=[(1, Bucket("cpu_ratio", float(h), 1, at, at)) for h in range(rollups)],
    )


def run_python(code, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        **options,
    )


WRITE_FOR_EVER = """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[3])
    from test_faults import batch
    from inventory.store.writer import Writer
    writer = Writer(Path(sys.argv[1]))
    number = int(sys.argv[2])
    while True:
        number += 1
        writer.write(batch(number))
        print(number, flush=True)
"""


def test_s1_kill_9_while_writing_loses_nothing_that_was_acknowledged(database):
    acknowledged = 0
    for _ in range(12):
        process = run_python(WRITE_FOR_EVER, database, acknowledged, Path(__file__).parent)
        for line in process.stdout:
            acknowledged = int(line)
            if acknowledged % 7 == 3:
                process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with Reader(database) as reader:
            (asset,) = reader.assets()
            assert reader.integrity_problems() == []
            assert asset.reboots >= acknowledged
            assert reader.heartbeat() == asset.reboots
        acknowledged = asset.reboots
    assert acknowledged >= 12


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 9 MB, remounted larger by calling it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk: {mounted.stderr.strip() or 'needs root'}")
    yield (
        folder,
        lambda: subprocess.run(
            ["mount", "-o", "remount,size=60m", folder], check=True, capture_output=True
        ),
    )
    subprocess.run(["umount", "-l", folder], check=False)


def test_s3_a_full_disk_is_said_leaves_reading_alone_and_ends_with_the_space(small_disk):
    folder, grow = small_disk
    database = folder / "hatang.db"
    writer = Writer(database)
    assert (folder / "hatang.db.ballast").stat().st_size == BALLAST_BYTES
    written, failure = 0, None
    while failure is None and written < 2000:
        try:
            writer.write(batch(written + 1, rollups=written * 40))
            written += 1
        except StoreError as error:
            failure = error
    assert failure.kind in ("full", "io")
    with Reader(database) as reader:
        assert reader.assets()[0].reboots == written
    writer.free_ballast()
    assert writer.prune(outages_before_s=0, rollups_before_s=1e12, readiness_before_s=0) > 0
    grow()
    writer.write(batch(written + 1, rollups=5))
    writer.restore_ballast()
    with Reader(database) as reader:
        assert reader.assets()[0].reboots == written + 1
        assert reader.integrity_problems() == []
    writer.close(clean=True)


def test_s4_a_file_size_limit_is_an_error_of_the_disk_and_a_new_connection_goes_on(database):
    code = """
        import resource, signal, sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[2])
        from test_faults import batch
        from inventory.store.errors import StoreError
        from inventory.store.writer import Writer
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        writer = Writer(Path(sys.argv[1]))
        writer.write(batch(1))
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
        try:
            for number in range(2, 100):
                writer.write(batch(number, 2000))
            print("never failed")
        except StoreError as error:
            print(error.kind)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        writer.reopen()
        writer.write(batch(1000))
        writer.close(clean=True)
    """
    process = run_python(code, database, Path(__file__).parent)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out.strip() in ("io", "full")
    with Reader(database) as reader:
        assert reader.assets()[0].reboots == 1000
        assert reader.integrity_problems() == []


def test_s5_without_file_descriptors_the_open_writer_goes_on_and_a_reader_says_why(database):
    code = """
        import os, resource, sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[2])
        from test_faults import batch
        from inventory.store.errors import StoreError
        from inventory.store.reader import Reader
        from inventory.store.writer import Writer
        writer = Writer(Path(sys.argv[1]))
        writer.write(batch(1))
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        taken = []
        try:
            while True:
                taken.append(os.open("/dev/null", os.O_RDONLY))
        except OSError:
            pass
        try:
            Reader(Path(sys.argv[1])).assets()
            print("opened")
        except StoreError as error:
            print(error.kind)
        writer.write(batch(2))
        print("written")
    """
    out, _ = run_python(code, database, Path(__file__).parent).communicate(timeout=60)
    assert out.split() == ["io", "written"]


def test_s6_a_lock_held_elsewhere_is_busy_and_passes(database, monkeypatch):
    monkeypatch.setattr("inventory.store.connect.BUSY_TIMEOUT_S", 0.05)
    writer = Writer(database)
    other = sqlite3.connect(database)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as busy:
        writer.write(batch(1))
    assert busy.value.kind == "busy"
    other.rollback()
    other.close()
    writer.write(batch(2))
    writer.close(clean=True)


def test_s7_a_stuck_reader_lets_the_log_grow_only_until_it_goes(database):
    writer = Writer(database)
    writer.write(batch(1))
    stuck = sqlite3.connect(database)
    stuck.execute("BEGIN")
    stuck.execute("SELECT count(*) FROM rollups").fetchone()
    for number in range(2, 30):
        writer.write(batch(number, rollups=2000))
    grown = writer.sizes().wal_bytes
    stuck.rollback()
    stuck.close()
    for number in range(30, 60):
        writer.write(batch(number, rollups=2000))
    assert writer.sizes().wal_bytes <= grown + 8_000_000
    writer.close(clean=True)
    assert writer.sizes().wal_bytes == 0


def flip(path, at, mask=0xFF):
    data = bytearray(path.read_bytes())
    data[at] ^= mask
    path.write_bytes(data)


def damage_header(path):
    flip(path, 0)


def damage_page_size(path):
    flip(path, 16)


def damage_index(path):
    with sqlite3.connect(path) as reading:
        (page,) = reading.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'rollups'"
        ).fetchone()
        (size,) = reading.execute("PRAGMA page_size").fetchone()
    reading.close()
    flip(path, (page - 1) * size + 1)


def truncate(path):
    os.truncate(path, path.stat().st_size // 2)


def zero_page(path):
    with path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(bytes(4096))


def not_a_database(path):
    path.write_text("this is not a database\n" * 1000)


@pytest.mark.parametrize(
    "damage",
    [damage_header, damage_page_size, damage_index, truncate, zero_page, not_a_database],
    ids=lambda d: d.__name__,
)
def test_s8_a_damaged_database_is_refused_untouched_with_what_to_do(database, damage):
    writer = Writer(database)
    for number in range(1, 20):
        writer.write(batch(number, rollups=400))
    writer.close(clean=True)
    damage(database)
    before = database.read_bytes()
    with pytest.raises(StoreError) as refused:
        Writer(database)
    assert refused.value.kind == "corrupt"
    assert "hatang restore" in str(refused.value)
    assert database.read_bytes() == before


def test_a_newer_schema_is_refused_and_not_touched(database):
    Writer(database).close(clean=True)
    with sqlite3.connect(database) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('hatang', 'm999', 'later')"
        )
    newer.close()
    before = database.read_bytes()
    for use in (Writer, Reader):
        with pytest.raises(StoreError, match="newer") as refused:
            use(database)
        assert refused.value.kind == "newer"
    assert database.read_bytes() == before


def test_s10_a_migration_that_is_killed_at_any_statement_is_done_again(database):
    code = """
        import os, signal, sqlite3, sys
        from pathlib import Path
        from inventory.store import connect
        left = int(sys.argv[2])
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
        connect.open_for_writing(Path(sys.argv[1])).close()
        print("done")
    """
    for statement in range(1, 2000, 29):
        process = run_python(code, database, statement)
        out, _ = process.communicate(timeout=60)
        if out.strip() == "done":
            break
        assert ours_in(database) in (set(), OURS)
        open_for_writing(database).close()
        assert ours_in(database) == OURS
        for path in database.parent.glob("hatang.db*"):
            path.unlink()
    else:
        pytest.fail("the migration never ended")
    assert statement > 29 * 3


OURS = {"assets", "reachability", "heartbeat", "clock_steps"}


def ours_in(database):
    """Which of some tables from the beginning and the end of the schema are there."""
    connection = sqlite3.connect(database)
    try:
        return OURS & {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    finally:
        connection.close()


def test_a_second_holder_is_refused_with_the_first_ones_pid_and_death_frees(database):
    code = """
        import sys
        from pathlib import Path
        from inventory.store.lock import StoreLock
        StoreLock(Path(sys.argv[1])).acquire()
        print("held", flush=True)
        sys.stdin.read()
    """
    holder = run_python(code, database, stdin=subprocess.PIPE)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreError) as refused:
        StoreLock(database).acquire()
    assert refused.value.kind == "locked"
    assert str(holder.pid) in str(refused.value)
    holder.kill()
    holder.communicate()
    with StoreLock(database):
        pass
