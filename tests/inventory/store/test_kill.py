"""S1: kill -9 at any moment while the recorder writes."""

import itertools
import os
import random
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from inventory.ledger import MEMORY_S
from inventory.saved import Saved
from inventory.store.reader import Reader
from inventory.uptime import State

KILLS = 24

RECORD_FOR_EVER = """
    import itertools, os, secrets, sys
    from pathlib import Path
    from prometheus_client import CollectorRegistry
    sys.path.insert(0, sys.argv[2])
    from conftest import UNITS, register
    from inventory.clock import SystemClock
    from inventory.ledger import MEMORY_S, Ledger
    from inventory.metrics import Instruments
    from inventory.observation import Observation, Outcome, Reading
    from inventory.recorder import Recorder
    from inventory.saved import Saved
    from inventory.store.reader import Reader
    from inventory.store.writer import Writer
    from inventory.timeline import Timeline

    def record(path):
        clock, instruments = SystemClock(), Instruments(CollectorRegistry())
        writer = Writer(path)
        with Reader(path) as reader:
            saved = Saved(reader, clock.wall(), MEMORY_S)
        timeline = Timeline(clock, saved.heartbeat_s or 0.0)
        ledger = Ledger(register("A", "B"), UNITS, saved, timeline.now(), instruments)
        recorder = Recorder(ledger, writer, timeline, clock, instruments, commit_every_s=0.0)
        epoch = secrets.token_hex(4)
        for seq in itertools.count(1):
            outcome = Outcome.OK if seq % 4 < 2 else Outcome.UNREACHABLE
            for tag in ("A", "B"):
                recorder.sink(Observation("n", epoch, f"{tag}/host", seq, "host", clock.wall(),
                                          clock.monotonic(), 0.1, outcome,
                                          reading=Reading(cpu_ratio=0.5)))
            if recorder.step():
                print(os.getpid(), epoch, seq, flush=True)

    # Imported once; each round is a process of its own, to be killed.
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            record(Path(sys.argv[1]))
        os.waitpid(child, 0)
        print("dead", flush=True)
"""


def position(database):
    """Epoch and number of the last observation that was committed of each asset."""
    with Reader(database) as reader:
        return {(e.epoch, e.last_seq) for e in reader.endpoints() if e.last_seq >= 0}


def test_s1_kill_9_loses_nothing_acknowledged_and_leaves_time_lines_whole(database, start_python):
    process = start_python(
        RECORD_FOR_EVER, database, Path(__file__).parents[1], stdin=subprocess.PIPE
    )
    dice = random.Random(1)
    answers = 0
    for _ in range(KILLS):
        process.stdin.write("go on\n")
        process.stdin.flush()
        kill_at = dice.randint(1, 60)
        for line in iter(process.stdout.readline, "dead\n"):
            pid, *acknowledged = line.split()
            if int(acknowledged[1]) == kill_at:
                os.kill(int(pid), signal.SIGKILL)
        ((epoch, seq),) = position(database)
        assert epoch == acknowledged[0]
        assert seq >= int(acknowledged[1])
        answers += 2 * sum(number % 4 < 2 for number in range(1, seq + 1))
        with Reader(database) as reader:
            assert reader.integrity_problems() == []
            lines = reader.timelines_of(["A", "B"], 0.0)
            heartbeat = reader.heartbeat()
        for line in lines.values():
            for one, following in itertools.pairwise(line):
                assert one.start_s < one.end_s == following.start_s
                assert one.state is not following.state
            assert line[-1].end_s is None
        with closing(sqlite3.connect(database)) as reading:
            ((counted,),) = reading.execute("SELECT sum(count) FROM rollups")
        assert counted == answers
    with Reader(database) as reader:
        saved = Saved(reader, heartbeat + 3600.0, MEMORY_S)
    for left in saved.left(heartbeat + 3600.0):
        assert left.timeline[-1].state is State.UNKNOWN
        assert left.timeline[-1].start_s <= heartbeat + 0.1
