"""IP-MIB (RFC 4293): the device's own addresses, and whom it has seen at which one (ARP, ND)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from collectors.snmp.session import Oid, Rows, Value
from collectors.snmp.text import mac, number, oid
from collectors.snmp.topology.index import inet_of, octets_of
from inventory.equipment import AddressReading, StationReading

_IP = oid("1.3.6.1.2.1.4")
_ADDRESS = (*_IP, 34, 1)
_OLD_ADDRESS = (*_IP, 20, 1)
_PREFIX_ORIGIN = (*_IP, 32, 1, 5)
_NEIGHBOUR = (*_IP, 35, 1)
_OLD_NEIGHBOUR = (*_IP, 22, 1)

ADDRESSES: dict[str, Oid] = {
    "ipAddressIfIndex": (*_ADDRESS, 3),
    "ipAddressType": (*_ADDRESS, 4),
    "ipAddressPrefix": (*_ADDRESS, 5),
    "ipAdEntIfIndex": (*_OLD_ADDRESS, 2),
    "ipAdEntNetMask": (*_OLD_ADDRESS, 3),
}
"""ipAddressTable, and ipAddrTable of older devices."""

NEIGHBOURHOOD: dict[str, Oid] = {
    "ipNetToPhysicalPhysAddress": (*_NEIGHBOUR, 4),
    "ipNetToPhysicalType": (*_NEIGHBOUR, 6),
    "ipNetToMediaPhysAddress": (*_OLD_NEIGHBOUR, 2),
    "ipNetToMediaType": (*_OLD_NEIGHBOUR, 4),
}
"""ipNetToPhysicalTable, and ipNetToMediaTable of older devices."""

MAX_ADDRESSES = 500
MAX_STATIONS = 2_000
"""Kept of one device; a core router has thousands."""

_BROADCAST, _INVALID = 3, 2


def addresses_of(rows: Rows) -> tuple[AddressReading, ...]:
    """The addresses by family and number, without broadcast, loopback and unset ones; at most
    MAX_ADDRESSES."""
    found: dict[str, AddressReading] = {}
    for address in (*_addresses(rows), *_old_addresses(rows)):
        known = found.get(address.address)
        if _is_of_interest(address.address) and (known is None or known.prefix is None):
            found[address.address] = address
    ordered = sorted(found.values(), key=lambda a: _place(a.address))
    return tuple(ordered[:MAX_ADDRESSES])


def neighbourhood_of(rows: Rows) -> tuple[StationReading, ...]:
    """MAC and address of those that were seen, by address; at most MAX_STATIONS."""
    found: dict[tuple[str, int], StationReading] = {}
    for station in (*_neighbours(rows), *_old_neighbours(rows)):
        if _is_of_interest(station.address):
            found.setdefault((station.address, station.if_index or 0), station)
    ordered = sorted(found.values(), key=lambda s: _place(s.address))
    return tuple(ordered[:MAX_STATIONS])


def _addresses(rows: Rows) -> Iterator[AddressReading]:
    for index, value in rows.get("ipAddressIfIndex", {}).items():
        if number(rows.get("ipAddressType", {}).get(index)) != _BROADCAST:
            prefix = _prefix_of(rows.get("ipAddressPrefix", {}).get(index))
            yield _address(inet_of(index), prefix, value)


def _old_addresses(rows: Rows) -> Iterator[AddressReading]:
    for index, value in rows.get("ipAdEntIfIndex", {}).items():
        octets = octets_of(index)
        if octets is not None and len(octets) == 4:
            prefix = _prefix_of_mask(rows.get("ipAdEntNetMask", {}).get(index))
            yield _address(str(ipaddress.IPv4Address(octets)), prefix, value)


def _address(address: str, prefix: int | None, if_index: Value) -> AddressReading:
    bits = 128 if ":" in address else 32
    known = prefix if prefix is not None and 0 < prefix <= bits else None
    interface = number(if_index)
    return AddressReading(address, known, interface if interface and interface > 0 else None)


def _prefix_of(pointer: Value | None) -> int | None:
    """The length in a row pointer to ipAddressPrefixTable: ifIndex, type, length, octets, bits."""
    if not isinstance(pointer, tuple) or pointer[: len(_PREFIX_ORIGIN)] != _PREFIX_ORIGIN:
        return None
    rest = pointer[len(_PREFIX_ORIGIN) :]
    is_whole = len(rest) >= 4 and len(rest) == 4 + rest[2]
    return rest[-1] if is_whole else None


def _prefix_of_mask(value: Value | None) -> int | None:
    """None for a mask whose ones are not all in front."""
    if not isinstance(value, bytes) or len(value) != 4:
        return None
    ones = f"{int.from_bytes(value, 'big'):032b}"
    return ones.count("1") if "01" not in ones else None


def _neighbours(rows: Rows) -> Iterator[StationReading]:
    """The index is (ifIndex, type, length, octets ...)."""
    for index, value in rows.get("ipNetToPhysicalPhysAddress", {}).items():
        kind = number(rows.get("ipNetToPhysicalType", {}).get(index))
        if index and kind != _INVALID and (found := mac(value)):
            yield StationReading(found, inet_of(index[1:]), index[0])


def _old_neighbours(rows: Rows) -> Iterator[StationReading]:
    """The index is (ifIndex, four octets)."""
    for index, value in rows.get("ipNetToMediaPhysAddress", {}).items():
        kind = number(rows.get("ipNetToMediaType", {}).get(index))
        octets = octets_of(index[1:]) if len(index) == 5 else None
        if octets is not None and kind != _INVALID and (found := mac(value)):
            yield StationReading(found, str(ipaddress.IPv4Address(octets)), index[0])


def _is_of_interest(address: str) -> bool:
    if not address:
        return False
    ip = ipaddress.ip_address(address)
    return not (ip.is_loopback or ip.is_unspecified or ip.is_multicast)


def _place(address: str) -> tuple[int, int]:
    ip = ipaddress.ip_address(address)
    return ip.version, int(ip)
