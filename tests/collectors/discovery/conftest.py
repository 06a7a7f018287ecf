"""Simulated devices on loopback addresses that are swept, and what the sweeps told."""

import asyncio
import datetime as dt
import itertools
import socket
from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry

from collectors.base import CollectorError
from collectors.discovery.plan import plan_sweep
from collectors.discovery.sweep import Sweep
from collectors.discovery.tries import TryBook
from collectors.ping import open_socket
from collectors.snmp.knowledge.book import shipped_book
from collectors.snmp.simulator.agent import SimulatedDevice
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.recorded import shipped_folder
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import read_recording
from config.sections import Settings, SnmpV3
from inventory.metrics import Instruments
from tests.collectors.still_time import LoopClock, run_still
from tests.free_port import free_port


@pytest.fixture(scope="session")
def may_ping():
    """Whether this kernel lets us ping."""
    try:
        open_socket(socket.AF_INET)[0].close()
    except CollectorError:
        return False
    return True


@pytest.fixture
def pings(may_ping):
    """For tests that cannot do without."""
    if not may_ping:
        pytest.skip("the kernel lets this user open no ICMP socket")


@pytest.fixture(scope="session")
def recorded():
    """recorded(name, sys_name=None) -> the device of a shipped recording, under another name."""

    def make(name, sys_name=None):
        rows = read_recording(shipped_folder() / f"{name}.snmprec").rows
        if sys_name is not None:
            rows = [row._replace(value=sys_name) if row.oid == SYS_NAME else row for row in rows]
        return Device(rows)

    return make


SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
USER = SnmpV3.model_validate(
    {"version": "v3", "user": "monitor", "auth_key": "authpass-1", "priv_key": "privpass-1"}
)


@pytest.fixture
def device(recorded):
    """device(address, port, community=…) -> SimulatedDevice; user: it speaks v3 to USER."""

    def make(address, port, name="switch_ruijie", community="public", user=None, sys_name=None):
        made = recorded(name, sys_name)
        return SimulatedDevice(
            f"{name} {address}",
            made,
            address=address,
            port=port,
            views={community: made} if community else {},
            users=[user] if user else [],
        )

    return make


@pytest.fixture
def user():
    """Whom simulated devices know by v3."""
    return USER


@pytest.fixture
def port():
    """A UDP port that is free on all of loopback."""
    return free_port()


@pytest.fixture
def settings(port):
    """settings(ranges, credentials, find=…, …) of one commune that is swept."""

    def make(ranges, credentials=("lan",), *, known=None, assets=(), exclude=(), **how):
        lan = {"version": "v2c", "community": "public"}
        return Settings.model_validate(
            {
                "credentials": {"lan": lan, **(known or {})},
                "communes": [{"code": "22849"}],
                "assets": assets,
                "discovery": {
                    "timeout": "200ms",
                    "rate": 2000,
                    "port": port,
                    **how,
                    "communes": [
                        {
                            "code": "22849",
                            "ranges": ranges,
                            "exclude": exclude,
                            "credentials": credentials,
                        }
                    ],
                },
            }
        )

    return make


@dataclass
class Swept:
    """What one sweep told. state: its last; tries: the counts as a store would have them."""

    reports: list = field(default_factory=list)
    state: object = None
    tries: dict = field(default_factory=dict)

    def tell(self, report):
        self.reports.append(report)
        for tried in report.tries:
            self.tries[tried.address, tried.credential, tried.day] = tried

    @property
    def sightings(self):
        return {seen.address: seen for report in self.reports for seen in report.sightings}


@pytest.fixture
def sweep(settings):
    """sweep(devices, settings, …) -> Swept, after serving the devices and sweeping; each an hour
    after the one before."""
    hours = itertools.count()

    def run(devices, settings, *, target="22849", tries=(), before=None, stop_at=None, things=()):
        swept = Swept(tries={(t.address, t.credential, t.day): t for t in tries})
        plan = plan_sweep(settings, target, things=things)

        async def main():
            stop = asyncio.Event()
            clock = LoopClock(asyncio.get_running_loop())
            clock.offset += 3600 * next(hours)

            def progress(state):
                if stop_at is not None and state.position >= stop_at:
                    stop.set()

            async with Simulator(devices):
                running = Sweep(
                    plan,
                    shipped_book(),
                    TryBook(tries, settings.discovery.refusals, today),
                    clock,
                    Instruments(CollectorRegistry()),
                    swept.tell,
                    before=before,
                    progress=progress,
                )
                return await running.run(stop)

        swept.state = run_still(main())
        return swept

    return run


def today():
    return dt.date(2026, 11, 25).isoformat()
