"""N14 in small: looks by the hundred, half of them into silence, leave nothing behind."""

import asyncio
import contextlib
import gc
import os
import socket
import tracemalloc

import pytest
from prometheus_client import CollectorRegistry

from collectors.snmp.session import SnmpError
from collectors.snmp.sessions import session_for
from collectors.snmp.simulator.server import Simulator
from inventory.metrics import Instruments
from tests.collectors.still_time import run_still


def open_files():
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.parametrize(("version", "rounds"), [("v2c", 60), ("v3", 15)])
def test_n14_polls_of_which_half_time_out_keep_files_and_tasks_flat(
    agent, looker, simulated, v2c, v3, version, rounds
):
    user = v3()
    credential = user if version == "v3" else v2c()

    async def main():
        device = simulated("ups_apc", users=[user])
        async with Simulator([device]) as simulator, agent(lambda packet: []) as (_, hole):
            live = looker(simulator.addresses["ups_apc"], credential)
            dead = looker(hole, credential, timeout="2ms", deadline="50ms")
            for looking in (live, dead):
                await looking.look()
            files, tasks = open_files(), len(asyncio.all_tasks())
            for _ in range(rounds):
                assert (await live.look()).problems == ()
                assert (await dead.look()).reason == "timeout"
            await asyncio.sleep(0)
            return files, tasks, open_files(), len(asyncio.all_tasks())

    files, tasks, files_after, tasks_after = run_still(main())
    assert abs(files_after - files) <= 2
    assert tasks_after == tasks


@pytest.mark.snmpd
@pytest.mark.parametrize("version", ["v2c", "v3"])
def test_n14_memory_is_flat_over_many_polls(agent, snmpd, v2c, v3, version, run_beside):
    """Of a device that answers, one that is silent, and one that sends anything but answers."""
    name = (1, 3, 6, 1, 2, 1, 1, 5, 0)
    credential = v3("sha256aes") if version == "v3" else v2c("readers")
    rounds = 80 if credential.engine == "hatang" else 15

    async def main():
        loop = asyncio.get_running_loop()
        mute = lambda packet: []  # noqa: E731
        liar = lambda packet: [packet[:-3], packet, b"\x30\x80" * 40] * 5  # noqa: E731
        async with contextlib.AsyncExitStack() as stack:
            served = [await stack.enter_async_context(agent(h)) for h in (mute, liar)]
            places = [snmpd.address, *(where for _, where in served)]
            instruments = Instruments(CollectorRegistry())
            sessions = [session_for(credential, s, instruments) for s in (5.0, 0.002, 0.002)]

            async def poll(session, where):
                session.open(socket.AF_INET, where)
                with contextlib.suppress(SnmpError):
                    await session.get({"sysName": name}, loop.time() + 20)
                    await session.columns({"a": name[:-1], "b": name[:-2]}, loop.time() + 0.05)
                await session.close()

            async def polls(count):
                for _ in range(count):
                    await asyncio.gather(*map(poll, sessions, places))
                    for peer, _ in served:
                        peer.requests.clear()
                gc.collect()
                return tracemalloc.get_traced_memory()[0]

            await polls(10)
            before = await polls(5)
            return await polls(rounds) - before

    tracemalloc.start()
    try:
        grown = run_beside(main(), snmpd.address)
    finally:
        tracemalloc.stop()
    assert grown < 40_000 + 100 * rounds


def test_n14_a_look_that_is_cut_off_gives_its_socket_back(agent, looker, v2c):
    async def main():
        asked = asyncio.Event()
        async with agent(lambda packet: asked.set()) as (_, hole):
            before = open_files()
            for _ in range(20):
                asked.clear()
                task = asyncio.create_task(looker(hole, v2c(), timeout="10s").look())
                await asked.wait()
                assert open_files() == before + 1
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            return before, open_files()

    before, after = run_still(main())
    assert before == after
