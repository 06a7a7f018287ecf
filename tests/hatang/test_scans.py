"""What a sweep knows of those before it, whoever ran them and however they ended."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from hatang.plan import read_plan
from hatang.scans import Scans, empty_spool, read_past
from inventory.clock import SystemClock
from inventory.inbox import Inbox
from inventory.match import Known
from inventory.metrics import Instruments
from inventory.sighting import Report, ScanState, Tries
from inventory.spool import Spool
from inventory.store.lock import StoreLock
from inventory.store.writer import Writer

NOW_S = 1_795_000_000.0
DAY_S = 86_400.0
TODAY = "2026-11-18"


class Clock(SystemClock):
    """The wall clock stands where a test puts it."""

    now_s = NOW_S

    def wall(self):
        return self.now_s


@pytest.fixture
def plan(tmp_path):
    """A commune that is swept every day: one address, at which nobody is."""
    file = tmp_path / "hatang.yaml"
    file.write_text(
        """\
data_dir: data
credentials: {lan: {version: v2c, community: "${C}"}}
communes: [{code: "22849"}]
discovery:
  find: snmp
  port: 9
  timeout: 50ms
  communes: [{code: "22849", ranges: [127.83.0.1], credentials: [lan], every: 1d}]
"""
    )
    return read_plan(file, env={"C": "x"})


def scan(started_s, state="finished", by="daemon"):
    return ScanState("22849", started_s, "d", started_s, state, 0, 1, 0, by)


def test_what_a_killed_sweep_left_in_the_spool_counts_as_if_it_were_stored(plan):
    empty_spool(plan, Clock())
    tried = Tries("127.83.0.1", "lan", TODAY, 2, 0)
    newer = Tries("127.83.0.1", "lan", TODAY, 3, 0)
    Spool(plan.database).put(Report(scans=(scan(NOW_S, "running"),), tries=(tried,)))
    Spool(plan.database).put(Report(tries=(newer, Tries("x", "lan", "2026-11-17", 9, 9))))
    past = read_past(plan.database, TODAY)
    assert past.tries == [newer]
    assert past.last("22849") == scan(NOW_S, "running")
    assert empty_spool(plan, Clock())
    assert Spool(plan.database).waiting() == []
    assert read_past(plan.database, TODAY) == past


def test_while_a_daemon_holds_the_database_its_spool_is_left_to_it(plan):
    empty_spool(plan, Clock())
    Spool(plan.database).put(Report())
    with StoreLock(plan.database):
        assert not empty_spool(plan, Clock())
    assert len(Spool(plan.database).waiting()) == 1


def test_a_sweep_by_hand_does_not_hide_that_the_daemon_crashed_before(plan):
    Writer(plan.database).close(clean=False)
    empty_spool(plan, Clock())
    writer = Writer(plan.database)
    assert writer.after_crash
    writer.close(clean=True)
    empty_spool(plan, Clock())
    writer = Writer(plan.database)
    assert not writer.after_crash
    writer.close(clean=True)


@pytest.mark.parametrize(
    ("before", "sweeps"),
    [
        ((), True),
        ((scan(NOW_S - DAY_S + 60),), False),
        ((scan(NOW_S - DAY_S),), True),
        ((scan(NOW_S - 60, "stopped"),), True),
        ((scan(NOW_S - 60, "running"),), True),
        ((scan(NOW_S - 60, "stopped", "hand"),), False),
        ((scan(NOW_S - 60, "failed"),), False),
        ((scan(NOW_S - 2 * DAY_S), scan(NOW_S - 60)), False),
    ],
)
def test_a_commune_is_swept_when_it_is_due_and_not_before(plan, before, sweeps):
    clock, instruments = Clock(), Instruments(CollectorRegistry())
    writer = Writer(plan.database)
    inbox = Inbox([], writer, lambda: Known([], {}), plan.settings.discovery, instruments)
    inbox.tell(Report(scans=before))
    inbox.step(NOW_S)

    async def settle():
        inbox.step(clock.wall())

    async def main():
        scans = Scans(clock, instruments, inbox, settle)
        await scans.check(plan)
        if scans._task is not None:
            await scans._task
        await scans.stop()

    asyncio.run(main())
    writer.close(clean=True)
    newest = read_past(plan.database, TODAY).last("22849")
    assert (newest is not None and newest not in before) is sweeps
    if sweeps:
        assert (newest.state, newest.position, newest.by) == ("finished", 1, "daemon")
