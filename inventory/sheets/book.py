"""An .xlsx file (ECMA-376) as rows of cells; of what else it holds, nothing is read.

The library reads all cells but texts, which most are: for those it makes ten objects each, and
looks through the whole of a sheet once before, for how large it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import IO, Any
from xml.etree import ElementTree

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import column_index_from_string
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from inventory.sheets.escape import out_of_xml
from inventory.sheets.gate import MAX_COLUMNS
from inventory.sheets.problem import SheetError
from inventory.sheets.table import Cell, Formula, Row, text_in_cell

_ROW, _VALUE, _SHARED, _TEXT, _RUN = (
    f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("row", "v", "si", "t", "r")
)

_MERGED = re.compile(
    rb"""mergeCell\s[^<>]*?ref=["']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})["']"""
)
_MOST_MERGED = 10_000
_CHUNK = 1 << 20
_LONGEST_TAG = 1_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """path: of its part in the file."""

    title: str
    path: str


class Book(ExcelReader):
    """One file, which the gate let through; a damaged one raises whatever the library raises."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, read_only=True, keep_links=False)
        self.read_manifest()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self._shared: Any = self._read_shared()

    def _read_shared(self) -> list[str | None]:
        """Texts that cells name by their number."""
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is None:
            return []
        with self.archive.open(part.PartName[1:]) as source:
            items = _each(source, _SHARED)
            return [text_in_cell(out_of_xml("".join(_texts(item)))) for item in items]

    def sheets(self) -> Iterator[Sheet]:
        """Those that a person sees, in their order."""
        for sheet, relation in self.parser.find_sheets():
            is_table = relation.target in self.valid_files and "chartsheet" not in relation.Type
            if is_table and sheet.state == "visible":
                yield Sheet(str(sheet.name), relation.target)

    def merged(self, sheet: Sheet) -> list[tuple[int, int, int]]:
        """Cells that are one down several rows, as in `Table`, the first thousands of them. They
        stand behind the rows, and are looked for before without reading those."""
        found: list[tuple[int, int, int]] = []
        tail = b""
        with self.archive.open(sheet.path) as source:
            while (chunk := source.read(_CHUNK)) and len(found) < _MOST_MERGED:
                near = tail + chunk
                whole = near.rfind(b">") + 1
                for column, first, last in _MERGED.findall(near[:whole]):
                    if int(first) < int(last):
                        found.append((_number(column.decode()) - 1, int(first), int(last)))
                tail = near[whole:][-_LONGEST_TAG:]
        return found[:_MOST_MERGED]

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet in which something stands. Those that the file leaves out are none: a
        cell in the last row of all has no million of empty ones before it."""
        book: Any = self.wb
        with self.archive.open(sheet.path) as source:
            parser = _Parser(
                source,
                self._shared,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for element in _each(source, _ROW):
                if cells := parser.cells(element):
                    yield Row(parser.row_counter, tuple(cells))


class _Parser(WorkSheetParser):
    """See the module."""

    def cells(self, row: Any) -> list[Cell]:
        """Those of a row, whose number is row_counter then."""
        number = row.get("r")
        self.row_counter = self.row_counter + 1 if number is None else int(float(number))
        self.col_counter = 0
        cells: list[Cell] = []
        for element in row:
            value, column = self._cell(element)
            self.col_counter = column
            if value is None:
                continue
            if column > MAX_COLUMNS:
                raise SheetError("has more than {most} columns", most=str(MAX_COLUMNS))
            if len(cells) < column:
                cells += [None] * (column - len(cells))
            cells[column - 1] = value
        return cells

    def _cell(self, element: Any) -> tuple[Cell, int]:
        kind, place = element.get("t"), element.get("r")
        if place and kind == "inlineStr":
            text = "".join(text for inline in element for text in _texts(inline))
            return text_in_cell(out_of_xml(text)), _column(place)
        if place and kind == "s" and len(element) == 1 and element[0].tag == _VALUE:
            return self.shared_strings[int(element[0].text)], _column(place)
        found = self.parse_cell(element)
        return _plain(found["value"], found["data_type"]), int(found["column"])


def _each(source: IO[bytes], tag: str) -> Iterator[Any]:
    """Each element of a kind, emptied when the next one is asked for."""
    # The gate let no entity through, which is what slower parsers look for.
    for _, element in ElementTree.iterparse(source):  # noqa: S314
        if element.tag == tag:
            yield element
            element.clear()


def _texts(item: Any) -> Iterator[str]:
    """A text, in one piece or in runs; not how it is read aloud (rPh)."""
    for part in item:
        if part.tag == _TEXT:
            yield part.text or ""
        elif part.tag == _RUN:
            yield from (inner.text or "" for inner in part if inner.tag == _TEXT)


def _plain(value: Any, data_type: str) -> Cell:
    if value is None:
        return None
    if data_type == "f":
        text = value if isinstance(value, str) else getattr(value, "text", None)
        return Formula(str(text or "=")[:200])
    if data_type == "e":
        return Formula(str(value)[:200])
    if isinstance(value, str):
        return text_in_cell(out_of_xml(value))
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, bool | int | float | dt.date):
        return value
    return text_in_cell(str(value))  # a time of day, a length of time


def _column(place: str) -> int:
    """1 for A7."""
    return _number(place.rstrip("0123456789"))


@cache
def _number(letters: str) -> int:
    return int(column_index_from_string(letters))
