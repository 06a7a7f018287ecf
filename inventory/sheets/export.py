"""The register as a sheet: every field, in a form that comes back the same when it is imported."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.assets import Asset, AssetClass, AssetStatus
from inventory.register.index import body_of
from inventory.sheets.class_words import CLASS_TITLES
from inventory.sheets.escape import guarded
from inventory.sheets.fields import COLUMNS, Column, custom_title
from inventory.sheets.table import Cell
from inventory.sheets.words import STATUS_TITLES, yes_or_no
from inventory.sheets.xlsx import Look, write_xlsx

SHEET = {"vi": "Tài sản", "en": "Assets"}
LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Line:
    """An asset with its own number, 0 where it has none."""

    id: int
    asset: Asset


def write_export(path: Path, lines: Sequence[Line], language: str) -> int:
    """Write the register to a .xlsx or .csv file, by the file's name; how many assets it has.

    Raises ValueError for another kind of file, and OSError.
    """
    if language not in LANGUAGES:
        language = "en"
    bodies = [(line, _body(line.asset)) for line in lines]
    custom = sorted({name for _, body in bodies for name in body.get("custom", {})})
    header = [column.title(language) for column in COLUMNS]
    header += [custom_title(name, language) for name in custom]
    rows = (_cells(line, body, custom, language) for line, body in bodies)
    if path.suffix.lower() == ".csv":
        _write_csv(path, header, rows)
    elif path.suffix.lower() == ".xlsx":
        widths = [column.width for column in COLUMNS] + [20] * len(custom)
        numbered = enumerate(_with(header, rows), start=1)
        write_xlsx(path, SHEET[language], numbered, Look(widths))
    else:
        raise ValueError(f"{path.name} must end in .xlsx or .csv")
    return len(lines)


def _body(asset: Asset) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body_of(asset))
    return found


def _with(header: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Iterable[Sequence[Cell]]:
    yield header
    yield from rows


def _cells(line: Line, body: Mapping[str, Any], custom: Sequence[str], language: str) -> list[Cell]:
    cells = [_cell(column, line, body, language) for column in COLUMNS]
    own = body.get("custom", {})
    return cells + [own.get(name) for name in custom]


def _cell(column: Column, line: Line, body: Mapping[str, Any], language: str) -> Cell:
    if column.what == "id":
        return line.id or None
    value = body.get(column.key)
    if column.key == "status":
        return STATUS_TITLES[language][AssetStatus(line.asset.status)]
    if column.what == "flag":
        return yes_or_no(bool(value), language)
    if value is None:
        return None
    if column.what == "class":
        return CLASS_TITLES[language][AssetClass(value)]
    if column.what in ("day", "month"):
        return dt.date.fromisoformat(value)
    if column.what == "list":
        plain = all(part == part.strip() and not set(part) & set(",;[") and part for part in value)
        return "; ".join(value) if plain else json.dumps(value, ensure_ascii=False)
    if column.what == "endpoints":
        return json.dumps(value, ensure_ascii=False)
    kept: Cell = value
    return kept


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    # The mark at the beginning is what tells Excel that this is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([guarded(title) for title in header])
        for row in rows:
            writer.writerow([csv_text(cell) for cell in row])


def csv_text(cell: Cell) -> str:
    """A cell of a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)
