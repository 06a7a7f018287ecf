"""N14 in small: looks by the hundred, half of them into silence, leave nothing behind."""

import asyncio
import os

import pytest

from collectors.snmp.simulator.server import Simulator


def open_files():
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.parametrize(("version", "rounds"), [("v2c", 120), ("v3", 25)])
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

    files, tasks, files_after, tasks_after = asyncio.run(main())
    assert abs(files_after - files) <= 2
    assert tasks_after == tasks


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

    before, after = asyncio.run(main())
    assert before == after
