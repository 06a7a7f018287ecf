"""N12: one table, one cell, one kind of request that fails: the rest comes home."""

import pytest

from collectors.snmp.interfaces import INTERFACES
from collectors.snmp.simulator.device import SOUND, Defects, Device
from collectors.snmp.simulator.message import (
    GET,
    GET_BULK,
    decode_message,
    encode_message,
)
from collectors.snmp.simulator.snmprec import Row
from tests.collectors.still_time import run_still

SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
IF_DESCR = INTERFACES["ifDescr"]


def pdu_of(packet):
    return decode_message(packet).pdu


@pytest.mark.parametrize(
    ("defect", "word"), [({"gen_error": True}, "genErr"), ({"too_big": True}, "tooBig")]
)
def test_n12_the_other_columns_are_kept_when_one_table_fails(
    agent, looker, v2c, honest, defect, word
):
    broken = INTERFACES["ifName"][:-1]

    def handler(packet):
        hit = any(name[: len(broken)] == broken for name in pdu_of(packet).names)
        return [honest(packet, defects=Defects(**defect) if hit else SOUND)]

    async def main():
        async with agent(handler) as (_, where):
            return await looker(where, v2c()).look()

    reading = run_still(main())
    assert len(reading.problems) == 1
    assert word in reading.problems[0]
    assert "ifName" in reading.problems[0]
    assert len(reading.interfaces) == 28
    assert all(interface.mac and interface.if_type == 6 for interface in reading.interfaces[:24])
    assert reading.interfaces[0].counter_bits == 32
    assert reading.facts["model"] == "RG-S2910-24GT4SFP-UP-H"


def test_n12_one_cell_that_fails_ends_its_column_and_no_other(agent, looker, v2c, honest):
    cell = (*INTERFACES["ifAlias"], 10)

    def handler(packet):
        pdu = pdu_of(packet)
        for position, name in enumerate(pdu.names, 1):
            rows = pdu.second if pdu.kind == GET_BULK else 1
            if name[:-1] == cell[:-1] and name < cell <= (*name[:-1], name[-1] + rows):
                message = decode_message(packet)
                response = Device([Row(SYS_NAME, 4, b"")])._error(pdu, 5, position)
                return [encode_message(1, message.community, response.encode())]
        return [honest(packet)]

    async def main():
        async with agent(handler) as (_, where):
            return await looker(where, v2c()).look()

    reading = run_still(main())
    assert reading.problems == ("ifAlias: genErr",)
    assert len(reading.interfaces) == 28
    assert all(interface.in_octets is not None for interface in reading.interfaces)


@pytest.mark.parametrize(
    "fault", [{"no_bulk": True}, {"max_names": 4}, {"max_names": 1}, {"duplicate": 1.0}]
)
def test_n12_what_an_agent_cannot_do_is_gone_round_without_loss(
    simulated, looker, v2c, serve_one, faults, fault
):
    times = {"timeout": "100ms"}
    _, reading = serve_one(simulated(faults=faults(**fault)), looker, v2c(), **times)
    assert reading.problems == ()
    assert len(reading.interfaces) == 28
    assert all(interface.counter_bits == 64 for interface in reading.interfaces)


def test_n12_what_an_agent_cannot_do_is_remembered(simulated, looker, v2c, serve_one, faults):
    device = simulated(faults=faults(no_bulk=True))
    looking, _ = serve_one(device, looker, v2c(), looks=3, timeout="100ms")
    assert looking.count("snmp_retries") == 3
    assert device.counts.dropped == 5


def test_an_agent_that_says_nosuchname_like_v1_is_understood(agent, looker, v2c, honest):
    def handler(packet):
        message = decode_message(packet)
        pdu = message.pdu
        device = Device([Row(SYS_NAME, 4, b"old"), Row((*IF_DESCR, 1), 4, b"port 1")])
        if pdu.kind == GET_BULK:
            return []
        known = [SYS_NAME] if pdu.kind == GET else [IF_DESCR]
        for position, name in enumerate(pdu.names, 1):
            if name not in known:
                response = device._error(pdu, 2, position)
                return [encode_message(1, message.community, response.encode())]
        response = device.respond(pdu, version=1)
        return [encode_message(1, message.community, response.encode())]

    async def main():
        async with agent(handler) as (_, where):
            return await looker(where, v2c(), timeout="100ms").look()

    reading = run_still(main())
    assert reading.facts == {"sys_name": "old"}
    assert [interface.name for interface in reading.interfaces] == ["port 1"]
    assert reading.problems == ()
