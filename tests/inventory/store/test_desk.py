"""One transaction at a time, for a daemon's threads and for a command that runs alone."""

import sqlite3
import threading

import pytest

from inventory.store.desk import DirectDesk, RecorderDesk, direct_desk
from inventory.store.errors import StoreError
from inventory.store.lock import StoreLock
from inventory.store.writer import Writer


def put(key, value):
    return lambda c: c.execute("INSERT INTO meta VALUES (?,?)", (key, value))


def kept(desk):
    return desk.read(
        lambda c: {k for (k,) in c.execute("SELECT key FROM meta WHERE key LIKE 'k%'")}
    )


def test_what_was_written_is_read_back_and_what_failed_is_not_there(tmp_path):
    with direct_desk(tmp_path / "hatang.db") as desk:
        desk.write("put", put("k1", "one"))

        def half(connection):
            put("k2", "two")(connection)
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            desk.write("put", half)
        with pytest.raises(StoreError):
            desk.write("put twice", put("k1", "again"))
        assert kept(desk) == {"k1"}


def test_a_reader_cannot_write(tmp_path):
    with direct_desk(tmp_path / "hatang.db") as desk, pytest.raises(StoreError):
        desk.read(put("k1", "one"))


def test_a_command_does_not_write_beside_a_daemon(tmp_path):
    database = tmp_path / "hatang.db"
    with StoreLock(database), pytest.raises(StoreError) as refused, direct_desk(database):
        pass
    assert refused.value.kind == "locked"


def test_threads_of_one_desk_write_one_after_the_other(tmp_path):
    with direct_desk(tmp_path / "hatang.db") as desk:
        threads = [
            threading.Thread(target=lambda at=at: desk.write("put", put(f"k{at}", "x")))
            for at in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(kept(desk)) == 20


def test_a_daemons_desk_writes_in_the_recorders_thread_and_hands_errors_back(
    tmp_path, recorder_parts
):
    recorder, writer = recorder_parts(tmp_path / "hatang.db")
    desk = RecorderDesk(recorder, writer)
    recorder.start()
    try:
        name = desk.write("look", lambda _: threading.current_thread().name)
        with pytest.raises(ZeroDivisionError):
            desk.write("fail", lambda _: 1 / 0)
        desk.write("put", put("k1", "one"))
        assert kept(desk) == {"k1"}
    finally:
        recorder.stop(10.0)
    assert name == "recorder"
    with pytest.raises(StoreError, match="stopping"):
        desk.write("put", put("k2", "two"))


@pytest.fixture
def recorder_parts():
    """(recorder, writer) over a database, with nothing registered."""
    from prometheus_client import CollectorRegistry

    from config.sections import Settings
    from inventory.clock import SystemClock
    from inventory.ledger import Ledger
    from inventory.metrics import Instruments
    from inventory.recorder import Recorder
    from inventory.saved import Saved
    from inventory.store.reader import Reader
    from inventory.timeline import Timeline

    def make(database):
        clock, instruments, writer = (
            SystemClock(),
            Instruments(CollectorRegistry()),
            Writer(database),
        )
        with Reader(database) as reader:
            saved = Saved(reader, clock.wall(), 86400.0)
        timeline = Timeline(clock, 0.0)
        ledger = Ledger(Settings(), {}, saved, timeline.now(), instruments)
        return Recorder(ledger, writer, timeline, clock, instruments), writer

    return make


def test_a_direct_desk_is_a_connection_of_sqlite(tmp_path):
    writer = Writer(tmp_path / "hatang.db")
    try:
        kind = DirectDesk(writer).write("look", type)
    finally:
        writer.close(clean=True)
    assert kind is sqlite3.Connection
