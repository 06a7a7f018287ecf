"""Sweeps and the inbox, wired: what `hatang scan` runs and what the daemon runs on its schedule.

One sweep at a time goes over a database. Whoever sweeps reads from it how far the last one came
and which credentials were refused today; what a sweep says goes to the inbox of the daemon, or
into the spool, which the next one to hold the database empties.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import os
import pwd
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry

from collectors.base import CollectorError
from collectors.discovery.plan import PlanError, plan_sweep
from collectors.discovery.sweep import Sweep, Tell
from collectors.discovery.tries import TryBook
from config.discovery import Sweep as SweptCommune
from hatang.plan import Plan
from inventory.clock import Clock
from inventory.inbox import Inbox
from inventory.match import Known
from inventory.metrics import Instruments
from inventory.sighting import ScanState, Thing, Tries
from inventory.spool import Spool
from inventory.store.errors import StoreError
from inventory.store.lock import StoreLock
from inventory.store.reader import Reader
from inventory.store.writer import Writer

log = logging.getLogger(__name__)

RESUMED_WITHIN_S = 7 * 86400.0
"""How old a part of a sweep may be to be gone on with; devices come and go."""

CHECK_EVERY_S = 30.0
FIRST_CHECK_S = 12.0
"""After the start: first looks at what is registered go before sweeps."""

Settle = Callable[[], Awaitable[None]]
"""Brings what was told into the database, as far as that is possible now."""

_UNFINISHED = ("running", "stopped")


@dataclass(frozen=True, slots=True)
class Past:
    """What the database and the spool say before a sweep. scans: the newest first."""

    things: Sequence[Thing] = ()
    scans: Sequence[ScanState] = ()
    tries: Sequence[Tries] = ()

    def last(self, target: str) -> ScanState | None:
        """The newest sweep of a target."""
        return next((scan for scan in self.scans if scan.target == target), None)


def read_past(database: Path, day: str, *, with_things: bool = True) -> Past:
    """The past as of now, with reports that still wait in the spool. Raises StoreError."""
    waiting = [report for _, report in Spool(database).take()]
    with Reader(database) as reader:
        scans = {(scan.target, scan.started_s): scan for scan in reader.scans()}
        tries = {(t.address, t.credential): t for t in reader.tries(day)}
        things = reader.things() if with_things else []
    for report in waiting:
        scans |= {(scan.target, scan.started_s): scan for scan in report.scans}
        tries |= {(t.address, t.credential): t for t in report.tries if t.day == day}
    newest = sorted(scans.values(), key=lambda scan: scan.started_s, reverse=True)
    return Past(things, newest, list(tries.values()))


@dataclass(slots=True)
class Sweeping:
    """One wish to sweep. target: a commune's code or a range; names: credentials instead of the
    commune's; anew: do not go on with a part that was stopped."""

    plan: Plan
    target: str
    clock: Clock
    tell: Tell
    names: Sequence[str] = ()
    by: str = "hand"
    anew: bool = False
    instruments: Instruments = field(default_factory=lambda: Instruments(CollectorRegistry()))
    progress: Callable[[ScanState], None] = lambda state: None


async def run_sweep(wish: Sweeping, stop: asyncio.Event, settle: Settle) -> ScanState:
    """Sweep; the last state. settle: called while no other sweep can begin, when all is told.

    Raises PlanError, CollectorError (no right to ping) and StoreError (locked: another sweep).
    """
    plan, clock = wish.plan, wish.clock
    with StoreLock(plan.database, "sweep"):
        past = await asyncio.to_thread(read_past, plan.database, _today(plan, clock))
        sweep_plan = plan_sweep(plan.settings, wish.target, wish.names, past.things)
        tries = TryBook(past.tries, plan.settings.discovery.refusals, lambda: _today(plan, clock))
        before = past.last(wish.target)
        resumes = (
            not wish.anew
            and before is not None
            and before.state in _UNFINISHED
            and clock.wall() - before.started_s < RESUMED_WITHIN_S
        )
        sweep = Sweep(
            sweep_plan,
            plan.book,
            tries,
            clock,
            wish.instruments,
            wish.tell,
            by=wish.by,
            before=before if resumes else None,
            progress=wish.progress,
        )
        try:
            return await sweep.run(stop)
        finally:
            await settle()


def empty_spool(plan: Plan, clock: Clock) -> bool:
    """Write what waits in the spool into the database; False while a daemon holds it, which does
    so itself. Raises StoreError."""
    spool = Spool(plan.database)
    try:
        lock = StoreLock(plan.database)
        lock.acquire()
    except StoreError as error:
        if error.kind == "locked":
            return False
        raise
    try:
        writer = Writer(plan.database)
        try:
            _take_all(plan, clock, writer, spool)
        finally:
            # Whether the daemon's last run ended well is the daemon's to find out.
            writer.close(clean=not writer.after_crash)
    finally:
        lock.release()
    return True


def refuse_wrong_user(plan: Plan) -> None:
    """What root writes into another user's folder that user's daemon could not read.

    Raises StoreError.
    """
    folder = plan.settings.data_dir
    if os.geteuid() != 0 or not folder.exists() or (owner := folder.stat().st_uid) == 0:
        return
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = f"#{owner}"
    raise StoreError("io", f"{folder} belongs to {name}: run this as sudo -u {name} hatang …")


def _take_all(plan: Plan, clock: Clock, writer: Writer, spool: Spool) -> None:
    with Reader(plan.database) as reader:
        things = reader.things()
        known = known_of(plan, reader)
    instruments = Instruments(CollectorRegistry())
    inbox = Inbox(things, writer, lambda: known, plan.settings.discovery, instruments)
    while reports := spool.take():
        for _, report in reports:
            inbox.tell(report)
        inbox.step(clock.wall())
        for path, _ in reports:
            path.unlink(missing_ok=True)


def known_of(plan: Plan, reader: Reader) -> Known:
    """The register of the configuration with what the database has measured of it."""
    tags = {row.id: row.tag for row in reader.assets()}
    facts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for fact in reader.facts():
        if fact.asset_id in tags:
            facts[tags[fact.asset_id]].append((fact.name, fact.value))
    for port in reader.interfaces():
        if port.mac and port.asset_id in tags:
            facts[tags[port.asset_id]].append(("mac", port.mac))
    return Known(plan.settings.assets, facts)


class Scans:
    """The daemon's sweeps: one after another, each commune when it is due.

    A sweep that a stop of the daemon interrupted is gone on with at the next start.
    """

    def __init__(
        self, clock: Clock, instruments: Instruments, inbox: Inbox, settle: Settle
    ) -> None:
        self._clock = clock
        self._instruments = instruments
        self._inbox = inbox
        self._settle = settle
        self._task: asyncio.Task[None] | None = None
        self._failed: dict[str, str] = {}

    async def check(self, plan: Plan) -> None:
        """Begin the sweep that is due, unless one goes on. Raises StoreError, and whatever defect
        ended the one before."""
        if self._task is not None:
            if not self._task.done():
                return
            ended, self._task = self._task, None
            ended.result()
        wanted = [s for s in plan.settings.discovery.communes if s.every is not None]
        if not wanted:
            return
        day = _today(plan, self._clock)
        past = await asyncio.to_thread(read_past, plan.database, day, with_things=False)
        due = [sweep for sweep in wanted if self._is_due(sweep, past.last(sweep.code))]
        if due:
            self._task = asyncio.create_task(self._run(plan, due[0].code))

    async def stop(self) -> None:
        """End the sweep that goes on; it is gone on with later. Safe to call twice."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def _is_due(self, sweep: SweptCommune, last: ScanState | None) -> bool:
        if last is None:
            return True
        if last.state in _UNFINISHED and last.by == "daemon":
            return True
        return self._clock.wall() >= last.started_s + (sweep.every or 0.0)

    async def _run(self, plan: Plan, code: str) -> None:
        wish = Sweeping(
            plan,
            code,
            self._clock,
            self._inbox.tell,
            by="daemon",
            instruments=self._instruments,
        )
        try:
            state = await run_sweep(wish, asyncio.Event(), self._settle)
        except StoreError as error:
            if error.kind != "locked":
                raise
            log.debug("the sweep of %s waits: %s", code, error)
        except (CollectorError, PlanError) as error:
            self._note_failure(code, str(error))
        else:
            self._failed.pop(code, None)
            log.info(
                "swept %s: %d addresses in %.0f s, %d answered",
                code,
                state.total,
                state.duration_s,
                state.found,
            )

    def _note_failure(self, code: str, why: str) -> None:
        level = logging.DEBUG if self._failed.get(code) == why else logging.ERROR
        self._failed[code] = why
        log.log(level, "the sweep of %s failed: %s", code, why)


def _today(plan: Plan, clock: Clock) -> str:
    return dt.datetime.fromtimestamp(clock.wall(), plan.settings.zone).date().isoformat()
