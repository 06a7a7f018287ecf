"""The daemon's own recurring work: readiness, retention and backups.

The recorder writes heartbeat and rollups with every commit, so neither needs a job of its own.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

from collectors.schedule import Schedule
from hatang.assessment import Assessor, Due, concerned, in_batches
from hatang.monthly import DONE, Month, catch_up
from hatang.plan import Plan
from hatang.scans import CHECK_EVERY_S, FIRST_CHECK_S, Scans
from inventory.clock import Clock
from inventory.groups import groups_body
from inventory.inbox import Inbox
from inventory.ledger import Ledger
from inventory.metrics import Instruments
from inventory.planning.present import costs_soon
from inventory.planning.prices import prices
from inventory.recorder import Recorder
from inventory.sighting import Report
from inventory.spool import Spool
from inventory.store.backup import make_backup, newest_backup_s
from inventory.store.errors import StoreError
from inventory.store.writer import Writer
from inventory.timeline import Timeline

log = logging.getLogger(__name__)

RETENTION_EVERY_S = 3600.0

INBOX_EVERY_S = 2.0
"""How old what was seen may be before it is in the inbox."""

IMPORTS_EVERY_S = 1.0
"""How long a command waits for its import to begin."""

REASSESS_EVERY_S = 1.0
"""How long a commune waits to be evaluated after a change of it, so that many are one."""

EVERY_EVALUATION_FOR_S = 2 * 86400.0
"""How long every evaluation is kept; of older days the last one is."""

FIRST_EVALUATION_S = 15.0
"""After the start: late enough for first answers, soon enough for whoever waits for the page."""

REPORTS_EVERY_S = 3600.0

FIRST_REPORT_S = 90.0
"""After the start: when the first evaluation is written."""

FIRST_BACKUP_S = 60.0
"""After the start, when a backup is due: not in the first minute, which is busy enough."""


def backup_folder(plan: Plan) -> Path:
    """Where backups go: the setting, else the folder backup beside the database."""
    return plan.settings.backup.folder or plan.settings.data_dir / "backup"


class Jobs:
    """What the schedule runs beside looks; everything that changes the store goes through the
    recorder."""

    def __init__(
        self,
        ledger: Ledger,
        writer: Writer,
        recorder: Recorder,
        timeline: Timeline,
        instruments: Instruments,
        inbox: Inbox,
        spool: Spool,
        clock: Clock,
        work_off: Callable[[], object] = lambda: None,
    ) -> None:
        self.ledger = ledger
        self.inbox = inbox
        self.scans = Scans(clock, instruments, inbox, self._settle)
        self._spool = spool
        self._work_off = work_off
        self._writer = writer
        self._recorder = recorder
        self._timeline = timeline
        self._instruments = instruments
        self._plan: Plan | None = None
        self._assessor: Assessor | None = None
        self._assessing = asyncio.Lock()
        self._due = Due()

    def plan(self, schedule: Schedule, plan: Plan) -> None:
        """Put the jobs of a plan on the schedule, in place of those of an earlier one."""
        self._plan = plan
        newest_s = newest_backup_s(backup_folder(plan))
        self._instruments.backup_last_success.set(newest_s)
        readiness_s, backup_s = plan.settings.readiness.every, plan.settings.backup.every
        self._instruments.readiness_interval.set(readiness_s)
        soon_s = min(readiness_s, FIRST_EVALUATION_S)
        due_s = max(FIRST_BACKUP_S, newest_s + backup_s - self._timeline.now())
        schedule.every("readiness", readiness_s, self._of_plan(self._readiness), soon_s)
        schedule.every("reassessment", REASSESS_EVERY_S, self._of_plan(self._reassess))
        schedule.every("retention", RETENTION_EVERY_S, self._of_plan(self._retention))
        schedule.every("imports", IMPORTS_EVERY_S, self._imports, IMPORTS_EVERY_S)
        schedule.every("inbox", INBOX_EVERY_S, self.take_sightings, INBOX_EVERY_S)
        schedule.every("discovery", CHECK_EVERY_S, self._of_plan(self.scans.check), FIRST_CHECK_S)
        schedule.every("reports", REPORTS_EVERY_S, self._of_plan(self._reports), FIRST_REPORT_S)
        schedule.every("backup", backup_s, self._of_plan(self._backup), min(due_s, backup_s))

    def other_register(self, plan: Plan) -> None:
        """The same plan with another register: the jobs go on when they would have, and the
        communes that it concerns are evaluated soon."""
        if self._plan is not None:
            self.reconsider(concerned(self._plan, plan))
        self._plan = plan

    def reconsider(self, communes: Iterable[str]) -> None:
        """Have some communes evaluated soon, because what is known of them has changed; from any
        thread."""
        self._due.add(communes)

    def _of_plan(self, work: Callable[[Plan], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Work on the plan that holds when it begins."""

        async def run() -> None:
            if self._plan is not None:
                await work(self._plan)

        return run

    async def take_sightings(self) -> None:
        """Let the inbox take in what was seen, here and by `hatang scan`, and write it."""
        await asyncio.wrap_future(self._recorder.submit(self._step_inbox))

    def decide(self, report: Report) -> None:
        """Have the inbox take in what a person decided, and write it; for threads.

        Raises StoreError.
        """
        self.inbox.tell(report)
        self._recorder.submit(self._step_inbox).result()

    async def _imports(self) -> None:
        """Do what `hatang assets import` left; in a thread, because it waits for the recorder."""
        await asyncio.to_thread(self._work_off)

    async def _settle(self) -> None:
        """A store that cannot be written now keeps the inbox waiting, not the sweep."""
        try:
            await self.take_sightings()
        except StoreError as error:
            log.debug("the inbox is written later: %s", error)

    def end(self) -> None:
        """Have the inbox written once more before the recorder stops."""
        self._recorder.submit(self._step_inbox)

    def _step_inbox(self) -> None:
        """In the recorder's thread; a report leaves the spool once it is committed."""
        reports = self._spool.take()
        for _, report in reports:
            self.inbox.tell(report)
        self.inbox.step(self._timeline.now())
        for path, _ in reports:
            path.unlink(missing_ok=True)

    async def _readiness(self, plan: Plan) -> None:
        """Every commune, batch after batch; what has changed comes in between."""
        for codes in in_batches(plan.communes):
            await self._assess(codes)
        groups = groups_body(plan.settings.groups, plan.table, plan.communes)
        await asyncio.wrap_future(
            self._recorder.submit(lambda: self.ledger.note_evaluations((), (), groups))
        )

    async def _reassess(self, plan: Plan) -> None:
        for codes in in_batches(self._due.take()):
            await self._assess(codes)

    async def _assess(self, codes: Sequence[str]) -> None:
        """Evaluate some communes by the plan of now; one batch at a time, so that what is shown
        and kept last is what was read last."""
        async with self._assessing:
            plan = self._plan
            if plan is None or not self._timeline.trusted:
                return  # a result without a date is none
            if self._assessor is None or self._assessor.plan is not plan:
                self._assessor = Assessor(plan, self._assessor)
            now_s = self._timeline.now()
            judged = await asyncio.to_thread(self._assessor.with_figures, codes, now_s)
            found = [evaluation for evaluation, _ in judged]
            declared = {commune.code: commune for _, commune in judged}
            profiles = self._assessor.profiles(codes, now_s)
            await asyncio.wrap_future(
                self._recorder.submit(
                    lambda: self.ledger.note_evaluations(found, profiles, declared=declared)
                )
            )
            await asyncio.to_thread(self._forecast, self._assessor, codes, now_s)

    def _forecast(self, assessor: Assessor, codes: Iterable[str], now_s: float) -> None:
        """Show what will have to be replaced soon, beside the evaluations."""
        snapshot, plan, systems = self.ledger.snapshot, assessor.plan, assessor.systems
        today = dt.datetime.fromtimestamp(now_s, plan.settings.zone).date()
        price_of = prices(lambda code: plan.profiles.of(plan.communes[code], today))
        for code in plan.communes.keys() & set(codes):
            snapshot.forecast[code] = costs_soon(snapshot, code, today, price_of, systems)

    async def _reports(self, plan: Plan) -> None:
        """Report on every month that is over and was not reported on yet."""
        if not self._timeline.trusted or not plan.settings.reports.monthly:
            return
        made = await asyncio.to_thread(catch_up, plan, self._timeline.now(), self._done)
        for path in made:
            log.info("monthly report written: %s", path)

    def _done(self, month: Month) -> None:
        """Keep that a month is reported on; for threads. Raises StoreError."""
        self._recorder.submit(lambda: self._writer.set_meta(DONE, str(month))).result()

    async def _retention(self, plan: Plan) -> None:
        kept, now_s = plan.settings.retention, self._timeline.now()
        local = dt.datetime.fromtimestamp(now_s, plan.settings.zone).utcoffset()
        offset_s = local.total_seconds() if local is not None else 0.0

        def prune() -> int:
            return self._writer.prune(
                outages_before_s=now_s - kept.outages,
                rollups_before_s=now_s - kept.rollups,
                readiness_before_s=now_s - kept.readiness,
                readiness_daily_before_s=now_s - EVERY_EVALUATION_FOR_S,
                day_offset_s=offset_s,
                traps_before_s=now_s - kept.traps,
            )

        deleted = await asyncio.wrap_future(self._recorder.submit(prune))
        if deleted:
            log.info("deleted %d rows that were past their retention", deleted)

    async def _backup(self, plan: Plan) -> None:
        at_s = self._timeline.now()
        try:
            made = await asyncio.to_thread(
                make_backup, plan.database, backup_folder(plan), at_s, plan.settings.backup.keep
            )
        except StoreError:
            self._instruments.backup_failures.inc()
            raise
        self._instruments.backup_last_success.set(at_s)
        log.info("backup written and checked: %s", made.path)
        for one in made.lost:
            log.warning("not in the backup, missing or damaged: %s (%s)", one.of, one.digest)
