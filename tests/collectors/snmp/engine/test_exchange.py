"""Questions asked in a row: as before they bring the same, and whatever happens on the way is told
and mended as if each had been asked alone."""

import asyncio
import socket
from collections import Counter

import pytest
from prometheus_client import CollectorRegistry

from collectors.snmp.engine.session import EngineSession
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.message import decode_message, encode_message
from collectors.snmp.simulator.snmprec import parse_recording
from inventory.metrics import Instruments
from tests.collectors.still_time import run_still

TABLE = "1.3.6.1.2.1.2.2.1"
OBJECTS = {
    name: (1, 3, 6, 1, 2, 1, 2, 2, 1, number)
    for name, number in {"ifDescr": 2, "ifType": 3, "ifMtu": 4}.items()
}
PORTS = 150
LOOKS = 5
"""The first ones learn how many rows there are and how they are asked, the last one asks so."""


@pytest.fixture
def engine():
    return "hatang"


def switch(ports, mtu=1500):
    lines = ["1.3.6.1.2.1.1.3.0|67|12345"]
    for column, tag, value in (2, 4, "port"), (3, 2, 6), (4, 2, mtu):
        lines += [f"{TABLE}.{column}.{port}|{tag}|{value}" for port in range(1, ports + 1)]
    return Device(parse_recording("\n".join(lines).encode(), name="sw", source="sw").rows)


def rows_of(ports, mtu=1500):
    values = {"ifDescr": b"port", "ifType": 6, "ifMtu": mtu}
    return {name: {(p,): values[name] for p in range(1, ports + 1)} for name in OBJECTS}


@pytest.fixture
def walked(agent, v2c):
    """walked(fault) walks a switch LOOKS times and gives what the last walk brought.

    fault(n, packet, answer): what goes out for the nth packet of the last walk; [] for nothing.
    """

    def run(fault, *, seconds=20.0):
        registry = CollectorRegistry()
        session = EngineSession(v2c(), 0.4, Instruments(registry))
        sent = Counter()
        device = switch(PORTS)

        def answer(packet, device=device, **more):
            message = decode_message(packet)
            found = device.respond(message.pdu, version=1, **more)
            return encode_message(1, message.community, found.encode())

        def handler(packet):
            sent[run.look] += 1
            if run.look == LOOKS:
                return fault(sent[LOOKS], packet, answer)
            return [answer(packet)]

        async def main():
            async with agent(handler) as (_, where):
                for run.look in range(1, LOOKS + 1):
                    session.open(socket.AF_INET, where)
                    until_s = asyncio.get_running_loop().time() + seconds
                    found = await session.columns(OBJECTS, until_s)
                    await session.close()
            return found

        found = run_still(main())
        retries = registry.get_sample_value("hatang_snmp_retries_total") or 0
        return found, sent, retries

    return run


def test_what_is_as_before_is_asked_without_waking_the_task(walked, monkeypatch):
    alone = Counter()
    plainly = EngineSession._send

    async def counted(self, *arguments):
        alone[walked.look] += 1
        return await plainly(self, *arguments)

    monkeypatch.setattr(EngineSession, "_send", counted)
    found, sent, retries = walked(lambda n, packet, answer: [answer(packet)])
    assert found.rows == rows_of(PORTS)
    assert not found.problems
    assert sent[LOOKS] == sent[LOOKS - 1] > 3
    assert alone[1] == sent[1]
    assert alone[LOOKS] == 0
    assert retries == 0


@pytest.mark.parametrize("lost", [1, 2, 4])
def test_a_packet_lost_on_the_way_is_sent_again(walked, lost):
    found, sent, retries = walked(lambda n, packet, answer: [] if n == lost else [answer(packet)])
    assert found.rows == rows_of(PORTS)
    assert not found.problems
    assert retries == 1
    assert sent[LOOKS] == sent[LOOKS - 1] + 1


@pytest.mark.parametrize("ports", [PORTS + 40, PORTS - 20])
@pytest.mark.parametrize("changed", [1, 3])
def test_a_device_that_changes_on_the_way_is_read_to_its_new_end(walked, changed, ports):
    other = switch(ports, mtu=9000)

    def fault(n, packet, answer):
        return [answer(packet, other) if n >= changed else answer(packet)]

    found, _, _ = walked(fault)
    assert not found.problems
    assert {name: len(rows) for name, rows in found.rows.items()} == dict.fromkeys(OBJECTS, ports)
    if changed == 1:
        assert found.rows == rows_of(ports, mtu=9000)


@pytest.mark.parametrize("status", [1, 5])
def test_an_error_on_the_way_is_gone_round(walked, reply, status):
    def fault(n, packet, answer):
        return [reply(packet, [], status=status, index=0) if n == 3 else answer(packet)]

    found, _, _ = walked(fault)
    assert found.rows == rows_of(PORTS)
    assert not found.problems


def test_a_device_that_falls_silent_on_the_way_keeps_what_it_said(walked):
    found, _, _ = walked(lambda n, packet, answer: [answer(packet)] if n < 3 else [])
    assert found.fell_silent
    assert "no answer" in found.problems[0]
    had = rows_of(PORTS)
    for name, rows in found.rows.items():
        assert 0 < len(rows) < PORTS
        assert rows.items() <= had[name].items()


def test_an_answer_to_the_question_before_is_no_answer(walked):
    before = []

    def fault(n, packet, answer):
        before.append(answer(packet))
        return [*before[-2:-1], before[-1]]

    found, _, _ = walked(fault)
    assert found.rows == rows_of(PORTS)
    assert not found.problems
