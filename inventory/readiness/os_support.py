"""How long operating systems are supported by their makers; a dated table, not an opinion.

The shipped table is `data/os_support.csv`, each row with its source. It names the end of free
support: paid extensions are not counted. Your own file (`readiness.os_support`) has the same
columns; a row with the same prefix replaces the shipped one.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SHIPPED = Path(__file__).parents[1] / "data" / "os_support.csv"
_COLUMNS = {"prefix", "supported_until", "source"}

BY_VERSION = "by version"
"""In place of a day: each version has a day of its own, so the name alone tells nothing."""

_NOISE = re.compile(
    r"\(.*?\)|[®™,]|\b(microsoft|version|gnu/linux|linux|lts|pro|professional|home|ultimate|standard"
    r"|datacenter|essentials|for workstations|single language|server edition|x64|64-bit|32-bit)\b"
)
"""What does not change how long something is supported."""

KNOWN_MAX = 10_000
"""How many names are remembered with what was found: they come from devices."""


@dataclass(frozen=True, slots=True)
class Support:
    """What the table says of an operating system. until: the last day of support, None where no
    end is named yet."""

    name: str
    until: dt.date | None
    source: str


class SupportTable:
    """Rows by the beginning of a name; see the module."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._rows: dict[str, Support | None] = {}
        self._known: dict[str, Support | None] = {}
        for row in rows:
            prefix, until = _name(row["prefix"]), row["supported_until"].strip()
            self._rows[prefix] = (
                None
                if until == BY_VERSION
                else Support(prefix, dt.date.fromisoformat(until) if until else None, row["source"])
            )

    def of(self, os: str) -> Support | None:
        """What is known of an operating system with its version; None where the table does not
        say, also where the version decides and is not given."""
        if os not in self._known:
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            self._known[os] = self._look_up(_name(os))
        return self._known[os]

    def _look_up(self, name: str) -> Support | None:
        found = max((p for p in self._rows if _begins(name, p)), key=len, default="")
        return self._rows.get(found)


@cache
def shipped() -> SupportTable:
    """The shipped table."""
    return SupportTable(_read(_SHIPPED))


def read_table(own: Path | None) -> SupportTable:
    """The shipped table with the rows of one's own file. Raises OSError, and ValueError that says
    what is wrong in it."""
    return shipped() if own is None else SupportTable([*_read(_SHIPPED), *_read(own)])


def support_of(os: str) -> Support | None:
    """What the shipped table says of an operating system; see `SupportTable.of`.

    >>> support_of("Windows 11 Pro 24H2").until, support_of("Windows 11 Pro"), support_of("BeOS")
    (datetime.date(2026, 10, 13), None, None)
    """
    return shipped().of(os)


def is_supported(os: str, day: dt.date, table: SupportTable | None = None) -> bool | None:
    """Whether an operating system has support on a day; None where the table does not say.

    >>> is_supported("Windows 7 Pro", dt.date(2026, 1, 1)), is_supported("BeOS", dt.date.max)
    (False, None)
    """
    found = (table or shipped()).of(os)
    if found is None:
        return None
    return found.until is None or day <= found.until


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not set(reader.fieldnames or ()) >= _COLUMNS:
            raise ValueError(f"{path}: the first line must be {','.join(sorted(_COLUMNS))}")
        rows = list(reader)
    for number, row in enumerate(rows, 2):
        until = (row["supported_until"] or "").strip()
        try:
            if until and until != BY_VERSION:
                dt.date.fromisoformat(until)
        except ValueError:
            text = f"{path}:{number}: {until!r} is no day; write for example 2026-10-13"
            raise ValueError(text) from None
        if not (row["prefix"] or "").strip() or row["source"] is None:
            raise ValueError(f"{path}:{number}: prefix and source must not be missing")
    return rows


def _name(os: str) -> str:
    name = _NOISE.sub(" ", os.lower())
    return " ".join(name.replace("education", "enterprise").split())


def _begins(name: str, prefix: str) -> bool:
    """Whether a name begins with a prefix and the number there ends too."""
    return name.startswith(prefix) and not name[len(prefix) :][:1].isalnum()
