"""How long operating systems are supported by their makers; a dated table, not an opinion."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parents[1] / "data" / "os_support.csv"


@dataclass(frozen=True, slots=True)
class Support:
    """until: the last day of support, None where no end is set yet."""

    until: dt.date | None


@cache
def table() -> Mapping[str, dt.date | None]:
    """Beginning of a name in lower case -> last day of support, None for no end yet."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["prefix"]: dt.date.fromisoformat(row["supported_until"])
            if row["supported_until"]
            else None
            for row in csv.DictReader(file)
        }


def support_of(os: str) -> Support | None:
    """What the table says of an operating system by its name and version; None where it says
    nothing.

    >>> support_of("Microsoft Windows 10 Pro").until, support_of("BeOS")
    (datetime.date(2025, 10, 14), None)
    """
    name = " ".join(os.lower().replace("microsoft", "").split())
    known = [
        prefix
        for prefix in table()
        if name.startswith(prefix) and not name[len(prefix) :][:1].isdigit()
    ]
    return Support(table()[max(known, key=len)]) if known else None


def is_supported(os: str, day: dt.date) -> bool | None:
    """Whether an operating system has support on a day; None where the table does not say.

    >>> is_supported("Windows 7 Pro", dt.date(2026, 1, 1)), is_supported("BeOS", dt.date.max)
    (False, None)
    """
    found = support_of(os)
    return None if found is None else found.until is None or day <= found.until
