"""More assets from CSV files: what a spreadsheet saves, one asset a row.

Columns are named as the keys of an asset in hatang.yaml; endpoints have four simple columns: `snmp`
(a credential's name), `ping` (yes), `tcp` (a port) and `http` (an address).
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.assets import Asset
from config.errors import Report, did_you_mean

MAX_BYTES = 50_000_000
_LISTS = frozenset({"features"})
_ENDPOINTS = ("snmp", "ping", "tcp", "http")
_YES = frozenset({"yes", "true", "1", "x", "có", "co"})
_NO = frozenset({"", "no", "false", "0", "không", "khong"})


def read_register(path: Path, report: Report) -> list[tuple[Asset, int]]:
    """(asset, line) of each row that is in order; what is not is noted with its line and column.

    UTF-8 with or without a byte-order mark; separated by comma, semicolon or tab.
    """
    text = _text(path, report)
    if text is None:
        return []
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text), strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
    except csv.Error as error:
        report.add(str(path), 1, (), f"is not CSV: {error}")
        return []
    reader.fieldnames = header
    if not _header_is_usable(path, header, report):
        return []
    found: list[tuple[Asset, int]] = []
    try:
        for row in reader:
            line = reader.line_num
            if None in row or None in row.values():
                want, extra = len(header), row.pop(None, [])
                have = want + len(extra) - sum(value is None for value in row.values())
                report.add(str(path), line, (), f"has {have} cells, the header has {want}")
                continue
            cells = {name: value.strip() for name, value in row.items()}
            if any(cells.values()):
                asset = _asset(path, line, cells, report)
                if asset is not None:
                    found.append((asset, line))
    except csv.Error as error:
        report.add(str(path), reader.line_num, (), f"is not CSV: {error}; look at the quotes")
    return found


def _text(path: Path, report: Report) -> str | None:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            report.add(str(path), 0, (), f"is larger than {MAX_BYTES // 1_000_000} MB; split it")
            return None
        return raw.decode("utf-8-sig")
    except OSError as error:
        report.add(str(path), 0, (), f"cannot be read: {error.strerror or error}")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        report.add(str(path), line, (), "is not UTF-8; save it as CSV UTF-8")
    return None


def _dialect(text: str) -> type[csv.Dialect]:
    """Excel's own, separated by whatever the header holds most of."""
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    return type("Register", (csv.excel,), {"delimiter": separator})


def _header_is_usable(path: Path, header: list[str], report: Report) -> bool:
    known = {f.alias or name for name, f in Asset.model_fields.items()} - {"endpoints"}
    known.update(_ENDPOINTS)
    good = True
    for name in header:
        if name not in known:
            hint = did_you_mean(name, known)
            report.add(str(path), 1, (name,), f"is not a column; {hint}")
            good = False
    for name in sorted({n for n in header if header.count(n) > 1}):
        report.add(str(path), 1, (name,), "stands twice in the header; keep one")
        good = False
    for name in ("tag", "name", "class", "commune"):
        if name not in header:
            report.add(str(path), 1, (name,), "is missing in the header; add the column")
            good = False
    return good


def _asset(path: Path, line: int, cells: dict[str, str], report: Report) -> Asset | None:
    before = len(report.problems)
    values: dict[str, Any] = {}
    for name, text in cells.items():
        if not text or name in _ENDPOINTS:
            continue
        try:
            values[name] = _value(name, text)
        except ValueError as error:
            report.add(str(path), line, (name,), str(error))
    try:
        values["endpoints"] = _endpoints(cells)
    except _CellError as error:
        report.add(str(path), line, (error.column,), str(error))
    if len(report.problems) > before:
        return None
    try:
        return Asset.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            column = next((str(key) for key in detail["loc"]), "")
            if detail["type"] == "missing":
                text = "is empty; fill it in"
            elif detail["type"] == "value_error":
                text = str(detail["ctx"]["error"])
            else:
                text = detail["msg"][:1].lower() + detail["msg"][1:]
            report.add(str(path), line, (column,) if column else (), text)
        return None


def _value(name: str, text: str) -> Any:
    """A cell as the YAML of an asset would have it. Raises ValueError."""
    if name in _LISTS:
        return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if name == "price_vnd":
        digits = text.replace(".", "").replace(" ", "")
        if not (digits.isascii() and digits.isdigit()):
            raise ValueError(f"{text!r} must be a whole number of dong, for example 12500000")
        return int(digits)
    return _flag(text) if name == "edge" else text


def _flag(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError(f"{text!r} must be yes or no")
    return text.lower() in _YES


class _CellError(ValueError):
    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column


def _endpoints(cells: dict[str, str]) -> list[dict[str, Any]]:
    endpoints: list[dict[str, Any]] = []
    if credential := cells.get("snmp", ""):
        endpoints.append({"kind": "snmp", "credential": credential})
    try:
        if _flag(cells.get("ping", "")):
            endpoints.append({"kind": "ping"})
    except ValueError as error:
        raise _CellError("ping", str(error)) from error
    if port := cells.get("tcp", ""):
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
            raise _CellError("tcp", f"{port!r} must be a port, 1 to 65535")
        endpoints.append({"kind": "tcp", "port": int(port)})
    if url := cells.get("http", ""):
        endpoints.append({"kind": "http", "url": url})
    return endpoints
