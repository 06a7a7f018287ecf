"""Public holidays of Việt Nam for those who serve in offices: days off, and Saturdays made up.

The days are those of the Labour Code 2019 (45/2019/QH14), Art. 112: 1 January, five days of Tết
Nguyên đán, 10 of the third lunar month (Giỗ Tổ Hùng Vương), 30 April, 1 May, 2 September and one
day beside it. One that falls on Saturday or Sunday is made good on the next working day (Art. 111
(3)). Which five days, which day beside 2 September and which swaps there are, the Prime Minister
says for each year (Art. 112 (3)): `ANNOUNCED`, with the document. For other years they are
computed and may come out differently.

24 November (Ngày Văn hóa Việt Nam; Resolution 80-NQ/TW of 7 January 2026, Resolution 30/NQ-CP)
was still to be written into Art. 112 when this was made and is not among them: where it is a day
off, `office_hours.holidays` takes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from config.lunar import lunar_day

Basis = Literal["announced", "computed"]
"""Whether the choices of a year are those of its documents, or ours."""

_SATURDAY = 5
_TET_DAYS = 5


@dataclass(frozen=True, slots=True)
class Choices:
    """What is decided for one year. days_before_tet: how many of the five days lie before the
    first of the first month; beside_national_day: 1 or 3 September; swaps: working day that is off
    -> Saturday on which it is made up. mark: H read in a text, M told by one source."""

    days_before_tet: int
    beside_national_day: dt.date
    swaps: Mapping[dt.date, dt.date] = field(default_factory=dict)
    basis: Basis = "announced"
    source: str = ""
    mark: str = ""


ANNOUNCED: Mapping[int, Choices] = {
    2023: Choices(
        2,
        dt.date(2023, 9, 1),
        source="Deputy Prime Minister's consent to the Ministry of Labour's proposal, Tết 20-26/01 "
        "(pld.net.vn, tag nghi-tet-nguyen-dan); 01-04/9 not read in a document",
        mark="M",
    ),
    2024: Choices(
        2,
        dt.date(2024, 9, 3),
        {dt.date(2024, 4, 29): dt.date(2024, 5, 4)},
        source="8662/VPCP-KGVX of 03/11/2023 (kkt-kontum.com); 2450/VPCP-KGVX of 12/04/2024 "
        "(nguoihanoi.vn, baotintuc.vn)",
        mark="H",
    ),
    2025: Choices(
        2,
        dt.date(2025, 9, 1),
        {dt.date(2025, 5, 2): dt.date(2025, 4, 26)},
        source="8726/VPCP-KGVX of 26/11/2024 (pld.net.vn; days: tet-amlich.com)",
        mark="M",
    ),
    2026: Choices(
        1,
        dt.date(2026, 9, 1),
        {
            dt.date(2026, 1, 2): dt.date(2026, 1, 10),
            dt.date(2026, 8, 31): dt.date(2026, 8, 22),
        },
        source="the Ministry of Home Affairs' notice after the Prime Minister's consent of October "
        "2025 (tienphong.vn 1788068, kienthuc.net.vn 1576857); 12729/VPCP-KGVX of 25/12/2025",
        mark="H",
    ),
}
"""Year -> what was decided for it."""


@dataclass(frozen=True, slots=True)
class YearOfHolidays:
    """off: day -> what it is, for every day off, weekends among them where the law names them.
    made_up: Saturdays that are worked -> the day off that they make up."""

    year: int
    off: Mapping[dt.date, str]
    made_up: Mapping[dt.date, dt.date]
    basis: Basis
    source: str


@cache
def holidays_of(year: int) -> YearOfHolidays:
    """The public holidays of a year.

    >>> sorted(holidays_of(2026).off)[2].isoformat(), holidays_of(2027).basis
    ('2026-02-16', 'computed')
    """
    chosen = ANNOUNCED.get(year) or _computed(year)
    tet = lunar_day(year, 1, 1)
    first = tet - dt.timedelta(days=chosen.days_before_tet)
    named = {dt.date(year, 1, 1): "Tết Dương lịch"}
    named |= {first + dt.timedelta(days=n): "Tết Nguyên đán" for n in range(_TET_DAYS)}
    named[lunar_day(year, 3, 10)] = "Giỗ Tổ Hùng Vương"
    named[dt.date(year, 4, 30)] = "Ngày Chiến thắng"
    named[dt.date(year, 5, 1)] = "Quốc tế Lao động"
    named |= dict.fromkeys((dt.date(year, 9, 2), chosen.beside_national_day), "Quốc khánh")
    off = named | {day: f"nghỉ bù {named[of]}" for day, of in _made_good(named)}
    off |= {day: f"hoán đổi với {other:%d/%m/%Y}" for day, other in chosen.swaps.items()}
    made_up = {other: day for day, other in chosen.swaps.items()}
    return YearOfHolidays(year, dict(sorted(off.items())), made_up, chosen.basis, chosen.source)


def is_day_off(day: dt.date) -> bool:
    """Whether a day is a public holiday, a day that makes one good, or one that was swapped."""
    return day in holidays_of(day.year).off


def is_made_up(day: dt.date) -> bool:
    """Whether a Saturday is worked for another day that was off."""
    return day in holidays_of(day.year).made_up


def _made_good(named: Iterable[dt.date]) -> Iterator[tuple[dt.date, dt.date]]:
    """(working day that is off, holiday on a weekend that it makes good)."""
    taken = set(named)
    for day in sorted(taken):
        if day.weekday() < _SATURDAY:
            continue
        found = day
        while found in taken or found.weekday() >= _SATURDAY:
            found += dt.timedelta(days=1)
        taken.add(found)
        yield found, day


def _computed(year: int) -> Choices:
    """What is usual: two days before Tết and three after, as for 2023 to 2025; beside 2 September
    the day that makes the longest row of days off, as in each year from 2023 on; no swaps."""
    national = dt.date(year, 9, 2)
    after = national.weekday() in (0, 3, 6)
    beside = national + dt.timedelta(days=1 if after else -1)
    return Choices(2, beside, basis="computed", source="Labour Code 2019, Art. 111 (3), 112")
