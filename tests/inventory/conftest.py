"""A small register, its database and a recorder under a clock that tests move."""

import contextlib
import datetime as dt
import itertools
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from config.assets import Asset
from config.sections import Settings
from inventory.decisions import Kind
from inventory.identity_work import Identity
from inventory.ledger import MEMORY_S, Ledger
from inventory.metrics import Instruments
from inventory.observation import Observation, Outcome, Reading
from inventory.recorder import Recorder
from inventory.register.checks import Rules
from inventory.register.entry import Actor, Create
from inventory.register.register import Register
from inventory.saved import Saved
from inventory.store.desk import DirectDesk
from inventory.store.reader import Reader
from inventory.store.rows import AssetRow, Batch, EndpointRow, FactRow
from inventory.store.writer import Writer
from inventory.timeline import Timeline
from inventory.units import Unit
from inventory.uptime import Interval, State

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


REGISTERED_IN = {"22849": "Xã Thuận Bắc", "22840": "Xã Bắc Ái"}
RECORDED = ("assets", "endpoints", "facts", "reachability", "rollups", "traps", "interfaces")
SYSTEM = Actor("system", "system")


class TickingClock:
    """A second passes with every look at it."""

    def __init__(self):
        self._seconds = itertools.count(1_795_000_000)

    def set(self, wall_s):
        """Count on from another time."""
        self._seconds = itertools.count(int(wall_s))

    def wall(self):
        return float(next(self._seconds))

    def monotonic(self):
        return 0.0


class Registry:
    """The register, the decisions, and a look at all that is stored."""

    kinds = (Kind.MERGE, Kind.REPLACE, Kind.SPLIT, Kind.SWAP)

    def __init__(self, folder):
        settings = Settings.model_validate({"communes": [{"code": code} for code in REGISTERED_IN]})
        self.database = folder / "hatang.db"
        self._writer = Writer(self.database)
        self.desk = DirectDesk(self._writer)
        clock = TickingClock()
        self.clock = clock
        self.communes = dict(REGISTERED_IN)
        self.register = Register(self.desk, lambda: Rules(settings, self.communes), clock)
        self.identity = Identity(self.register, self.desk, clock)

    def fill(self, assets, measured):
        """Register assets, and put down that each was looked at and found up."""
        found = [Asset.model_validate(values) for values in assets]
        self.register.apply([Create(asset) for asset in found], SYSTEM)
        batch = Batch(1_795_000_100.0)
        for number, asset in enumerate(found, 1):
            batch.assets.append(AssetRow(number, asset.tag, asset.commune, "{}", 1_795_000_000.0))
            batch.endpoints.append(EndpointRow(f"{asset.tag}/ping", number, "ping", "e", number))
            batch.timelines[number] = [
                Interval(State.UP, 1_795_000_000.0, 1_795_000_050.0),
                Interval(State.DOWN, 1_795_000_050.0),
            ]
            for name, value in measured.get(asset.tag, {}).items():
                batch.facts.append(FactRow(number, name, "measured", value, 1_795_000_100.0))
        self._writer.write(batch)

    def write(self, batch):
        """Record a batch."""
        self._writer.write(batch)

    def measured(self, tag):
        """Name -> value of what was measured of an asset."""
        sql = "SELECT name, value FROM facts JOIN assets a ON a.id = asset_id WHERE a.tag = ?"
        return dict(self.desk.read(lambda c: c.execute(sql, (tag,)).fetchall()))

    def state(self):
        """Everything that stands in the register and all that was recorded, but not how often an
        entry was changed, nor entries that only were there in between."""

        def look(connection):
            entries = connection.execute(
                "SELECT id, tag, body FROM register WHERE removed_at_s IS NULL ORDER BY id"
            ).fetchall()
            index = connection.execute(
                "SELECT id, tag, commune, upstream, parent, serial, text FROM register_index "
                "WHERE NOT removed ORDER BY id"
            ).fetchall()
            rows = {t: connection.execute(f"SELECT * FROM {t}").fetchall() for t in RECORDED}
            return entries, index, rows

        return self.desk.read(look)

    def close(self):
        """Close the database."""
        self._writer.close(clean=True)


@pytest.fixture
def who():
    return Actor("lan", "web", "127.0.0.1")


@pytest.fixture(scope="session")
def fresh_registry():
    """`with fresh_registry() as registry`: one in a folder of its own, gone afterwards."""

    @contextlib.contextmanager
    def make():
        with tempfile.TemporaryDirectory() as folder:
            registry = Registry(Path(folder))
            try:
                yield registry
            finally:
                registry.close()

    return make


@pytest.fixture
def registry(fresh_registry):
    with fresh_registry() as made:
        yield made
