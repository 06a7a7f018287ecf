"""What an asset is worth: fixed asset or tool, its wear (hao mòn) year by year, what is left.

Thresholds and lives are dated data (`data/money.csv`), each with its source and how sure it is:
H read in a text, M told by one source, L inferred, K not checked. Public bodies count wear once a
year, in December, for what they have on 31 December; so the year in which an asset comes counts
whole and the year in which it goes does not. Figures are whole dong. Must not round away a dong:
wear of all years together is exactly the cost.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from config.assets import Asset, AssetClass

_TABLE = Path(__file__).parent / "data" / "money.csv"
_CENT = Decimal("0.01")


class Kind(StrEnum):
    """How the books carry an asset."""

    FIXED = "fixed_asset"
    """Fixed asset (tài sản cố định, TSCĐ)."""
    TOOL = "tool"
    """Tool below the threshold (công cụ, dụng cụ, CCDC)."""


@dataclass(frozen=True, slots=True)
class Norm:
    """A dated figure. value: dong of a threshold, years of a life. asset_class: None for all that
    have no row of their own. mark: H, M, L or K as the module says."""

    what: str
    asset_class: AssetClass | None
    valid_from: dt.date
    value: int
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class Year:
    """Wear of one year. rate: per cent of the cost by the life that holds in that year. wear: what
    is counted in December; total: what has been counted by then. Dong."""

    year: int
    rate: Decimal
    wear: int
    total: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What an asset is worth on a day; amounts in dong. kind: None where no price is known. life:
    years by the table or its own. years: of the wear counted until that day. wear: None for a tool
    and where price or day of use are not known, and so is residual."""

    kind: Kind | None
    cost: int | None
    life: int
    years: tuple[Year, ...] = ()
    wear: int | None = None
    residual: int | None = None

    def of(self, year: int) -> Year | None:
        """What was counted in a year, None where nothing was."""
        return next((y for y in self.years if y.year == year), None)


@cache
def norms() -> tuple[Norm, ...]:
    """Every row of the table, oldest first."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = [
            Norm(
                row["what"],
                AssetClass(row["class"]) if row["class"] else None,
                dt.date.fromisoformat(row["valid_from"]),
                int(row["value"]),
                row["mark"],
                row["source"],
            )
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(rows, key=lambda norm: norm.valid_from))


@cache
def _series(what: str) -> Mapping[AssetClass | None, tuple[Norm, ...]]:
    found: dict[AssetClass | None, list[Norm]] = {}
    for norm in norms():
        if norm.what == what:
            found.setdefault(norm.asset_class, []).append(norm)
    return {key: tuple(rows) for key, rows in found.items()}


def norm(what: str, day: dt.date, asset_class: AssetClass | None = None) -> Norm:
    """The row that holds on a day: the class's own, else the one for all; before the oldest row
    the oldest holds. what: "threshold" or "life".

    >>> norm("life", dt.date(2025, 12, 31), AssetClass.DESKTOP).value
    5
    >>> norm("life", dt.date(2026, 12, 31), AssetClass.DESKTOP).value
    7
    """
    series = _series(what)
    oldest = series[None][0].valid_from
    for key in (asset_class, None):
        rows = [row for row in series.get(key, ()) if row.valid_from <= max(day, oldest)]
        if rows:
            return rows[-1]
    raise ValueError(f"data/money.csv has no {what}")


def life_years(asset: Asset, day: dt.date) -> int:
    """Expected life in years on a day: the asset's own, else that of its class."""
    return asset.life_years or norm("life", day, asset.asset_class).value


def kind_of(asset: Asset, day: dt.date) -> Kind | None:
    """Fixed asset or tool by the threshold of the day on which it came into use, of `day` where
    that is not known; None without a price.

    A life of its own of one year is still "a year or more".
    """
    if asset.price_vnd is None:
        return None
    threshold = norm("threshold", begins(asset) or day).value
    return Kind.FIXED if asset.price_vnd >= threshold else Kind.TOOL


def begins(asset: Asset) -> dt.date | None:
    """The day from which wear counts: put into use, else bought; None where neither is known."""
    return asset.in_use_since or asset.purchased


def rate_of(years: int) -> Decimal:
    """Per cent a year of a life, as the tables print it.

    >>> rate_of(7), rate_of(5)
    (Decimal('14.29'), Decimal('20.00'))
    """
    return (Decimal(100) / years).quantize(_CENT, ROUND_HALF_UP)


def worth(asset: Asset, day: dt.date, gone: dt.date | None = None) -> Worth:
    """What an asset is worth at the end of a day. gone: the day on which it left the books; wear
    stops before that year's December.

    Straight line: each year the cost times the rate of the life that holds in that December; the
    last year of the life, and any later one, takes what is left. So a new table of lives changes
    the years from then on and none before it (Circular 141/2025 from 2026). How the law wants a
    change of life to be carried is not known to us; this way is ours.
    """
    kind, life = kind_of(asset, day), life_years(asset, day)
    cost, start = asset.price_vnd, begins(asset)
    if kind is not Kind.FIXED or cost is None or start is None:
        return Worth(kind, cost, life)
    end = min(day, gone - dt.timedelta(days=1)) if gone is not None else day
    counted = tuple(_years(asset, cost, start, end))
    total = counted[-1].total if counted else 0
    return Worth(kind, cost, life, counted, total, cost - total)


def _years(asset: Asset, cost: int, start: dt.date, end: dt.date) -> Iterator[Year]:
    total = 0
    last = end.year if (end.month, end.day) == (12, 31) else end.year - 1
    for number, year in enumerate(range(start.year, last + 1), 1):
        life = life_years(asset, dt.date(year, 12, 31))
        rate, left = rate_of(life), cost - total
        if not left:
            return
        whole = int((cost * rate / 100).quantize(Decimal(1), ROUND_HALF_UP))
        wear = left if number >= life else min(left, whole)
        total += wear
        yield Year(year, rate, wear, total)
