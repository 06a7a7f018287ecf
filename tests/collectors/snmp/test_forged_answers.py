"""N10: answers from elsewhere, late, twice, or to nobody; and who sent what from where."""

import contextlib
import itertools
import socket

import pytest

from collectors.snmp.simulator.ber import OCTET_STRING, tlv
from collectors.snmp.simulator.message import (
    GET,
    decode_message,
)
from inventory.observation import Outcome
from tests.collectors.still_time import run_still
from tests.free_port import free_port

SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
QUICK = {"timeout": "60ms", "deadline": "5s"}


def pdu_of(packet):
    return decode_message(packet).pdu


@pytest.mark.parametrize("elsewhere", ["127.0.0.9", "127.0.0.1"])
def test_n10_an_answer_from_another_address_or_port_is_dropped_and_counted(
    agent, looker, v2c, reply, honest, elsewhere
):
    async def main():
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as other:
            other.bind((elsewhere, 0))
            lie = lambda packet: reply(packet, [(SYS_NAME, OCTET_STRING, b"forged")])  # noqa: E731
            handler = lambda packet: [(lie(packet), other), honest(packet)]  # noqa: E731
            async with agent(handler) as (peer, where):
                looking = looker(where, v2c())
                return looking, await looking.look(), len(peer.requests)

    looking, reading, requests = run_still(main())
    assert reading.facts["sys_name"] == "switch-ruijie"
    assert reading.problems == ()
    assert looking.count("snmp_rejected", reason="elsewhere") == requests


def test_n10_only_answers_from_elsewhere_are_silence(agent, looker, v2c, honest):
    async def main():
        with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as other:
            other.bind(("127.0.0.9", 0))
            async with agent(lambda packet: [(honest(packet), other)]) as (_, where):
                looking = looker(where, v2c(), **QUICK)
                return looking, await looking.look()

    looking, error = run_still(main())
    assert error.outcome is Outcome.UNREACHABLE
    assert error.reason == "timeout"
    assert looking.count("snmp_rejected", reason="elsewhere") == 3


def test_n10_a_late_answer_to_an_old_request_is_not_taken_for_the_new_one(
    agent, looker, v2c, reply
):
    held = []
    walked = 0

    def handler(packet):
        nonlocal walked
        pdu = pdu_of(packet)
        if pdu.kind == GET:
            held.append(reply(packet, [(SYS_NAME, OCTET_STRING, b"old")]))
            return [reply(packet, [(SYS_NAME, OCTET_STRING, b"sw-01")])]
        walked += 1
        ended = [(None, None, tlv(0x30, b"\x06\x01\x2b\x82\x00")) for _ in pdu.names]
        return [held[0], reply(packet, ended)]

    async def main():
        async with agent(handler) as (_, where):
            looking = looker(where, v2c())
            return looking, await looking.look()

    looking, reading = run_still(main())
    assert reading.problems == ()
    assert looking.count("snmp_rejected", reason="no_request") == walked > 3


def test_n10_a_late_answer_to_a_request_that_was_sent_again_counts_once(agent, looker, v2c, honest):
    held = []

    def handler(packet):
        if len(held) == 0:
            held.append(packet)
            return []
        if len(held) == 1:
            held.append(packet)
            return [honest(held[0]), honest(packet)]  # the late one, then its twin
        return [honest(packet)]

    async def main():
        async with agent(handler) as (_, where):
            looking = looker(where, v2c(), timeout="300ms")
            return looking, await looking.look()

    looking, reading = run_still(main())
    assert reading.problems == ()
    assert reading.facts["sys_name"] == "switch-ruijie"
    assert looking.count("snmp_retries") == 1
    assert looking.count("snmp_rejected", reason="no_request") == 1
    assert reading.latency_s >= 0.3


def test_n10_numbers_cannot_be_guessed_and_every_look_has_a_port_of_its_own(
    agent, looker, v2c, honest
):
    ports = set()

    async def main():
        async with agent(lambda packet: [honest(packet)]) as (peer, where):
            received = peer.datagram_received
            peer.datagram_received = lambda data, addr: (ports.add(addr[1]), received(data, addr))
            looking = looker(where, v2c())
            for _ in range(4):
                await looking.look()
            return [pdu_of(packet).request_id for packet in peer.requests]

    numbers = run_still(main())
    assert len(set(numbers)) == len(numbers)
    steps = [abs(after - before) for before, after in itertools.pairwise(numbers)]
    assert min(steps) > 1000
    assert len(ports) > 1


def test_a_closed_port_is_a_refusal_at_once(looker, v2c):
    where = ("127.0.0.1", free_port())
    error = run_still(looker(where, v2c(), timeout="30s", deadline="40s").look())
    assert error.outcome is Outcome.REFUSED
    assert error.reason == "connection_refused"


def test_ipv6_works_the_same(agent, looker, v2c, honest):
    async def main():
        try:
            async with agent(lambda packet: [honest(packet)], "::1") as (_, where):
                reading = await looker(where, v2c()).look()
        except OSError:
            pytest.skip("this machine has no IPv6")
        return reading, await looker(where, v2c(), timeout="30s", deadline="40s").look()

    reading, after = run_still(main())
    assert reading.problems == ()
    assert len(reading.interfaces) == 28
    assert "::1" in {claim.value for claim in reading.claims}
    assert after.reason == "connection_refused"
