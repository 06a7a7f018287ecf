"""What one look at a simulated device brings home of its parts and surroundings, over real
sockets; and which part waits when time is short."""

import asyncio

import pytest

from collectors.base import Steps
from collectors.snmp.asking import Asking
from collectors.snmp.topology.survey import EVERY_S, PROBES, RETRY_S, Survey
from inventory.equipment import PoeReading, PortReading, VlanReading


def test_a_switch_says_who_hangs_on_it_and_what_they_draw(simulated, serve_one, looker, v2c):
    _, reading = serve_one(simulated("switch_ruijie"), looker, v2c())
    assert reading.problems == ()
    assert [(n.local_port, n.name, n.port, n.address) for n in reading.neighbours] == [
        ("GigabitEthernet 0/1", "Router mot cua", "ether2", "192.168.88.1"),
        ("GigabitEthernet 0/2", "AP tang 2", "eth0", "192.168.88.12"),
        ("GigabitEthernet 0/4", "SIP-T31G", "WAN PORT", "192.168.88.31"),
    ]
    assert [n.capabilities for n in reading.neighbours] == [
        ("router",),
        ("bridge", "wlan_access_point"),
        ("bridge", "telephone"),
    ]
    (source,) = reading.poe
    assert source == PoeReading(1, 370.0, source.used_watts, True)
    assert reading.vlans == (
        VlanReading(1, "default"),
        VlanReading(20, "Mot cua"),
        VlanReading(30, "Wi-Fi khach"),
    )
    ports = {interface.index: interface.port for interface in reading.interfaces}
    assert ports[2] == PortReading("full", "delivering", 4, 1, 2, 8)
    assert ports[7] == PortReading("half", "searching", None, 20, 0, 1)
    assert ports[28] == PortReading("", "", None, 1, 0, 0)
    assert {(a.address, a.prefix) for a in reading.addresses} == {("192.168.88.2", 24)}
    assert [(m.kind, m.parent, bool(m.serial)) for m in reading.modules] == [
        ("chassis", 0, True),
        ("power_supply", 1, True),
        ("fan", 1, False),
    ]
    assert {(s.kind, s.unit) for s in reading.sensors} >= {
        ("temperature", "celsius"),
        ("fanspeed", "rpm"),
    }
    with_address = {s.mac: s for s in reading.stations if s.address}
    assert len(reading.stations) == 16
    assert {s.if_index for s in with_address.values()} == {1, 2, 4}


def test_a_ups_says_on_what_it_runs(simulated, serve_one, looker, v2c):
    _, reading = serve_one(simulated("ups_apc"), looker, v2c())
    assert reading.problems == ()
    assert reading.ups.on_battery is False
    assert 0.7 <= reading.ups.charge_ratio <= 1.0
    assert 0.2 <= reading.ups.load_ratio <= 0.6
    assert reading.ups.battery == "normal"
    assert {"charge", "temperature"} <= {sensor.kind for sensor in reading.sensors}


def test_a_ups_is_asked_at_every_look_and_its_sensors_are_not(simulated, serve_one, looker, v2c):
    _, reading = serve_one(simulated("ups_apc"), looker, v2c(), looks=2)
    assert reading.ups.on_battery is False
    assert reading.sensors is None


def test_a_printer_says_what_is_left(simulated, serve_one, looker, v2c):
    _, reading = serve_one(simulated("printer_hp"), looker, v2c())
    assert reading.problems == ()
    toner, paper = reading.supplies
    assert (toner.kind, toner.state) == ("toner", "ok")
    assert 15 <= toner.percent <= 95
    assert (paper.kind, paper.percent) == ("input", 48.0)


HAS = frozenset(PROBES)


@pytest.fixture
def survey_of(dictionary_session):
    """Runs a Survey's look at `now_s`: gives the fields that are new and what was asked."""
    session = dictionary_session("switch_ruijie")
    survey = Survey()

    def run(now_s, *, time_left=True, lost=()):
        session.lost = set(lost)
        session.asked = []
        problems = []

        async def main():
            until_s = asyncio.get_running_loop().time() + (60.0 if time_left else -1.0)
            asking = Asking(session, Steps(monotonic=lambda: now_s), until_s, problems)
            return await survey.run(asking, HAS, dict)

        return asyncio.run(main()), len(session.asked)

    return run


def test_a_look_without_time_left_leaves_topology_to_the_next_one(survey_of):
    assert survey_of(10.0, time_left=False) == ({}, 0)
    found, asked = survey_of(70.0)
    assert asked == 12
    assert len(found["neighbours"]) == 3


def test_between_reads_only_power_is_asked_for(survey_of):
    survey_of(10.0)
    assert survey_of(70.0) == ({}, 0)
    found, asked = survey_of(310.0)
    assert (list(found), asked) == (["poe"], 1)
    _, asked = survey_of(10.0 + EVERY_S)
    assert asked == 10


def test_half_a_table_does_not_replace_a_whole_one(survey_of):
    whole, _ = survey_of(10.0)
    found, _ = survey_of(20.0 + EVERY_S, lost={"lldpRemSysName"})
    assert len(whole["neighbours"]) == 3
    assert "neighbours" in found  # CDP was read well; LLDP stands as it was
    assert found["neighbours"] == whole["neighbours"]
    again, asked = survey_of(30.0 + EVERY_S + RETRY_S)
    assert asked == 2
    assert again["neighbours"] == whole["neighbours"]
