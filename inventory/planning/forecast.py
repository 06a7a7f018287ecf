"""What ends in the five years to come, month by month, and what replacing it costs.

Every asset that is there (in use, in repair or in stock) is counted once for each kind of end:
as overdue, in one month, later, without an end, or unknown; so the parts add up to the whole. The
months are those of the calendar, this one the first. Costs are as of today: prices are not raised.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from config.assets import Asset, AssetStatus
from inventory.planning.ends import Ends, end_of
from inventory.planning.prices import Price, PriceOf
from inventory.readiness.os_support import SupportTable, shipped

MONTHS = 60
"""How far the forecast looks: five years."""

COUNTED = frozenset({AssetStatus.IN_USE, AssetStatus.IN_REPAIR, AssetStatus.IN_STOCK})
"""What is only planned, lost or retired needs no replacement."""


class When(StrEnum):
    """Where in time an end lies. NEVER: no end is set."""

    OVERDUE = "overdue"
    AHEAD = "ahead"
    LATER = "later"
    NEVER = "never"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ending:
    """One asset and one kind of end. day: its last good day, None for NEVER and UNKNOWN. price:
    what it costs then, None where no price is known or nothing has to be paid."""

    asset: Asset
    kind: Ends
    when: When
    day: dt.date | None = None
    price: Price | None = None

    @property
    def cost_vnd(self) -> int:
        """Whole dong, 0 without a price."""
        return self.price.vnd if self.price is not None else 0

    @property
    def month(self) -> dt.date | None:
        """The first of its month where it lies ahead."""
        return self.day.replace(day=1) if self.day and self.when is When.AHEAD else None


@dataclass(frozen=True, slots=True)
class Span:
    """What ends between two days, both included: number and cost by kind."""

    first: dt.date
    last: dt.date
    counts: Mapping[Ends, int]
    costs_vnd: Mapping[Ends, int]

    @property
    def is_whole_year(self) -> bool:
        """Whether it is a year from its first day to its last."""
        return (self.first.month, self.last.month) == (1, 12)


@dataclass(frozen=True, slots=True)
class Forecast:
    """See the module. endings: by kind, then day (those without one last), then tag."""

    today: dt.date
    endings: tuple[Ending, ...]

    @property
    def first(self) -> dt.date:
        """The first day of the first month."""
        return self.today.replace(day=1)

    @property
    def months(self) -> tuple[Span, ...]:
        """Every month, also those in which nothing ends."""
        counts: dict[dt.date, Counter[Ends]] = defaultdict(Counter)
        costs: dict[dt.date, Counter[Ends]] = defaultdict(Counter)
        for ending in self.endings:
            if ending.month is not None:
                counts[ending.month][ending.kind] += 1
                costs[ending.month][ending.kind] += ending.cost_vnd
        firsts = [month_after(self.first, n) for n in range(MONTHS)]
        return tuple(
            Span(first, month_after(first, 1) - dt.timedelta(days=1), counts[first], costs[first])
            for first in firsts
        )

    @property
    def years(self) -> tuple[Span, ...]:
        """Years of the calendar; the first and the last are cut where the forecast begins and
        ends."""
        return tuple(
            _joined(list(months))
            for _, months in groupby(self.months, key=lambda span: span.first.year)
        )

    def of(self, *, commune: str) -> Forecast:
        """That of one commune."""
        mine = (ending for ending in self.endings if ending.asset.commune == commune)
        return replace(self, endings=tuple(mine))

    def at(self, when: When, kind: Ends) -> tuple[Ending, ...]:
        """All of a kind that lie there in time."""
        return tuple(e for e in self.endings if e.when is when and e.kind is kind)

    def between(self, first: dt.date, last: dt.date, kind: Ends) -> tuple[Ending, ...]:
        """All of a kind that lie ahead and end between two days, both included."""
        return tuple(e for e in self.at(When.AHEAD, kind) if e.day and first <= e.day <= last)

    def cost_vnd(self, kind: Ends, months: int = 12, *, overdue: bool = False) -> int:
        """What ends within so many months costs, this month the first; overdue: what has ended
        before, too."""
        last = month_after(self.first, months) - dt.timedelta(days=1)
        found = self.between(self.first, last, kind)
        return sum(e.cost_vnd for e in (*found, *(self.at(When.OVERDUE, kind) if overdue else ())))


def forecast(
    assets: Iterable[Asset],
    today: dt.date,
    price_of: PriceOf,
    os_of: Callable[[Asset], str] = lambda asset: asset.os,
    systems: SupportTable | None = None,
) -> Forecast:
    """See the module. os_of: name and version of an asset's operating system, "" for unknown;
    systems: until when makers support them, the shipped table where None."""
    table = systems or shipped()
    end = month_after(today.replace(day=1), MONTHS)
    found = []
    for asset in assets:
        if asset.status not in COUNTED:
            continue
        os = os_of(asset)
        for kind in Ends:
            known = end_of(kind, asset, os, today, table)
            if known is None:
                continue
            when = _when(known.known, known.day, today, end)
            priced = when in (When.OVERDUE, When.AHEAD, When.LATER)
            price = price_of(asset, kind) if priced else None
            found.append(Ending(asset, kind, when, known.day, price))
    order = list(Ends)
    found.sort(key=lambda e: (order.index(e.kind), e.day or dt.date.max, e.asset.tag))
    return Forecast(today, tuple(found))


def _joined(spans: Sequence[Span]) -> Span:
    counts = sum((Counter(span.counts) for span in spans), Counter[Ends]())
    costs = sum((Counter(span.costs_vnd) for span in spans), Counter[Ends]())
    return Span(spans[0].first, spans[-1].last, counts, costs)


def _when(known: bool, day: dt.date | None, today: dt.date, end: dt.date) -> When:
    if not known:
        return When.UNKNOWN
    if day is None:
        return When.NEVER
    if day < today:
        return When.OVERDUE
    return When.AHEAD if day < end else When.LATER


def month_after(first: dt.date, months: int) -> dt.date:
    """The first day of the month so many months after that of a day.

    >>> month_after(dt.date(2026, 11, 1), 14)
    datetime.date(2028, 1, 1)
    """
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return dt.date(year, month + 1, 1)
