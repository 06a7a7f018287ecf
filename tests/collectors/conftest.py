"""A loop whose clock stands still, and targets that answer as a test says."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from collectors.runner import Runner
from collectors.schedule import Schedule
from collectors.targets import Target
from config.sections import Asset, Polling, TcpEndpoint
from inventory.metrics import Instruments
from inventory.observation import Reading
from tests.collectors.mibs import compiled_once
from tests.collectors.still_time import LoopClock, StillLoop

__all__ = ["compiled_once"]


class Scripted:
    """A collector that does what `script(number of the look)` says: a Reading, an exception, or
    seconds to hang before answering."""

    def __init__(self, script):
        self._script = script
        self.looks = 0
        self.closed = 0

    async def collect(self, steps):
        number = self.looks
        self.looks += 1
        found = self._script(number)
        if isinstance(found, BaseException):
            raise found
        if isinstance(found, int | float):
            await asyncio.sleep(found)
            return Reading()
        return found or Reading()

    async def close(self):
        self.closed += 1


TIMES = Polling.model_validate(
    {"interval": "60s", "timeout": "2s", "deadline": "10s", "retry": "5s", "down_after": 3}
)


@pytest.fixture
def times():
    return TIMES


@pytest.fixture
def target():
    """target("A", script, times) -> (Target, Scripted)."""

    def make(tag="A", script=lambda n: None, times=TIMES):
        collector = Scripted(script)
        endpoint = TcpEndpoint(kind="tcp", port=1)
        asset = Asset.model_validate(
            {
                "tag": tag,
                "name": tag,
                "class": "other",
                "commune": "22849",
                "address": "127.0.0.1",
                "endpoints": [endpoint],
            }
        )
        made = Target(f"{tag}/tcp", asset, endpoint, times, None, lambda *_: collector)
        return made, collector

    return make


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def instruments(registry):
    return Instruments(registry)


@pytest.fixture
def value(registry):
    return lambda name, **labels: registry.get_sample_value(name, labels)


@pytest.fixture
def virtual():
    """Runs a coroutine function on a loop of its own: virtual(main), main(loop, clock)."""

    def run(main):
        loop = StillLoop()
        try:
            return loop.run_until_complete(main(loop, LoopClock(loop)))
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    return run


@pytest.fixture
def scheduled(instruments):
    """scheduled(clock) -> (Schedule, list of what was seen)."""

    def make(clock):
        seen = []
        runner = Runner("node", "epoch", clock, seen.append, instruments)
        return Schedule(runner, clock, instruments), seen

    return make
