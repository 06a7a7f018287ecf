"""Programs that protect, known by the beginning of their names; a table.

What protects by running (anti-malware, packet filters) must run where a device says what runs;
else being installed is all that is known. A backup program runs only while it copies.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from inventory.equipment import ProgramReading
from inventory.readiness.facts import Programs

_TABLE = Path(__file__).parents[1] / "data" / "protection.csv"
_MUST_RUN = frozenset({"antivirus", "firewall"})

LIST_MAX = 3000
"""A list of so many programs may have been cut short."""


@cache
def _table() -> tuple[tuple[str, str, str], ...]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple((r["kind"], r["beginning"], r["product"]) for r in csv.DictReader(file))


def protection_in(programs: Iterable[ProgramReading]) -> dict[str, str]:
    """Kind of protection (antivirus, firewall, backup) -> the program that gives it.

    >>> protection_in([ProgramReading("clamd", running=True), ProgramReading("sophos")])
    {'antivirus': 'ClamAV'}
    """
    known = [(program.name.lower(), program.running) for program in programs]
    says_what_runs = any(running for _, running in known)
    found: dict[str, str] = {}
    for kind, beginning, product in _table():
        must_run = says_what_runs and kind in _MUST_RUN
        if kind not in found and any(
            name.startswith(beginning) and (running or not must_run) for name, running in known
        ):
            found[kind] = product
    return found


def programs_seen(programs: Iterable[ProgramReading], at_s: float) -> Programs:
    """What a device said of its programs at a moment, as facts."""
    known = tuple(programs)
    installed = [p for p in known if p.installed_on or not p.running]
    days = [p.installed_on for p in installed if p.installed_on]
    return Programs(
        names=tuple(p.name.lower() for p in known),
        at_s=at_s,
        # What runs is no list of what is installed.
        is_whole=bool(installed) and len(known) < LIST_MAX,
        protection=protection_in(known),
        changed_on=dt.date.fromisoformat(max(days)) if days else None,
    )
