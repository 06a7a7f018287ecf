"""On which day a thing ends: its expected life, its warranty, its maker's support.

Each day is the last one on which all is well. A life is counted from the day on which the thing
came into use, else from its purchase, by the dated table of lives or the asset's own; an operating
system ends by the dated table of its maker's support. What nobody knows is said to be unknown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from config.assets import Asset, AssetClass
from inventory.money import begins, life_years, norms
from inventory.readiness.os_support import SupportTable


class Ends(StrEnum):
    """What of a thing ends."""

    LIFE = "life"
    WARRANTY = "warranty"
    SUPPORT = "support"


COMPUTERS = frozenset({AssetClass.DESKTOP, AssetClass.LAPTOP, AssetClass.SERVER})
"""Classes that run an operating system of somebody else: without its name, its end is unknown."""


@dataclass(frozen=True, slots=True)
class End:
    """When something of an asset ends. day: None where `known` is False, or where no end is set."""

    known: bool
    day: dt.date | None = None


UNKNOWN, NEVER = End(False), End(True)


def end_of(kind: Ends, asset: Asset, os: str, today: dt.date, systems: SupportTable) -> End | None:
    """When `kind` of an asset ends; None where the question makes no sense for it.

    os: name and version of its operating system, registered or measured, "" for unknown. systems:
    until when makers support them.
    """
    if kind is Ends.LIFE:
        day = life_end(asset, today)
        return UNKNOWN if day is None else End(True, day)
    if kind is Ends.WARRANTY:
        return UNKNOWN if asset.warranty_until is None else End(True, asset.warranty_until)
    if not os and asset.asset_class not in COMPUTERS:
        return None
    support = systems.of(os) if os else None
    if support is None:
        return UNKNOWN
    return NEVER if support.until is None else End(True, support.until)


def life_end(asset: Asset, today: dt.date) -> dt.date | None:
    """The last day of its expected life, as the tables that hold today and later say; None where
    nobody knows when it came.

    A table that is only going to hold counts from its first day on: it cannot end a life before.
    """
    since = begins(asset)
    if since is None:
        return None
    end = after_years(since, life_years(asset, today))
    for change in sorted({norm.valid_from for norm in norms() if norm.valid_from > today}):
        if end < change:
            break
        end = max(change, after_years(since, life_years(asset, change)))
    return end


def after_years(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 1 March for a 29 February that is not there, and the last
    day of the calendar for what lies beyond it.

    >>> after_years(dt.date(2024, 2, 29), 5)
    datetime.date(2029, 3, 1)
    """
    year = day.year + years
    if year > dt.MAXYEAR:
        return dt.date.max
    try:
        return day.replace(year=year)
    except ValueError:
        return dt.date(year, 3, 1)
