"""Reads one file that somebody handed in; runs in a process of its own, see `apart.py`.

Values are taken as they stand: what a date or a price is decides whoever knows the column.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from inventory.sheets.book import Book
from inventory.sheets.coding import coding_of
from inventory.sheets.escape import unguarded
from inventory.sheets.gate import MAX_COLUMNS, MAX_ROWS, look_at
from inventory.sheets.header import OLD_CODING
from inventory.sheets.problem import SheetError
from inventory.sheets.table import LONGEST_CELL, Cell, Row, text_in_cell, write_table

_SEPARATORS = ";,\t|"
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read(path: Path, result: Path) -> None:
    """Look at a file, read its sheet and leave it as a table. Raises SheetError."""
    if look_at(path) == "csv":
        write_table(result, "", _bounded(_csv_rows(path)))
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions that do not matter
        try:
            with path.open("rb") as file:  # by a path the library would go by the name's ending
                _read_book(Book(file), result)
        except SheetError:
            raise
        except MemoryError:
            raise SheetError("needs too much memory to read; send it in parts") from None
        except Exception as error:  # whatever a library finds in a file that is not well made
            raise SheetError("is damaged; open it in a spreadsheet and save it anew") from error


def _read_book(book: Book, result: Path) -> None:
    chosen, others, first = None, [], None
    for sheet in book.sheets():
        rows = _bounded(book.rows(sheet))
        one = next(rows, None)
        if one is None:
            continue
        if chosen is None:
            chosen, first = sheet, one
            kept = rows
        else:
            others.append(sheet.title)
    if chosen is None or first is None:
        raise SheetError("has no sheet in which something stands")
    write_table(result, chosen.title, _after(first, kept), others, book.merged(chosen))


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


def _row(number: int, cells: Iterable[Cell]) -> Row | None:
    found = list(cells)
    while found and found[-1] is None:
        found.pop()
    return Row(number, tuple(found)) if found else None


def _csv_rows(path: Path) -> Iterator[Row]:
    text = _csv_text(path.read_bytes())
    header = max(text.lstrip("\r\n").splitlines()[:30], key=_separators, default="")
    separator = max(_SEPARATORS, key=header.count)
    csv.field_size_limit(LONGEST_CELL * 2)
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
                'has quotes (") in line {line} that do not fit; mend them or save it as .xlsx',
                line=str(number),
            ) from error
        row = _row(number, (text_in_cell(unguarded(cell.strip())) for cell in cells))
        if row is not None:
            yield row


def _separators(line: str) -> int:
    return max(line.count(sign) for sign in _SEPARATORS)


def _csv_text(octets: bytes) -> str:
    coding = next((name for bom, name in _BOMS if octets.startswith(bom)), "utf-8-sig")
    try:
        text = octets.decode(coding)
    except UnicodeDecodeError as error:
        line = str(octets.count(b"\n", 0, error.start) + 1)
        old = coding_of(octets[:200_000].decode("cp1252", "replace"))
        if old is not None:
            raise SheetError(OLD_CODING, coding=old, row=line) from None
        raise SheetError(
            "is not UTF-8 (row {row}), it looks like {coding}; save it as CSV UTF-8 or as .xlsx",
            coding="Windows-1258",
            row=line,
        ) from None
    if "\0" in text:
        raise SheetError("is no sheet; save the sheet as .xlsx or as CSV UTF-8")
    return text
