import asyncio
import contextlib
import socket

import pytest

from collectors.snmp.simulator.agent import SimulatedDevice
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.errors import SimulatorError
from collectors.snmp.simulator.faults import Faults
from collectors.snmp.simulator.message import GET
from collectors.snmp.simulator.server import Simulator
from collectors.snmp.simulator.snmprec import Row
from tests.collectors.still_time import run_still

_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)


@pytest.fixture
def device():
    def make(name="sw-01", address="127.31.0.1", port=0, **faults):
        rows = Device([Row(_NAME, 4, name.encode())])
        return SimulatedDevice(
            name,
            rows,
            address=address,
            port=port,
            views={"public": rows},
            faults=Faults(**faults),
        )

    return make


@pytest.fixture
def exchange(request_bytes):
    """Sends one GET and gives what comes back: (data, peer)."""

    async def run(address):
        loop = asyncio.get_running_loop()
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
            client.setblocking(False)
            client.bind(("127.0.0.1", 0))
            await loop.sock_sendto(client, request_bytes(GET, [_NAME]), address)
            return await asyncio.wait_for(loop.sock_recvfrom(client, 65535), 5)

    return run


def test_each_device_answers_on_its_own_address(device, exchange):
    async def main():
        devices = [device(f"d{n}", f"127.31.1.{n}") for n in range(1, 201)]
        async with Simulator(devices) as simulator:
            assert len({address for address, _ in simulator.addresses.values()}) == 200
            for name in ("d1", "d100", "d200"):
                data, peer = await exchange(simulator.addresses[name])
                assert data.endswith(name.encode())
                assert peer == simulator.addresses[name]

    run_still(main())


@pytest.mark.parametrize("address", ["0.0.0.0", "10.0.0.1", "192.0.2.1", "::1", "localhost"])
def test_an_address_that_is_not_loopback_is_refused(device, address):
    async def main():
        with pytest.raises(SimulatorError, match=r"127\.0\.0\.0/8|no IPv4 address"):
            await Simulator([device(), device("other", address)]).start()

    run_still(main())


def test_an_address_in_use_is_named_and_nothing_stays_open(device):
    async def main():
        async with Simulator([device()]) as first:
            _, port = first.addresses["sw-01"]
            second = Simulator([device("free", "127.31.0.9"), device(port=port)])
            with pytest.raises(SimulatorError, match=f"127.31.0.1:{port}: "):
                await second.start()
            assert second.addresses == {}

    run_still(main())


def test_an_answer_from_elsewhere_has_another_source(device, exchange):
    async def main():
        async with Simulator([device(other_source=1.0)]) as simulator:
            _, peer = await exchange(simulator.addresses["sw-01"])
            assert peer[0] == "127.0.0.1"

    run_still(main())


def test_a_delayed_answer_comes_later(device, exchange):
    async def main():
        async with Simulator([device(delay_s=0.05)]) as simulator:
            began = asyncio.get_running_loop().time()
            await exchange(simulator.addresses["sw-01"])
            assert asyncio.get_running_loop().time() - began >= 0.05

    run_still(main())


def test_stopping_forgets_delayed_answers_and_may_be_repeated(device, request_bytes):
    async def main():
        slow = device(delay_s=60)
        simulator = Simulator([slow])
        await simulator.start()
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
            client.sendto(request_bytes(GET, [_NAME]), simulator.addresses["sw-01"])
            while not slow.counts.answers:  # noqa: ASYNC110 - bounded by the socket's arrival
                await asyncio.sleep(0)
        await simulator.stop()
        await simulator.stop()
        assert not simulator._waiting

    run_still(main())


def test_the_simulation_runs_on_the_clock_that_is_given(device):
    async def main():
        now = [500.0]
        async with Simulator([device()], clock=lambda: now[0]) as simulator:
            now[0] = 530.0
            assert simulator.now_s == 30.0

    run_still(main())
