"""The daemon: opens the store, starts collectors, jobs and pages, reloads, and stops in order.

Start: lock, store, ledger, recorder, pages, schedule. Stop: schedule, pages, recorder, lock, so
that whatever was seen is committed before anybody else may open the database.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import platform
import secrets
import socket
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from collectors.runner import Runner
from collectors.schedule import Schedule
from collectors.targets import targets
from config.errors import ConfigError
from config.sections import Settings
from dashboards.exposition import register
from dashboards.web.app import make_app
from dashboards.web.site import Site
from hatang import __version__
from hatang.jobs import Jobs
from hatang.plan import Plan, read_plan
from hatang.traps import TrapDoors, Traps, local_engine
from hatang.web_server import WebServer
from inventory.clock import Clock, SystemClock
from inventory.inbox import Inbox
from inventory.judgement import Judge
from inventory.ledger import MEMORY_S, Ledger
from inventory.match import known_now
from inventory.metrics import Instruments
from inventory.neighbours import Neighbours
from inventory.observation import Observation
from inventory.recorder import Recorder
from inventory.saved import Saved
from inventory.spool import Spool
from inventory.store.desk import RecorderDesk
from inventory.store.lock import StoreLock
from inventory.store.reader import Reader
from inventory.store.writer import Writer
from inventory.timeline import Timeline

log = logging.getLogger(__name__)

STOP_WITHIN_S = 30.0
"""How long the recorder may take to commit what it still holds."""


@dataclass(slots=True)
class _Parts:
    """What runs between start and stop."""

    recorder: Recorder
    schedule: Schedule
    site: Site
    web: WebServer
    jobs: Jobs
    neighbours: Neighbours
    doors: TrapDoors
    traps: Traps | None


def collect_rarely() -> None:
    """Have Python look for garbage in circles a hundred times less often.

    What a look leaves behind goes without that; on the way to finding nothing, the collector
    passes by everything that is known of every device.
    """
    gc.set_threshold(70_000, 20, 20)


class Daemon:
    """One run of Hatang on one configuration file."""

    def __init__(self, plan: Plan, clock: Clock | None = None) -> None:
        self._plan = plan
        self._clock = clock or SystemClock()
        self._registry = CollectorRegistry()
        self._instruments = Instruments(self._registry)
        self._stopping = asyncio.Event()
        self._reloading = asyncio.Lock()
        self._parts: _Parts | None = None

    @property
    def url(self) -> str:
        """Where the pages are; known once `run` has called `ready`."""
        assert self._parts is not None
        return self._parts.web.url

    def stop(self) -> None:
        """Ask the run to end; safe to call at any time, from the loop's thread."""
        self._stopping.set()

    async def run(self, ready: asyncio.Event | None = None) -> bool:
        """Run until `stop`; False when not everything that was seen could be committed.

        Raises StoreError and ListenError when it cannot start.
        """
        web = WebServer(self._plan.settings.web.listen)
        doors = TrapDoors(self._plan.settings.traps.listen)
        web.bind()
        try:
            doors.bind()
            with StoreLock(self._plan.database):
                return await self._run(self._open(web, doors), ready)
        finally:
            doors.close()
            await web.stop()

    async def _run(self, parts: _Parts, ready: asyncio.Event | None) -> bool:
        self._parts = parts
        try:
            await self._start(parts)
            if ready is not None:
                ready.set()
            await self._stopping.wait()
        finally:
            saved = await self._close(parts)
        return saved

    async def reload(self) -> bool:
        """Read the configuration file again; a bad one changes nothing but a gauge and a banner."""
        async with self._reloading:
            assert self._parts is not None
            try:
                plan = await asyncio.to_thread(read_plan, self._plan.file)
            except ConfigError as error:
                for line in error.problems:
                    log.error("configuration refused: %s", line)
                self._instruments.config_reload_ok.set(0)
                self._parts.site.snapshot.problems["config"] = error.problems[0]
                return False
            await self._take(self._parts, self._settled(plan))
            return True

    def _open(self, web: WebServer, doors: TrapDoors) -> _Parts:
        plan, clock = self._plan, self._clock
        settings = plan.settings
        writer = Writer(plan.database)
        writer.write_units(plan.table, plan.table.digest)
        now_s = clock.wall()
        with Reader(plan.database) as reader:
            saved = Saved(reader, now_s, MEMORY_S)
            things = reader.things()
            engine = local_engine(reader, writer, now_s) if doors.doors else None
        timeline = Timeline(clock, saved.heartbeat_s or 0.0)
        ledger = Ledger(settings, plan.communes, saved, timeline.now(), self._instruments)
        recorder = Recorder(ledger, writer, timeline, clock, self._instruments)
        inbox = Inbox(
            things,
            writer,
            lambda: known_now(ledger.snapshot),
            settings.discovery,
            self._instruments,
        )
        neighbours = Neighbours(inbox.seen, settings.discovery)

        def sink(seen: Observation) -> None:
            recorder.sink(seen)
            neighbours.take(seen)

        runner = Runner(
            settings.node or socket.gethostname(),
            secrets.token_hex(8),
            clock,
            sink,
            self._instruments,
        )
        schedule = Schedule(runner, clock, self._instruments)
        register(self._registry, ledger.snapshot, self._instruments.series_dropped)
        site = Site(
            settings=settings,
            profile=plan.profile,
            units=plan.table,
            judge=Judge.of(settings),
            snapshot=ledger.snapshot,
            registry=self._registry,
            database=plan.database,
            desk=RecorderDesk(recorder, writer),
            clock=clock,
            version=__version__,
        )
        spool = Spool(plan.database)
        jobs = Jobs(ledger, writer, recorder, timeline, self._instruments, inbox, spool, clock)
        traps = None
        if engine is not None:
            traps = Traps(engine, jobs, recorder, schedule, timeline, self._instruments)
        return _Parts(recorder, schedule, site, web, jobs, neighbours, doors, traps)

    async def _start(self, parts: _Parts) -> None:
        parts.recorder.start()
        self._instruments.build_info.labels(__version__, platform.python_version()).set(1)
        self._instruments.config_reload_at.set(self._clock.wall())
        parts.web.start(make_app(parts.site))
        parts.schedule.start()
        await self._plan_looks(parts, self._plan)
        if parts.traps is not None:
            parts.traps.start(parts.doors)

    async def _take(self, parts: _Parts, plan: Plan) -> None:
        """Run by another plan from now on."""
        ledger = parts.jobs.ledger
        await asyncio.wrap_future(
            parts.recorder.submit(
                lambda: ledger.register(plan.settings, plan.communes, self._clock.wall())
            )
        )
        parts.jobs.inbox.register(plan.settings.discovery)
        parts.neighbours.discovery = plan.settings.discovery
        self._plan = plan
        parts.site.settings, parts.site.profile = plan.settings, plan.profile
        parts.site.judge, parts.site.units = Judge.of(plan.settings), plan.table
        await self._plan_looks(parts, plan)
        parts.site.snapshot.problems.pop("config", None)
        self._instruments.config_reload_ok.set(1)
        self._instruments.config_reload_at.set(self._clock.wall())
        log.info("configuration taken over from %s", plan.file)

    async def _plan_looks(self, parts: _Parts, plan: Plan) -> None:
        wanted = targets(plan.settings, plan.book)
        await parts.schedule.watch(wanted, plan.settings.polling.concurrency)
        parts.jobs.plan(parts.schedule, plan)
        if parts.traps is not None:
            parts.traps.admit(plan.settings)
        log.info(
            "watching %d endpoints of %d assets in %d communes",
            len(wanted),
            len(plan.settings.assets),
            len(plan.settings.communes),
        )

    def _settled(self, plan: Plan) -> Plan:
        """`plan` with what a running daemon cannot change kept as it is, and said so."""
        before, after = self._plan.settings, plan.settings
        kept = {
            name: getattr(before, name)
            for name in ("node", "data_dir")
            if getattr(before, name) != getattr(after, name)
        }
        if before.web.listen != after.web.listen:
            kept["web"] = after.web.model_copy(update={"listen": before.web.listen})
        if before.traps.listen != after.traps.listen:
            kept["traps"] = after.traps.model_copy(update={"listen": before.traps.listen})
        for name in kept:
            shown = f"{name}.listen" if name in ("web", "traps") else name
            log.warning("%s has changed; it takes effect at the next start", shown)
        settings: Settings = after.model_copy(update=kept)
        return Plan(plan.file, settings, plan.table, plan.communes, plan.profile, plan.book)

    async def _close(self, parts: _Parts) -> bool:
        log.info("stopping: no more looks, then the rest is committed")
        parts.doors.close()
        await parts.schedule.stop()
        await parts.jobs.scans.stop()
        await parts.web.stop()
        parts.jobs.end()
        saved = await asyncio.to_thread(parts.recorder.stop, STOP_WITHIN_S)
        if saved:
            log.info("stopped; everything that was seen is committed")
        else:
            log.error("not everything that was seen could be committed; see the errors above")
        return saved
