"""What stands in a sheet: rows of cells, with the numbers that people see at the edge."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed (text begins with "="), or whose computing failed (with "#")."""

    text: str


Cell = str | int | float | bool | dt.date | Formula | None
"""None: nothing stands there. Texts have no blanks around them."""


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
    read."""

    sheet: str
    rows: tuple[Row, ...]
    others: tuple[str, ...] = ()


def write_table(path: Path, sheet: str, rows: Iterable[Row], others: Iterable[str] = ()) -> None:
    """A table as lines of JSON, which `read_table` reads."""
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps([sheet, list(others)]) + "\n")
        for row in rows:
            cells = [_coded(cell) for cell in row.cells]
            file.write(json.dumps([row.number, cells], ensure_ascii=True) + "\n")


def read_table(path: Path) -> Table:
    """What `write_table` wrote. Raises ValueError."""
    with path.open(encoding="utf-8") as file:
        sheet, others = json.loads(file.readline())
        return Table(str(sheet), tuple(_rows(file)), tuple(map(str, others)))


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    for line in lines:
        number, cells = json.loads(line)
        yield Row(int(number), tuple(_plain(cell) for cell in cells))


def _coded(cell: Cell) -> Any:
    if isinstance(cell, Formula):
        return {"formula": cell.text}
    return {"day": cell.isoformat()} if isinstance(cell, dt.date) else cell


def _plain(cell: Any) -> Cell:
    if isinstance(cell, dict):
        if "day" in cell:
            return dt.date.fromisoformat(cell["day"])
        return Formula(str(cell["formula"]))
    if cell is None or isinstance(cell, str | int | float):
        return cell
    raise ValueError("is no cell")
