"""Neighbours that LLDP-MIB (IEEE 802.1AB-2005) shows: who is at the other end of each port."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.snmp.session import Oid, Rows, Value
from collectors.snmp.text import bits, inet_address, mac, number, oid, shown, text
from collectors.snmp.topology.index import octets_of
from inventory.equipment import NeighbourReading

_LLDP = oid("1.0.8802.1.1.2.1")
_LOCAL_PORT = (*_LLDP, 3, 7, 1)
_REMOTE = (*_LLDP, 4, 1, 1)
_MANAGEMENT = (*_LLDP, 4, 2, 1)

LLDP: dict[str, Oid] = {
    "lldpLocPortIdSubtype": (*_LOCAL_PORT, 2),
    "lldpLocPortId": (*_LOCAL_PORT, 3),
    "lldpLocPortDesc": (*_LOCAL_PORT, 4),
    "lldpRemChassisIdSubtype": (*_REMOTE, 4),
    "lldpRemChassisId": (*_REMOTE, 5),
    "lldpRemPortIdSubtype": (*_REMOTE, 6),
    "lldpRemPortId": (*_REMOTE, 7),
    "lldpRemPortDesc": (*_REMOTE, 8),
    "lldpRemSysName": (*_REMOTE, 9),
    "lldpRemSysDesc": (*_REMOTE, 10),
    "lldpRemSysCapEnabled": (*_REMOTE, 12),
    "lldpRemManAddrIfSubtype": (*_MANAGEMENT, 3),
    "mtxrNeighborInterfaceID": oid("1.3.6.1.4.1.14988.1.1.11.1.1.8"),
}
"""The columns that are walked, together; lldpRemManAddrIfSubtype for its index, which holds the
address, and MIKROTIK-MIB's for the port, which RouterOS leaves out of lldpRemTable."""

LLDP_PROBE = (*_REMOTE, 7)
"""Has rows where there is a neighbour."""

MAX_NEIGHBOURS = 1_000
"""Of one device; a hub behind a port may show dozens there."""

_CAPABILITIES = {
    0: "other",
    1: "repeater",
    2: "bridge",
    3: "wlan_access_point",
    4: "router",
    5: "telephone",
    6: "docsis",
    7: "station",
}
_CHASSIS_MAC, _CHASSIS_NETWORK = 4, 5
_PORT_MAC, _PORT_NETWORK = 3, 4
_PORT_NAME, _PORT_LOCAL = 5, 7
_MAX_DESCR = 255


def lldp_neighbours(rows: Rows, names: Mapping[int, str]) -> tuple[NeighbourReading, ...]:
    """One for each row of lldpRemTable, in the order of local ports. names: ifIndex -> ifName.

    A row's index is (time mark, local port, number); of one port and number the newest counts.
    RouterOS has the number alone, or 0 for the other two, and its own MIB the port.
    """
    addresses = _management_addresses(rows)
    newest: dict[tuple[int, int], Oid] = {}
    for index in rows.get("lldpRemPortId", {}) or rows.get("lldpRemChassisId", {}):
        if len(index) in (1, 3):
            key = (_local(rows, index), index[-1])
            newest[key] = max(index, newest.get(key, index))
    found = [
        _neighbour(rows, index, names, addresses)
        for _, index in sorted(newest.items())[:MAX_NEIGHBOURS]
    ]
    # Some switches keep a row of zeros for a port without a neighbour.
    return tuple(one for one in found if one.chassis_id or one.name or one.address)


def _neighbour(
    rows: Rows, index: Oid, names: Mapping[int, str], addresses: Mapping[Oid, str]
) -> NeighbourReading:
    def cell(name: str) -> Value | None:
        return rows.get(name, {}).get(index)

    chassis_kind = number(cell("lldpRemChassisIdSubtype"))
    port_kind = number(cell("lldpRemPortIdSubtype"))
    port = _name(
        cell("lldpRemPortId"), is_mac=port_kind == _PORT_MAC, is_address=port_kind == _PORT_NETWORK
    )
    readable = port_kind == _PORT_NAME
    return NeighbourReading(
        protocol="lldp",
        local_port=_local_port(rows, _local(rows, index), names),
        chassis_id=_name(
            cell("lldpRemChassisId"),
            is_mac=chassis_kind == _CHASSIS_MAC,
            is_address=chassis_kind == _CHASSIS_NETWORK,
        ),
        port=port if readable else text(cell("lldpRemPortDesc")) or port,
        name=text(cell("lldpRemSysName")),
        descr=text(cell("lldpRemSysDesc"), _MAX_DESCR),
        capabilities=tuple(
            name for bit, name in _CAPABILITIES.items() if bit in bits(cell("lldpRemSysCapEnabled"))
        ),
        address=addresses.get(index, ""),
    )


def _local(rows: Rows, index: Oid) -> int:
    """The number of the local port in an index; 0 where it has none and RouterOS says none."""
    if len(index) == 3 and index[1]:
        return index[1]
    return number(rows.get("mtxrNeighborInterfaceID", {}).get(index[-1:])) or 0


def _local_port(rows: Rows, local: int, names: Mapping[int, str]) -> str:
    """The name of our port: lldpLocPortNum is an ifIndex on most devices, and on others a number
    of its own, for which lldpLocPortTable gives the name; 0 is no port (RouterOS)."""
    index = (local,)
    kind = number(rows.get("lldpLocPortIdSubtype", {}).get(index))
    own = shown(rows.get("lldpLocPortId", {}).get(index)) if kind != _PORT_MAC else ""
    known = set(names.values())
    descr = text(rows.get("lldpLocPortDesc", {}).get(index))
    for candidate in (own, descr):
        if candidate in known:
            return candidate
    if kind == _PORT_LOCAL and own.isdecimal() and int(own) in names:
        return names[int(own)]
    if local in names:
        return names[local]
    return own or descr or (str(local) if local else "")


def _name(value: Value | None, *, is_mac: bool, is_address: bool) -> str:
    """A chassis or port id by its subtype; a network address begins with its IANA family."""
    if isinstance(value, bytes):
        if is_mac and (found := mac(value)):
            return found
        if is_address and value[:1] in (b"\x01", b"\x02"):
            return inet_address(value[0], value[1:])
    return shown(value)


def _management_addresses(rows: Rows) -> dict[Oid, str]:
    """Index of a neighbour -> its first management address, IPv4 before IPv6.

    The index is (time mark, local port, number, family, length, octets ...).
    """
    found: dict[Oid, str] = {}
    for index in sorted(rows.get("lldpRemManAddrIfSubtype", {})):
        if len(index) < 6 or len(index) != 5 + index[4]:
            continue
        octets = octets_of(index[5:])
        address = inet_address(index[3], octets) if octets is not None else ""
        if address:
            found.setdefault(index[:3], address)
    return found
