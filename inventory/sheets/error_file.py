"""The sheet that somebody handed in, with a column that says what is wrong in each refused row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from inventory.register.problems import FieldProblem
from inventory.sheets.header import Header
from inventory.sheets.lines import Line
from inventory.sheets.table import Cell, Row, Table
from inventory.sheets.xlsx import Look, write_xlsx


class Judged(Protocol):
    """What a sheet would do, of whatever it is a sheet."""

    @property
    def lines(self) -> Sequence[Line]:
        """One for each row."""
        ...

    def column_of(self, key: str) -> tuple[str, str]:
        """(letters, title) of the column of a field."""
        ...


def write_errors(
    path: Path,
    table: Table,
    header: Header,
    plan: Judged,
    title: str,
    said: Callable[[FieldProblem], str],
) -> int:
    """Write it as .xlsx; how many rows have a reason. title: of the column; said: a problem in the
    reader's language. Rows keep their numbers. Raises OSError."""
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    for line in plan.lines:
        for problem in line.problems:
            letters, name = plan.column_of(problem.field)
            place = f"{letters} ({name}): " if letters else f"{name}: " if name else ""
            reasons[line.row].append(place + said(problem))
    width = max(len(row.cells) for row in table.rows)
    bottom = header.row + header.height - 1
    rows = _rows(table.rows, width, bottom, title, {n: "; ".join(t) for n, t in reasons.items()})
    look = Look([16] * width + [80], header=bottom, marked=width)
    write_xlsx(path, table.sheet or "Hatang", rows, look)
    return len(reasons)


def _rows(
    rows: Iterable[Row], width: int, bottom: int, title: str, reasons: dict[int, str]
) -> Iterable[tuple[int, Sequence[Cell]]]:
    for row in rows:
        reason = title if row.number == bottom else reasons.get(row.number)
        if reason is None:
            yield row.number, row.cells
        else:
            yield row.number, [*row.cells, *[None] * (width - len(row.cells)), reason]
