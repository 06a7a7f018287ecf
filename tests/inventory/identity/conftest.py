"""A register with what was recorded of its assets, in a database of its own."""

import contextlib
import itertools
import tempfile
from pathlib import Path

import pytest

from config.assets import Asset
from config.sections import Settings
from inventory.decisions import Kind
from inventory.identity_work import Identity
from inventory.register.checks import Rules
from inventory.register.entry import Actor, Create
from inventory.register.register import Register
from inventory.store.desk import DirectDesk
from inventory.store.rows import AssetRow, Batch, EndpointRow, FactRow
from inventory.store.writer import Writer
from inventory.uptime import Interval, State

COMMUNES = {"22849": "Xã Thuận Bắc", "22840": "Xã Bắc Ái"}
RECORDED = ("assets", "endpoints", "facts", "reachability", "rollups", "traps", "interfaces")
SYSTEM = Actor("system", "system")


class TickingClock:
    """A second passes with every look at it."""

    def __init__(self):
        self._seconds = itertools.count(1_795_000_000)

    def wall(self):
        return float(next(self._seconds))

    def monotonic(self):
        return 0.0


class Registry:
    """The register, the decisions, and a look at all that is stored."""

    kinds = (Kind.MERGE, Kind.REPLACE, Kind.SPLIT, Kind.SWAP)

    def __init__(self, folder):
        settings = Settings.model_validate({"communes": [{"code": code} for code in COMMUNES]})
        self._writer = Writer(folder / "hatang.db")
        self.desk = DirectDesk(self._writer)
        clock = TickingClock()
        self.register = Register(self.desk, lambda: Rules(settings, COMMUNES), clock)
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
