"""Candidates for the inbox from what registered devices see beside them."""

import pytest

from config.discovery import Discovery
from inventory.equipment import NeighbourReading, StationReading
from inventory.neighbours import AGAIN_AFTER_S, Neighbours
from inventory.observation import Claim, ClaimKind, Observation, Outcome, Reading
from inventory.sighting import How

SWEPT = Discovery.model_validate(
    {"communes": [{"code": "22849", "ranges": ["10.20.0.0/24"], "exclude": ["10.20.0.9"]}]}
)


@pytest.fixture
def told():
    return []


@pytest.fixture
def take(told):
    """take(neighbours=…, stations=…, monotonic_s=…): one observation of SW-01."""
    neighbours = Neighbours(told.append, SWEPT)

    def observe(monotonic_s=0.0, **reading):
        neighbours.take(
            Observation(
                "n",
                "e",
                "SW-01/snmp",
                1,
                "snmp",
                1000.0,
                monotonic_s,
                0.1,
                Outcome.OK,
                reading=Reading(**reading),
            )
        )

    return observe


def test_a_neighbour_on_a_cable_is_a_candidate_wherever_it_is(take, told):
    switch = NeighbourReading(
        "lldp",
        "Gi0/1",
        chassis_id="00:1a:2b:3c:4d:5e",
        name="sw-02",
        descr="RG-S2910",
        capabilities=("bridge",),
        address="192.0.2.7",
    )
    take(neighbours=(switch,))
    (seen,) = told
    assert (seen.how, seen.address, seen.mac) == (How.NEIGHBOUR, "192.0.2.7", "001a2b3c4d5e")
    assert seen.claims == (Claim(ClaimKind.SYS_NAME, "sw-02"),)
    assert seen.asset_class == "switch"
    assert seen.note == "LLDP neighbour of SW-01 on Gi0/1"
    assert seen.facts == {"sys_name": "sw-02", "sys_descr": "RG-S2910"}


@pytest.mark.parametrize(
    ("capabilities", "asset_class"),
    [
        (("bridge", "telephone"), "phone"),
        (("bridge", "wlan_access_point", "router"), "access_point"),
        (("bridge", "router"), "switch"),
        (("router",), "router"),
        (("station",), ""),
        ((), ""),
    ],
)
def test_its_class_is_what_it_can_do(take, told, capabilities, asset_class):
    take(neighbours=(NeighbourReading("cdp", "1", name="x", capabilities=capabilities),))
    assert told[0].asset_class == asset_class


def test_an_arp_table_counts_only_inside_the_ranges_that_are_swept(take, told):
    stations = tuple(
        StationReading("001a2b3c4d5e", address)
        for address in ("10.20.0.7", "10.20.0.9", "203.0.113.9", "", "fe80::1%2", "nonsense")
    )
    take(stations=stations)
    assert [(seen.address, seen.note) for seen in told] == [
        ("10.20.0.7", "in the ARP table of SW-01")
    ]


def test_the_same_neighbour_is_told_of_once_an_hour(take, told):
    seen = (NeighbourReading("lldp", "1", name="sw-02"),)
    take(neighbours=seen)
    take(60.0, neighbours=seen)
    assert len(told) == 1
    take(AGAIN_AFTER_S + 1, neighbours=seen)
    assert len(told) == 2


def test_a_neighbour_that_says_nothing_at_all_is_no_candidate(take, told):
    take(neighbours=(NeighbourReading("lldp", "1", chassis_id="not a mac"),))
    assert told == []


def test_a_look_that_read_no_neighbours_tells_of_nobody(take, told):
    take()
    assert told == []
