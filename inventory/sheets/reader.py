"""Reads one file that somebody handed in; runs in a process of its own, see `apart.py`.

Values are taken as they stand: what a date or a price is decides whoever knows the column.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from inventory.sheets.coding import coding_of
from inventory.sheets.escape import out_of_xml, unguarded
from inventory.sheets.gate import MAX_COLUMNS, MAX_ROWS, look_at
from inventory.sheets.problem import SheetError
from inventory.sheets.table import Cell, Formula, Row, write_table

_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_TEXT, _RUN = f"{{{SHEET_MAIN_NS}}}t", f"{{{SHEET_MAIN_NS}}}r"
_LONGEST_CELL = 32_767
"""Characters; more than a spreadsheet's cell can have."""


def read(path: Path, result: Path) -> None:
    """Look at a file, read its sheet and leave it as a table. Raises SheetError."""
    if look_at(path) == "csv":
        write_table(result, "", _bounded(_csv_rows(path)))
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions that do not matter
        try:
            with path.open("rb") as file:  # by a path the library would go by the name's ending
                _read_book(openpyxl.load_workbook(file, read_only=True, keep_links=False), result)
        except SheetError:
            raise
        except MemoryError:
            raise SheetError("needs too much memory to read; send it in parts") from None
        except Exception as error:  # whatever a library finds in a file that is not well made
            raise SheetError("is damaged; open it in a spreadsheet and save it anew") from error


def _read_book(book: Any, result: Path) -> None:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    chosen, others, first = None, [], None
    for sheet in sheets:
        rows = _bounded(_sheet_rows(sheet))
        one = next(rows, None)
        if one is None:
            continue
        if chosen is None:
            chosen, first = sheet, one
            kept = rows
        else:
            others.append(str(sheet.title))
    if chosen is None or first is None:
        raise SheetError("has no sheet in which something stands")
    write_table(result, str(chosen.title), _after(first, kept), others)


def _after(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _bounded(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count > MAX_ROWS:
            raise SheetError("has more than {most} rows; send it in parts", most=str(MAX_ROWS))
        if len(row.cells) > MAX_COLUMNS:
            raise SheetError("has more than {most} columns", most=str(MAX_COLUMNS))
        yield row


class _Parser(WorkSheetParser):
    """Texts that stand in their cell, as in our exports, without an object for each of them: the
    library takes ten times as long."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """See WorkSheetParser."""
        place = element.get("r")
        if element.get("t") != "inlineStr" or not place:
            found: dict[str, Any] = super().parse_cell(element)
            return found
        row, column = coordinate_to_tuple(place)
        self.col_counter = column
        value = "".join(_texts(element)) or None
        return {"row": row, "column": column, "value": value, "data_type": "s", "style_id": 0}


def _texts(cell: Any) -> Iterator[str]:
    """The text of a cell, in one piece or in runs; not how it is read aloud (rPh)."""
    for inline in cell:
        for part in inline:
            if part.tag == _TEXT:
                yield part.text or ""
            elif part.tag == _RUN:
                yield from (inner.text or "" for inner in part if inner.tag == _TEXT)


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    """The rows that the file has, none of those that it leaves out: the library would fill the gap
    before a cell in the last row of all with a million empty ones."""
    book = sheet.parent
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=False,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, found in parser.parse():
            cells: list[Cell] = []
            for one in found:
                place = int(one["column"]) - 1
                if place >= MAX_COLUMNS and one["value"] is not None:
                    raise SheetError("has more than {most} columns", most=str(MAX_COLUMNS))
                while len(cells) <= place < MAX_COLUMNS:
                    cells.append(None)
                if place < MAX_COLUMNS:
                    cells[place] = _cell(one["value"], one["data_type"])
            row = _row(int(number), cells)
            if row is not None:
                yield row


def _row(number: int, cells: Iterable[Cell]) -> Row | None:
    found = list(cells)
    while found and found[-1] is None:
        found.pop()
    return Row(number, tuple(found)) if found else None


def _cell(value: Any, data_type: str) -> Cell:
    if value is None:
        return None
    if data_type == "f":
        text = value if isinstance(value, str) else getattr(value, "text", None)
        return Formula(str(text or "=")[:200])
    if data_type == "e":
        return Formula(str(value)[:200])
    if isinstance(value, str):
        return _text(out_of_xml(value))
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, bool | int | float | dt.date):
        return value
    return _text(str(value))  # a time of day, a length of time


def _text(text: str) -> str | None:
    plain = text.strip()
    if len(plain) > _LONGEST_CELL:
        raise SheetError("has a cell with more than {most} characters", most=str(_LONGEST_CELL))
    return plain or None


def _csv_rows(path: Path) -> Iterator[Row]:
    text = _csv_text(path.read_bytes())
    header = max(text.lstrip("\r\n").splitlines()[:30], key=_separators, default="")
    separator = max(";,\t", key=header.count)
    csv.field_size_limit(_LONGEST_CELL * 2)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetError(
                "line {line} is not CSV ({why}); look at the quotes",
                line=str(number),
                why=str(error),
            ) from error
        row = _row(number, (_text(unguarded(cell.strip())) for cell in cells))
        if row is not None:
            yield row


def _separators(line: str) -> int:
    return max(line.count(sign) for sign in ";,\t")


def _csv_text(octets: bytes) -> str:
    coding = next((name for bom, name in _BOMS if octets.startswith(bom)), "utf-8-sig")
    try:
        text = octets.decode(coding)
    except UnicodeDecodeError:
        old = coding_of(octets[:200_000].decode("cp1252", "replace")) or "Windows-1258"
        raise SheetError(
            "is not UTF-8, it looks like {coding}; save it as CSV UTF-8 or as .xlsx", coding=old
        ) from None
    if "\0" in text:
        raise SheetError("is no sheet; save the sheet as .xlsx or as CSV UTF-8")
    return text
