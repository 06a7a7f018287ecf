"""ifTable and ifXTable (RFC 2863) as interfaces: 64-bit counters first, names as the device has."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.snmp.session import Oid, Value
from collectors.snmp.text import mac, number, oid, text
from inventory.observation import InterfaceReading

IF_ENTRY = oid("1.3.6.1.2.1.2.2.1")
IFX_ENTRY = oid("1.3.6.1.2.1.31.1.1.1")
IF_DESCR, IF_TYPE, IF_SPEED, IF_PHYS_ADDRESS = ((*IF_ENTRY, n) for n in (2, 3, 5, 6))
IF_ADMIN_STATUS, IF_OPER_STATUS = (*IF_ENTRY, 7), (*IF_ENTRY, 8)
IF_IN_OCTETS, IF_IN_DISCARDS, IF_IN_ERRORS = ((*IF_ENTRY, n) for n in (10, 13, 14))
IF_OUT_OCTETS, IF_OUT_DISCARDS, IF_OUT_ERRORS = ((*IF_ENTRY, n) for n in (16, 19, 20))
IF_NAME, IF_HC_IN_OCTETS, IF_HC_OUT_OCTETS = ((*IFX_ENTRY, n) for n in (1, 6, 10))
IF_HIGH_SPEED, IF_ALIAS = (*IFX_ENTRY, 15), (*IFX_ENTRY, 18)

IF_COLUMNS = (
    *(IF_DESCR, IF_TYPE, IF_SPEED, IF_PHYS_ADDRESS, IF_ADMIN_STATUS, IF_OPER_STATUS),
    *(IF_IN_OCTETS, IF_IN_DISCARDS, IF_IN_ERRORS),
    *(IF_OUT_OCTETS, IF_OUT_DISCARDS, IF_OUT_ERRORS),
)
IFX_COLUMNS = (IF_NAME, IF_HC_IN_OCTETS, IF_HC_OUT_OCTETS, IF_HIGH_SPEED, IF_ALIAS)

_UP = 1
_GAUGE_FULL = 2**32 - 1
_MAX_MBIT = 10_000_000
"""10 Tbit/s: more is no speed but a mistake of the agent's."""


def interfaces_of(columns: Mapping[Oid, Mapping[Oid, Value]]) -> tuple[InterfaceReading, ...]:
    """One reading for each ifIndex that either table has, by ifIndex."""
    indexes = sorted(
        {
            index[0]
            for column in (*IF_COLUMNS, *IFX_COLUMNS)
            for index in columns.get(column, {})
            if len(index) == 1
        }
    )
    return tuple(_interface(columns, index) for index in indexes)


def _interface(columns: Mapping[Oid, Mapping[Oid, Value]], index: int) -> InterfaceReading:
    def cell(column: Oid) -> Value | None:
        return columns.get(column, {}).get((index,))

    hc_in, hc_out = number(cell(IF_HC_IN_OCTETS)), number(cell(IF_HC_OUT_OCTETS))
    # Some agents have the columns and leave them at 0; others have one of the two only.
    has_hc = hc_in is not None and hc_out is not None
    return InterfaceReading(
        index=index,
        name=text(cell(IF_NAME)) or text(cell(IF_DESCR)) or str(index),
        alias=text(cell(IF_ALIAS)),
        if_type=number(cell(IF_TYPE)),
        mac=mac(cell(IF_PHYS_ADDRESS)),
        speed_bps=speed_bps(number(cell(IF_HIGH_SPEED)), number(cell(IF_SPEED))),
        admin_up=_is_up(cell(IF_ADMIN_STATUS)),
        oper_up=_is_up(cell(IF_OPER_STATUS)),
        counter_bits=64 if has_hc else 32,
        in_octets=hc_in if has_hc else number(cell(IF_IN_OCTETS)),
        out_octets=hc_out if has_hc else number(cell(IF_OUT_OCTETS)),
        in_errors=number(cell(IF_IN_ERRORS)),
        out_errors=number(cell(IF_OUT_ERRORS)),
        in_discards=number(cell(IF_IN_DISCARDS)),
        out_discards=number(cell(IF_OUT_DISCARDS)),
    )


def speed_bps(high_mbit: int | None, speed: int | None) -> int | None:
    """Bits a second: ifHighSpeed where ifSpeed is full, absent or 0 (RFC 2863), else ifSpeed.

    >>> speed_bps(1000, 1000000000), speed_bps(10000, 4294967295), speed_bps(0, 0)
    (1000000000, 10000000000, None)
    """
    high = high_mbit * 1_000_000 if high_mbit and 0 < high_mbit <= _MAX_MBIT else None
    if speed and 0 < speed < _GAUGE_FULL:
        return speed
    return high


def _is_up(value: Value | None) -> bool | None:
    """up(1), anything else down; None where the device did not say."""
    status = number(value)
    return None if status is None else status == _UP
