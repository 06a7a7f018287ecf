"""Figures and indicators as a sheet, and a sheet as what it would declare.

Two forms, each of which comes back: the matrix (a commune a row, an indicator a column, one day and
document for the row) and the list (one value a row, with all that is known of it). A blank cell is
never a change; what stands already changes nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inventory.indicators.declaration import Standing
from inventory.indicators.definition import Definition
from inventory.indicators.indicators import CommuneRow
from inventory.indicators.values import cell_of
from inventory.sheets.export import LANGUAGES, csv_text
from inventory.sheets.fields import plain
from inventory.sheets.table import Cell
from inventory.sheets.xlsx import Look, write_xlsx

Form = Literal["matrix", "list"]
"""See the module."""

COMMUNE, COMMUNE_NAME, NAME, TITLE, VALUE = "commune", "commune_name", "name", "title", "value"
AS_OF, EXPIRES, DOCUMENT, BY = "as_of", "expires", "document", "by"
ENTERED_BY, ENTERED = "entered_by", "entered"
OF = "indicator."
"""A column of the matrix: OF and the name of the indicator."""

_TITLES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    COMMUNE: ("Mã xã", "Commune", ("commune code", "xã", "xã/phường", "mã đơn vị", "mã")),
    COMMUNE_NAME: ("Tên xã", "Name of the commune", ("tên đơn vị",)),
    NAME: ("Mã chỉ tiêu", "Indicator", ("chỉ tiêu", "indicator id")),
    TITLE: ("Tên chỉ tiêu", "Title", ()),
    VALUE: ("Giá trị", "Value", ("số liệu", "figure")),
    AS_OF: ("Tính đến ngày", "As of", ("ngày số liệu", "ngày", "date", "day")),
    EXPIRES: ("Hết hiệu lực", "Expires", ("hết hạn", "ngày hết hạn")),
    DOCUMENT: ("Văn bản", "Document", ("căn cứ", "số văn bản", "tài liệu")),
    BY: ("Người chịu trách nhiệm", "Answers for it", ("by", "người báo cáo")),
    ENTERED_BY: ("Người nhập", "Entered by", ()),
    ENTERED: ("Ngày nhập", "Entered on", ()),
}
"""Key -> title in Vietnamese, in English, what else people call it."""

_MATRIX = (COMMUNE, COMMUNE_NAME, AS_OF, EXPIRES, DOCUMENT, BY)
_LIST = (
    *(COMMUNE, COMMUNE_NAME, NAME, TITLE, VALUE, AS_OF, EXPIRES, DOCUMENT, BY),
    *(ENTERED_BY, ENTERED),
)
_WIDTHS = {COMMUNE_NAME: 24, TITLE: 40, DOCUMENT: 28, BY: 24}
_SHEET = {"vi": "Chỉ tiêu", "en": "Indicators"}


@dataclass(frozen=True, slots=True)
class Book:
    """What a sheet is made from. zone: for the day on which something was entered."""

    rows: Sequence[CommuneRow]
    definitions: Mapping[str, Definition]
    zone: dt.tzinfo


def title_of(key: str, definitions: Mapping[str, Definition], language: str) -> str:
    """What a column is called; of an indicator its title, with its name where two are alike."""
    if key.startswith(OF):
        name = key.removeprefix(OF)
        title = definitions[name].title.text(language)
        same = [d.name for d in definitions.values() if d.title.text(language) == title]
        return f"{title} [{name}]" if len(same) > 1 else title
    vi, en, _ = _TITLES[key]
    return vi if language == "vi" else en


def knows(definitions: Mapping[str, Definition]) -> Callable[[str], str | None]:
    """What says which column a header names: a key of the module or OF and a name."""
    known: dict[str, str] = {}
    for key, (vi, en, more) in _TITLES.items():
        for text in (vi, en, key, *more):
            known.setdefault(plain(text), key)
    for name in definitions:
        known[plain(name)] = OF + name
        for language in ("vi", "en", "hi"):
            known.setdefault(plain(title_of(OF + name, definitions, language)), OF + name)
    return lambda header: known.get(plain(header))


def write_sheet(path: Path, book: Book, form: Form, language: str) -> int:
    """Write a .xlsx or .csv file, by its name; how many rows of data it has.

    Raises ValueError for another kind of file, and OSError.
    """
    language = language if language in LANGUAGES else "en"
    keys = _LIST if form == "list" else (*_MATRIX, *(OF + name for name in book.definitions))
    header = [title_of(key, book.definitions, language) for key in keys]
    make = _list if form == "list" else _matrix
    rows = list(make(book, language))
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerows([csv_text(cell) for cell in row] for row in [header, *rows])
    elif path.suffix.lower() == ".xlsx":
        widths = [_WIDTHS.get(key, 16) for key in keys]
        write_xlsx(path, _SHEET[language], enumerate([header, *rows], start=1), Look(widths))
    else:
        raise ValueError(f"{path.name} must end in .xlsx or .csv")
    return len(rows)


def _matrix(book: Book, language: str) -> Iterator[Sequence[Cell]]:
    for row in book.rows:
        blank: list[Cell] = [None] * (len(_MATRIX) - 2)
        yield [row.code, row.name, *blank, *_values(row, book.definitions, language)]


def _values(
    row: CommuneRow, definitions: Mapping[str, Definition], language: str
) -> Iterable[Cell]:
    for name, one in definitions.items():
        said = row.said.get(name)
        # What has expired is no figure any more: whoever fills in the sheet gives a new one.
        yield cell_of(one.kind, said.value, language) if said and said.holds else None


def _list(book: Book, language: str) -> Iterator[Sequence[Cell]]:
    for row in book.rows:
        for name, one in book.definitions.items():
            said = row.said.get(name)
            head: list[Cell] = [row.code, row.name, name, one.title.text(language)]
            yield head + (_all_of(said, one, book.zone, language) if said else [])


def _all_of(said: Standing, one: Definition, zone: dt.tzinfo, language: str) -> list[Cell]:
    entry = said.declaration
    entered = dt.datetime.fromtimestamp(entry.entered_at_s, zone).date() if entry else None
    return [
        cell_of(one.kind, said.value, language),
        *(said.as_of, said.expires, said.document or None, said.by or None),
        entry.entered_by if entry else "hatang.yaml",
        entered,
    ]
