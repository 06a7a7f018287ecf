"""What the books of a body say of an asset beside what it is: how it left them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from config.assets import Asset
from inventory.money import Kind, Worth, begins, kind_of, worth


@dataclass(frozen=True, slots=True)
class Leaving:
    """How an asset left the books of a unit: day, number of the document, why (liquidated,
    transferred …, in the reader's words)."""

    day: dt.date
    document: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """An asset in the books of a unit. gone: None while it stands there."""

    asset: Asset
    gone: Leaving | None = None

    def stood_in(self, year: int) -> bool:
        """Whether it was in the books on any day of a year; where nobody knows when it came, it
        was."""
        start = begins(self.asset)
        came = start is None or start.year <= year
        return came and (self.gone is None or self.gone.day.year >= year)

    def worth(self, day: dt.date) -> Worth:
        """What it is worth at the end of a day; see `inventory.money.worth`."""
        return worth(self.asset, day, self.gone.day if self.gone is not None else None)

    def missing(self, day: dt.date) -> tuple[str, ...]:
        """Fields without which it cannot stand in a book of fixed assets: price_vnd,
        in_use_since; none for a tool."""
        if self.asset.price_vnd is None:
            return ("price_vnd",)
        tool = kind_of(self.asset, day) is Kind.TOOL
        return () if tool or begins(self.asset) is not None else ("in_use_since",)


def by_age(booked: Iterable[Booked]) -> list[Booked]:
    """In the order in which they came, those of an unknown day last; of one day by tag."""
    return sorted(booked, key=lambda b: (begins(b.asset) or dt.date.max, b.asset.tag))
