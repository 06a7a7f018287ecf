"""The values of one row, each cell read as its column asks; what cannot be read is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from config.assets import Asset
from inventory.alphabet import folded
from inventory.register.checks import clean
from inventory.register.entry import Entry
from inventory.register.problems import FieldProblem
from inventory.sheets.fields import BY_KEY, CUSTOM, ENDPOINT_KEYS, WARRANTY_MONTHS, factor_of
from inventory.sheets.header import Header
from inventory.sheets.lines import FieldChange
from inventory.sheets.months import months_after
from inventory.sheets.problem import CellError
from inventory.sheets.table import Cell, Row
from inventory.sheets.values import Reading, parse, refuse_old_coding, text_of

NUMBERING = "numbers of the columns"
"""Why a row is skipped, as the next three."""

_HEADING = "a heading: only one cell is filled"
_SUM = "a sum or signature below the list"
_EMPTY = "nothing stands in the columns that are taken over"
_TOTALS = ("tong cong", "cong", "tong", "total", "sum", "nguoi lap", "ke toan", "thu truong")
"""What lines below a list begin with: sums and signatures."""

_NAMING = ("tag", "id", "serial")
"""Columns that only a thing has."""

_SHARED = frozenset(
    {"class", "commune", "site", "room", "custodian", "status", "vendor", "supplier", "funding"}
)
"""Columns that say the same of every row beside a merged cell; a name, a serial number or a price
that stands beside several rows is of none of them alone."""

_OFTEN = frozenset({"class", "status", "commune", "flag"})
"""Kinds of cells that have the same few texts in many rows."""


@dataclass(slots=True)
class RowRead:
    """One row on its way. values: by field as in hatang.yaml. note: why it is skipped, or "".
    entry: the asset that it is about, None for a new one. given: whether Hatang made its tag.
    asset: as it would be; of a row with problems, without what is wrong."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    id: int | None = None
    entry: Entry | None = None
    problems: list[FieldProblem] = field(default_factory=list)
    note: str = ""
    given: bool = False
    asset: Asset | None = None
    changes: tuple[FieldChange, ...] = ()

    def wrong(self, key: str, text: str, /, **values: str) -> None:
        """Note a problem with a field."""
        self.problems.append(FieldProblem(key, text, values, self.row.number))

    @property
    def faulty(self) -> set[str]:
        """The fields that have a problem."""
        return {problem.field for problem in self.problems}


class RowReader:
    """Reads the rows of one sheet."""

    def __init__(self, header: Header, columns: Mapping[int, str], how: Reading) -> None:
        self._columns = [
            (
                place,
                key,
                BY_KEY[key].what if key in BY_KEY else _what_of(key),
                replace(how, factor=factor_of(header.titles[place])),
            )
            for place, key in sorted(columns.items())
        ]
        self._naming = [place for place, key in columns.items() if key in _NAMING]
        self._merged = header.merged
        self._known: dict[tuple[str, str], Any] = {}

    def read(self, row: Row) -> RowRead:
        """The values of a row."""
        read = RowRead(row)
        read.note = self._note(row)
        if read.note:
            return read
        cells, values, width = row.cells, read.values, len(row.cells)
        for place, key, what, how in self._columns:
            cell = cells[place] if place < width else None
            if cell is None and self._merged and key in _SHARED:
                cell = self._merged.get((row.number, place))
            if cell is None:
                continue
            try:
                value = self._parsed(what, cell, how)
            except CellError as error:
                read.wrong(key, error.text, **error.values)
                continue
            if value is None:
                continue
            if key == "id":
                read.id = int(value)
            elif key.startswith(CUSTOM):
                values.setdefault("custom", {})[key.removeprefix(CUSTOM)] = value
            else:
                values[key] = value
        _combine(values)
        read.values = clean(values)
        return read

    def _parsed(self, what: str, cell: Cell, how: Reading) -> Any:
        often = what in _OFTEN and isinstance(cell, str)
        if often and (what, cell) in self._known:
            return self._known[what, str(cell)]
        try:
            value = parse(what, cell, how)
        except CellError:
            refuse_old_coding(cell)  # which is why it is not known
            raise
        if often:
            self._known[what, str(cell)] = value
        return value

    def _note(self, row: Row) -> str:
        if any(row.at(place) is not None for place in self._naming):
            return ""
        filled = [place for place, cell in enumerate(row.cells) if cell is not None]
        known = {key for place, key, _, _ in self._columns if row.at(place) is not None}
        if not known:
            return _EMPTY if len(filled) > 1 else _HEADING
        first = folded(text_of(row.at(filled[0]))).strip(" .:")
        if first.startswith(_TOTALS) and not known & {"class", "commune"}:
            return _SUM
        return _HEADING if len(filled) == 1 else ""


def _combine(values: dict[str, Any]) -> None:
    """Columns that together say one thing."""
    months = values.pop(WARRANTY_MONTHS, None)
    bought = values.get("purchased")
    if months and bought and "warranty_until" not in values:
        values["warranty_until"] = months_after(bought, months)
    endpoints = []
    for kind in ENDPOINT_KEYS:
        value = values.pop(kind, None)
        if kind == "ping" and value:
            endpoints.append({"kind": kind})
        elif kind == "tcp" and value:
            endpoints.append({"kind": kind, "port": value})
        elif kind in ("snmp", "http") and value:
            endpoints.append({"kind": kind, ("credential" if kind == "snmp" else "url"): value})
    if endpoints:
        values.setdefault("endpoints", endpoints)


def _what_of(key: str) -> str:
    if key == "ping":
        return "flag"
    return "years" if key in (WARRANTY_MONTHS, "tcp") else "text"
