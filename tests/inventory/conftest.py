"""A small register, its database and a recorder under a clock that tests move."""

import datetime as dt
import itertools
from dataclasses import dataclass

import pytest
from prometheus_client import CollectorRegistry

from config.sections import Settings
from inventory.ledger import MEMORY_S, Ledger
from inventory.metrics import Instruments
from inventory.observation import Observation, Outcome, Reading
from inventory.recorder import Recorder
from inventory.saved import Saved
from inventory.store.reader import Reader
from inventory.store.writer import Writer
from inventory.timeline import Timeline
from inventory.units import Unit

NOW_S = 1_795_000_000.0


class FakeClock:
    """Two clocks that stand still until a test moves them; `jump` moves the wall clock alone."""

    def __init__(self, wall=NOW_S):
        self._wall = wall
        self._monotonic = 1000.0

    def wall(self):
        return self._wall

    def monotonic(self):
        return self._monotonic

    def advance(self, seconds):
        self._wall += seconds
        self._monotonic += seconds

    def jump(self, seconds):
        self._wall += seconds


@dataclass
class Run:
    """One run of the recorder on a database, stepped by hand."""

    clock: FakeClock
    instruments: Instruments
    registry: CollectorRegistry
    writer: Writer
    ledger: Ledger
    recorder: Recorder
    epoch: str
    seq: itertools.count

    def see(self, endpoint="A/host", outcome=Outcome.OK, **reading):
        """Hand one observation of now to the recorder; the observation."""
        seen = Observation(
            node="test",
            epoch=self.epoch,
            endpoint=endpoint,
            seq=next(self.seq),
            kind="host" if endpoint == "A/host" else "tcp",
            at_s=self.clock.wall(),
            monotonic_s=self.clock.monotonic(),
            duration_s=0.1,
            outcome=outcome,
            reading=Reading(**reading),
        )
        self.recorder.sink(seen)
        return seen

    def step(self, seconds=1.0):
        """Let time pass, then one round of the recorder; whether all is committed."""
        self.clock.advance(seconds)
        return self.recorder.step()

    def value(self, name, **labels):
        return self.registry.get_sample_value(name, labels)

    def close(self, clean=True):
        self.writer.close(clean=clean)


def register(*tags, retired=()):
    """Settings of assets in one commune, each with a host and a tcp endpoint."""
    return Settings.model_validate(
        {
            "polling": {
                "interval": "60s",
                "timeout": "2s",
                "deadline": "10s",
                "retry": "5s",
                "down_after": 2,
            },
            "communes": [{"code": "22849"}],
            "assets": [
                {
                    "tag": tag,
                    "name": f"Máy {tag}",
                    "class": "server",
                    "commune": "22849",
                    "address": "127.0.0.1",
                    "serial": "REGISTERED" if tag == "A" else "",
                    "endpoints": [{"kind": "host"}, {"kind": "tcp", "port": 22}],
                }
                for tag in tags
            ],
        }
    )


UNITS = {"22849": Unit("22849", "commune", "Xã Thuận Bắc", "56", dt.date(2025, 7, 1))}


@pytest.fixture
def make_register():
    return register


@pytest.fixture
def units():
    return UNITS


@pytest.fixture
def database(tmp_path):
    return tmp_path / "hatang.db"


@pytest.fixture
def clock():
    return FakeClock()


class Lab:
    """One database, one clock, and the runs of the recorder on it."""

    def __init__(self, database, clock):
        self.database, self.clock = database, clock
        self.runs = []
        self._epochs = itertools.count()

    def start(self, *tags, settings=None, **options):
        """start("A", "B") -> Run."""
        registry = CollectorRegistry()
        instruments = Instruments(registry)
        writer = Writer(self.database)
        with Reader(self.database) as reader:
            saved = Saved(reader, self.clock.wall(), MEMORY_S)
        timeline = Timeline(self.clock, saved.heartbeat_s or 0.0)
        wanted = settings or register(*(tags or ("A",)))
        ledger = Ledger(wanted, UNITS, saved, timeline.now(), instruments)
        recorder = Recorder(ledger, writer, timeline, self.clock, instruments, **options)
        run = Run(
            self.clock,
            instruments,
            registry,
            writer,
            ledger,
            recorder,
            f"e{next(self._epochs)}",
            itertools.count(1),
        )
        self.runs.append(run)
        return run

    def close(self):
        for run in self.runs:
            run.writer.close(clean=False)


@pytest.fixture
def start(database, clock):
    """Starts a run on the database: start("A", "B") -> Run."""
    lab = Lab(database, clock)
    yield lab.start
    lab.close()


@pytest.fixture
def make_lab():
    """make_lab(path) -> Lab with a clock of its own; to be closed by whoever makes it."""
    return lambda database: Lab(database, FakeClock())


@pytest.fixture
def timeline_of(database):
    """The intervals of one asset as the database has them."""

    def read(tag="A"):
        with Reader(database) as reader:
            return reader.timelines_of([tag], 0.0)[tag]

    return read
