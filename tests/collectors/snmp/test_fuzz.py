"""Answers with bytes changed, cut or made up: looks end as looks, and the event loop stays calm.

Each true answer is preceded by mutated ones on a real socket, so that a look meets hundreds.
"""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.base import CollectorError
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.message import decode_message, decode_pdu, encode_message
from collectors.snmp.simulator.v3 import V3Agent
from inventory.observation import Reading

MUTANTS = 12
"""Before each answer; fewer than a session takes for a flood."""

QUIETLY = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def mutated(packet, rng):
    """One crooked copy of a packet."""
    data = bytearray(packet)
    kind = rng.randrange(7)
    at = rng.randrange(len(data))
    if kind == 0:
        data[at] ^= 1 << rng.randrange(8)
    elif kind == 1:
        data[at] = rng.randrange(256)
    elif kind == 2:
        del data[at:]
    elif kind == 3:
        del data[at : at + rng.randrange(1, 9)]
    elif kind == 4:
        data[at:at] = rng.randbytes(rng.randrange(1, 9))
    elif kind == 5:
        data[at : at + 4] = rng.choice([b"\x30\x80", b"\x84\xff\xff\xff\xff", b"\x05\x00", b"\x04"])
    else:
        for _ in range(rng.randrange(2, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data) or b"\0"


@pytest.fixture(scope="module")
def switch(recording):
    return Device(recording("router_mikrotik"))


def looks_end_well(virtual, agent, looker, credential, answer, seed):
    """Look at an agent that sends mutants before each answer; what came, and how many mutants."""
    rng = random.Random(seed)
    mutants = []

    def handler(packet):
        right = answer(packet)
        crooked = [mutated(right, rng) for _ in range(MUTANTS)]
        mutants.extend(crooked)
        return [*crooked, right]

    async def main(loop, clock):
        async with agent(handler) as (_, where):
            looking = looker(where, credential, timeout="100ms", deadline="3s")
            return looking, await looking.look()

    looking, found = virtual(main)
    assert isinstance(found, Reading | CollectorError)
    assert looking.strays == []
    return looking, mutants


@settings(max_examples=12, **QUIETLY)
@given(seed=st.integers(0, 2**32))
def test_a2_mutated_community_answers_never_get_past_the_look(
    agent, looker, v2c, switch, seed, virtual
):
    def answer(packet):
        message = decode_message(packet)
        response = switch.respond(message.pdu, version=1)
        return encode_message(1, message.community, response.encode())

    looking, mutants = looks_end_well(virtual, agent, looker, v2c(), answer, seed)
    assert len(mutants) >= 24
    assert looking.count("snmp_rejected", reason="malformed") > 0


@settings(max_examples=6, **QUIETLY)
@given(seed=st.integers(0, 2**32))
def test_a2_mutated_v3_answers_never_get_past_the_look(agent, looker, v3, switch, seed, virtual):
    user = v3()
    engine = V3Agent(
        b"\x80\x00\x1f\x88\x04fuzz",
        [user],
        lambda pdu: switch.respond(decode_pdu(pdu), version=3, limit=1200).encode(),
    )

    try:
        looking, mutants = looks_end_well(virtual, agent, looker, user, engine.answer, seed)
    finally:
        engine.close()
    assert len(mutants) >= 12
    total = sum(
        looking.count("snmp_rejected", reason=reason)
        for reason in ("malformed", "security", "no_request", "oversize")
    )
    assert total > 0


@settings(max_examples=25, **QUIETLY)
@given(packet=st.binary(max_size=2000))
def test_a2_made_up_packets_are_thrown_away(agent, looker, v2c, packet, virtual):
    async def main(loop, clock):
        async with agent(lambda _: [packet or b"\0"]) as (_, where):
            looking = looker(where, v2c(), timeout="1s", deadline="5s")
            return looking, await looking.look()

    looking, error = virtual(main)
    assert isinstance(error, CollectorError)
    assert error.reason == "malformed"
    assert looking.strays == []
