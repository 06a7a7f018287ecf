"""More assets from CSV files: what a spreadsheet saves, one asset a row.

Columns are named as the keys of an asset in hatang.yaml; endpoints have four simple columns: `snmp`
(a credential's name), `ping` (yes), `tcp` (a port) and `http` (an address).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.assets import Asset
from config.errors import Path_, Report, did_you_mean
from config.model_errors import in_our_words
from config.text_file import TextProblem, read_text

MAX_BYTES = 50_000_000
_NOT_COLUMNS = frozenset({"endpoints", "custom"})
ENDPOINT_COLUMNS = ("snmp", "ping", "tcp", "http")
"""A column for each kind of endpoint that a row can have; the kind is its name."""

_NEEDED = ("tag", "name", "class", "commune")
_YES = frozenset({"yes", "true", "1", "x", "có", "co"})
_NO = frozenset({"", "no", "false", "0", "không", "khong"})
_DONG = re.compile(r"[0-9]{1,15}|[0-9]{1,3}([., ])[0-9]{3}(?:\1[0-9]{3}){0,4}")


def asset_columns() -> tuple[str, ...]:
    """Every column that a register may have, in the order of the settings."""
    keys = (field.alias or name for name, field in Asset.model_fields.items())
    return (*(key for key in keys if key not in _NOT_COLUMNS), *ENDPOINT_COLUMNS)


def read_register(path: Path, shown: str, report: Report) -> list[tuple[Asset, int]]:
    """(asset, line) of each row that is in order; what is not is noted with its line and column.

    shown: the file's name in problems. UTF-8 with or without a byte-order mark; separated by comma,
    semicolon or tab.
    """
    try:
        text = read_text(path, MAX_BYTES)
    except TextProblem as problem:
        report.add(shown, problem.line, (), problem.text)
        return []
    except OSError as error:
        report.add(shown, 0, (), f"cannot be read: {error.strerror or error}")
        return []
    rows = _Rows(shown, text, report)
    line, header = next(rows, (1, []))
    while header and not header[-1]:  # what a spreadsheet adds to the right
        header.pop()
    if not _header_is_usable(shown, line, header, report):
        return []
    found: list[tuple[Asset, int]] = []
    for line, cells in rows:
        while len(cells) > len(header) and not cells[-1]:
            cells.pop()
        if len(cells) != len(header):
            words = f"has {len(cells)} cells, the header has {len(header)}; look at the separators"
            report.add(shown, line, (), words)
            continue
        asset = _asset(shown, line, dict(zip(header, cells, strict=True)), report)
        if asset is not None:
            found.append((asset, line))
    return found


def column_of(path: Path_, kinds: list[str]) -> Path_:
    """The column of an asset's key path; kinds: of the asset's endpoints, in order.

    >>> column_of(("endpoints", 0, "port"), ["tcp"])
    ('tcp',)
    """
    if path[:1] == ("endpoints",) and len(path) > 1 and isinstance(path[1], int):
        return (kinds[path[1]],)
    return path[:1]


class _Rows(Iterator[tuple[int, list[str]]]):
    """(line it begins in, cells) of each row in which something stands; ends at what is no CSV."""

    def __init__(self, shown: str, text: str, report: Report) -> None:
        self._shown = shown
        self._report = report
        header = text.lstrip("\r\n").partition("\n")[0]
        separator = max(",;\t", key=header.count)
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            line = self._reader.line_num + 1
            try:
                cells = [cell.strip() for cell in next(self._reader)]
            except csv.Error as error:
                words = f"is not CSV: {error}; look at the quotes"
                self._report.add(self._shown, line, (), words)
                raise StopIteration from None
            if any(cells):
                return line, cells


def _header_is_usable(shown: str, line: int, header: list[str], report: Report) -> bool:
    before = len(report.problems)
    known = asset_columns()
    for name in sorted(set(header)):
        if name not in known:
            words = f"is not a column; {did_you_mean(name, known)}"
            report.add(shown, line, (name,), words)
        elif header.count(name) > 1:
            report.add(shown, line, (name,), "stands twice in the header; keep one")
    for name in _NEEDED:
        if name not in header:
            report.add(shown, line, (name,), "is missing in the header; add the column")
    return len(report.problems) == before


def _asset(shown: str, line: int, cells: dict[str, str], report: Report) -> Asset | None:
    before = len(report.problems)
    values: dict[str, Any] = {"endpoints": []}
    for column, text in cells.items():
        try:
            if column not in ENDPOINT_COLUMNS:
                values.update({column: _value(column, text)} if text else {})
            elif (endpoint := _endpoint(column, text)) is not None:
                values["endpoints"].append(endpoint)
        except ValueError as error:
            report.add(shown, line, (column,), str(error))
    if len(report.problems) > before:
        return None
    try:
        return Asset.model_validate(values, by_alias=True, by_name=False)
    except ValidationError as error:
        kinds = [endpoint["kind"] for endpoint in values["endpoints"]]
        for detail in error.errors(include_url=False):
            where, words = in_our_words(Asset, detail)
            words = "is empty; fill it in" if detail["type"] == "missing" else words
            report.add(shown, line, column_of(where, kinds), words)
        return None


def _value(column: str, text: str) -> Any:
    """A cell as the YAML of an asset would have it. Raises ValueError."""
    if column == "features":
        return [part.strip() for part in re.split("[;,]", text) if part.strip()]
    if column == "price_vnd":
        if not _DONG.fullmatch(text):
            raise ValueError(f"{text!r} must be a whole number of dong, for example 12500000")
        return int(re.sub("[., ]", "", text))
    return _flag(text) if column == "edge" else text


def _flag(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError(f"{text!r} must be yes or no")
    return text.lower() in _YES


def _endpoint(kind: str, text: str) -> dict[str, Any] | None:
    """The endpoint that a cell asks for, or None. Raises ValueError."""
    if kind == "ping":
        return {"kind": kind} if _flag(text) else None
    if not text:
        return None
    if kind == "tcp":
        if not re.fullmatch("[0-9]{1,5}", text):
            raise ValueError(f"{text!r} must be a port, 1 to 65535")
        return {"kind": kind, "port": int(text)}
    return {"kind": kind, ("credential" if kind == "snmp" else "url"): text}
