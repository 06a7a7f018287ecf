"""What the standard tables say of ports, neighbours, addresses and parts, and what they may not."""

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp import ups
from collectors.snmp.topology import addresses, bridge, cdp, ethernet, index, lldp, modules, poe
from inventory.equipment import (
    AddressReading,
    ModuleReading,
    NeighbourReading,
    PoeReading,
    StationReading,
    UpsReading,
    VlanReading,
)

NAMES = {1: "Gi1/0/1", 2: "Gi1/0/2", 10101: "Gi1/0/1 of a stack"}
MAC = (0, 26, 43, 60, 77, 94)


def test_the_examples_of_the_indexes_hold():
    assert doctest.testmod(index).failed == 0


def lldp_rows(at=(0, 1, 1), **cells):
    rows = {
        "lldpRemChassisIdSubtype": 4,
        "lldpRemChassisId": bytes(MAC),
        "lldpRemPortIdSubtype": 5,
        "lldpRemPortId": b"ether5",
        "lldpRemSysName": b"router-xa",
        "lldpRemSysDesc": b"RouterOS",
        "lldpRemSysCapEnabled": b"\x28",
    } | cells
    return {name: {at: value} for name, value in rows.items()}


def test_a_neighbour_is_known_by_its_port_and_ours():
    rows = lldp_rows()
    rows["lldpRemManAddrIfSubtype"] = {
        (0, 1, 1, 2, 16, *bytes(15), 1): 2,
        (0, 1, 1, 1, 4, 192, 168, 1, 1): 2,
    }
    assert lldp.lldp_neighbours(rows, NAMES) == (
        NeighbourReading(
            "lldp",
            "Gi1/0/1",
            "001a2b3c4d5e",
            "ether5",
            "router-xa",
            "RouterOS",
            ("bridge", "router"),
            "192.168.1.1",
        ),
    )


def test_a_management_address_whose_length_is_a_lie_is_not_read():
    rows = lldp_rows()
    rows["lldpRemManAddrIfSubtype"] = {
        (0, 1, 1, 1, 5, 10, 0, 0, 1): 2,
        (0, 1, 1, 1, 4, 10, 0, 0, 256): 2,
        (0, 1, 1, 1, 4, 10, 0, 0): 2,
        (0, 1, 1): 2,
    }
    assert lldp.lldp_neighbours(rows, NAMES)[0].address == ""


@pytest.mark.parametrize(("name", "count"), [(b"", 0), (b"ap-1", 1)])
def test_a_row_of_zeros_is_a_neighbour_only_if_it_says_who(name, count):
    rows = lldp_rows(lldpRemChassisId=bytes(6), lldpRemSysName=name)
    assert len(lldp.lldp_neighbours(rows, NAMES)) == count


def test_of_a_row_that_came_again_the_newest_counts():
    rows = lldp_rows(at=(100, 1, 1), lldpRemSysName=b"old")
    for name, column in lldp_rows(at=(900, 1, 1), lldpRemSysName=b"new").items():
        rows[name] = {**rows[name], **column}
    assert [n.name for n in lldp.lldp_neighbours(rows, NAMES)] == ["new"]


@pytest.mark.parametrize(
    ("kind", "own", "descr", "name"),
    [
        (5, b"Gi1/0/2", b"", "Gi1/0/2"),
        (7, b"2", b"", "Gi1/0/2"),
        (3, bytes(MAC), b"Gi1/0/2", "Gi1/0/2"),
        (7, b"some port", b"", "Gi1/0/1"),
        (None, None, None, "Gi1/0/1"),
    ],
)
def test_the_local_port_is_named_however_the_device_counts_its_ports(kind, own, descr, name):
    rows = lldp_rows()
    local = {
        "lldpLocPortIdSubtype": kind,
        "lldpLocPortId": own,
        "lldpLocPortDesc": descr,
    }
    rows |= {column: {(1,): value} for column, value in local.items() if value is not None}
    assert lldp.lldp_neighbours(rows, NAMES)[0].local_port == name


@pytest.mark.parametrize("at", [(7,), (0, 0, 7)])
def test_the_port_of_a_neighbour_of_routeros_is_in_its_own_mib(at):
    rows = lldp_rows(at=at, lldpRemChassisId=b"6C:3B:6B:E4:21:3E")
    rows["mtxrNeighborInterfaceID"] = {(7,): 2}
    (neighbour,) = lldp.lldp_neighbours(rows, NAMES)
    assert (neighbour.local_port, neighbour.chassis_id) == ("Gi1/0/2", "6c3b6be4213e")
    del rows["mtxrNeighborInterfaceID"]
    assert lldp.lldp_neighbours(rows, NAMES)[0].local_port == ""


def test_a_port_that_is_called_by_its_mac_is_shown_by_its_description():
    rows = lldp_rows(lldpRemPortIdSubtype=3, lldpRemPortId=bytes(MAC), lldpRemPortDesc=b"eth0")
    assert lldp.lldp_neighbours(rows, NAMES)[0].port == "eth0"
    rows = lldp_rows(lldpRemPortIdSubtype=3, lldpRemPortId=bytes(MAC))
    assert lldp.lldp_neighbours(rows, NAMES)[0].port == "001a2b3c4d5e"


def test_a_chassis_may_be_called_by_its_address():
    rows = lldp_rows(lldpRemChassisIdSubtype=5, lldpRemChassisId=b"\x01\x0a\x00\x00\x07")
    assert lldp.lldp_neighbours(rows, NAMES)[0].chassis_id == "10.0.0.7"


def test_a_cdp_neighbour_is_known_by_its_name():
    rows = {
        "cdpCacheDeviceId": {(2, 1): b"sw-tang2.xa.vn"},
        "cdpCacheDevicePort": {(2, 1): b"FastEthernet0/24"},
        "cdpCachePlatform": {(2, 1): b"cisco WS-C2960-24TT-L"},
        "cdpCacheAddressType": {(2, 1): 1},
        "cdpCacheAddress": {(2, 1): bytes([10, 1, 1, 2])},
        "cdpCacheCapabilities": {(2, 1): bytes([0, 0, 0, 0x28])},
    }
    assert cdp.cdp_neighbours(rows, NAMES) == (
        NeighbourReading(
            "cdp",
            "Gi1/0/2",
            "sw-tang2.xa.vn",
            "FastEthernet0/24",
            "sw-tang2.xa.vn",
            "cisco WS-C2960-24TT-L",
            ("bridge",),
            "10.1.1.2",
        ),
    )


FDB = {
    "dot1dBasePortIfIndex": {(1,): 101, (2,): 102},
    "dot1qTpFdbPort": {(1, *MAC): 1, (20, *MAC): 1, (1, 0, 1, 2, 3, 4, 5): 2},
    "dot1qTpFdbStatus": {(1, *MAC): 3, (20, *MAC): 3, (1, 0, 1, 2, 3, 4, 5): 3},
}


def test_a_mac_that_two_vlans_learned_is_one_station():
    ports = bridge.ports_of(FDB)
    assert ports == {1: 101, 2: 102}
    assert bridge.stations_of(FDB, ports) == (
        StationReading("000102030405", if_index=102),
        StationReading("001a2b3c4d5e", if_index=101),
    )
    assert bridge.counts_of(FDB, ports) == {101: 1, 102: 1}


def test_what_was_not_learned_is_no_station():
    rows = {
        "dot1dTpFdbPort": {MAC: 1, (0, 1, 2, 3, 4, 5): 0, (1, 0, 94, 0, 0, 1): 1, (1, 2, 3): 1},
        "dot1dTpFdbStatus": {MAC: 4},
    }
    assert bridge.stations_of(rows, {1: 101}) == ()


def test_stations_are_bounded_and_all_of_them_counted():
    rows = {
        "dot1dTpFdbPort": {(0, 0, 0, 1, n >> 8, n & 255): 1 for n in range(3_000)},
        "dot1dTpFdbStatus": {},
    }
    assert len(bridge.stations_of(rows, {1: 5})) == bridge.MAX_STATIONS
    assert bridge.counts_of(rows, {1: 5}) == {5: 3_000}


def test_vlans_have_names_and_ports_their_membership():
    rows = {
        "dot1qVlanStaticName": {(1,): b"default", (20,): "Một cửa".encode(), (9999,): b"rubbish"},
        "dot1qVlanStaticEgressPorts": {(1,): b"\x80", (20,): b"\xc0"},
        "dot1qVlanStaticUntaggedPorts": {(1,): b"\x80", (20,): b"\x40"},
        "dot1qPvid": {(1,): 1, (2,): 20, (3,): 0},
    }
    assert bridge.vlans_of(rows) == (VlanReading(1, "default"), VlanReading(20, "Một cửa"))
    assert bridge.vlans_of_ports(rows, {1: 101, 2: 102, 3: 103}) == {
        101: bridge.PortVlans(1, 1),
        102: bridge.PortVlans(20, 0),
    }


def test_membership_as_it_is_goes_before_as_it_is_configured():
    rows = {
        "dot1qVlanStaticEgressPorts": {(20,): b"\xff"},
        "dot1qVlanCurrentEgressPorts": {(0, 20): b"\x80"},
        "dot1qVlanCurrentUntaggedPorts": {(0, 20): b"\x00"},
    }
    assert bridge.vlans_of_ports(rows, {1: 1, 2: 2}) == {1: bridge.PortVlans(None, 1)}
    assert bridge.vlans_of(rows) == (VlanReading(20),)


def test_power_of_ports_and_of_their_source():
    rows = {
        "pethPsePortAdminEnable": {(1, 1): 1, (1, 2): 2, (1, 3): 1},
        "pethPsePortDetectionStatus": {(1, 1): 3, (1, 2): 2, (1, 3): 77},
        "pethPsePortPowerClassifications": {(1, 1): 4, (1, 2): 1},
        "pethMainPsePower": {(1,): 370},
        "pethMainPseOperStatus": {(1,): 1},
        "pethMainPseConsumptionPower": {(1,): 41},
    }
    assert poe.sources_of(rows) == (PoeReading(1, 370.0, 41.0, True),)
    assert poe.powers_of(rows, {1: 101}) == {
        101: poe.PortPower("delivering", 3),
        2: poe.PortPower("off", None),
    }


def test_ports_of_several_sources_that_count_alike_are_not_guessed_at():
    rows = {"pethPsePortDetectionStatus": {(1, 1): 3, (2, 1): 2}}
    assert poe.powers_of(rows, {1: 101}) == {}


def test_duplex_is_full_half_or_not_known():
    assert ethernet.duplex_of(
        {"dot3StatsDuplexStatus": {(1,): 3, (2,): 2, (3,): 1, (4, 4): 3}}
    ) == {
        1: "full",
        2: "half",
    }


def test_addresses_of_the_new_table_and_of_the_old_one():
    origin = (1, 3, 6, 1, 2, 1, 4, 32, 1, 5)
    v6 = (2, 16, 0x20, 1, 0xD, 0xB8, *bytes(11), 1)
    rows = {
        "ipAddressIfIndex": {(1, 4, 10, 0, 0, 1): 2, v6: 2, (1, 4, 10, 0, 0, 255): 2},
        "ipAddressType": {(1, 4, 10, 0, 0, 255): 3},
        "ipAddressPrefix": {
            (1, 4, 10, 0, 0, 1): (0, 0),
            v6: (*origin, 2, 2, 16, 0x20, 1, 0xD, 0xB8, *bytes(12), 64),
        },
        "ipAdEntIfIndex": {(10, 0, 0, 1): 2, (127, 0, 0, 1): 1, (10, 0, 9): 3, (10, 0, 0, 700): 4},
        "ipAdEntNetMask": {(10, 0, 0, 1): bytes([255, 255, 255, 0])},
    }
    assert addresses.addresses_of(rows) == (
        AddressReading("10.0.0.1", 24, 2),
        AddressReading("2001:db8::1", 64, 2),
    )


def test_a_mask_with_holes_is_no_prefix():
    rows = {
        "ipAdEntIfIndex": {(10, 0, 0, 1): 2},
        "ipAdEntNetMask": {(10, 0, 0, 1): bytes([255, 0, 255, 0])},
    }
    assert addresses.addresses_of(rows) == (AddressReading("10.0.0.1", None, 2),)


def test_those_that_were_seen_have_a_mac_and_an_address():
    rows = {
        "ipNetToPhysicalPhysAddress": {(3, 1, 4, 10, 0, 0, 9): bytes(MAC)},
        "ipNetToMediaPhysAddress": {
            (3, 10, 0, 0, 9): bytes(MAC),
            (3, 10, 0, 0, 10): bytes(MAC),
            (3, 10, 0, 0, 11): b"",
        },
        "ipNetToMediaType": {(3, 10, 0, 0, 10): 2},
    }
    assert addresses.neighbourhood_of(rows) == (StationReading("001a2b3c4d5e", "10.0.0.9", 3),)


def entity(**rows):
    columns = {}
    for name, cells in rows.items():
        number = int(name[1:])
        for cell, value in cells.items():
            columns.setdefault(f"entPhysical{cell}", {})[(number,)] = value
    return columns


def test_the_tree_has_what_can_be_exchanged_and_not_every_port():
    rows = entity(
        e1={"Class": 3, "ContainedIn": 0, "Name": b"Switch 1", "SerialNum": b"DEMO1"},
        e2={"Class": 5, "ContainedIn": 1, "Name": b"Slot"},
        e3={"Class": 6, "ContainedIn": 2, "Name": b"Power 1", "ModelName": b"N/A"},
        e4={"Class": 10, "ContainedIn": 1, "Name": b"Gi1/0/1", "SerialNum": b"OPTIC7"},
        e5={"Class": 10, "ContainedIn": 1, "Name": b"Gi1/0/2", "SerialNum": b"N/A"},
        e6={"Class": 8, "ContainedIn": 3, "Name": b"Temp"},
    )
    assert modules.modules_of(rows) == (
        ModuleReading(1, 0, "chassis", "Switch 1", serial="DEMO1"),
        ModuleReading(3, 1, "power_supply", "Power 1"),
        ModuleReading(4, 1, "port", "Gi1/0/1", serial="OPTIC7"),
    )


def test_parts_that_are_in_each_other_end_at_the_top():
    rows = entity(
        e1={"Class": 9, "ContainedIn": 2, "Name": b"a"},
        e2={"Class": 5, "ContainedIn": 3, "Name": b"b"},
        e3={"Class": 5, "ContainedIn": 2, "Name": b"c"},
        e4={"Class": 9, "ContainedIn": 4, "Name": b"d"},
    )
    assert [(m.index, m.parent) for m in modules.modules_of(rows)] == [(1, 0), (4, 0)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {
                "upsOutputSource": 5,
                "upsEstimatedChargeRemaining": 64,
                "upsEstimatedMinutesRemaining": 12,
                "upsOutputPercentLoad.1": 20,
                "upsOutputPercentLoad.2": 33,
                "upsBatteryStatus": 3,
            },
            UpsReading(True, 0.64, 0.33, 720.0, "low"),
        ),
        (
            {
                "upsBasicOutputStatus": 2,
                "upsAdvBatteryRunTimeRemaining": 162_000,
                "upsAdvBatteryCapacity": 100,
                "upsAdvOutputLoad": 17,
                "upsBasicBatteryStatus": 2,
            },
            UpsReading(False, 1.0, 0.17, 1620.0, "normal"),
        ),
        (
            {"xupsOutputSource": 3, "xupsBatTimeRemaining": 3155},
            UpsReading(False, runtime_s=3155.0),
        ),
        ({"upsmgOutputOnBattery": 1, "upsmgBatteryLevel": 55}, UpsReading(True, 0.55)),
        (
            {"cps.upsBaseOutputStatus": 3, "cps.upsAdvanceBatteryRunTimeRemaining": 180_000},
            UpsReading(True, runtime_s=1800.0),
        ),
        (
            {"dupsOutputSource": 0, "dupsBatteryCapacity": 90, "dupsOutputLoad1": 12},
            UpsReading(False, 0.9, 0.12),
        ),
        ({"dupsOutputSource": 7}, None),
        ({"upsOutputSource": 1, "upsEstimatedChargeRemaining": 655}, None),
        ({"upsEstimatedMinutesRemaining": 65535, "upsOutputSource": b"5"}, None),
        ({}, None),
    ],
)
def test_a_ups_says_on_what_it_runs_and_for_how_long(values, expected):
    assert ups.ups_of(values) == expected


VALUES = st.integers(-(2**31), 2**64) | st.binary(max_size=40) | st.tuples(st.integers(0, 2**32))
ARCS = st.integers(0, 300) | st.integers(0, 2**32 - 1)
SOME = settings(max_examples=40)
"""Each draws dozens of tables."""
COLUMNS = st.dictionaries(st.lists(ARCS, max_size=12).map(tuple), VALUES, max_size=6)


def rows_of(objects):
    return st.fixed_dictionaries({}, optional=dict.fromkeys(objects, COLUMNS))


@SOME
@given(rows_of(lldp.LLDP), rows_of(cdp.CDP))
def test_neighbours_of_rubbish_are_values(one, other):
    for neighbour in (*lldp.lldp_neighbours(one, NAMES), *cdp.cdp_neighbours(other, NAMES)):
        assert len(neighbour.descr) <= 512
        assert neighbour.protocol in ("lldp", "cdp")


@SOME
@given(rows_of({**bridge.BRIDGE_PORTS, **bridge.FORWARDING, **bridge.VLANS}), rows_of(poe.POE))
def test_ports_of_rubbish_are_values(rows, power):
    ports = bridge.ports_of(rows)
    assert all(station.if_index for station in bridge.stations_of(rows, ports))
    assert all(count > 0 for count in bridge.counts_of(rows, ports).values())
    assert all(1 <= vlan.number <= 4094 for vlan in bridge.vlans_of(rows))
    bridge.vlans_of_ports(rows, ports)
    assert all(power.state for power in poe.powers_of(power, ports).values())
    assert all((source.budget_watts or 1) > 0 for source in poe.sources_of(power))


@SOME
@given(rows_of(addresses.ADDRESSES), rows_of(addresses.NEIGHBOURHOOD), rows_of(modules.MODULES))
def test_addresses_and_parts_of_rubbish_are_values(own, seen, parts):
    assert all(address.address for address in addresses.addresses_of(own))
    assert all(len(station.mac) == 12 for station in addresses.neighbourhood_of(seen))
    numbers = {module.index for module in modules.modules_of(parts)}
    assert all(m.parent == 0 or m.parent in numbers for m in modules.modules_of(parts))
