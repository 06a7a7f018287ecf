"""A register over a real database, with a clock that tests move."""

import itertools

import pytest

from config.assets import Asset
from config.sections import Settings
from inventory.register.checks import Rules
from inventory.register.entry import Actor
from inventory.register.register import Register
from inventory.store.desk import DirectDesk
from inventory.store.writer import Writer

COMMUNES = {"22849": "Xã Thuận Bắc", "22840": "Xã Bắc Ái"}


class TickingClock:
    """A second passes with every look at it."""

    def __init__(self):
        self._seconds = itertools.count(1_795_000_000)

    def wall(self):
        return float(next(self._seconds))

    def monotonic(self):
        return 0.0


def settings(**more):
    return Settings.model_validate(
        {
            "communes": [{"code": code} for code in COMMUNES],
            "credentials": {
                "snmp": {
                    "version": "v2c",
                    "community": "only-for-tests",
                    "networks": ["10.0.0.0/8"],
                }
            },
            **more,
        }
    )


def asset(tag="PC-1", **more):
    values = {"tag": tag, "name": f"Máy {tag}", "class": "desktop", "commune": "22849", **more}
    return Asset.model_validate(values)


@pytest.fixture
def make_asset():
    return asset


@pytest.fixture
def lan():
    return Actor("lan", "web", "127.0.0.1")


@pytest.fixture
def minh():
    return Actor("minh", "web", "127.0.0.2")


@pytest.fixture
def make_rules():
    return lambda **more: Rules(settings(**more), COMMUNES)


@pytest.fixture
def desk(tmp_path):
    writer = Writer(tmp_path / "hatang.db")
    yield DirectDesk(writer)
    writer.close(clean=True)


@pytest.fixture
def register(desk, make_rules):
    rules = make_rules()
    return Register(desk, lambda: rules, TickingClock())


@pytest.fixture
def ticking():
    return TickingClock
