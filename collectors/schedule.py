"""When endpoints are looked at, and the daemon's other recurring jobs, on APScheduler.

One job an endpoint, spread over its interval, never twice at once; slots that could not be kept
are counted, not caught up. Looks pass through two lanes so that the dead do not delay the living.
What a look means, how it is bounded and logged is the runner's business.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import math
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from apscheduler.events import (  # type: ignore[import-untyped]
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_SUBMITTED,
    JobSubmissionEvent,
)
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

from collectors.base import Collector, CollectorError, Steps
from collectors.cadence import MonotonicZone, Slots, phase_s
from collectors.lanes import Lanes
from collectors.runner import Runner
from collectors.targets import Target
from inventory.clock import Clock
from inventory.metrics import Instruments
from inventory.observation import Outcome, Reading

log = logging.getLogger(__name__)

FIRST_WITHIN_S = 10.0
"""First looks are spread over this time: who starts the daemon wants to see something."""

FIRST_A_SECOND = 100
"""Of more first looks than fit into it at this rate, the time is longer: each learns its device."""

LEAST_AT_ONCE = 200
"""Looks that may run at once, or a tenth of the endpoints where that is more: a third of them can
then be silent for six seconds each minute (three times the default timeout)."""

LOOK_AGAIN_AFTER_S = 10.0
"""However often news of a device comes, between two looks at an endpoint for its sake, or since
its last regular one, this time passes."""

_TIMER_S = 0.001
"""A timer may be early by this much."""

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
    """One endpoint on the schedule; `task` is the look under way, `soon` a look beside the
    slots that waits."""

    target: Target
    collector: Collector
    task: asyncio.Task[None] | None = None
    soon: asyncio.TimerHandle | None = None
    begun_s: float = -math.inf


class _Unusable:
    """Stands in for a collector that could not be made, so that its endpoint says so."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def collect(self, steps: Steps) -> Reading:
        raise CollectorError(
            Outcome.ERROR, "unusable", f"cannot be looked at: {self._error}", permanent=True
        )

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
        self._of_asset: dict[str, list[_Watch]] = {}
        self._cadences: dict[str, _Cadence] = {}
        self._jobs: dict[str, asyncio.Task[None]] = {}
        self._failing: set[str] = set()
        # What is late or skipped is counted here; APScheduler's own line for each run is noise.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler = AsyncIOScheduler(timezone=self._zone)
        self._scheduler.add_listener(self._account, EVENT_JOB_SUBMITTED | EVENT_JOB_MAX_INSTANCES)

    def start(self) -> None:
        """Begin to fire."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Fire no more, cancel what is under way, close every collector; safe to call twice."""
        self._of_asset.clear()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for task in self._jobs.values():
            task.cancel()
        await asyncio.gather(*self._jobs.values(), return_exceptions=True)
        await asyncio.gather(*(self._end(watch) for watch in self._watches.values()))
        self._watches.clear()
        self._cadences.clear()

    async def watch(self, targets: Iterable[Target], concurrency: int | None = None) -> None:
        """Look at these endpoints from now on, at most `concurrency` at once; see LEAST_AT_ONCE.

        Those that were watched with the same settings go on undisturbed.
        """
        wanted = {target.id: target for target in targets}
        self._lanes = Lanes(concurrency or max(LEAST_AT_ONCE, len(wanted) // 10))
        gone = [w for id, w in self._watches.items() if wanted.get(id) != w.target]
        for watch in gone:
            del self._watches[watch.target.id]
            self._remove(_ENDPOINT + watch.target.id)
        await asyncio.gather(*(self._end(watch) for watch in gone))
        new = [target for target in wanted.values() if target.id not in self._watches]
        for target in new:
            self._begin(target, max(FIRST_WITHIN_S, len(new) / FIRST_A_SECOND))
        of_asset = defaultdict(list)
        for watch in self._watches.values():
            of_asset[watch.target.asset.tag].append(watch)
        self._of_asset = dict(of_asset)
        for watch in gone:
            if watch.target.id not in wanted:
                self._runner.forget(watch.target.id)
        self._instruments.endpoints_scheduled.set(len(self._watches))

    def look_soon(self, asset: str) -> None:
        """Look at every endpoint of an asset now, because there is news of it, or as soon as
        LOOK_AGAIN_AFTER_S have passed since the last look began. Slots stay where they are."""
        for watch in self._of_asset.get(asset, ()):
            if watch.soon is None:
                self._look_later(watch, watch.begun_s + LOOK_AGAIN_AFTER_S)

    def _look_later(self, watch: _Watch, at_s: float) -> None:
        wait_s = max(0.0, at_s - self._clock.monotonic())
        watch.soon = asyncio.get_running_loop().call_later(wait_s, self._look_beside, watch)

    def _look_beside(self, watch: _Watch) -> None:
        watch.soon = None
        if self._watches.get(watch.target.id) is not watch:
            return
        now_s = self._clock.monotonic()
        if watch.task is not None:  # it began before the news came
            self._look_later(watch, now_s + LOOK_AGAIN_AFTER_S)
            return
        again_s = watch.begun_s + LOOK_AGAIN_AFTER_S
        if now_s < again_s - _TIMER_S:  # a regular look came in between
            self._look_later(watch, again_s)
            return
        watch.task = asyncio.create_task(self._perform(watch))

    def every(
        self,
        name: str,
        interval_s: float,
        work: Callable[[], Awaitable[None] | None],
        first_after_s: float | None = None,
    ) -> None:
        """Run `work` every interval_s, first after first_after_s (unset: one interval).

        A coroutine function runs on the loop, another function in a thread. A failure is counted
        and logged on change, and the next run comes as if nothing had been. Naming a job again
        replaces it.
        """

        async def run() -> None:
            running = asyncio.current_task()
            assert running is not None
            self._jobs[name] = running
            try:
                if inspect.iscoroutinefunction(work):
                    await work()
                else:
                    found = await asyncio.to_thread(work)
                    if inspect.isawaitable(found):
                        await found
            except Exception:
                self._instruments.job_failures.labels(name).inc()
                level = logging.DEBUG if name in self._failing else logging.ERROR
                log.log(level, "the job %s failed; it will be tried again", name, exc_info=True)
                self._failing.add(name)
            else:
                if name in self._failing:
                    log.info("the job %s works again", name)
                self._failing.discard(name)
            finally:
                self._jobs.pop(name, None)

        self._instruments.job_failures.labels(name)
        first_s = interval_s if first_after_s is None else first_after_s
        self._add(_JOB + name, interval_s, self._clock.monotonic() + first_s, run)

    def _begin(self, target: Target, first_within_s: float) -> None:
        """Put one endpoint on the schedule, its slots anywhere in the interval; where they would
        begin later than first_within_s, one look beside them comes before."""
        collector: Collector
        try:
            collector = target.collector(self._instruments)
        except Exception as error:  # noqa: BLE001  it is told by the endpoint's own outcome
            collector = _Unusable(error)
        watch = self._watches[target.id] = _Watch(target, collector)
        interval_s = target.times.interval
        now_s, phase = self._clock.monotonic(), phase_s(target.id, interval_s)
        self._add(_ENDPOINT + target.id, interval_s, now_s + phase, self._look, (watch,))
        if phase > first_within_s:
            self._look_later(watch, now_s + phase_s(target.id, first_within_s))

    def _add(
        self,
        id: str,
        interval_s: float,
        first_s: float,
        run: Callable[..., Awaitable[None]],
        arguments: Sequence[Any] = (),
    ) -> None:
        slots = Slots(self._zone.at(first_s), interval_s)
        self._cadences[id] = _Cadence(slots)
        self._scheduler.add_job(
            run,
            slots,
            arguments,
            id=id,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            replace_existing=True,
        )

    def _remove(self, id: str) -> None:
        del self._cadences[id]
        self._scheduler.remove_job(id)

    async def _look(self, watch: _Watch) -> None:
        """One slot of one endpoint."""
        cadence = self._cadences.get(_ENDPOINT + watch.target.id)
        if cadence is None or self._watches.get(watch.target.id) is not watch:
            return
        if watch.task is not None:  # a look beside the slots does for this one
            return
        lag_s = self._clock.monotonic() - cadence.due_s
        self._instruments.schedule_lag.observe(max(0.0, lag_s))
        await self._perform(watch)

    async def _perform(self, watch: _Watch) -> None:
        """What is due at a slot, in a lane that has room."""
        patience_s = watch.target.times.timeout

        @asynccontextmanager
        async def gate(doubtful: bool) -> AsyncIterator[None]:
            async with self._lanes.place(doubtful, patience_s):
                yield

        watch.task, watch.begun_s = asyncio.current_task(), self._clock.monotonic()
        try:
            await self._runner.slot(watch.target, watch.collector, gate)
        finally:
            watch.task = None

    async def _end(self, watch: _Watch) -> None:
        """Cancel the look under way and give the collector's sockets back."""
        if watch.soon is not None:
            watch.soon.cancel()
        if watch.task is not None:
            watch.task.cancel()
            await asyncio.gather(watch.task, return_exceptions=True)
        try:
            await watch.collector.close()
        except Exception:
            log.exception("closing the collector of %s failed", watch.target.id)

    def _account(self, event: JobSubmissionEvent) -> None:
        """Count slots that were not kept: `overrun` while a run goes on, `late` after a pause.

        APScheduler tells the times it fires for; with coalescing these are the first slot that is
        due and the latest, so what lies between them is known by its number.
        """
        cadence = self._cadences.get(event.job_id)
        if cadence is None:
            return
        numbers = [cadence.slots.number(at) for at in event.scheduled_run_times]
        latest = max(numbers)
        if event.code == EVENT_JOB_MAX_INSTANCES:
            missed, reason = latest - cadence.accounted, "overrun"
        else:
            missed, reason = latest - cadence.accounted - 1, "late"
            cadence.due_s = cadence.slots.seconds(latest)
        cadence.accounted = max(cadence.accounted, latest)
        if missed > 0:
            self._instruments.slots_missed.labels(reason).inc(missed)
