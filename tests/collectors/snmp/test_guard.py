"""Agents and lines that lie: what is thrown away, where walks end, and that looks stay looks."""

import asyncio
import contextlib
import itertools
import socket

import pytest

from collectors.snmp import walk
from collectors.snmp.entity import ENTITY_CLASS
from collectors.snmp.host_resources import HOST_RESOURCES
from collectors.snmp.interfaces import INTERFACES
from collectors.snmp.simulator.ber import COUNTER32, OCTET_STRING, tlv
from collectors.snmp.simulator.device import SOUND, Defects, Device
from collectors.snmp.simulator.message import (
    GET,
    GET_BULK,
    decode_message,
    decode_pdu,
    encode_message,
)
from collectors.snmp.simulator.snmprec import Row
from collectors.snmp.simulator.v3 import V3Agent
from inventory.observation import Outcome, Reading

SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
IF_DESCR = INTERFACES["ifDescr"]
COLUMNS = tuple((INTERFACES | HOST_RESOURCES | ENTITY_CLASS).values())
QUICK = {"timeout": "60ms", "deadline": "5s"}


@pytest.fixture
def honest(recording):
    """Answers of a sound agent: honest(packet, **what of Device.respond)."""
    device = Device(recording("switch_ruijie"))

    def answer(packet, **more):
        message = decode_message(packet)
        response = device.respond(message.pdu, version=1, **more)
        return encode_message(1, message.community, response.encode())

    return answer


def column_of(name):
    return next(column for column in COLUMNS if name[: len(column)] == column)


def pdu_of(packet):
    return decode_message(packet).pdu


# N8: OIDs that repeat, fall back, or never end


@pytest.mark.parametrize("kind", ["same", "cycle", "back"])
def test_n8_a_walk_ends_at_the_first_oid_that_does_not_increase(agent, looker, v2c, reply, kind):
    steps = {"same": (5, 5), "cycle": (5, 6, 7, 5, 6, 7), "back": (9, 4)}[kind]
    walked = 0

    def handler(packet):
        nonlocal walked
        pdu = pdu_of(packet)
        if pdu.kind == GET:
            return [reply(packet, [(SYS_NAME, OCTET_STRING, b"liar")])]
        walked += 1
        rows = [
            ((*column_of(name), step), OCTET_STRING, b"x") for step in steps for name in pdu.names
        ]
        return [reply(packet, rows[: len(pdu.names) * max(1, pdu.second)])]

    async def main():
        async with agent(handler) as (_, where):
            looking = looker(where, v2c())
            return looking, await looking.look()

    looking, reading = asyncio.run(main())
    assert any("not increasing" in problem for problem in reading.problems)
    assert looking.count("snmp_walk_aborted", reason="not_increasing") == 3
    assert walked <= 3 * 2  # three walks, each over at most one PDU after the first bad OID
    assert reading.interfaces[0].name == "x"


def test_n8_endless_rows_end_at_a_cap_and_what_came_is_kept(agent, looker, v2c, reply, monkeypatch):
    monkeypatch.setattr(walk, "MAX_ROWS", 200)

    def handler(packet):
        pdu = pdu_of(packet)
        if pdu.kind == GET:
            return [reply(packet, [(SYS_NAME, OCTET_STRING, b"liar")])]
        rows = []
        last = {name: name for name in pdu.names}
        for _ in range(pdu.second):
            for name in pdu.names:
                column = column_of(name)
                old = last[name][len(column) :] or (0,)
                last[name] = (*column, old[0] + 1)
                rows.append((last[name], COUNTER32, 7))
        return [reply(packet, rows)]

    async def main():
        async with agent(handler) as (_, where):
            looking = looker(where, v2c())
            return looking, await looking.look()

    looking, reading = asyncio.run(main())
    assert len(reading.interfaces) == 200
    assert looking.count("snmp_walk_aborted", reason="too_many_rows") == 3
    assert all("too many rows" in problem for problem in reading.problems)


def test_n8_endless_rows_end_at_a_number_of_bytes(agent, looker, v2c, reply, monkeypatch):
    monkeypatch.setattr(walk, "MAX_BYTES", 20_000)

    def handler(packet):
        pdu = pdu_of(packet)
        if pdu.kind == GET:
            return [reply(packet, [(SYS_NAME, OCTET_STRING, b"liar")])]
        column = column_of(pdu.names[0])
        old = pdu.names[0][len(column) :] or (0,)
        return [reply(packet, [((*column, old[0] + 1), OCTET_STRING, b"x" * 1000)])]

    async def main():
        async with agent(handler) as (_, where):
            looking = looker(where, v2c())
            return looking, await looking.look()

    looking, reading = asyncio.run(main())
    assert looking.count("snmp_walk_aborted", reason="too_many_bytes") == 3
    assert 10 <= len(reading.interfaces) <= 20


def test_n8_an_answer_without_variables_ends_the_walk(simulated, looker, v2c, serve_one, faults):
    looking, reading = serve_one(simulated(faults=faults(empty=1.0)), looker, v2c())
    assert isinstance(reading, Reading)
    assert looking.count("snmp_walk_aborted", reason="empty") == 3


# N9: packets that no decoder should meet


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

    looking, reading, requests = asyncio.run(main())
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

    error = asyncio.run(main())
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

    reading = asyncio.run(main())
    assert reading.facts["sys_descr"] == "x" * 1024


def test_n9_a_flood_of_wrong_packets_ends_the_request(agent, looker, v2c, reply):
    async def main():
        flood = lambda packet: [truncated(packet, reply)] * 200  # noqa: E731
        async with agent(flood) as (peer, where):
            return await looker(where, v2c()).look(), len(peer.requests)

    error, requests = asyncio.run(main())
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

    reading = asyncio.run(main())
    assert reading.facts["sys_descr"] == "a switch"
    assert reading.uptime_s == (2**32 - 256) / 100


# N10: answers from elsewhere, late, twice, or to nobody


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

    looking, reading, requests = asyncio.run(main())
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

    looking, error = asyncio.run(main())
    assert error.outcome is Outcome.UNREACHABLE
    assert error.reason == "timeout"
    assert looking.count("snmp_rejected", reason="elsewhere") == 3


def test_n10_a_late_answer_to_an_old_request_is_not_taken_for_the_new_one(
    agent, looker, v2c, reply
):
    held = []

    def handler(packet):
        pdu = pdu_of(packet)
        if pdu.kind == GET:
            held.append(reply(packet, [(SYS_NAME, OCTET_STRING, b"old")]))
            return [reply(packet, [(SYS_NAME, OCTET_STRING, b"sw-01")])]
        ended = [(None, None, tlv(0x30, b"\x06\x01\x2b\x82\x00")) for _ in pdu.names]
        return [held[0], reply(packet, ended)]

    async def main():
        async with agent(handler) as (_, where):
            looking = looker(where, v2c())
            return looking, await looking.look()

    looking, reading = asyncio.run(main())
    assert reading.problems == ()
    assert looking.count("snmp_rejected", reason="no_request") == 3


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

    looking, reading = asyncio.run(main())
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

    numbers = asyncio.run(main())
    assert len(set(numbers)) == len(numbers)
    steps = [abs(after - before) for before, after in itertools.pairwise(numbers)]
    assert min(steps) > 1000
    assert len(ports) > 1


def test_a_closed_port_is_a_refusal_at_once(looker, v2c):
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as taken:
        taken.bind(("127.0.0.1", 0))
        where = taken.getsockname()
    error = asyncio.run(looker(where, v2c(), timeout="30s", deadline="40s").look())
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

    reading, after = asyncio.run(main())
    assert reading.problems == ()
    assert len(reading.interfaces) == 28
    assert "::1" in {claim.value for claim in reading.claims}
    assert after.reason == "connection_refused"


# N11: SNMPv3 engines that restart, forget, or share their id


@pytest.fixture
def v3_agent(recording):
    """V3Agent of the switch: v3_agent(engine id, boots, users)."""
    device = Device(recording("switch_ruijie"))

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
        looking, *readings = asyncio.run(main())
    finally:
        for engine in engines:
            engine.close()
    for reading in readings:
        assert isinstance(reading, Reading), reading
        assert reading.problems == ()
        assert len(reading.interfaces) == 28
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
        looking, reading = asyncio.run(main())
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
        first, second, lookers = asyncio.run(main())
    finally:
        for engine in engines:
            engine.close()
    assert first == second
    for looking in lookers:
        assert looking.count("snmp_rejected", reason="security") == 0


# N12: one table that fails


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

    reading = asyncio.run(main())
    assert len(reading.problems) == 1
    assert word in reading.problems[0]
    assert "ifName" in reading.problems[0]
    assert len(reading.interfaces) == 28
    assert all(interface.mac and interface.if_type == 6 for interface in reading.interfaces[:24])
    assert reading.interfaces[0].counter_bits == 32
    assert reading.facts["model"] == "RG-S2910-24GT4SFP-L"


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

    reading = asyncio.run(main())
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

    reading = asyncio.run(main())
    assert reading.facts == {"sys_name": "old"}
    assert [interface.name for interface in reading.interfaces] == ["port 1"]
    assert reading.problems == ()


# N5, N7: silence and slowness are bounded


def test_n5_a_black_hole_costs_three_packets_and_no_more(agent, looker, v2c):
    async def main():
        async with agent(lambda packet: []) as (peer, where):
            looking = looker(where, v2c(), **QUICK)
            return await looking.look(), len(peer.requests), looking

    error, requests, looking = asyncio.run(main())
    assert error.outcome is Outcome.UNREACHABLE
    assert requests == 3
    assert looking.count("snmp_retries") == 2


def test_n5_a_device_that_dies_during_a_look_leaves_what_it_said(agent, looker, v2c, honest):
    left = [6]

    def handler(packet):
        left[0] -= 1
        return [honest(packet)] if left[0] > 0 else []

    async def main():
        async with agent(handler) as (peer, where):
            return await looker(where, v2c(), **QUICK).look(), len(peer.requests)

    reading, requests = asyncio.run(main())
    assert reading.facts["sys_name"] == "switch-ruijie"
    assert 0 < len(reading.interfaces) < 28
    assert len(reading.problems) == 1
    assert "no answer" in reading.problems[0]
    assert requests == 5 + 3 + 3


def test_n7_an_agent_that_trickles_is_ended_by_the_deadline_and_its_part_is_kept(
    simulated, looker, v2c, serve_one, faults
):
    device = simulated(faults=faults(delay_s=0.09))
    times = {"timeout": "200ms", "deadline": "600ms"}
    looking, reading = serve_one(device, looker, v2c(), **times)
    assert reading.facts["sys_name"] == "switch-ruijie"
    assert 0 < len(reading.interfaces) < 28
    assert any("deadline" in problem for problem in reading.problems)
    assert looking.count("snmp_walk_aborted", reason="deadline") >= 1
