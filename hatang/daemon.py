"""The daemon: opens the store, starts collectors, jobs and pages, reloads, and stops in order.

Start: lock, store, ledger, recorder, pages, schedule. Stop: schedule, pages, recorder, lock, so
that whatever was seen is committed before anybody else may open the database.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import gc
import logging
import platform
import resource
import sys
from collections.abc import Callable
from dataclasses import replace

from prometheus_client import CollectorRegistry

from collectors.targets import targets
from config.errors import ConfigError
from dashboards.web.app import make_app
from dashboards.web.asset_fields import FIRST_COLUMNS
from dashboards.web.site import Site
from hatang import __version__
from hatang.parts import Parts, open_parts
from hatang.plan import Plan, read_plan, settled, with_register
from hatang.traps import TrapDoors
from hatang.web_server import WebServer
from inventory.clock import Clock, SystemClock
from inventory.judgement import Judge
from inventory.metrics import Instruments
from inventory.order_folder import EVERY_S as ORDERS_EVERY_S
from inventory.people.orders import Orders
from inventory.profile_choice import Choices, kept_choices
from inventory.profile_orders import ProfileOrders
from inventory.register.shelf import Shelf
from inventory.store.errors import StoreError
from inventory.store.lock import StoreLock

log = logging.getLogger(__name__)

STOP_WITHIN_S = 30.0
"""How long the recorder may take to commit what it still holds."""

REGISTER_QUIET_S, REGISTER_WITHIN_S = 0.3, 3.0
"""How long nothing may change before a changed register is taken over, and when it is anyhow."""

MOST_DROPPED_SAID = 20


def tune_python() -> None:
    """Fit the interpreter to a process that looks at thousands of devices.

    Garbage in circles is looked for a hundred times less often: what a look leaves behind goes
    without that, and on the way to finding nothing the collector passes by everything that is
    known of every device. Threads take turns ten times as often: each packet that is sent lets
    another thread run, and the loop would wait the default of 5 ms for its turn after each.
    """
    gc.set_threshold(70_000, 20, 20)
    sys.setswitchinterval(0.0005)


def allow_open_files() -> None:
    """Raise the process' own limit of open files to what it may have: each look by TCP, HTTP or
    ping has a socket."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):  # then the limit stays as it is
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Daemon:
    """One run of Hatang on one configuration file."""

    def __init__(self, plan: Plan, clock: Clock | None = None) -> None:
        self._plan = plan
        self._clock = clock or SystemClock()
        self._registry = CollectorRegistry()
        self._instruments = Instruments(self._registry)
        self._stopping = asyncio.Event()
        self._reloading = asyncio.Lock()
        self._rules = plan.rules()
        self._shelf = Shelf()
        self._said: set[str] = set()
        self._register_changed = asyncio.Event()
        self._chosen_anew = False
        self._parts: Parts | None = None

    @property
    def url(self) -> str:
        """Where the pages are; known once `run` has called `ready`."""
        assert self._parts is not None
        return self._parts.web.url

    @property
    def site(self) -> Site:
        """What the pages are made from; known once `run` has called `ready`."""
        assert self._parts is not None
        return self._parts.site

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

    async def _run(self, parts: Parts, ready: asyncio.Event | None) -> bool:
        self._parts = parts
        following = asyncio.create_task(self._follow_register(parts))
        try:
            await self._start(parts)
            if ready is not None:
                ready.set()
            preparing = asyncio.create_task(asyncio.to_thread(self._prepare_lists, parts.site))
            await self._stopping.wait()
            await preparing
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
            saved = await self._close(parts)
        return saved

    def _prepare_lists(self, site: Site) -> None:
        """Nobody should be the first to sort 50,000 assets; whoever is waits a little longer."""
        try:
            site.register.get_ready(("tag", *FIRST_COLUMNS), self._stopping.is_set)
        except StoreError as error:
            log.info("lists are sorted when somebody asks for them: %s", error)

    async def reload(self) -> bool:
        """Read the configuration file again; a bad one changes nothing but a gauge and a banner."""
        async with self._reloading:
            assert self._parts is not None
            try:
                plan = await asyncio.to_thread(read_plan, self._plan.file, shelf=self._shelf)
            except (ConfigError, StoreError) as error:
                lines = error.problems if isinstance(error, ConfigError) else (str(error),)
                for line in lines:
                    log.error("configuration refused: %s", line)
                self._instruments.config_reload_ok.set(0)
                self._parts.site.snapshot.problems["config"] = lines[0]
                return False
            await self._take(self._parts, settled(self._plan, plan))
            return True

    async def _follow_register(self, parts: Parts) -> None:
        """Take over what people register: at once where one edits, not for each row of many."""
        while True:
            await self._register_changed.wait()
            until_s = self._clock.monotonic() + REGISTER_WITHIN_S
            while self._register_changed.is_set() and self._clock.monotonic() < until_s:
                self._register_changed.clear()
                await asyncio.sleep(REGISTER_QUIET_S)
            self._register_changed.clear()
            async with self._reloading:
                chosen_anew, self._chosen_anew = self._chosen_anew, False
                try:
                    plan = await asyncio.to_thread(self._with_register)
                    if chosen_anew:
                        plan = await asyncio.to_thread(_with_choices, plan)
                        parts.site.profiles = plan.profiles
                    await self._take_register(parts, plan)
                    if chosen_anew:
                        _say_profiles(plan, parts.site.today)
                        parts.jobs.reconsider(plan.communes)
                except Exception as error:
                    self._chosen_anew |= chosen_anew
                    log.error("the changed register is not looked at yet", exc_info=error)

    def _with_register(self) -> Plan:
        return with_register(self._plan, self._shelf.read(self._plan.database))

    def _open(self, web: WebServer, doors: TrapDoors) -> Parts:
        return open_parts(
            lambda: self._plan,
            lambda: self._rules,
            self._clock,
            self._registry,
            self._instruments,
            web,
            doors,
            self._told_of_register(),
            self._told_of_choice(),
        )

    async def _start(self, parts: Parts) -> None:
        parts.recorder.start()
        self._instruments.build_info.labels(__version__, platform.python_version()).set(1)
        self._instruments.config_reload_at.set(self._clock.wall())
        await self._show_files(parts)
        self._say_dropped(parts, self._plan)
        _say_profiles(self._plan, parts.site.today)
        parts.web.start(make_app(parts.site))
        orders = Orders(self._plan.database)
        parts.schedule.every(
            "users", ORDERS_EVERY_S, lambda: orders.carry_out(parts.site.people), ORDERS_EVERY_S
        )
        chosen = ProfileOrders(self._plan.database)
        parts.schedule.every(
            "profile choices",
            ORDERS_EVERY_S,
            lambda: chosen.carry_out(
                Choices(parts.site.desk, self._clock, self._plan.settings.zone),
                parts.site.chosen_anew,
            ),
            ORDERS_EVERY_S,
        )
        parts.schedule.start()
        await self._plan_looks(parts, self._plan)
        parts.jobs.plan(parts.schedule, self._plan)
        if parts.traps is not None:
            parts.traps.start(parts.doors)

    async def _take(self, parts: Parts, plan: Plan) -> None:
        """Run by another plan from now on."""
        parts.neighbours.discovery = plan.settings.discovery
        parts.site.profiles, parts.site.units = plan.profiles, plan.table
        parts.site.shapes = plan.shapes
        await self._take_register(parts, plan)
        await self._show_files(parts)
        _say_profiles(self._plan, parts.site.today)
        parts.jobs.plan(parts.schedule, plan)
        parts.site.snapshot.problems.pop("config", None)
        self._instruments.config_reload_ok.set(1)
        self._instruments.config_reload_at.set(self._clock.wall())
        log.info("configuration taken over from %s", plan.file)

    async def _take_register(self, parts: Parts, plan: Plan) -> None:
        """Run by the assets of a plan from now on; jobs go on when they would have."""
        ledger = parts.jobs.ledger
        await asyncio.wrap_future(
            parts.recorder.submit(
                lambda: ledger.register(plan.settings, plan.communes, self._clock.wall())
            )
        )
        parts.jobs.inbox.register(plan.settings.discovery)
        self._plan, self._rules = plan, plan.rules()
        parts.site.settings = plan.settings
        parts.site.judge = await asyncio.to_thread(Judge.of, plan.settings)
        parts.jobs.other_register(plan)
        await self._plan_looks(parts, plan)
        self._say_dropped(parts, plan)

    async def _show_files(self, parts: Parts) -> None:
        """Put the files' assets beside the registered ones, for the pages."""
        try:
            await asyncio.to_thread(parts.site.register.take_files, self._plan.files)
        except StoreError as error:
            log.error("the assets of hatang.yaml are not shown as they are now: %s", error)

    def _say_dropped(self, parts: Parts, plan: Plan) -> None:
        """Log what of the register does not fit the settings, once, and put it on the pages."""
        new = [line for line in map(str, plan.dropped) if line not in self._said]
        for line in new[:MOST_DROPPED_SAID]:
            log.warning("register: %s", line)
        if len(new) > MOST_DROPPED_SAID:
            log.warning("register: … and %d more", len(new) - MOST_DROPPED_SAID)
        self._said = set(map(str, plan.dropped))
        if plan.dropped:
            more = f" (and {len(plan.dropped) - 1} more)" if len(plan.dropped) > 1 else ""
            parts.site.snapshot.problems["register"] = f"{plan.dropped[0]}{more}"
        else:
            parts.site.snapshot.problems.pop("register", None)

    def _told_of_register(self) -> Callable[[], None]:
        loop = asyncio.get_running_loop()
        return lambda: _tell(loop, self._register_changed.set)

    def _told_of_choice(self) -> Callable[[], None]:
        loop = asyncio.get_running_loop()

        def note() -> None:
            self._chosen_anew = True
            self._register_changed.set()

        def take() -> None:
            """Who chose sees it at once; the loop reads it again with everything that follows."""
            self.site.profiles = _with_choices(self._plan).profiles
            _tell(loop, note)

        return take

    async def _plan_looks(self, parts: Parts, plan: Plan) -> None:
        wanted = await asyncio.to_thread(targets, plan.settings, plan.book)
        await parts.schedule.watch(wanted, plan.settings.polling.concurrency)
        if parts.traps is not None:
            parts.traps.admit(plan.settings)
        log.info(
            "watching %d endpoints of %d assets in %d communes",
            len(wanted),
            len(plan.settings.assets),
            len(plan.settings.communes),
        )

    async def _close(self, parts: Parts) -> bool:
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


def _say_profiles(plan: Plan, today: dt.date) -> None:
    """Log the days that no profile is valid for, and choices that do not count."""
    for said in (*plan.profiles.uncovered(today), *plan.profiles.left_out):
        log.warning("%s", said)


def _with_choices(plan: Plan) -> Plan:
    """A plan with the profiles that people have chosen by now. Raises StoreError."""
    return replace(plan, profiles=plan.profiles.with_choices(kept_choices(plan.database)))


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    """Run in the loop, from a thread; a loop that has ended wants to know nothing."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(what)
