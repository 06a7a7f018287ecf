"""Values as people type them, with one meaning or none: "85 %", "0,85", "200 Mbps", "1.234", "có".

What may mean two things is refused with what would be right: a share "1" (1 % or 100 %), a
bandwidth without unit, "MB/s" (bytes or bits), "1.234" where both readings are possible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from inventory.indicators.definition import Kind
from inventory.sheets.fields import plain
from inventory.sheets.problem import CellError
from inventory.sheets.table import Cell, Formula
from inventory.sheets.words import NO, YES

_LONGEST = 60
_WORDS_YES = YES | {"roi", "da co", "da", "dat", "हाँ"}
_WORDS_NO = NO | {"chua", "chua co", "khong co", "नहीं"}

_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,' \u00a0])[0-9]{3})(?:\1[0-9]{3})*")
_BOTH = re.compile(r"[0-9]{1,3}(?:(?:\.[0-9]{3})+,|(?:,[0-9]{3})+\.)[0-9]{1,6}")
_SIMPLE = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,9})?")


def value_of(kind: Kind, cell: Cell) -> float | None:
    """The value of a cell or of what was typed, in the unit of its kind; None for a blank one.

    Raises CellError.

    >>> value_of("share", "85 %"), value_of("share", "0,85"), value_of("bps", "200 Mbps")
    (0.85, 0.85, 200000000.0)
    """
    if isinstance(cell, Formula):
        raise CellError("holds a formula; copy the column and paste it as values")
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, bool):
        if kind != "yes":
            raise CellError("{text} is no number", text=str(cell))
        return float(cell)
    if isinstance(cell, int | float):
        text = f"{Decimal(repr(cell)):f}"
    elif isinstance(cell, str):
        text = " ".join(cell.split())
    else:
        raise CellError("has become a date; set the cell to text and type it again")
    if re.match(r"[-−(]\s*[0-9]", text):
        raise CellError("{text} is below zero", text=text[:_LONGEST])
    return float(_PARSERS[kind](text))


def typed(kind: Kind, value: float, language: str = "en") -> str:
    """A value as a person would type it; `value_of` takes it back exactly.

    >>> typed("share", 0.855), typed("bps", 2.5e8), typed("yes", 1.0, "vi")
    ('85.5 %', '250 Mbps', 'có')
    """
    exact = Decimal(repr(value))
    if kind == "yes":
        return ("có" if value >= 1 else "không") if language == "vi" else ("no", "yes")[value >= 1]
    if kind == "share":
        return f"{_decimal(exact * 100, language)} %"
    if kind == "bps":
        for size, unit in ((10**9, "Gbps"), (10**6, "Mbps"), (10**3, "kbps")):
            if exact and exact % (size // 1000) == 0 and exact >= size:
                return f"{_decimal(exact / size, language)} {unit}"
        return f"{_decimal(exact, language)} bps"
    if kind == "hours":
        return f"{_decimal(exact, language)} {'giờ' if language == 'vi' else 'h'}"
    if kind == "seconds":
        return f"{_decimal(exact, language)} {'giây' if language == 'vi' else 's'}"
    return _decimal(exact, language)


def cell_of(kind: Kind, value: float, language: str) -> Cell:
    """A value as a cell of a sheet, which `value_of` takes back exactly: a count is a number."""
    if kind == "count" and value == int(value):
        return int(value)
    return typed(kind, value, language)


def _decimal(value: Decimal, language: str) -> str:
    """Without zeros at the end; never with groups, and three decimals get a fourth: "1,234" would
    mean two things."""
    text = f"{value.normalize():f}"
    whole, dot, rest = text.partition(".")
    if len(rest) == 3 and whole != "0" and len(whole) <= 3:
        rest += "0"
    return whole + (("," if language == "vi" else ".") + rest if dot else "")


def _number(text: str, *, whole: bool = False) -> Decimal:
    """A number with a comma or a dot for its decimals, or with groups of thousands."""
    if _GROUPED.fullmatch(text):
        digits = re.sub(r"[^0-9]", "", text)
        decimals = text.count(".") + text.count(",") == 1
        if not whole and decimals and not text.startswith("0"):
            either = text.replace(".", ",")
            raise CellError(
                "{text} may be {digits} or {either}0; write one of the two",
                text=text[:_LONGEST],
                digits=digits,
                either=either,
            )
        if not (text.startswith("0") and decimals):
            return Decimal(digits)
    if _BOTH.fullmatch(text):
        decimal = "," if text.rfind(",") > text.rfind(".") else "."
        other = "." if decimal == "," else ","
        return Decimal(text.replace(other, "").replace(decimal, "."))
    if _SIMPLE.fullmatch(text):
        return Decimal(text.replace(",", "."))
    raise CellError("{text} is no number", text=text[:_LONGEST])


def _count(text: str) -> Decimal:
    value = _number(text, whole=True)
    if value != int(value):
        raise CellError("{text} must be a whole number", text=text[:_LONGEST])
    return value


def _share(text: str) -> Decimal:
    bare = re.sub(r"\s*(%|phần trăm|per cent|percent)$", "", text, flags=re.IGNORECASE)
    value = _number(bare)
    if bare == text:
        if 0 < value < 1:
            return value
        if value == 1:
            raise CellError("1 may be 1 % or 100 %; write one of the two")
    if value > 100:
        raise CellError("{text} is more than 100 %", text=text[:_LONGEST])
    return value / 100


_RATE = re.compile(
    r"(?P<number>[0-9][0-9.,' \u00a0]*?)\s*(?P<size>[kKmMgGtT])?\s*"
    r"(?P<unit>bps|bit/s|bits/s|b/s|bit/giây|b|B/s|Bps|BPS|B)?"
)
_SIZES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_CERTAIN_BPS = 1_000_000
"""A bare number from here on can only mean bits a second: no line has a million megabits."""


def _bps(text: str) -> Decimal:
    found = _RATE.fullmatch(text)
    if found is None:
        raise CellError("{text} is no bandwidth; write for example 200 Mbps", text=text[:_LONGEST])
    size, unit = (found["size"] or "").lower(), found["unit"] or ""
    if unit in ("B/s", "Bps", "B"):
        raise CellError(
            "{text} may mean bytes; write bits a second, for example 200 Mbps", text=text[:_LONGEST]
        )
    value = _number(found["number"].strip(), whole=not size)
    if not size and not unit and 0 < value < _CERTAIN_BPS:
        raise CellError(
            "{text} has no unit; write for example {text} Mbps", text=text[: _LONGEST // 2]
        )
    value *= _SIZES[size]
    if value != int(value):
        raise CellError("{text} is no bandwidth; write for example 200 Mbps", text=text[:_LONGEST])
    return value


_TIME = re.compile(r"(?P<number>[0-9][0-9.,' \u00a0]*?)\s*(?P<unit>[^\W\d_]+)?")
_SECONDS = {
    **dict.fromkeys(("ms", "mili giay"), Decimal("0.001")),
    **dict.fromkeys(("s", "giay", "sec", "second", "seconds"), Decimal(1)),
    **dict.fromkeys(("min", "phut", "minute", "minutes"), Decimal(60)),
    **dict.fromkeys(("h", "gio", "hour", "hours"), Decimal(3600)),
    **dict.fromkeys(("d", "ngay", "day", "days"), Decimal(86400)),
}


def _time(usual: str, known: str) -> Callable[[str], Decimal]:
    """A length of time, in `usual` where no unit is given."""

    def parse(text: str) -> Decimal:
        found = _TIME.fullmatch(text)
        unit = plain(found["unit"] or usual) if found else ""
        if found is None or unit not in _SECONDS:
            raise CellError(
                "{text} is no length of time; write for example {known}",
                text=text[:_LONGEST],
                known=known,
            )
        return _number(found["number"].strip()) * _SECONDS[unit] / _SECONDS[usual]

    return parse


def _yes(text: str) -> Decimal:
    word = plain(text)
    if word in _WORDS_YES or text in _WORDS_YES:
        return Decimal(1)
    if word in _WORDS_NO or text in _WORDS_NO:
        return Decimal(0)
    raise CellError("{text} must be yes or no", text=text[:_LONGEST])


_PARSERS: Mapping[Kind, Callable[[str], Decimal]] = {
    "count": _count,
    "share": _share,
    "ratio": _number,
    "hours": _time("h", "8 h"),
    "seconds": _time("s", "30 s"),
    "bps": _bps,
    "yes": _yes,
}
