"""N11: SNMPv3 engines that restart, forget, or share their id."""

import pytest

from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.message import (
    decode_pdu,
)
from collectors.snmp.simulator.v3 import V3Agent
from inventory.observation import Reading
from tests.collectors.still_time import run_still


@pytest.fixture
def v3_agent(recording):
    """V3Agent of the switch: v3_agent(engine id, boots, users)."""
    device = Device(recording("switch_tplink"))

    def make(engine_id, boots, users):
        answer = lambda pdu: device.respond(decode_pdu(pdu), version=3, limit=1200).encode()  # noqa: E731
        return V3Agent(engine_id, users, answer, boots=boots)

    return make


@pytest.mark.parametrize(("before", "after"), [(3, 4), (9, 1)])
def test_n11_a_device_that_restarted_or_lost_its_boot_counter_is_followed(
    agent, looker, v3, v3_agent, before, after
):
    user = v3()
    engines = [v3_agent(b"\x80\x00\x1f\x88\x04switch", boots, [user]) for boots in (before, after)]
    current = [engines[0]]

    async def main():
        async with agent(lambda packet: filter(None, [current[0].answer(packet)])) as (_, where):
            looking = looker(where, user, timeout="1s")
            first = await looking.look()
            current[0] = engines[1]
            return looking, first, await looking.look(), await looking.look()

    try:
        looking, *readings = run_still(main())
    finally:
        for engine in engines:
            engine.close()
    for reading in readings:
        assert isinstance(reading, Reading), reading
        assert reading.problems == ()
        assert len(reading.interfaces) == 8
    assert looking.count("snmp_retries") == 0


def test_n11_another_engine_on_the_same_address_is_found_again(agent, looker, v3, v3_agent):
    user = v3()
    engines = [v3_agent(b"\x80\x00\x1f\x88\x04" + name, 1, [user]) for name in (b"old", b"new")]
    current = [engines[0]]

    async def main():
        async with agent(lambda packet: filter(None, [current[0].answer(packet)])) as (_, where):
            looking = looker(where, user, timeout="1s")
            await looking.look()
            current[0] = engines[1]
            return looking, await looking.look()

    try:
        looking, reading = run_still(main())
    finally:
        for engine in engines:
            engine.close()
    assert isinstance(reading, Reading), (reading.message, looking.steps)
    assert reading.problems == ()


def test_n11_two_devices_with_one_engine_id_do_not_lock_each_other_out(agent, looker, v3, v3_agent):
    user = v3()
    cloned = b"\x80\x00\x1f\x88\x04cloned-image"
    engines = [v3_agent(cloned, boots, [user]) for boots in (1, 700)]

    async def main():
        first_answers = lambda packet: filter(None, [engines[0].answer(packet)])  # noqa: E731
        second_answers = lambda packet: filter(None, [engines[1].answer(packet)])  # noqa: E731
        async with agent(first_answers) as (a, one), agent(second_answers) as (b, two):
            lookers = [looker(one, user), looker(two, user)]
            for looking in lookers * 2:
                assert (await looking.look()).problems == ()
            return len(a.requests), len(b.requests), lookers

    try:
        first, second, lookers = run_still(main())
    finally:
        for engine in engines:
            engine.close()
    assert first == second
    for looking in lookers:
        assert looking.count("snmp_rejected", reason="security") == 0
