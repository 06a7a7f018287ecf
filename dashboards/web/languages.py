"""Texts, dates and numbers as the reader's language has them.

Templates and code have English; `locale/LANGUAGE/LC_MESSAGES/hatang.po` has the rest and is read as
it is, so there is no compiled copy that could be stale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.messages.pofile import read_po

from dashboards.web.words import N_

NAMES = {"vi": "Tiếng Việt", "en": "English", "hi": "हिन्दी"}
"""Each language by its own name."""

LANGUAGES = tuple(NAMES)
"""What the pages can be read in; the first is the default of the settings."""

_UNITS = ((86400, N_("d")), (3600, N_("h")), (60, N_("min")), (1, N_("s")))

_BILLION, _MILLION = N_("{count} bn"), N_("{count} m")

_LOCALE = Path(__file__).parent / "locale"


@cache
def messages(language: str) -> Mapping[str, str]:
    """English text -> text in a language; empty for English."""
    path = _LOCALE / language / "LC_MESSAGES" / "hatang.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    return {str(m.id): str(m.string) for m in catalog if m.id and m.string}


def chosen(asked: str | None, cookie: str | None, accept: str, setting: str) -> str:
    """The language of a page: asked for in the address, remembered, the browser's, the setting's.

    >>> chosen(None, None, "en;q=0.5, vi-VN;q=0.9", "en"), chosen("vi", "en", "", "en")
    ('vi', 'vi')
    """
    for wish in (asked, cookie, *_accepted(accept)):
        if wish in LANGUAGES:
            return wish
    return setting


def _accepted(header: str) -> list[str]:
    """Languages of Accept-Language, the dearest first (RFC 9110 §12.4.2); refused ones are out."""
    wishes: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, parameter = part.partition(";")
        name, _, text = parameter.partition("=")
        try:
            weight = float(text) if name.strip() == "q" else 1.0
        except ValueError:
            weight = 0.0
        if weight > 0:
            wishes.append((weight, tag.strip().partition("-")[0].lower()))
    return [tag for _, tag in sorted(wishes, key=lambda wish: -wish[0])]


@dataclass(frozen=True, slots=True)
class Speech:
    """One language in one time zone: how a page says things."""

    language: str
    zone: ZoneInfo

    def text(self, message: str) -> str:
        """A message in this language, English where it has none."""
        return messages(self.language).get(message, message)

    def moment(self, at_s: float | None) -> str:
        """A moment to the minute in local time."""
        if at_s is None:
            return "–"
        return dates.format_datetime(
            dt.datetime.fromtimestamp(at_s, self.zone),
            "dd/MM/yyyy HH:mm" if self.language == "vi" else "d MMM yyyy HH:mm",
            locale=self.language,
        )

    def day(self, day: dt.date) -> str:
        """A day."""
        pattern = "dd/MM/yyyy" if self.language == "vi" else "d MMM yyyy"
        return dates.format_date(day, pattern, locale=self.language)

    def duration(self, seconds: float | None) -> str:
        """A length of time in its two largest units.

        >>> Speech("en", ZoneInfo("UTC")).duration(3725)
        '1 h 2 min'
        """
        if seconds is None:
            return "–"
        left = max(0, int(seconds))
        parts: list[str] = []
        for size, unit in _UNITS:
            count, left = divmod(left, size)
            if count or (size == 1 and not parts):
                parts.append(f"{count} {self.text(unit)}")
        return " ".join(parts[:2])

    def percent(self, ratio: float | None, decimals: int = 1) -> str:
        """A ratio as per cent, cut and not rounded: 99.99 % is not 100 %."""
        if ratio is None:
            return "–"
        cut = int(ratio * 100 * 10**decimals + 1e-9) / 10**decimals
        return numbers.format_decimal(cut, f"0.{'0' * decimals}", locale=self.language) + "%"

    def limit(self, value: float, unit: str, sign: str) -> str:
        """A threshold with its sign, without decimals that say nothing.

        >>> Speech("en", ZoneInfo("UTC")).limit(0.99, "ratio", "≥")
        '≥ 99%'
        """
        if unit == "yes":
            return self.quantity(value, unit)
        if unit == "ratio":
            return f"{sign} {numbers.format_decimal(value * 100, '0.##', locale=self.language)}%"
        return f"{sign} {self.quantity(value, unit)}"

    def brief(self, seconds: float | None) -> str:
        """A short time, as a round trip takes: milliseconds below one second."""
        if seconds is None:
            return "–"
        if seconds < 1:
            return f"{self.number(round(seconds * 1000, 1 if seconds < 0.1 else 0))} ms"
        return f"{self.number(round(seconds, 1))} {self.text('s')}"

    def number(self, value: float | None) -> str:
        """A number with at most three decimals."""
        return "–" if value is None else numbers.format_decimal(value, locale=self.language)

    def money(self, dong: float) -> str:
        """An amount in dong; a dash for none."""
        return numbers.format_currency(dong, "VND", locale=self.language) if dong else "–"

    def short_money(self, dong: float) -> str:
        """An amount in few letters, for the scale of a chart.

        >>> Speech("vi", ZoneInfo("UTC")).short_money(150_000_000)
        '150 triệu'
        """
        for size, words in ((1e9, _BILLION), (1e6, _MILLION)):
            if abs(dong) >= size:
                return self.text(words).format(count=self.number(round(dong / size, 1)))
        return self.number(dong)

    def rate(self, bps: float | None) -> str:
        """Bits a second."""
        return self._scaled(bps, 1000.0, "bit/s")

    def size(self, size: float | None) -> str:
        """Bytes, in powers of 1024."""
        return self._scaled(size, 1024.0, "B")

    def _scaled(self, value: float | None, step: float, unit: str) -> str:
        if value is None:
            return "–"
        prefixes = ("", "k", "M", "G", "T") if step == 1000.0 else ("", "Ki", "Mi", "Gi", "Ti")
        at = 0
        while abs(value) >= step and at < len(prefixes) - 1:
            value, at = value / step, at + 1
        return (
            f"{numbers.format_decimal(round(value, 1), locale=self.language)} {prefixes[at]}{unit}"
        )

    def quantity(self, value: float | None, unit: str) -> str:
        """A value of a requirement in its unit."""
        if value is None:
            return "–"
        by_unit: dict[str, Callable[[float], str]] = {
            "ratio": self.percent,
            "bps": self.rate,
            "hours": lambda v: self.duration(v * 3600),
            "seconds": lambda v: self.brief(v) if v < 60 else self.duration(v),
            "yes": lambda v: self.text("yes") if v >= 1 else self.text("no"),
        }
        return by_unit.get(unit, self.number)(value)
