"""How long a sweep of a /22 takes on the defaults, with 20 devices among its 1,022 addresses.

On loopback every address answers a ping, so each of the others is offered the credentials as well
and refuses by a closed port: more work than on a network, where most addresses are silent.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from collectors.discovery.plan import plan_sweep
from collectors.discovery.sweep import Sweep
from collectors.discovery.tries import TryBook
from collectors.snmp.knowledge.book import shipped_book
from collectors.snmp.simulator.agent import SimulatedDevice
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.faults import Faults
from collectors.snmp.simulator.recorded import shipped_folder
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import read_recording
from config.sections import Settings
from inventory.clock import SystemClock
from inventory.metrics import Instruments
from inventory.sighting import Report

RANGE = "127.66.0.0/22"
DEVICES = 20
ROUND_TRIP_S = 0.03
"""Of a line to a commune."""


def measure_discovery() -> dict[str, float]:
    """Wall and CPU seconds (the simulator's included), devices found, and their share named."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, float]:
    port = _free_port()
    plan = plan_sweep(_settings(port), "22849")
    reports: list[Report] = []
    async with Simulator(_devices(port)):
        sweep = Sweep(
            plan,
            shipped_book(),
            TryBook([], 3, lambda: "2026-01-01"),
            SystemClock(),
            Instruments(CollectorRegistry()),
            reports.append,
        )
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        state = await sweep.run(asyncio.Event())
        wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    seen = [one for report in reports for one in report.sightings if one.credential]
    return {
        "sweep of a /22 with 20 devices, wall seconds": wall_s,
        "the same, CPU seconds with its simulator": cpu_s,
        "addresses that answered": float(state.found),
        "devices identified": float(len(seen)),
    }


def _devices(port: int) -> Sequence[SimulatedDevice]:
    folder = sorted(shipped_folder().glob("*.snmprec"))
    made = []
    for number in range(DEVICES):
        device = Device(read_recording(folder[number % len(folder)]).rows)
        made.append(
            SimulatedDevice(
                f"device-{number}",
                device,
                address=f"127.66.{number % 4}.{10 + 9 * number}",
                port=port,
                views={"site": device},
                faults=Faults(delay_s=ROUND_TRIP_S),
            )
        )
    return made


def _settings(port: int) -> Settings:
    """Three credentials, of which the last is the right one."""
    keys = {"auth_key": "authpass-1", "priv_key": "privpass-1"}
    return Settings.model_validate(
        {
            "credentials": {
                "secure": {"version": "v3", "user": "monitor", **keys},
                "old": {"version": "v2c", "community": "old-site"},
                "site": {"version": "v2c", "community": "site"},
            },
            "communes": [{"code": "22849"}],
            "discovery": {
                "port": port,
                "communes": [
                    {
                        "code": "22849",
                        "ranges": [RANGE],
                        "credentials": ["secure", "old", "site"],
                    }
                ],
            },
        }
    )


def _free_port() -> int:
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])
