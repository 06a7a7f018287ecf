"""Programs that are installed and running, as HOST-RESOURCES-MIB (RFC 2790) lists them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from collectors.snmp.session import Oid, Rows, Value
from collectors.snmp.text import oid, text
from inventory.equipment import ProgramReading

PROGRAMS_PROBE: Oid = oid("1.3.6.1.2.1.25.6.3.1.2")
RUNNING_PROBE: Oid = oid("1.3.6.1.2.1.25.4.2.1.2")

PROGRAMS: dict[str, Oid] = {
    "hrSWInstalledName": PROGRAMS_PROBE,
    "hrSWInstalledDate": oid("1.3.6.1.2.1.25.6.3.1.5"),
}
RUNNING: dict[str, Oid] = {"hrSWRunName": RUNNING_PROBE}

MAX_PROGRAMS = 3000
MAX_RUNNING = 500
"""Kept of one device: a Linux with a desktop has some 2,500 packages."""

_FIRST_YEAR = 1990


def installed_of(rows: Rows) -> Mapping[str, str]:
    """Name -> the last day on which a program of this name was installed, '' where not said."""
    found: dict[str, str] = {}
    for index, value in sorted(rows.get("hrSWInstalledName", {}).items()):
        if name := text(value):
            day = day_of(rows.get("hrSWInstalledDate", {}).get(index))
            found[name] = max(day, found.get(name, ""))
        if len(found) >= MAX_PROGRAMS:
            break
    return found


def running_of(rows: Rows) -> frozenset[str]:
    """Names of what runs, each once."""
    names = {text(value) for _, value in sorted(rows.get("hrSWRunName", {}).items())}
    return frozenset(sorted(names - {""})[:MAX_RUNNING])


def programs_of(
    installed: Mapping[str, str], running: frozenset[str]
) -> tuple[ProgramReading, ...]:
    """Both lists as one, by name."""
    return tuple(
        ProgramReading(name, installed.get(name, ""), name in running)
        for name in sorted(installed.keys() | running)
    )


def day_of(value: Value | None) -> str:
    """The day of a DateAndTime (RFC 2579), '' for what is none.

    >>> day_of(bytes([0x07, 0xEA, 11, 20, 3, 0, 0, 0])), day_of(bytes(8)), day_of(None)
    ('2026-11-20', '', '')
    """
    if not isinstance(value, bytes) or len(value) not in (8, 11):
        return ""
    year = int.from_bytes(value[:2], "big")
    try:
        day = dt.date(year, value[2], value[3])
    except ValueError:
        return ""
    return day.isoformat() if year >= _FIRST_YEAR else ""
