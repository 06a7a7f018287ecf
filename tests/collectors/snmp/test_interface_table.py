"""Interfaces over many looks: what moves is read at each, the whole table where it must be."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp.interface_table import WHOLE_EVERY_S
from collectors.snmp.interfaces import INTERFACES, interfaces_of, moved, moving_columns
from collectors.snmp.system import SYSTEM

WHOLE = tuple(INTERFACES)


@pytest.fixture
def engine():
    """The session here is a dictionary, whatever the engine is."""
    return "hatang"


@pytest.fixture
def switch(dictionary_session):
    return dictionary_session("switch_ruijie")


@pytest.fixture
def looks(looker, v2c, switch):
    """Looks at the switch, one for each of some times in seconds; before(n): runs before each."""

    def run(times_s, before=lambda n: None):
        looking = looker(("127.0.0.1", 161), v2c(), session=switch)

        async def main():
            found = []
            for n, now_s in enumerate(times_s):
                before(n)
                looking.monotonic = lambda now_s=now_s: now_s
                found.append(await looking.look())
            return found

        return asyncio.run(main())

    return run


def tables(session):
    """Each time that interfaces were asked for: `whole`, or the columns left out."""
    walks = [asked for asked in session.asked if "ifOperStatus" in asked]
    return ["whole" if asked == WHOLE else set(WHOLE) - set(asked) for asked in walks]


def cell(name, index):
    return (*INTERFACES[name], index)


MOVES_NOT = {
    "ifDescr", "ifType", "ifSpeed", "ifPhysAddress", "ifAlias", "ifInOctets", "ifOutOctets",
}  # fmt: skip


def test_the_next_looks_read_what_moves_and_know_the_rest(looks, switch):
    def count(n):
        switch.values[cell("ifHCInOctets", 3)] = 1000 + n
        switch.values[cell("ifOperStatus", 5)] = 2 if n else 1

    first, second, third = looks([0, 60, 120], count)
    assert tables(switch) == ["whole", MOVES_NOT, MOVES_NOT]
    assert [reading.interfaces[2].in_octets for reading in (first, second, third)] == [
        1000,
        1001,
        1002,
    ]
    assert [reading.interfaces[4].oper_up for reading in (first, second, third)] == [
        True,
        False,
        False,
    ]
    for before, after in zip(first.interfaces, third.interfaces, strict=True):
        assert (before.name, before.alias, before.mac, before.speed_bps, before.if_type) == (
            after.name,
            after.alias,
            after.mac,
            after.speed_bps,
            after.if_type,
        )


def test_the_whole_table_is_read_again_in_time(looks, switch):
    def describe(n):
        switch.values[cell("ifAlias", 1)] = b"to the post office" if n else b""

    readings = looks([0, 1, WHOLE_EVERY_S + 1], describe)
    assert tables(switch) == ["whole", MOVES_NOT, "whole"]
    assert [reading.interfaces[0].alias for reading in readings] == ["", "", "to the post office"]


@pytest.mark.parametrize(
    ("name", "value"), [("ifName", b"another port"), ("ifHighSpeed", 10)], ids=["name", "speed"]
)
def test_another_name_or_speed_has_the_whole_table_read_at_once(looks, switch, name, value):
    def change(n):
        if n:
            switch.values[cell(name, 2)] = value
            switch.values[cell("ifSpeed", 2)] = 10_000_000
            switch.values[cell("ifAlias", 2)] = b"new"

    _, second, _ = looks([0, 60, 120], change)
    assert tables(switch) == ["whole", MOVES_NOT, "whole", MOVES_NOT]
    assert second.interfaces[1].alias == "new"
    assert second.problems == ()
    assert name != "ifName" or second.interfaces[1].name == "another port"
    assert name != "ifHighSpeed" or second.interfaces[1].speed_bps == 10_000_000


def test_a_port_more_has_the_whole_table_read_at_once(looks, switch):
    def plug(n):
        if n:
            for name in INTERFACES:
                switch.values[cell(name, 99)] = switch.values[cell(name, 1)]

    first, second = looks([0, 60], plug)
    assert len(second.interfaces) == len(first.interfaces) + 1
    assert second.interfaces[-1].mac == first.interfaces[0].mac


@pytest.mark.parametrize("sign", ["sysName", "sysUpTime"])
def test_another_device_or_a_restart_has_the_whole_table_read(looks, switch, sign):
    def swap(n):
        if n:
            switch.values[SYSTEM[sign]] = b"other" if sign == "sysName" else 6000
            switch.values[SYSTEM["snmpEngineTime"]] = 1000 if sign == "sysName" else 60
            switch.values[cell("ifPhysAddress", 1)] = bytes.fromhex("00005e005301")

    _, second = looks([0, 60], swap)
    assert tables(switch) == ["whole", "whole"]
    assert second.interfaces[0].mac == "00005e005301"


def test_what_was_lost_on_the_way_is_asked_for_whole_at_the_next_look(looks, switch):
    def lose(n):
        switch.lost = {"ifHCInOctets"} if n == 1 else set()

    first, second, third = looks([0, 60, 120], lose)
    assert tables(switch) == ["whole", MOVES_NOT, "whole"]
    assert second.problems == ("ifHCInOctets: genErr",)
    assert [port.in_octets for port in second.interfaces] == [None] * len(first.interfaces)
    assert [port.mac for port in second.interfaces] == [port.mac for port in first.interfaces]
    assert third.interfaces == first.interfaces


def test_an_agent_with_short_counters_alone_is_asked_for_those(looks, switch):
    for index in range(1, 29):
        for name in ("ifHCInOctets", "ifHCOutOctets"):
            switch.values.pop(cell(name, index), None)
        switch.values[cell("ifInOctets", index)] = 7
    _, second = looks([0, 60])
    left_out = {"ifDescr", "ifType", "ifSpeed", "ifPhysAddress", "ifAlias"}
    assert tables(switch) == ["whole", left_out | {"ifHCInOctets", "ifHCOutOctets"}]
    assert {(port.counter_bits, port.in_octets) for port in second.interfaces} == {(32, 7)}


counters = st.none() | st.integers(0, 2**32 - 1)
"""Of what is no octets: a device may leave any cell out."""


@st.composite
def two_looks(draw):
    """The rows of a whole table, and of the same one later, which has no columns that it had not;
    octets as agents really have them."""
    agent = draw(st.sampled_from(["long", "short", "both", "dead", "ragged"]))
    looks = [{name: {} for name in INTERFACES} for _ in range(2)]
    for index in draw(st.lists(st.integers(1, 60), min_size=1, max_size=8, unique=True)):
        still = {
            "ifDescr": draw(st.none() | st.just(b"port")),
            "ifName": draw(st.none() | st.sampled_from([b"", b"Gi0/1", b"Gi0/2"])),
            "ifAlias": draw(st.none() | st.just(b"alias")),
            "ifType": draw(st.none() | st.just(6)),
            "ifSpeed": draw(st.sampled_from([None, 0, 10**9, 2**32 - 1])),
            "ifHighSpeed": draw(st.sampled_from([None, 0, 1000, 10_000])),
        }
        octets = [draw(st.integers(0, 2**33)) for _ in range(2)]
        more = [draw(st.integers(0, 2**33)) if octets[at] else 0 for at in range(2)]
        kinds = ["long", "both", "none"] if agent == "ragged" else [agent, "none"]
        kind = draw(st.sampled_from(kinds))
        for rows, add in zip(looks, ([0, 0], more), strict=True):
            values = still | {
                name: draw(counters) for name in INTERFACES if "Err" in name or "Disc" in name
            }
            values |= {name: draw(st.sampled_from([None, 1, 2, 7])) for name in STATES}
            for at, way in enumerate(("In", "Out")):
                now = octets[at] + add[at]
                if kind in ("long", "both", "dead"):
                    values[f"ifHC{way}Octets"] = 0 if kind == "dead" else now
                if kind in ("short", "both", "dead"):
                    values[f"if{way}Octets"] = now % 2**32
            for name, value in values.items():
                if value is not None:
                    rows[name][(index,)] = value
    before, now = looks
    return before, {name: cells if before[name] else {} for name, cells in now.items()}


STATES = ("ifAdminStatus", "ifOperStatus")


@settings(max_examples=60)
@given(two_looks())
def test_what_moves_and_what_is_known_make_the_whole(looks):
    before, now = looks
    known = interfaces_of(before)
    some = {name: now[name] for name in moving_columns(before, known)}
    # Where the whole of ifTable is lost, rows of ifXTable alone would count, which did not before.
    indexes = {port.index for port in known}
    expected = [port for port in interfaces_of(now) if port.index in indexes]
    found = {port.index: port for port in moved(known, some, {})}
    for port in expected:
        if port.index in found:
            assert found[port.index] == port
    silent = [port for port in expected if port.index not in found]
    assert all(port.in_octets is port.oper_up is port.in_errors is None for port in silent)
