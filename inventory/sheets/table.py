"""What stands in a sheet: rows of cells, with the numbers that people see at the edge."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inventory.sheets.problem import SheetError


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed (text begins with "="), or whose computing failed (with "#")."""

    text: str


Cell = str | int | float | bool | dt.date | Formula | None
"""None: nothing stands there. Texts have no blanks around them."""


LONGEST_CELL = 32_767
"""Characters; more than a spreadsheet's cell can have."""


def text_in_cell(text: str) -> str | None:
    """A text without the blanks around it. Raises SheetError for one that is no cell's."""
    plain = text.strip()
    if len(plain) > LONGEST_CELL:
        raise SheetError("has a cell with more than {most} characters", most=str(LONGEST_CELL))
    return plain or None


@dataclass(frozen=True, slots=True)
class Row:
    """number: as the spreadsheet shows it, the first is 1."""

    number: int
    cells: tuple[Cell, ...]

    def at(self, column: int) -> Cell:
        """The cell of a column, from 0; None beyond the last one."""
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. rows: those in which something stands; others: sheets of the file that were not
    read; merged: cells that are one down several rows: column from 0, number of the first row and
    of the last."""

    sheet: str
    rows: tuple[Row, ...]
    others: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int], ...] = ()


def write_table(
    path: Path,
    sheet: str,
    rows: Iterable[Row],
    others: Iterable[str] = (),
    merged: Iterable[tuple[int, int, int]] = (),
) -> None:
    """A table as lines of JSON, which `read_table` reads."""
    encode = json.JSONEncoder(default=_coded).encode
    with path.open("w", encoding="utf-8") as file:
        file.write(encode([sheet, list(others), list(merged)]) + "\n")
        for row in rows:
            file.write(encode([row.number, row.cells]) + "\n")


def read_table(path: Path) -> Table:
    """What `write_table` wrote. Raises ValueError."""
    with path.open(encoding="utf-8") as file:
        sheet, others, *more = json.loads(file.readline())
        merged = tuple((int(c), int(first), int(last)) for c, first, last in (more or [[]])[0])
        return Table(str(sheet), tuple(_rows(file)), tuple(map(str, others)), merged)


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    decode = json.JSONDecoder(object_hook=_plain).decode
    for line in lines:
        number, cells = decode(line)
        if not _KINDS.issuperset(map(type, cells)):
            raise ValueError("is no cell")
        yield Row(int(number), tuple(cells))


_KINDS = frozenset({str, int, float, bool, dt.date, Formula, type(None)})


def _coded(cell: Formula | dt.date) -> dict[str, str]:
    return {"formula": cell.text} if isinstance(cell, Formula) else {"day": cell.isoformat()}


def _plain(coded: dict[str, Any]) -> Cell:
    if "day" in coded:
        return dt.date.fromisoformat(coded["day"])
    return Formula(str(coded["formula"]))
