"""When endpoints are looked at, and the daemon's other recurring jobs, on APScheduler.

One job an endpoint, spread over its interval, never twice at once; slots that could not be kept
are counted, not caught up. Looks pass through two lanes so that the dead do not delay the living.
What a look means, how it is bounded and logged is the runner's business.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from apscheduler.events import (  # type: ignore[import-untyped]
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_SUBMITTED,
)
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

from collectors.base import Collector, Steps
from collectors.cadence import MonotonicZone, Slots
from collectors.lanes import Lanes
from collectors.runner import Runner
from collectors.targets import Target
from inventory.clock import Clock
from inventory.metrics import Instruments
from inventory.observation import Observation

log = logging.getLogger(__name__)

_ENDPOINT = "endpoint:"
_JOB = "job:"


@dataclass(slots=True)
class _Cadence:
    """The slots of one job and how far they have been accounted for."""

    slots: Slots
    accounted: int = -1
    due_s: float = 0.0


@dataclass(slots=True)
class _Watch:
    """One endpoint on the schedule. `tasks` are the looks under way; one at a time has the lock."""

    target: Target
    collector: Collector
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    tasks: set[asyncio.Task[Observation]] = field(default_factory=set)


class _Unusable:
    """Stands in for a collector that could not be made, so that its endpoint says so."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def collect(self, steps: Steps) -> None:
        raise self._error

    async def close(self) -> None:
        pass


class Schedule:
    """Runs looks and jobs on the running event loop between `start` and `stop`."""

    def __init__(self, runner: Runner, clock: Clock, instruments: Instruments) -> None:
        self._runner = runner
        self._clock = clock
        self._instruments = instruments
        self._zone = MonotonicZone(clock.monotonic)
        self._lanes = Lanes(1)
        self._watches: dict[str, _Watch] = {}
        self._cadences: dict[str, _Cadence] = {}
        self._failing: set[str] = set()
        # What is late or skipped is counted here; APScheduler's own line for each run is noise.
        quiet = logging.getLogger("apscheduler")
        quiet.setLevel(logging.CRITICAL)
        self._scheduler = AsyncIOScheduler(timezone=self._zone)
        self._scheduler.add_listener(self._account, EVENT_JOB_SUBMITTED | EVENT_JOB_MAX_INSTANCES)
