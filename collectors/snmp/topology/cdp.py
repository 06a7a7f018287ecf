"""Neighbours that CISCO-CDP-MIB shows; devices of several makers speak it."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.snmp.session import Oid, Rows, Value
from collectors.snmp.text import inet_address, number, oid, shown, text
from inventory.equipment import NeighbourReading

_CACHE = oid("1.3.6.1.4.1.9.9.23.1.2.1.1")

CDP: dict[str, Oid] = {
    "cdpCacheAddressType": (*_CACHE, 3),
    "cdpCacheAddress": (*_CACHE, 4),
    "cdpCacheVersion": (*_CACHE, 5),
    "cdpCacheDeviceId": (*_CACHE, 6),
    "cdpCacheDevicePort": (*_CACHE, 7),
    "cdpCachePlatform": (*_CACHE, 8),
    "cdpCacheCapabilities": (*_CACHE, 9),
    "cdpCacheSysName": (*_CACHE, 17),
}
"""The columns that are walked, together."""

CDP_PROBE = (*_CACHE, 6)
"""Has rows where there is a neighbour."""

MAX_NEIGHBOURS = 1_000

_FAMILIES = {1: 1, 20: 2}
"""CiscoNetworkProtocol (ip, ipv6) -> InetAddressType."""

_CAPABILITIES = {
    0x01: "router",
    0x02: "bridge",
    0x08: "bridge",
    0x10: "station",
    0x40: "repeater",
    0x80: "telephone",
}
"""Bits of the capabilities TLV, in the words that LLDP has for them."""


def cdp_neighbours(rows: Rows, names: Mapping[int, str]) -> tuple[NeighbourReading, ...]:
    """One for each row of cdpCacheTable. names: ifIndex -> ifName; its index is (ifIndex, number).

    Cisco gives the name of a neighbour where LLDP has a chassis id.
    """
    indexes = sorted(i for i in rows.get("cdpCacheDeviceId", {}) if len(i) == 2)
    return tuple(_neighbour(rows, index, names) for index in indexes[:MAX_NEIGHBOURS])


def _neighbour(rows: Rows, index: Oid, names: Mapping[int, str]) -> NeighbourReading:
    def cell(name: str) -> Value | None:
        return rows.get(name, {}).get(index)

    device, address = shown(cell("cdpCacheDeviceId")), cell("cdpCacheAddress")
    family = _FAMILIES.get(number(cell("cdpCacheAddressType")) or 0)
    found = inet_address(family, address) if isinstance(address, bytes) else ""
    descr = ", ".join(
        filter(None, (text(cell("cdpCachePlatform")), text(cell("cdpCacheVersion"), 200)))
    )
    return NeighbourReading(
        protocol="cdp",
        local_port=names.get(index[0], str(index[0])),
        chassis_id=device,
        port=text(cell("cdpCacheDevicePort")),
        name=text(cell("cdpCacheSysName")) or device,
        descr=descr,
        capabilities=_capabilities(cell("cdpCacheCapabilities")),
        address="" if found in ("0.0.0.0", "::") else found,  # noqa: S104  nobody binds to it
    )


def _capabilities(value: Value | None) -> tuple[str, ...]:
    if not isinstance(value, bytes) or len(value) > 8:
        return ()
    flags = int.from_bytes(value, "big")
    return tuple(dict.fromkeys(name for bit, name in _CAPABILITIES.items() if flags & bit))
