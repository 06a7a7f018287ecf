"""ifTable and ifXTable (RFC 2863) as interfaces: 64-bit counters first, names as the device has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from collectors.snmp.session import Oid, Rows, Value
from collectors.snmp.text import mac, number, oid, text
from inventory.equipment import PortReading
from inventory.observation import InterfaceReading

_IF_ENTRY = oid("1.3.6.1.2.1.2.2.1")
_IFX_ENTRY = oid("1.3.6.1.2.1.31.1.1.1")

INTERFACES: dict[str, Oid] = {
    "ifDescr": (*_IF_ENTRY, 2),
    "ifType": (*_IF_ENTRY, 3),
    "ifSpeed": (*_IF_ENTRY, 5),
    "ifPhysAddress": (*_IF_ENTRY, 6),
    "ifAdminStatus": (*_IF_ENTRY, 7),
    "ifOperStatus": (*_IF_ENTRY, 8),
    "ifInOctets": (*_IF_ENTRY, 10),
    "ifInDiscards": (*_IF_ENTRY, 13),
    "ifInErrors": (*_IF_ENTRY, 14),
    "ifOutOctets": (*_IF_ENTRY, 16),
    "ifOutDiscards": (*_IF_ENTRY, 19),
    "ifOutErrors": (*_IF_ENTRY, 20),
    "ifName": (*_IFX_ENTRY, 1),
    "ifHCInOctets": (*_IFX_ENTRY, 6),
    "ifHCOutOctets": (*_IFX_ENTRY, 10),
    "ifHighSpeed": (*_IFX_ENTRY, 15),
    "ifAlias": (*_IFX_ENTRY, 18),
}
"""The columns that are walked, together."""

_UP = 1
_STATES = range(1, 8)
_UNKNOWN = 4
_GAUGE_FULL = 2**32 - 1
_MAX_MBIT = 10_000_000
"""10 Tbit/s: more are bits a second in the wrong column (Fortinet, Cambium, Huawei MDUs)."""


def interfaces_of(
    rows: Rows,
    known: Mapping[int, str] = MappingProxyType({}),
    ports: Mapping[int, PortReading] = MappingProxyType({}),
) -> tuple[InterfaceReading, ...]:
    """One reading for each ifIndex of ifTable, in their order.

    known: ifIndex -> name, for rows whose ifName was lost on the way; without it they would be
    called by their ifDescr for once and look like other ports. ports: ifIndex -> what is known
    beside this.

    A row that only ifXTable has is no interface (RFC 2863 has it AUGMENT ifTable), unless the
    agent shows nothing of ifTable at all.
    """
    indexes = _indexes(rows, _IF_ENTRY) or _indexes(rows, _IFX_ENTRY)
    return tuple(
        _interface(rows, index, known.get(index[0], ""), ports.get(index[0]))
        for index in sorted(indexes)
    )


def names_of(rows: Rows) -> dict[int, str]:
    """ifIndex -> name, of those that have one."""
    return {
        index[0]: name
        for column in ("ifDescr", "ifName")
        for index, value in rows.get(column, {}).items()
        if len(index) == 1 and (name := text(value))
    }


def _indexes(rows: Rows, entry: Oid) -> set[Oid]:
    columns = (name for name, column in INTERFACES.items() if column[:-1] == entry)
    return {index for name in columns for index in rows.get(name, {}) if len(index) == 1}


def _interface(rows: Rows, index: Oid, known: str, port: PortReading | None) -> InterfaceReading:
    def cell(name: str) -> Value | None:
        return rows.get(name, {}).get(index)

    bits, in_octets, out_octets = _octets(*(number(cell(name)) for name in _OCTETS))
    return InterfaceReading(
        index=index[0],
        name=text(cell("ifName")) or known or text(cell("ifDescr")) or f"if{index[0]}",
        alias=text(cell("ifAlias")),
        if_type=number(cell("ifType")),
        mac=mac(cell("ifPhysAddress")),
        speed_bps=speed_bps(number(cell("ifHighSpeed")), number(cell("ifSpeed"))),
        admin_up=_is_up(cell("ifAdminStatus")),
        oper_up=_is_up(cell("ifOperStatus")),
        counter_bits=bits,
        in_octets=in_octets,
        out_octets=out_octets,
        in_errors=number(cell("ifInErrors")),
        out_errors=number(cell("ifOutErrors")),
        in_discards=number(cell("ifInDiscards")),
        out_discards=number(cell("ifOutDiscards")),
        port=port,
    )


_OCTETS = ("ifHCInOctets", "ifHCOutOctets", "ifInOctets", "ifOutOctets")


def _octets(
    long_in: int | None, long_out: int | None, short_in: int | None, short_out: int | None
) -> tuple[int, int | None, int | None]:
    """(bits, octets in, octets out).

    A 32-bit counter is the low half of the 64-bit one (RFC 2863 §3.1.6). Where the long ones
    stand at 0 beside short ones that count, they are not implemented, whatever the agent says.
    """
    has_long = long_in is not None or long_out is not None
    are_dead = not long_in and not long_out and bool(short_in or short_out)
    if has_long and not are_dead:
        return 64, long_in, long_out
    return 32, short_in, short_out


def speed_bps(high_mbit: int | None, speed: int | None) -> int | None:
    """Bits a second: ifHighSpeed where ifSpeed is full, absent or contradicts it, else the exacter
    ifSpeed (RFC 2863 §3.1.11); None where the interface has no speed (both 0) or does not say.

    >>> speed_bps(1000, 1000000000), speed_bps(10000, 4294967295), speed_bps(0, 64000)
    (1000000000, 10000000000, 64000)
    >>> speed_bps(10000, 1410065408), speed_bps(0, 0)  # 10 Gbit/s wrapped at 2^32
    (10000000000, None)
    """
    high = None
    if high_mbit is not None and high_mbit > 0:
        high = high_mbit * 1_000_000 if high_mbit <= _MAX_MBIT else high_mbit
    exact = speed if speed is not None and 0 < speed < _GAUGE_FULL else None
    if high is None or exact is None:
        return high if high is not None else exact
    return exact if abs(high - exact) <= 500_000 else high


def _is_up(value: Value | None) -> bool | None:
    """up(1) and anything else; None for unknown(4) and for what ifTable does not define."""
    state = number(value)
    if state not in _STATES or state == _UNKNOWN:
        return None
    return state == _UP
