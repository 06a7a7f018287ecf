"""One cell as the register has it, or what is wrong with it.

Only what has one meaning is taken: 31/12/2025 is a day, 31/12/25 may be of two centuries; "12,5
triệu" is an amount, 12,5 is not. Whole columns in thousands or millions say so in their header.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from inventory.sheets.class_words import CLASS_TITLES, class_of
from inventory.sheets.coding import coding_of
from inventory.sheets.fields import plain
from inventory.sheets.problem import CellError
from inventory.sheets.table import Cell, Formula
from inventory.sheets.words import NO, STATUS_TITLES, STATUSES, YES

_EXACT_BELOW = 10**15
"""A spreadsheet keeps 15 digits of a number."""

_EPOCH = dt.date(1899, 12, 30)
_SERIAL_FROM, _SERIAL_TO = 14_000, 110_000
"""Numbers of days that spreadsheets count for the years 1938 to 2201."""

_YEARS = range(1900, 2201)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a cell depends on. communes: code -> name of the watched ones; by_name: plain
    name -> codes; factor: by how much amounts are multiplied."""

    communes: Mapping[str, str]
    language: str = "en"
    factor: int = 1
    by_name: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def reading(communes: Mapping[str, str], language: str = "en") -> Reading:
    """How cells are read where these communes are watched."""
    by_name: dict[str, tuple[str, ...]] = {}
    for code, name in communes.items():
        for key in {plain(name), _bare(plain(name))}:
            by_name[key] = (*by_name.get(key, ()), code)
    return Reading(communes, language, by_name=by_name)


def parse(what: str, cell: Cell, how: Reading) -> Any:
    """The value of a cell as hatang.yaml would have it; None where nothing stands there.

    what: see fields.What. Raises CellError.
    """
    if cell is None or cell == "":
        return None
    if isinstance(cell, Formula):
        if cell.text.startswith("#"):
            raise CellError("holds the error {what}; type the value", what=cell.text)
        raise CellError("holds a formula; copy the column and paste it as values")
    return _PARSERS[what](cell, how)


def refuse_old_coding(cell: Any) -> None:
    """Raise CellError for a text that looks like one of the time before Unicode."""
    coding = coding_of(cell) if isinstance(cell, str) else None
    if coding is not None:
        raise CellError(
            "{text} is in the old coding {coding}; convert the sheet to Unicode first, for "
            "example with UniKey",
            text=cell[:40],
            coding=coding,
        )


def text_of(cell: Cell) -> str:
    """A cell as text, whatever it holds."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, Formula):
        return cell.text
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_BELOW:
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


def _text(cell: Cell, how: Reading) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.date):
        raise CellError(
            "has become the date {day}; set the cell to text and type it again",
            day=f"{cell:%d/%m/}{cell.year}",
        )
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT_BELOW:
        raise CellError(
            "the spreadsheet has rounded this number; set the cell to text and type it again"
        )
    return text_of(cell)


def _number(cell: Cell, how: Reading) -> int:
    text = text_of(cell)
    if not re.fullmatch("[0-9]{1,15}", text):
        raise CellError("{text} is no number of Hatang; leave it as it was exported", text=text)
    return int(text)


def _word(text: str, found: StrEnum | None, titles: Iterable[str]) -> str:
    if found is None:
        raise CellError(
            "{text} is not known; write one of: {known}",
            text=text[:60],
            known=", ".join(titles),
        )
    return found.value


def _class(cell: Cell, how: Reading) -> str:
    text, titles = text_of(cell), CLASS_TITLES.get(how.language, CLASS_TITLES["en"])
    return _word(text, class_of(text), titles.values())


def _status(cell: Cell, how: Reading) -> str:
    text, titles = text_of(cell), STATUS_TITLES.get(how.language, STATUS_TITLES["en"])
    return _word(text, STATUSES.get(plain(text)), titles.values())


def _bare(name: str) -> str:
    return re.sub("^(xa|phuong|thi tran|dac khu|p|x|tt)[ .]+", "", name)


def _commune(cell: Cell, how: Reading) -> str:
    text = text_of(cell)
    codes = [text, *([text.zfill(5)] if text.isdigit() else [])]
    leading = re.match(r"([0-9A-Za-z._-]{1,16})\b", text)
    if leading is not None and any(c.isdigit() for c in leading[1]):
        codes.append(leading[1])
    for code in codes:
        if code in how.communes:
            return code
    key = plain(text)
    found = how.by_name.get(key) or how.by_name.get(_bare(key)) or ()
    if len(found) == 1:
        return found[0]
    known = [f"{code} {name}" for code, name in how.communes.items()]
    if found:
        known = [f"{code} {how.communes[code]}" for code in found]
    raise CellError(
        "{text} is not a commune that is watched; write one of: {known}"
        if not found
        else "{text} may be several communes; write the code: {known}",
        text=text[:60],
        known=", ".join(known[:12]) + (" …" if len(known) > 12 else ""),
    )


_DMY = re.compile(r"([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{4})")
_YMD = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})")
_TIME = re.compile(r"[ T]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[ap]m)?$", re.IGNORECASE)
_IN_WORDS = re.compile(r"(?:ngay )?([0-9]{1,2}) thang ([0-9]{1,2}) nam ([0-9]{4})")
_MONTH = re.compile(r"(?:thang )?([0-9]{1,2})\s*[/.-]\s*([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")


def _day(cell: Cell, how: Reading) -> str:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not _SERIAL_FROM <= cell <= _SERIAL_TO:
            raise CellError("{text} is not a day; write it as 31/12/2025", text=text_of(cell))
        return (_EPOCH + dt.timedelta(days=int(cell))).isoformat()
    text = _TIME.sub("", text_of(cell)).strip()
    if found := _DMY.fullmatch(text) or _IN_WORDS.fullmatch(plain(text)):
        day, month, year = map(int, found.groups())
    elif found := _YMD.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif re.fullmatch("[0-9]{5,6}", text) and _SERIAL_FROM <= int(text) <= _SERIAL_TO:
        return (_EPOCH + dt.timedelta(days=int(text))).isoformat()
    elif _SHORT_YEAR.fullmatch(text):
        raise CellError("{text}: write the year with four digits, as 31/12/2025", text=text)
    else:
        raise CellError("{text} is not a day; write it as 31/12/2025", text=text[:60])
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        raise CellError(
            "{text} is not in the calendar; write the day, then the month, as 31/12/2025", text=text
        ) from None


def _month(cell: Cell, how: Reading) -> str:
    """A day, the first one of a month, or of a year: wear counts by years."""
    text = text_of(cell)
    if re.fullmatch("[0-9]{4}", text) and int(text) in _YEARS:
        return dt.date(int(text), 1, 1).isoformat()
    found = _MONTH.fullmatch(plain(text)) if isinstance(cell, str) else None
    if found is not None and 1 <= int(found[1]) <= 12 and int(found[2]) > 0:
        return dt.date(int(found[2]), int(found[1]), 1).isoformat()
    return _day(cell, how)


_CURRENCY = re.compile(r"\s*(vnd|vnđ|đồng|dong|đ|₫|d)\.?$", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}([., ])[0-9]{3}(?:\1[0-9]{3})*(?:(?!\1)[.,]0{1,2})?")
_WITH_UNIT = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,2})?) ?(ty|ti|trieu|tr|nghin|ngan|k)")
_UNITS = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6}


def _price(cell: Cell, how: Reading) -> int:
    if isinstance(cell, bool | dt.date):
        raise CellError("must be a whole number of dong, for example 12500000")
    if isinstance(cell, int) and cell >= 0:
        return cell * how.factor
    if isinstance(cell, int | float):
        return _whole_dong(Decimal(str(cell)) * how.factor, text_of(cell))
    text = _CURRENCY.sub("", " ".join(text_of(cell).split())).strip()
    if re.fullmatch("[0-9]{1,18}", text):
        return _whole_dong(Decimal(text) * how.factor, text)
    if _GROUPED.fullmatch(text) is not None:
        whole = re.sub(r"[.,]0{1,2}$", "", text)
        return _whole_dong(Decimal(re.sub("[., ]", "", whole)) * how.factor, text)
    if how.factor > 1 and re.fullmatch(r"[0-9]{1,9}[.,][0-9]{1,2}", text):
        return _whole_dong(Decimal(text.replace(",", ".")) * how.factor, text)
    unit = _WITH_UNIT.fullmatch(plain(text.replace(".", ",")).replace("_", ""))
    if unit is not None and how.factor == 1:
        return _whole_dong(Decimal(unit[1].replace(",", ".")) * _UNITS.get(unit[2], 1000), text)
    if re.match(r"[-−(]\s*[0-9]", text):
        raise CellError("{text} is below zero; write what it cost", text=text[:60])
    raise CellError("{text} must be a whole number of dong, for example 12.500.000", text=text[:60])


def _whole_dong(amount: Decimal, text: str) -> int:
    if not amount.is_finite() or amount != int(amount):
        raise CellError("{text} must be a whole number of dong, for example 12.500.000", text=text)
    if amount < 0:
        raise CellError("{text} is below zero; write what it cost", text=text)
    return int(amount)


def _whole(cell: Cell, how: Reading) -> int:
    text = re.sub(r"\s*(năm|years?|tháng|months?)$", "", text_of(cell), flags=re.IGNORECASE)
    if not re.fullmatch("[0-9]{1,9}", text):
        raise CellError("{text} must be a whole number", text=text[:60])
    return int(text)


def _flag(cell: Cell, how: Reading) -> bool:
    key = plain(text_of(cell))
    if key not in YES | NO:
        raise CellError("{text} must be yes or no", text=text_of(cell)[:60])
    return key in YES


def _list(cell: Cell, how: Reading) -> list[str]:
    text = text_of(cell)
    if text.startswith("["):
        found = _json(text)
        if isinstance(found, list) and all(isinstance(part, str) for part in found):
            return found
        raise CellError("must be words with ; between them")
    return [part.strip() for part in re.split("[;,]", text) if part.strip()]


_ENDPOINT = '[{"kind":"ping"}]'


def _endpoints(cell: Cell, how: Reading) -> list[dict[str, Any]]:
    found = _json(text_of(cell))
    if not isinstance(found, list) or not all(isinstance(part, dict) for part in found):
        raise CellError("must be left as exported, for example {example}", example=_ENDPOINT)
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


_PARSERS: Mapping[str, Callable[[Cell, Reading], Any]] = {
    "id": _number,
    "tag": _text,
    "text": _text,
    "lines": _text,
    "class": _class,
    "status": _status,
    "commune": _commune,
    "day": _day,
    "month": _month,
    "price": _price,
    "years": _whole,
    "flag": _flag,
    "list": _list,
    "endpoints": _endpoints,
}
