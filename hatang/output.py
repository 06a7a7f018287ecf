"""Rows as a table for people, or as JSON or CSV for programs.

Programs get raw values under stable names; people get rounded ones under headings.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

Row = Mapping[str, Any]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
"""A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection)."""


UNCUT = 1000
"""Characters of a line where nobody looks at a window: nothing is cut off or folded."""


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in JSON and CSV, its heading for people, and how people read it."""

    key: str
    heading: str
    shown: Callable[[Any], str] = str
    right: bool = False


def console() -> Console:
    """Standard output for people: no colours and no cut-off lines where it is no terminal."""
    width = None if sys.stdout.isatty() else UNCUT
    return Console(highlight=False, soft_wrap=False, width=width)


def print_rows(columns: Sequence[Column], rows: Iterable[Row], form: Format) -> None:
    """Print rows on standard output."""
    found = list(rows)
    if form is Format.JSON:
        picked = [{column.key: row.get(column.key) for column in columns} for row in found]
        print_json(picked)
    elif form is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(column.key for column in columns)
        writer.writerows([_cell(row.get(column.key)) for column in columns] for row in found)
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            justify: Literal["left", "right"] = "right" if column.right else "left"
            table.add_column(column.heading, justify=justify, overflow="fold")
        for row in found:
            table.add_row(*(_people(column, row.get(column.key)) for column in columns))
        console().print(table)


def print_json(value: Any) -> None:
    """Print one value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def percent(ratio: float | None) -> str:
    """A ratio for people, cut and not rounded up: 99.99 % is not 100 %.

    >>> percent(0.99999), percent(None), percent(1.0)
    ('99.9 %', '–', '100.0 %')
    """
    return "–" if ratio is None else f"{int(ratio * 1000) / 10:.1f} %"


def moment(at_s: float | None, zone: dt.tzinfo) -> str:
    """A moment in local time, to the minute; a dash for none."""
    if at_s is None:
        return "–"
    return dt.datetime.fromtimestamp(at_s, zone).strftime("%Y-%m-%d %H:%M")


def dong(amount: float | None) -> str:
    """An amount in dong, with points between thousands as Vietnamese write it."""
    return "–" if not amount else f"{amount:,.0f}".replace(",", ".") + " ₫"


def _people(column: Column, value: Any) -> Text:
    return Text("–" if value is None or value == "" else column.shown(value))


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
