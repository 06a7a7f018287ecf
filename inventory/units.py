"""Administrative units as of a date: official code, name, parent, validity and what became of them.

The table is data: Viet Nam's is shipped (docs/units.md says from where), another country brings a
CSV with the same columns. A unit is named by (code, day), because a code can live on under another
name and shape.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config.errors import Report, did_you_mean

SHIPPED = Path(__file__).parent / "data" / "units.csv"

REQUIRED = ("code", "level", "name", "parent")
OPTIONAL = ("valid_from", "valid_to", "successors", "latitude", "longitude", "area_km2")
ALWAYS = dt.date(1, 1, 1)

_BOUNDS = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "area_km2": (0.0, 2e7)}


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, district or commune between two days, both included; the key is
    (code, valid_from).

    code is text of the official list; successors are codes of the units that took its place.
    A code can live on under another name and shape, so a code alone names nothing.
    """

    code: str
    level: str
    name: str
    parent: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    successors: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether the unit exists on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class UnitTable:
    """All units of a country. digest changes with any cell of the table."""

    def __init__(self, units: list[Unit], digest: str) -> None:
        self.digest = digest
        self._units = units
        self._by_code: dict[str, list[Unit]] = defaultdict(list)
        self._by_parent: dict[str, list[Unit]] = defaultdict(list)
        self._becoming: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self._by_code[unit.code].append(unit)
            self._by_parent[unit.parent].append(unit)
            for code in unit.successors:
                self._becoming[code].append(unit)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units)

    def __len__(self) -> int:
        return len(self._units)

    def at(self, code: str, day: dt.date) -> Unit | None:
        """The unit that bears a code on a day, or None."""
        return next((u for u in self._by_code.get(code, ()) if u.holds_on(day)), None)

    def history(self, code: str) -> list[Unit]:
        """Every unit that ever bore a code, oldest first."""
        return sorted(self._by_code.get(code, ()), key=lambda u: u.valid_from)

    def successors(self, unit: Unit) -> list[Unit]:
        """The units that took a unit's place on the day after its last."""
        if unit.valid_to is None:
            return []
        after = unit.valid_to + dt.timedelta(days=1)
        return [u for u in (self.at(code, after) for code in unit.successors) if u is not None]

    def predecessors(self, unit: Unit) -> list[Unit]:
        """The units whose place a unit took on its first day, or later where it grew by them."""
        return [u for u in self._becoming.get(unit.code, ()) if unit in self.successors(u)]

    def members(self, parent: str, day: dt.date) -> list[Unit]:
        """The units right below a parent on a day, by code."""
        return sorted(
            (u for u in self._by_parent.get(parent, ()) if u.holds_on(day)), key=lambda u: u.code
        )


_Read = tuple[int, Unit]
"""(line of the file, the unit on it)."""


def read_units(path: Path | None = None) -> UnitTable:
    """The table in a CSV file; Viet Nam's own where `path` is None.

    Columns code, level, name and parent are needed, the rest may be left out; a cell may be empty,
    and blanks around it do not count. A parent and a successor are codes of the same table. A last
    day of 9999-12-31, as other tables write it, is none. Raises ConfigError with a line for each
    thing that is wrong.
    """
    return _shipped() if path is None else _table_in(path)


@cache
def _shipped() -> UnitTable:
    return _table_in(SHIPPED)


def _table_in(file: Path) -> UnitTable:
    report = Report()
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        report.add(str(file), 0, (), f"cannot be read: {error.strerror or error}")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        report.add(str(file), line, (), "is not UTF-8; save it as CSV UTF-8")
    report.raise_if_any()
    read = _read_rows(file, text, report)
    _check_overlaps(file, read, report)
    # A row that could not be read would make others look wrong that name it.
    report.raise_if_any()
    table = UnitTable([unit for _, unit in read], hashlib.sha256(raw).hexdigest())
    _check_names(file, read, table, report)
    report.raise_if_any()
    return table


def _read_rows(file: Path, text: str, report: Report) -> list[_Read]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    read: list[_Read] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(file, header, report)
        report.raise_if_any()
        for cells in reader:
            if len(cells) == len(header):
                row = dict(zip(header, map(str.strip, cells), strict=True))
                unit = _unit(file, reader.line_num, row, report)
                if unit is not None:
                    read.append((reader.line_num, unit))
            elif cells:
                wrong = "has another number of cells than the header"
                report.add(str(file), reader.line_num, (), wrong)
    except csv.Error as error:
        report.add(str(file), reader.line_num, (), f"is not CSV: {error}")
    return read


def _check_header(file: Path, header: list[str], report: Report) -> None:
    known = (*REQUIRED, *OPTIONAL)
    for name in header:
        if name not in known:
            report.add(str(file), 1, (name,), f"is not a column; {did_you_mean(name, known)}")
    for name in known:
        if header.count(name) > 1:
            report.add(str(file), 1, (name,), "is there twice; leave one column")
    for name in REQUIRED:
        if name not in header:
            report.add(str(file), 1, (name,), "is missing in the header; add the column")


def _unit(file: Path, line: int, row: dict[str, str], report: Report) -> Unit | None:
    before = len(report.problems)

    def wrong(column: str, text: str) -> None:
        report.add(str(file), line, (column,), text)

    def day(column: str) -> dt.date | None:
        text = row.get(column)
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            wrong(column, f"{text!r} is no day; write YYYY-MM-DD")
            return None

    def number(column: str) -> float | None:
        text = row.get(column)
        if not text:
            return None
        low, high = _BOUNDS[column]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if low <= value <= high:
            return value
        wrong(column, f"{text!r} is no number from {low:g} to {high:g}; write for example 11.7315")
        return None

    for column in ("code", "level", "name"):
        if not row[column]:
            wrong(column, "is empty; fill it in")
    first, last = day("valid_from") or ALWAYS, day("valid_to")
    last = None if last == dt.date.max else last
    if last is not None and last < first:
        wrong("valid_to", f"{last} is before valid_from {first}")
    unit = Unit(
        row["code"],
        row["level"],
        row["name"],
        row["parent"],
        first,
        last,
        tuple((row.get("successors") or "").split()),
        number("latitude"),
        number("longitude"),
        number("area_km2"),
    )
    return unit if len(report.problems) == before else None


def _check_overlaps(file: Path, read: list[_Read], report: Report) -> None:
    """On one day a code names one unit."""
    by_code: dict[str, list[_Read]] = defaultdict(list)
    for line, unit in read:
        by_code[unit.code].append((line, unit))
    for code, same in by_code.items():
        same.sort(key=lambda row: row[1].valid_from)
        for (first, one), (line, other) in itertools.pairwise(same):
            if one.valid_to is None or other.valid_from <= one.valid_to:
                text = f"{code} names {one.name} (line {first}), too, on {other.valid_from}"
                report.add(str(file), line, ("code",), f"{text}; end one before the other begins")


def _check_names(file: Path, read: list[_Read], table: UnitTable, report: Report) -> None:
    """Every parent and every successor is there."""
    codes = {unit.code for unit in table}
    for line, unit in read:
        if unit.parent and unit.parent not in codes:
            text = f"{unit.parent} is no code of this table; add its row or leave the cell empty"
            report.add(str(file), line, ("parent",), text)
        if not unit.successors:
            continue
        if unit.valid_to is None:
            text = "are of a unit that has not ended; write its last day into valid_to"
            report.add(str(file), line, ("successors",), text)
            continue
        missing = set(unit.successors) - {heir.code for heir in table.successors(unit)}
        if missing:
            text = f"there is no {' '.join(sorted(missing))} on the day after {unit.valid_to}"
            report.add(str(file), line, ("successors",), f"{text}; add its row")
