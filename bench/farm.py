"""Many simulated switches in a process of their own, for measurements: they share their variables,
of which uptime and counters move.

    python -m bench.farm COUNT PORTS ADDRESS PORT DEAD_SHARE

Prints one line when all of them answer, and ends on SIGTERM.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import sys
import time
from collections.abc import Sequence

from bench.standard_poll import recording
from collectors.snmp.simulator.agent import SimulatedDevice
from collectors.snmp.simulator.ber import COUNTER64, TIME_TICKS
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.faults import Faults
from collectors.snmp.simulator.replay import loopback_addresses
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import Row, parse_recording

COMMUNITY = "public"
_MOVES_EVERY_S = 5.0
"""In between, answers need not be encoded anew."""
_OCTETS_PER_S = 125_000


class _Switch(Device):
    """Its variables are replaced as a whole."""

    def move(self, rows: Sequence[Row], running_s: float) -> None:
        """Time has passed since the rows were as they are given."""
        super().__init__([_moved(row, running_s) for row in rows])


def _moved(row: Row, running_s: float) -> Row:
    if row.tag == TIME_TICKS:
        return row._replace(value=int(running_s * 100))
    if row.tag == COUNTER64:
        assert isinstance(row.value, int)
        return row._replace(value=row.value + int(running_s * _OCTETS_PER_S) * (row.oid[-1] % 7))
    return row


async def serve(count: int, ports: int, address: str, port: int, dead_share: float) -> None:
    """Answer until SIGTERM; of every hundred devices dead_share × 100 stay silent."""
    name = "switch"
    rows = parse_recording(recording(0, ports).encode(), name=name, source=name).rows
    device = _Switch(rows)
    dead = Faults(dead=True)
    devices = []
    for number, where in enumerate(loopback_addresses(address, count)):
        one = SimulatedDevice(
            f"sw-{number:05}", device, address=where, port=port, views={COMMUNITY: device}
        )
        if number % 100 < dead_share * 100:
            one.faults = dead
        devices.append(one)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with Simulator(devices):
        print(f"{count} switches of {ports} ports answer from {address} on", flush=True)
        started_s = time.monotonic()
        while not stopping.is_set():
            device.move(rows, time.monotonic() - started_s)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), _MOVES_EVERY_S)


def main() -> None:
    """See the module."""
    count, ports, address, port, dead_share = sys.argv[1:]
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(serve(int(count), int(ports), address, int(port), float(dead_share)))


if __name__ == "__main__":
    main()
