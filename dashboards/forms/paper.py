"""A spreadsheet that is a form: headings, a table with merged heads, signatures; ready to print.

Every text is stored as text, whatever it begins with, so that no program takes it for a formula;
control characters go. Amounts are numbers, days are days. There is no formula in any form.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from dashboards.labels import clean_label

Value = str | int | Decimal | dt.date | None
Side3 = Literal["left", "center", "right"]

FONT = "Times New Roman"
"""The one that Decree 30/2020/NĐ-CP asks for."""

LONGEST = 1_000
"""Characters of a text in a form; a cell holds at most 32,767."""

_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FORMATS: tuple[tuple[type, str], ...] = (
    (Decimal, "0.00"),
    (int, "#,##0"),
    (dt.date, "dd/mm/yyyy"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """A cell of a table's head; row and column count from 1 within the head."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


def put(cell: Cell, value: Value) -> None:
    """Write a value into a cell: a text as text, never as a formula, without control characters."""
    if isinstance(value, str):
        text = "\n".join(clean_label(line, LONGEST)[0] for line in value[:LONGEST].split("\n"))
        cell.value = text
        cell.data_type = "s"
        # Excel keeps such a cell a text when somebody edits it.
        cell.quotePrefix = text[:1] in tuple("=+-@")
        return
    cell.value = value
    for kind, pattern in _FORMATS:
        if isinstance(value, kind):
            cell.number_format = pattern
            break


class Paper:
    """One sheet of a workbook; `row` is the next free one."""

    def __init__(
        self, book: Workbook, title: str, widths: Sequence[float], landscape: bool = True
    ) -> None:
        """widths: of the columns, in characters."""
        self.sheet: Worksheet = book.create_sheet(_sheet_name(title, book))
        self.columns = len(widths)
        self.row = 1
        for number, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width
        self.sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        self.sheet.page_setup.paperSize = 9  # A4
        self.sheet.page_setup.fitToWidth = 1
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self.sheet.page_margins = PageMargins(0.4, 0.4, 0.5, 0.5)
        self.sheet.oddFooter.center.text = "&P/&N"

    def text(
        self,
        value: Value,
        first: int = 1,
        last: int | None = None,
        *,
        bold: bool = False,
        italic: bool = False,
        size: float = 11,
        align: Side3 = "center",
        underline: bool = False,
    ) -> None:
        """Write over the columns first..last of the present row; does not go on to the next."""
        cell = self.sheet.cell(self.row, first)
        assert isinstance(cell, Cell)
        put(cell, value)
        cell.font = Font(
            name=FONT, size=size, bold=bold, italic=italic, u="single" if underline else None
        )
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
        if last is not None and last > first:
            self.sheet.merge_cells(
                start_row=self.row, start_column=first, end_row=self.row, end_column=last
            )

    def line(self, value: Value, *, bold: bool = False, italic: bool = False) -> None:
        """A row of its own over all columns, from the left; as high as its lines ask for."""
        self.text(value, 1, self.columns, bold=bold, italic=italic, align="left")
        lines = self._lines(str(value), range(1, self.columns + 1))
        self.sheet.row_dimensions[self.row].height = 15.5 * lines
        self.row += 1

    def head(self, heads: Iterable[Head], signs: Sequence[str], freeze: bool = True) -> None:
        """A table's head with the row of signs (A, B, 1, 2 …) below; it is repeated on every page.

        With `freeze` it stays in sight.
        """
        top, deepest = self.row, 0
        for head in heads:
            row = top + head.row - 1
            cell = self.sheet.cell(row, head.column)
            assert isinstance(cell, Cell)
            put(cell, head.text)
            self.sheet.merge_cells(
                start_row=row,
                start_column=head.column,
                end_row=row + head.rows - 1,
                end_column=head.column + head.columns - 1,
            )
            deepest = max(deepest, head.row + head.rows - 1)
        for row in range(top, top + deepest):
            self.sheet.row_dimensions[row].height = 36
            for column in range(1, self.columns + 1):
                self._frame(row, column, bold=True, align="center")
        self.row = top + deepest
        for column, sign in enumerate(signs, 1):
            put(self._frame(self.row, column, italic=True, align="center"), sign)
        self.sheet.print_title_rows = f"{top}:{self.row}"
        self.row += 1
        if freeze:
            self.sheet.freeze_panes = f"A{self.row}"

    def values(
        self, values: Sequence[Value], *, bold: bool = False, centred: Iterable[int] = ()
    ) -> None:
        """A framed row of the table; numbers stand right, texts left, columns of `centred` in the
        middle."""
        middle, tall = set(centred), 1
        for column, value in enumerate(values, 1):
            align: Side3 = "right" if isinstance(value, int | Decimal) else "left"
            cell = self._frame(
                self.row, column, bold=bold, align="center" if column in middle else align
            )
            put(cell, value)
            if isinstance(value, str):
                tall = max(tall, self._lines(value, (column,)))
        self.sheet.row_dimensions[self.row].height = 15.5 * min(tall, 12)
        self.row += 1

    def signatures(self, signers: Sequence[tuple[str, str]], day: str = "") -> None:
        """Who signs, side by side, with room for the names. day: place and date over the last."""
        self.row += 1
        spans = _spans(self.columns, len(signers))
        if day:
            self.text(day, *spans[-1], italic=True)
            self.row += 1
        for (title, _), span in zip(signers, spans, strict=True):
            self.text(title, *span, bold=True)
        self.row += 1
        for (_, how), span in zip(signers, spans, strict=True):
            self.text(how, *span, italic=True)
        self.row += 5

    def _frame(
        self, row: int, column: int, *, align: Side3, bold: bool = False, italic: bool = False
    ) -> Cell:
        cell = self.sheet.cell(row, column)
        cell.border = _BOX
        cell.font = Font(name=FONT, size=10, bold=bold, italic=italic)
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
        return cell  # type: ignore[return-value]  # a merged one takes a frame, too

    def _lines(self, text: str, columns: Iterable[int]) -> int:
        """How many lines a text takes over columns, by the width of a digit."""
        letters = (get_column_letter(column) for column in columns)
        room = max(1.0, sum(self.sheet.column_dimensions[c].width for c in letters) - 0.5)
        return sum(max(1, -(-len(part) // int(room))) for part in text.split("\n"))


def _spans(columns: int, parts: int) -> list[tuple[int, int]]:
    edges = [round(columns * part / parts) for part in range(parts + 1)]
    return [(left + 1, right) for left, right in itertools.pairwise(edges)]


def _sheet_name(title: str, book: Workbook) -> str:
    r"""A name that spreadsheets take: 31 characters, none of []:*?/\, no double."""
    clean = clean_label(title, 200)[0]
    name = "".join("-" if c in "[]:*?/\\" else c for c in clean).strip(" '")[:31] or "-"
    taken, number, stem = {n.lower() for n in book.sheetnames}, 2, name
    while name.lower() in taken:
        tail = f" ({number})"
        name, number = stem[: 31 - len(tail)] + tail, number + 1
    return name


def new_book() -> Workbook:
    """A workbook without a sheet."""
    book = Workbook()
    for sheet in list(book.worksheets):
        book.remove(sheet)
    return book


def bytes_of(book: Workbook) -> bytes:
    """The .xlsx file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
