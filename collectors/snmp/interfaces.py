"""ifTable and ifXTable (RFC 2863) as interfaces: 64-bit counters first, names as the device has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from collectors.snmp.session import Oid, Rows
from collectors.snmp.text import mac, oid, text
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

_WORDS = frozenset({"ifDescr", "ifName", "ifAlias", "ifPhysAddress"})
"""The other columns hold numbers."""
_IS_UP = {1: True, 2: False, 3: False, 5: False, 6: False, 7: False}
"""ifAdminStatus and ifOperStatus; unknown(4) and what ifTable does not define say nothing."""
_ERRORS = ("ifInErrors", "ifOutErrors", "ifInDiscards", "ifOutDiscards")
_LONG, _SHORT = ("ifHCInOctets", "ifHCOutOctets"), ("ifInOctets", "ifOutOctets")
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
    cells = {name: _column(rows, name).get for name in INTERFACES}
    return tuple(
        _interface(cells, index, known.get(index[0], ""), ports.get(index[0]))
        for index in sorted(indexes)
    )


def moving_columns(rows: Rows, found: Sequence[InterfaceReading]) -> dict[str, Oid]:
    """The columns that tell of these interfaces what moves, and whether they are still the same:
    names, speeds, states and counters, as far as the whole table `rows` has them."""
    indexes = [(interface.index,) for interface in found]
    if_name, high = rows.get("ifName", {}), rows.get("ifHighSpeed", {})
    wanted = ["ifName", "ifHighSpeed", "ifAdminStatus", "ifOperStatus", *_ERRORS]
    if not all(text(if_name.get(index)) for index in indexes):
        wanted.append("ifDescr")
    if not all(high.get(index) for index, at in zip(indexes, found, strict=True) if at.speed_bps):
        wanted.append("ifSpeed")
    bits = {interface.counter_bits for interface in found}
    counts = any(interface.in_octets or interface.out_octets for interface in found)
    if bits != {32}:
        wanted += _LONG
    if bits != {64} or not counts:  # long counters that stand still may not be implemented
        wanted += _SHORT
    return {name: oid for name, oid in INTERFACES.items() if name in wanted and rows.get(name)}


def signs_of(rows: Rows) -> int:
    """A number that differs, as good as always, where interfaces, names or speeds do."""
    names = ("ifName", "ifDescr", "ifHighSpeed", "ifSpeed")
    columns = [rows.get(name, {}) for name in names]
    return hash(tuple((tuple(column), tuple(column.values())) for column in columns))


def moved(
    known: Iterable[InterfaceReading], rows: Rows, ports: Mapping[int, PortReading]
) -> tuple[InterfaceReading, ...]:
    """The same interfaces with what moves as it is now; without those of which nothing came."""
    cells = {name: _column(rows, name) for name in INTERFACES if name not in _WORDS}
    here = {index for column in cells.values() for index in column}
    get: dict[str, Callable[[Oid], Any]] = {name: column.get for name, column in cells.items()}
    admin, oper = get["ifAdminStatus"], get["ifOperStatus"]
    long_in, long_out, short_in, short_out = (get[name] for name in (*_LONG, *_SHORT))
    in_errors, out_errors, in_discards, out_discards = (get[name] for name in _ERRORS)
    found = []
    for was in known:
        index = (was.index,)
        if index not in here:
            continue
        bits, in_octets, out_octets = _octets(
            long_in(index), long_out(index), short_in(index), short_out(index)
        )
        found.append(
            InterfaceReading(
                was.index,
                was.name,
                was.alias,
                was.if_type,
                was.mac,
                was.speed_bps,
                _IS_UP.get(admin(index)),
                _IS_UP.get(oper(index)),
                bits,
                in_octets,
                out_octets,
                in_errors(index),
                out_errors(index),
                in_discards(index),
                out_discards(index),
                ports.get(was.index),
            )
        )
    return tuple(found)


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


def _column(rows: Rows, name: str) -> Mapping[Oid, Any]:
    """A column's cells, of a column of numbers without what is none."""
    column = rows.get(name, {})
    if name in _WORDS or set(map(type, column.values())) <= {int}:
        return column
    return {index: value for index, value in column.items() if isinstance(value, int)}


def _interface(
    cells: Mapping[str, Callable[[Oid], Any]], index: Oid, known: str, port: PortReading | None
) -> InterfaceReading:
    bits, in_octets, out_octets = _octets(
        cells["ifHCInOctets"](index),
        cells["ifHCOutOctets"](index),
        cells["ifInOctets"](index),
        cells["ifOutOctets"](index),
    )
    return InterfaceReading(
        index=index[0],
        name=text(cells["ifName"](index))
        or known
        or text(cells["ifDescr"](index))
        or f"if{index[0]}",
        alias=text(cells["ifAlias"](index)),
        if_type=cells["ifType"](index),
        mac=mac(cells["ifPhysAddress"](index)),
        speed_bps=speed_bps(cells["ifHighSpeed"](index), cells["ifSpeed"](index)),
        admin_up=_IS_UP.get(cells["ifAdminStatus"](index)),
        oper_up=_IS_UP.get(cells["ifOperStatus"](index)),
        counter_bits=bits,
        in_octets=in_octets,
        out_octets=out_octets,
        in_errors=cells["ifInErrors"](index),
        out_errors=cells["ifOutErrors"](index),
        in_discards=cells["ifInDiscards"](index),
        out_discards=cells["ifOutDiscards"](index),
        port=port,
    )


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


@lru_cache(maxsize=4096)
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
