"""BRIDGE-MIB (RFC 4188) and Q-BRIDGE-MIB (RFC 4363): who is behind a port, and its VLANs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from collectors.snmp.session import Oid, Rows
from collectors.snmp.text import bits, number, oid, text
from collectors.snmp.topology.index import MAC_LENGTH, mac_of
from inventory.equipment import StationReading, VlanReading

_BRIDGE = oid("1.3.6.1.2.1.17")
_FDB = (*_BRIDGE, 4, 3, 1)
_Q_FDB = (*_BRIDGE, 7, 1, 2, 2, 1)
_VLAN_CURRENT = (*_BRIDGE, 7, 1, 4, 2, 1)
_VLAN_STATIC = (*_BRIDGE, 7, 1, 4, 3, 1)

BRIDGE_PORTS: dict[str, Oid] = {"dot1dBasePortIfIndex": (*_BRIDGE, 1, 4, 1, 2)}
"""Which interface a bridge's port is; all other tables here count by such ports."""

FORWARDING: dict[str, Oid] = {
    "dot1qTpFdbPort": (*_Q_FDB, 2),
    "dot1qTpFdbStatus": (*_Q_FDB, 3),
    "dot1dTpFdbPort": (*_FDB, 2),
    "dot1dTpFdbStatus": (*_FDB, 3),
}
"""MAC addresses that were learned, with and without VLANs."""

VLANS: dict[str, Oid] = {
    "dot1qVlanStaticName": (*_VLAN_STATIC, 1),
    "dot1qVlanStaticEgressPorts": (*_VLAN_STATIC, 2),
    "dot1qVlanStaticUntaggedPorts": (*_VLAN_STATIC, 4),
    "dot1qVlanCurrentEgressPorts": (*_VLAN_CURRENT, 4),
    "dot1qVlanCurrentUntaggedPorts": (*_VLAN_CURRENT, 5),
    "dot1qPvid": (*_BRIDGE, 7, 1, 4, 5, 1, 1),
}
"""VLANs as they are configured and as they are."""

MAX_STATIONS = 2_000
"""MAC addresses that are kept of one device; all are counted."""

MAX_VLAN = 4094

_LEARNED = 3


@dataclass(frozen=True, slots=True)
class PortVlans:
    """The VLANs of one interface: untagged, and how many tagged ones."""

    untagged: int | None
    tagged: int


def ports_of(rows: Rows) -> dict[int, int]:
    """Port of the bridge -> ifIndex."""
    return {
        index[0]: if_index
        for index, value in rows.get("dot1dBasePortIfIndex", {}).items()
        if len(index) == 1 and (if_index := number(value)) is not None and if_index > 0
    }


def stations_of(rows: Rows, ports: Mapping[int, int]) -> tuple[StationReading, ...]:
    """Learned MAC addresses and the interface that each was last seen on, at most MAX_STATIONS.

    ports: as ports_of gives. Port 0 is "not known where" (RFC 4188); where a device shows no
    dot1dBasePortTable, nobody can tell which interface a port is.
    """
    stations = [
        StationReading(mac, if_index=ports[port])
        for mac, port in sorted(_learned(rows).items())
        if port in ports
    ]
    return tuple(stations[:MAX_STATIONS])


def counts_of(rows: Rows, ports: Mapping[int, int]) -> dict[int, int]:
    """ifIndex -> how many MAC addresses are behind it."""
    counted = Counter(ports[port] for port in _learned(rows).values() if port in ports)
    return dict(counted)


def vlans_of(rows: Rows) -> tuple[VlanReading, ...]:
    """The configured VLANs by number; where only dot1qVlanCurrentTable is there, without names."""
    names = {
        index[0]: text(value)
        for index, value in rows.get("dot1qVlanStaticName", {}).items()
        if len(index) == 1 and 1 <= index[0] <= MAX_VLAN
    }
    current = {
        index[1]
        for index in rows.get("dot1qVlanCurrentEgressPorts", {})
        if len(index) == 2 and 1 <= index[1] <= MAX_VLAN
    }
    return tuple(VlanReading(n, names.get(n, "")) for n in sorted(names.keys() | current))


def vlans_of_ports(rows: Rows, ports: Mapping[int, int]) -> dict[int, PortVlans]:
    """ifIndex -> its VLANs: dot1qPvid, and membership as it is, else as it is configured."""
    tagged: Counter[int] = Counter()
    for egress, untagged in _members(rows):
        tagged.update(egress - untagged)
    pvid = {
        index[0]: vlan
        for index, value in rows.get("dot1qPvid", {}).items()
        if len(index) == 1 and (vlan := number(value)) is not None and 1 <= vlan <= MAX_VLAN
    }
    return {
        if_index: PortVlans(pvid.get(port), tagged[port])
        for port, if_index in ports.items()
        if port in pvid or port in tagged
    }


def _learned(rows: Rows) -> dict[str, int]:
    """MAC -> port of the bridge. The table with VLANs has what the other has, and more; an entry
    without a status counts, since some devices leave that column out."""
    found: dict[str, int] = {}
    for table, mac_from in (("dot1qTpFdb", 1), ("dot1dTpFdb", 0)):
        status = rows.get(f"{table}Status", {})
        for index, value in rows.get(f"{table}Port", {}).items():
            port = number(value)
            if port is None or len(index) != mac_from + MAC_LENGTH:
                continue
            mac = mac_of(index[mac_from:])
            if mac and port > 0 and number(status.get(index, _LEARNED)) == _LEARNED:
                found.setdefault(mac, port)
    return found


def _members(rows: Rows) -> Iterator[tuple[frozenset[int], frozenset[int]]]:
    """For each VLAN the ports that carry it, and those of them that do without a tag."""
    current = rows.get("dot1qVlanCurrentEgressPorts", {})
    table = "Current" if current else "Static"
    untagged = rows.get(f"dot1qVlan{table}UntaggedPorts", {})
    for index, value in rows.get(f"dot1qVlan{table}EgressPorts", {}).items():
        yield _port_list(value), _port_list(untagged.get(index))


def _port_list(value: object) -> frozenset[int]:
    octets = value if isinstance(value, bytes) else b""
    return frozenset(bit + 1 for bit in bits(octets))
