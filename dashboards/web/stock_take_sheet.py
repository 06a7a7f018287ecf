"""The counting sheet of a stock-take as a file: written to take along, read when it comes back."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font

from dashboards.forms.paper import put
from inventory.register.problems import FieldProblem, Refused
from inventory.sheets.apart import read_apart
from inventory.sheets.problem import SheetError
from inventory.sheets.table import Formula
from inventory.stock_take.count import Count
from inventory.stock_take.count_sheet import counts_of_sheet, sheet_of
from inventory.stock_take.report import StockTakeReport

MOST_BYTES = 8 * 1024 * 1024

_WIDTHS = (18, 40, 22, 24, 16, 10, 40)


def written_sheet(report: StockTakeReport) -> bytes:
    """The book as an .xlsx sheet, with an x beside what was counted already."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Kiểm kê"
    for at, row in enumerate(sheet_of(report), 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(at, column)
            assert isinstance(cell, Cell)
            put(cell, text)
            if at == 1:
                cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "B2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.print_title_rows = "1:1"
    octets = io.BytesIO()
    book.save(octets)
    return octets.getvalue()


def read_sheet(
    octets: bytes | None, book: Mapping[str, tuple[str, str]], by: str, now_s: float
) -> list[Count]:
    """The counts of a file that was sent (.xlsx or .csv). Raises Refused."""
    if not octets:
        raise Refused([FieldProblem("sheet", "choose a file")])
    if len(octets) > MOST_BYTES:
        text = "is too big; the sheet of a stock-take has at most {most} MB"
        raise Refused([FieldProblem("sheet", text, {"most": str(MOST_BYTES // 2**20)})])
    with tempfile.TemporaryDirectory(prefix="hatang-") as folder:
        path = Path(folder) / "sheet.xlsx"  # what it is, the reader finds out
        path.write_bytes(octets)
        try:
            table = read_apart(path, Path(folder) / "table")
        except SheetError as error:
            raise Refused([FieldProblem("sheet", error.text, error.values)]) from error
    rows = (
        (row.number - 1, [c.text if isinstance(c, Formula) else c for c in row.cells])
        for row in table.rows
    )
    return counts_of_sheet(rows, book, by, now_s)
