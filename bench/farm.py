"""Many simulated switches in a process of their own, for measurements: they share their variables.

    python -m bench.farm COUNT PORTS ADDRESS PORT DEAD_SHARE

Prints one line when all of them answer, and ends on SIGTERM.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import sys

from bench.standard_poll import recording
from collectors.snmp.simulator.agent import SimulatedDevice
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.faults import Faults
from collectors.snmp.simulator.replay import loopback_addresses
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import parse_recording

COMMUNITY = "public"


async def serve(count: int, ports: int, address: str, port: int, dead_share: float) -> None:
    """Answer until SIGTERM; of every hundred devices dead_share × 100 stay silent."""
    name = "switch"
    device = Device(parse_recording(recording(0, ports).encode(), name=name, source=name).rows)
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
        await stopping.wait()


def main() -> None:
    """See the module."""
    count, ports, address, port, dead_share = sys.argv[1:]
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(serve(int(count), int(ports), address, int(port), float(dead_share)))


if __name__ == "__main__":
    main()
