"""Writes one sheet as .xlsx (ECMA-376), row after row, without holding it.

Texts are cells of type text whatever they begin with, so nothing in them is ever computed; those
that look like a formula are marked so that editing a cell does not make one of it either.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from inventory.sheets.escape import in_xml, is_like_formula
from inventory.sheets.table import Cell, Formula

_DAY_ZERO = dt.date(1899, 12, 30)
_FIRST_DAY = dt.date(1900, 3, 1)
"""Spreadsheets disagree about days before it."""

_EXACT = 10**15
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_PLAIN, _BOLD, _DAY, _AMOUNT, _QUOTED, _REASON = range(6)
"""Styles, in the order of `_STYLES`."""

_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF4"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFFE9D6"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="6">'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" '
    'applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment vertical="center" wrapText="1"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
    'quotePrefix="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="3" borderId="0" xfId="0" applyNumberFormat="1" '
    'applyFill="1"/>'
    "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a sheet looks. widths: in characters; header: which row (from 1) is bold and stays in
    sight, with everything above it; filtered: whether the header has arrows to filter by; marked:
    a column (from 0) that is coloured."""

    widths: Sequence[int] = ()
    header: int = 1
    filtered: bool = True
    marked: int | None = None


def write_xlsx(
    path: Path, sheet: str, rows: Iterable[tuple[int, Sequence[Cell]]], look: Look
) -> int:
    """Write a file with one sheet; rows: (number, cells), rising. How many rows there were."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, text in _parts(sheet):
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            return _write_sheet(part, rows, look)


def column_name(place: int) -> str:
    """The letters of a column, from 0.

    >>> column_name(0), column_name(25), column_name(26), column_name(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _write_sheet(part: IO[bytes], rows: Iterable[tuple[int, Sequence[Cell]]], look: Look) -> int:
    part.write(_head(look).encode())
    names = [column_name(place) for place in range(len(look.widths))]
    count = last = 0
    buffer: list[str] = []
    for number, cells in rows:
        while len(names) < len(cells):
            names.append(column_name(len(names)))
        buffer.append(_row(number, cells, names, look))
        count, last = count + 1, number
        if len(buffer) >= 500:
            part.write("".join(buffer).encode())
            buffer.clear()
    part.write("".join(buffer).encode())
    part.write(b"</sheetData>")
    if look.filtered and last >= look.header and names:
        area = f"A{look.header}:{names[-1]}{max(last, look.header)}"
        part.write(f'<autoFilter ref="{area}"/>'.encode())
    part.write(b"</worksheet>")
    return count


def _head(look: Look) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(look.widths, start=1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{look.header}" topLeftCell="A{look.header + 1}" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        + (f"<cols>{columns}</cols>" if columns else "")
        + "<sheetData>"
    )


def _row(number: int, cells: Sequence[Cell], names: Sequence[str], look: Look) -> str:
    bold = number == look.header
    written = [
        _cell(cell, f"{names[place]}{number}", bold, place == look.marked)
        for place, cell in enumerate(cells)
        if cell is not None and cell != ""
    ]
    return f'<row r="{number}">{"".join(written)}</row>'


_PLAIN_TEXT = re.compile(r"[^\W_](?:[^\W_]|[ ./-])*")
"""What most texts are: nothing in them is to be written otherwise."""


def _cell(cell: Cell, place: str, bold: bool, marked: bool) -> str:
    if isinstance(cell, str) and not (bold or marked) and _PLAIN_TEXT.fullmatch(cell):
        return _in_place(place, _PLAIN, cell)
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, dt.date) and cell >= _FIRST_DAY:
        return f'<c r="{place}" s="{_DAY}"><v>{(cell - _DAY_ZERO).days}</v></c>'
    if isinstance(cell, int | float) and abs(cell) < _EXACT:
        return f'<c r="{place}" s="{_AMOUNT}"><v>{cell!r}</v></c>'
    if isinstance(cell, Formula):
        text = cell.text
    else:
        text = cell.isoformat() if isinstance(cell, dt.date) else str(cell)
    style = _PLAIN
    if bold:
        style = _BOLD
    elif is_like_formula(text):
        style = _QUOTED
    elif marked:
        style = _REASON
    return _in_place(place, style, escape(in_xml(text)))


def _in_place(place: str, style: int, text: str) -> str:
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    )


def _parts(sheet: str) -> Iterable[tuple[str, str]]:
    name = escape(
        "".join(c for c in sheet if c not in "[]:*?/\\")[:31] or "Hatang", {'"': "&quot;"}
    )
    yield (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    )
    yield (
        "_rels/.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "xl/workbook.xml",
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    )
    yield "xl/styles.xml", _STYLES
