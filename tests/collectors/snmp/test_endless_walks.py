"""N8: OIDs that repeat, fall back, or never end."""

import pytest

from collectors.snmp import walk
from collectors.snmp.interfaces import INTERFACES
from collectors.snmp.knowledge.chassis import CLASSES
from collectors.snmp.knowledge.host import HOST
from collectors.snmp.simulator.ber import COUNTER32, OCTET_STRING
from collectors.snmp.simulator.message import (
    GET,
    decode_message,
)
from inventory.observation import Reading
from tests.collectors.still_time import run_still

SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
COLUMNS = tuple((INTERFACES | HOST | CLASSES).values())


AFTER = (1, 3, 6, 1, 9)
"""No table of ours is behind it: an answer there says that a table has ended."""


def column_of(name):
    return next((column for column in COLUMNS if name[: len(column)] == column), AFTER)


def pdu_of(packet):
    return decode_message(packet).pdu


@pytest.mark.parametrize("kind", ["same", "cycle", "back"])
def test_n8_a_walk_ends_at_the_first_oid_that_does_not_increase(agent, looker, v2c, reply, kind):
    steps = {"same": (5, 5), "cycle": (5, 6, 7, 5, 6, 7), "back": (9, 4)}[kind]
    walked = 0

    def handler(packet):
        nonlocal walked
        pdu = pdu_of(packet)
        if pdu.kind == GET:
            return [reply(packet, [(SYS_NAME, OCTET_STRING, b"liar")])]
        walked += column_of(pdu.names[0]) is not AFTER
        rows = [
            ((*column_of(name), step), OCTET_STRING, b"x") for step in steps for name in pdu.names
        ]
        return [reply(packet, rows[: len(pdu.names) * max(1, pdu.second)])]

    async def main():
        async with agent(handler) as (_, where):
            looking = looker(where, v2c())
            return looking, await looking.look()

    looking, reading = run_still(main())
    assert any("not increasing" in problem for problem in reading.problems)
    assert looking.count("snmp_walk_aborted", reason="not_increasing") == 4
    assert walked <= 4 * 2  # four walks, each over at most one PDU after the first bad OID
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

    looking, reading = run_still(main())
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

    looking, reading = run_still(main())
    assert looking.count("snmp_walk_aborted", reason="too_many_bytes") == 3
    assert 10 <= len(reading.interfaces) <= 20


def test_n8_an_answer_without_variables_ends_the_walk(simulated, looker, v2c, serve_one, faults):
    looking, reading = serve_one(simulated(faults=faults(empty=1.0)), looker, v2c())
    assert isinstance(reading, Reading)
    assert looking.count("snmp_walk_aborted", reason="empty") > 1
