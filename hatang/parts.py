"""The parts of a running daemon, and how they are put together."""

from __future__ import annotations

import datetime as dt
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from collectors.runner import Runner
from collectors.schedule import Schedule
from config.profile import Requirement
from dashboards.exposition import register
from dashboards.web.indicators import indicators_of
from dashboards.web.site import Site
from hatang import __version__
from hatang.jobs import Jobs
from hatang.plan import Plan
from hatang.traps import TrapDoors, Traps, local_engine
from hatang.web_server import WebServer
from inventory.clock import Clock
from inventory.inbox import Inbox
from inventory.judgement import Judge
from inventory.ledger import MEMORY_S, Ledger
from inventory.match import known_now
from inventory.metrics import Instruments
from inventory.neighbours import Neighbours
from inventory.observation import Observation
from inventory.people.people import People
from inventory.recorder import Recorder
from inventory.register.checks import Rules
from inventory.register.register import Register
from inventory.saved import Saved
from inventory.sheets.handover import Handover
from inventory.spool import Spool
from inventory.store.desk import RecorderDesk
from inventory.store.reader import Reader
from inventory.store.writer import Writer
from inventory.timeline import Timeline


@dataclass(slots=True)
class Parts:
    """What runs between start and stop."""

    recorder: Recorder
    schedule: Schedule
    site: Site
    web: WebServer
    jobs: Jobs
    neighbours: Neighbours
    doors: TrapDoors
    traps: Traps | None


def open_parts(
    plan_now: Callable[[], Plan],
    rules: Callable[[], Rules],
    clock: Clock,
    registry: CollectorRegistry,
    instruments: Instruments,
    web: WebServer,
    doors: TrapDoors,
    changed: Callable[[], None],
    chosen_anew: Callable[[], None],
) -> Parts:
    """Open the store and make everything that works on it; nothing is started.

    plan_now, rules: of the moment of the call. changed: called from any thread when somebody
    changed the register; chosen_anew: when somebody chose a profile. Raises StoreError.
    """
    plan = plan_now()
    settings = plan.settings
    writer = Writer(plan.database)
    writer.write_units(plan.table, plan.table.digest)
    now_s = clock.wall()
    with Reader(plan.database) as reader:
        saved = Saved(reader, now_s, MEMORY_S)
        things = reader.things()
        engine = local_engine(reader, writer, now_s) if doors.doors else None
    timeline = Timeline(clock, saved.heartbeat_s or 0.0)
    ledger = Ledger(settings, plan.communes, saved, timeline.now(), instruments)
    recorder = Recorder(ledger, writer, timeline, clock, instruments)
    inbox = Inbox(
        things,
        writer,
        lambda: known_now(ledger.snapshot),
        settings.discovery,
        instruments,
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
        instruments,
    )
    schedule = Schedule(runner, clock, instruments)
    register(
        registry,
        ledger.snapshot,
        instruments.series_dropped,
        lambda: _requirements(plan_now(), clock),
    )
    desk = RecorderDesk(recorder, writer)
    site = Site(
        settings=settings,
        profiles=plan.profiles,
        units=plan.table,
        judge=Judge.of(settings),
        snapshot=ledger.snapshot,
        registry=registry,
        database=plan.database,
        desk=desk,
        register=Register(
            desk,
            rules,
            clock,
            follow=ledger.rename,
            changed=changed,
        ),
        people=People(
            desk,
            lambda: plan_now().settings.people,
            clock,
            lambda: [unit.name for unit in plan_now().communes.values()],
        ),
        tell=lambda report: jobs.decide(report),
        reconsider=lambda communes: jobs.reconsider(communes),
        chosen_anew=chosen_anew,
        series_dropped=instruments.series_dropped,
        clock=clock,
        version=__version__,
        shapes=plan.shapes,
    )
    spool = Spool(plan.database)
    handover = Handover(plan.database)
    jobs = Jobs(
        ledger,
        writer,
        recorder,
        timeline,
        instruments,
        inbox,
        spool,
        clock,
        lambda: handover.work_off(site.register, indicators_of(site)),
    )
    traps = None
    if engine is not None:
        traps = Traps(engine, jobs, recorder, schedule, timeline, instruments)
    return Parts(recorder, schedule, site, web, jobs, neighbours, doors, traps)


def _requirements(plan: Plan, clock: Clock) -> list[Requirement]:
    """What is asked of some commune today; what is asked of most comes first."""
    today = dt.datetime.fromtimestamp(clock.wall(), plan.settings.zone).date()
    profiles = [plan.profiles.base_on(today), *plan.profiles.on(today)]
    return [requirement for profile in profiles for requirement in profile.requirements]
