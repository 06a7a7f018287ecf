"""Where the header of a sheet is, and what its columns are taken for.

Above it there may be titles, it may have two rows of which the upper one is merged across groups,
and forms have a row of column numbers below it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from inventory.sheets.coding import coding_of
from inventory.sheets.fields import field_of
from inventory.sheets.problem import SheetError
from inventory.sheets.table import Cell, Row, Table
from inventory.sheets.values import text_of

_LOOKED_AT = 40
"""Rows in which the header is looked for."""

_MOST_MERGED_ROWS = 200_000
"""Rows that merged cells go down in all; more of them is no list of things."""

_ENOUGH = 2
"""Known columns that make a row a header."""

NO_HEADER = (
    "has no row with the names of its columns, for example Mã tài sản, Tên tài sản, Loại tài "
    "sản, Mã xã"
)
OLD_CODING = (
    "is in the old coding {coding} (row {row}); convert it to Unicode first, for "
    "example with UniKey"
)
NOTHING_THERE = "has nothing in row {row}"


@dataclass(frozen=True, slots=True)
class Header:
    """row: the number of its (first) row; height: 1 or 2 rows. titles: of each column, "" where it
    has none. body: the rows below; numbering: the row of
    column numbers between them, where there is one; above: rows of titles; merged: what stands in
    cells below the header that are one with a cell above: (row, column from 0) -> that cell."""

    row: int
    titles: tuple[str, ...]
    body: tuple[Row, ...]
    above: tuple[Row, ...] = ()
    numbering: Row | None = None
    height: int = 1
    merged: Mapping[tuple[int, int], Cell] = field(default_factory=dict)


def find_header(table: Table, knows: Callable[[str], str | None] = field_of) -> Header:
    """The header of a table; `knows` says what a title names. Raises SheetError."""
    best: tuple[int, int, int, tuple[str, ...]] | None = None
    rows = table.rows
    for at, _row in enumerate(rows[:_LOOKED_AT]):
        for height in (1, 2):
            if at + height > len(rows):
                continue
            titles = _titles(rows[at : at + height])
            found = {key for title in titles if title and (key := knows(title)) is not None}
            better = best is None or (len(found), -height) > (best[0], -best[2])
            if len(found) >= _ENOUGH and better:
                best = (len(found), at, height, titles)
        if best is not None and at > best[1] + 2:
            break
    if best is None:
        raise _no_header(rows)
    _, at, height, titles = best
    body = rows[at + height :]
    numbering = body[0] if body and _is_numbering(body[0]) else None
    return Header(
        row=rows[at].number,
        titles=titles,
        body=body[1:] if numbering else body,
        above=rows[:at],
        numbering=numbering,
        height=rows[at + height - 1].number - rows[at].number + 1,
        merged=_merged(table, body),
    )


def header_at(table: Table, number: int) -> Header:
    """The header that somebody says is in the row with this number. Raises SheetError."""
    for at, row in enumerate(table.rows):
        if row.number == number:
            body = table.rows[at + 1 :]
            merged = _merged(table, body)
            return Header(number, _titles([row]), body, table.rows[:at], merged=merged)
    raise SheetError(NOTHING_THERE, row=str(number))


def _merged(table: Table, body: Sequence[Row]) -> dict[tuple[int, int], Cell]:
    found: dict[tuple[int, int], Cell] = {}
    if not table.merged:
        return found
    by_number = {row.number: row for row in body}
    left = _MOST_MERGED_ROWS
    for place, first, last in table.merged:
        top = by_number.get(first)
        left -= last - first
        if left < 0:
            break
        if top is not None and (cell := top.at(place)) is not None:
            below = range(first + 1, last + 1)
            found |= {(number, place): cell for number in below if number in by_number}
    return found


def columns_of(
    header: Header, chosen: Mapping[str, str], knows: Callable[[str], str | None] = field_of
) -> dict[int, str]:
    """Column (from 0) -> the key that it is taken for; of two for one key the first one.

    chosen: title -> key, which goes before what titles say; "" leaves a column out.
    """
    found: dict[int, str] = {}
    for place, title in enumerate(header.titles):
        key = chosen[title] if title in chosen else knows(title) if title else None
        if key and key not in found.values():
            found[place] = key
    return found


def _titles(rows: Sequence[Row]) -> tuple[str, ...]:
    width = max(len(row.cells) for row in rows)
    if len(rows) == 1:
        return tuple(_title(rows[0], place) for place in range(width))
    upper, titles = "", []
    for place in range(width):
        # What is merged has its text in its first cell.
        upper = _title(rows[0], place) or upper
        lower = _title(rows[1], place)
        own = _title(rows[0], place)
        titles.append(_joined(upper, lower) if lower else own)
    return tuple(titles)


def _joined(upper: str, lower: str) -> str:
    """The title of a column below a group's: its own where that says enough."""
    return lower if field_of(lower) is not None or not upper else f"{upper} {lower}"


def _title(row: Row, place: int) -> str:
    return " ".join(text_of(row.at(place)).split())[:200]


def _is_numbering(row: Row) -> bool:
    """1, 2, 3 … or A, B, 1, 2 … in all of its cells."""
    texts = [text_of(cell).strip("()") for cell in row.cells if cell is not None]
    return (
        len(texts) >= 3
        and all(re.fullmatch("[0-9]{1,2}|[A-Z]", t) for t in texts)
        and (len(set(texts)) == len(texts))
    )


def _no_header(rows: Sequence[Row]) -> SheetError:
    for row in rows[:_LOOKED_AT]:
        coding = coding_of(" ".join(text_of(cell) for cell in row.cells if isinstance(cell, str)))
        if coding is not None:
            return SheetError(OLD_CODING, coding=coding, row=str(row.number))
    return SheetError(NO_HEADER)
