"""N9: packets that no decoder should meet, and what becomes of a look that meets them."""

import pytest

from collectors.snmp.simulator.ber import OCTET_STRING, tlv
from collectors.snmp.simulator.message import (
    GET,
    decode_message,
)
from inventory.observation import Outcome
from tests.collectors.still_time import run_still

SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
QUICK = {"timeout": "60ms", "deadline": "5s"}


def pdu_of(packet):
    return decode_message(packet).pdu


def oversize(packet, reply):
    return reply(packet, [(SYS_NAME, OCTET_STRING, b"x" * 60_000)])


def nested(packet, reply):
    body = b""
    for _ in range(2000):
        body = tlv(0x30, body)
    return reply(packet, [(None, None, body)])


def indefinite(packet, reply):
    return b"\x30\x80" * 20_000


def huge_oid(packet, reply):
    return reply(packet, [(None, None, tlv(0x30, tlv(0x06, b"\x2b" * 60_000) + b"\x05\x00"))])


def huge_number(packet, reply):
    return reply(packet, [(None, None, tlv(0x30, b"\x06\x01\x2b" + tlv(0x02, b"\x7f" * 60_000)))])


def crowd(packet, reply):
    return reply(packet, [(None, None, tlv(0x30, b"\x06\x01\x2b\x05\x00"))] * 9000)


def truncated(packet, reply):
    return reply(packet, [(SYS_NAME, OCTET_STRING, b"x" * 100)])[:-7]


def nothing(packet, reply):
    return b"\0"


def wrong_version(packet, reply):
    return reply(packet, [(SYS_NAME, OCTET_STRING, b"x")], version=0)


def wrong_community(packet, reply):
    return reply(packet, [(SYS_NAME, OCTET_STRING, b"x")], community=b"other")


def wrong_pdu(packet, reply):
    return reply(packet, [(SYS_NAME, OCTET_STRING, b"x")], kind=0xA0)


BROKEN = {
    "malformed": (
        nested,
        indefinite,
        huge_oid,
        huge_number,
        truncated,
        nothing,
        wrong_version,
        wrong_community,
        wrong_pdu,
    ),
    "oversize": (crowd,),
}


@pytest.mark.parametrize(
    ("reason", "broken"), [(reason, make) for reason in BROKEN for make in BROKEN[reason]]
)
def test_n9_a_broken_packet_is_counted_and_the_right_one_still_counts(
    agent, looker, v2c, reply, honest, reason, broken
):
    async def main():
        handler = lambda packet: [broken(packet, reply), honest(packet)]  # noqa: E731
        async with agent(handler) as (peer, where):
            looking = looker(where, v2c())
            return looking, await looking.look(), len(peer.requests)

    looking, reading, requests = run_still(main())
    assert reading.problems == ()
    assert len(reading.interfaces) == 28
    assert looking.count("snmp_rejected", reason=reason) == requests
    assert looking.count("snmp_retries") == 0


@pytest.mark.parametrize("broken", [make for makes in BROKEN.values() for make in makes])
def test_n9_nothing_but_broken_packets_is_a_refusal_not_an_outage(
    agent, looker, v2c, reply, broken
):
    async def main():
        async with agent(lambda packet: [broken(packet, reply)]) as (_, where):
            return await looker(where, v2c(), **QUICK).look()

    error = run_still(main())
    assert error.outcome is Outcome.REFUSED
    assert error.reason == "malformed"


def test_n9_a_long_string_is_cut(agent, looker, v2c, reply, honest):
    def handler(packet):
        if pdu_of(packet).kind == GET:
            return [reply(packet, [((1, 3, 6, 1, 2, 1, 1, 1, 0), OCTET_STRING, b"x" * 60_000)])]
        return [honest(packet)]

    async def main():
        async with agent(handler) as (_, where):
            return await looker(where, v2c()).look()

    reading = run_still(main())
    assert reading.facts["sys_descr"] == "x" * 1024


def test_n9_a_flood_of_wrong_packets_ends_the_request(agent, looker, v2c, reply):
    async def main():
        flood = lambda packet: [truncated(packet, reply)] * 200  # noqa: E731
        async with agent(flood) as (peer, where):
            return await looker(where, v2c()).look(), len(peer.requests)

    error, requests = run_still(main())
    assert error.outcome is Outcome.REFUSED
    assert error.reason == "flood"
    assert requests == 1


def test_n9_one_counter_that_is_encoded_as_negative_costs_only_its_sign(
    agent, looker, v2c, reply, honest
):
    def handler(packet):
        pdu = pdu_of(packet)
        if pdu.kind != GET:
            return [honest(packet)]
        ticks = tlv(0x06, bytes.fromhex("2b06010201010300")) + tlv(0x43, b"\xff\xff\xff\x00")
        rows = [(pdu.names[0], OCTET_STRING, b"a switch"), (pdu.names[1], 6, (1, 3))]
        return [reply(packet, [*rows, (None, None, tlv(0x30, ticks))])]

    async def main():
        async with agent(handler) as (_, where):
            return await looker(where, v2c()).look()

    reading = run_still(main())
    assert reading.facts["sys_descr"] == "a switch"
    assert reading.uptime_s == (2**32 - 256) / 100
