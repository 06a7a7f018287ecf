"""A workbook that is the same bytes every time, with formulas that carry their values.

The library writes formulas without values, so that a viewer that does not compute shows nothing,
and the moment of writing; both are put right in the file. Texts are texts whatever they begin
with (`dashboards.forms.paper.put`); only what this module is told is a formula is one.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from dashboards.forms.paper import bytes_of, new_book, put
from dashboards.labels import clean_label

MOMENT = dt.datetime(2000, 1, 1)
"""Of every part of a file: a report says itself of which day it is."""

TEXT, WHOLE, NUMBER, PERCENT, POINTS, DAY, TIME = (
    "@",
    "#,##0",
    "0.####",
    "0.0%",
    '+0.0%;-0.0%;"–"',
    "dd/mm/yyyy",
    "dd/mm/yyyy hh:mm",
)
"""Formats of cells."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and what it comes to now."""

    text: str
    value: float


Value = str | int | float | dt.date | dt.datetime | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in characters, the format of its cells; total: whether
    the row above the heading sums what is shown."""

    heading: str
    width: float
    format: str = TEXT
    total: bool = False


class Book:
    """A workbook in the making."""

    def __init__(self, title: str) -> None:
        self._book: Workbook = new_book()
        self._book.properties.creator = "Hatang"
        self._book.properties.title = clean_label(title)[0]
        self._values: dict[tuple[int, str], float] = {}

    def page(self, title: str, widths: Sequence[float]) -> Page:
        """A new sheet."""
        sheet = self._book.create_sheet(title)
        for at, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = "&P/&N"
        return Page(sheet, len(self._book.sheetnames), self._values)

    def data(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        written = zipfile.ZipFile(io.BytesIO(bytes_of(self._book)))
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in sorted(written.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
                part = zipfile.ZipInfo(name, MOMENT.timetuple()[:6])
                part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                archive.writestr(part, self._finished(name, written.read(name)))
        return out.getvalue()

    def _finished(self, name: str, data: bytes) -> bytes:
        if name == "docProps/core.xml":
            return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", data)
        found = re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", name)
        if found is None:
            return data
        number = int(found[1])

        def valued(cell: re.Match[str]) -> str:
            return f"{cell[1]}<v>{self._values[(number, cell[2])]!r}</v>"

        formula = r'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)(?:<v ?/>|<v></v>)'
        return re.sub(formula, valued, data.decode()).encode()


class Page:
    """One sheet; `row` is the next free one."""

    def __init__(self, sheet: Worksheet, number: int, values: dict[tuple[int, str], float]) -> None:
        self.sheet, self.row = sheet, 1
        self._number, self._values = number, values

    @property
    def name(self) -> str:
        """The sheet's name as formulas write it."""
        return quote_sheetname(self.sheet.title)

    def line(self, text: str, *, bold: bool = False, size: float = 11, wrap: bool = False) -> None:
        """A text of its own."""
        cell = self._cell(1, text, TEXT)
        cell.font = Font(bold=bold, size=size)
        cell.alignment = Alignment(vertical="top", wrap_text=wrap)
        self.row += 1

    def cells(self, values: Sequence[Value], formats: Sequence[str], *, bold: bool = False) -> None:
        """A row."""
        for at, (value, form) in enumerate(zip(values, formats, strict=True), 1):
            cell = self._cell(at, value, form)
            if bold:
                cell.font = Font(bold=True)
        self.row += 1

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Value]], said: str) -> None:
        """A table with a heading that stays in sight and filters, its sums above it. said: what
        the sums are called."""
        top = self.row
        first, last = top + 2, max(top + 2, top + 1 + len(rows))
        if any(column.total for column in columns):
            sums = [self._sum(at, c, rows, first, last) for at, c in enumerate(columns)]
            sums[0] = said
            self.cells(sums, [c.format for c in columns], bold=True)
        for at, column in enumerate(columns, 1):
            cell = self._cell(at, column.heading, TEXT)
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="E8EEF4")
            side = None if column.format == TEXT else "right"  # as the figures below it
            cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        head = self.row
        self.sheet.row_dimensions[head].height = 32
        self.row += 1
        for row in rows:
            self.cells(row, [c.format for c in columns])
        self.sheet.freeze_panes = f"A{head + 1}"
        self.sheet.print_title_rows = f"{head}:{head}"
        last_column = get_column_letter(len(columns))
        self.sheet.auto_filter.ref = f"A{head}:{last_column}{max(head, self.row - 1)}"

    def _sum(
        self, at: int, column: Column, rows: Sequence[Sequence[Value]], first: int, last: int
    ) -> Value:
        if not column.total:
            return None
        letter = get_column_letter(at + 1)
        return Formula(f"=SUBTOTAL(109,{letter}{first}:{letter}{last})", total_of(rows, at))

    def _cell(self, column: int, value: Value, form: str) -> BookCell:
        cell = self.sheet.cell(self.row, column)
        assert isinstance(cell, BookCell)
        if isinstance(value, Formula):
            cell.value = value.text
            self._values[(self._number, cell.coordinate)] = value.value
        elif isinstance(value, float | dt.datetime):
            cell.value = value
        else:
            put(cell, value)
        if not isinstance(value, str):
            cell.number_format = form
        return cell


def total_of(rows: Sequence[Sequence[Value]], at: int) -> float:
    """The sum of a column."""
    numbers = (v.value if isinstance(v, Formula) else v for v in (row[at] for row in rows))
    return sum(v for v in numbers if isinstance(v, int | float))
