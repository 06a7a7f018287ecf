"""Whether a filter means an asset: yes, no, or nobody knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from config.asset_filter import Filter
from config.assets import Asset
from inventory.money import begins, life_years
from inventory.readiness.facts import AssetFacts
from inventory.readiness.os_support import SupportTable, is_supported


class Match(NamedTuple):
    """Whether one condition holds, None for unknown. measured_at_s: when a device said so, None for
    what the register says. is_absence: it does not hold because the register does not name it."""

    holds: bool | None
    measured_at_s: float | None = None
    is_absence: bool = False


def fits(
    asset: AssetFacts, wanted: Filter, today: dt.date, systems: SupportTable | None = None
) -> bool | None:
    """Whether a filter means an asset; None where what is not known of it would decide."""
    if not fits_plainly(asset.registered, wanted):
        return False
    if wanted.is_plain:
        return True
    found = [m.holds for m in conditions(asset, wanted, today, systems)]
    return False if False in found else None if None in found else True


def conditions(
    asset: AssetFacts, wanted: Filter, today: dt.date, systems: SupportTable | None = None
) -> Iterator[Match]:
    """Each condition of a filter that is set, and whether it holds."""
    registered = asset.registered
    if wanted.classes:
        yield Match(registered.asset_class in wanted.classes)
    if wanted.statuses:
        yield Match(registered.status in wanted.statuses)
    if wanted.feature is not None:
        has = wanted.feature in registered.features
        yield Match(has, is_absence=not has)
    if wanted.edge is not None:
        yield Match(registered.edge == wanted.edge)
    if wanted.is_plain:
        return
    for name in ("site", "room", "vendor"):
        if (text := getattr(wanted, name)) is not None:
            yield Match(_says(getattr(registered, name), text))
    for name, text in wanted.custom.items():
        yield Match(_says(registered.custom.get(name, ""), text))
    if wanted.watched is not None:
        yield Match(bool(registered.endpoints) == wanted.watched)
    if wanted.software is not None:
        yield _installed(asset, wanted.software)
    if wanted.support is not None:
        found = is_supported(asset.os, today, systems) if asset.os else None
        holds = None if found is None else found == (wanted.support == "supported")
        yield Match(holds, asset.os_at_s)
    yield from _ages(registered, wanted, today)


def fits_plainly(registered: Asset, wanted: Filter) -> bool:
    """Whether what is always known of an asset fits: all that a plain filter asks."""
    return (
        (not wanted.classes or registered.asset_class in wanted.classes)
        and (not wanted.statuses or registered.status in wanted.statuses)
        and (wanted.feature is None or wanted.feature in registered.features)
        and (wanted.edge is None or registered.edge == wanted.edge)
    )


def _ages(registered: Asset, wanted: Filter, today: dt.date) -> Iterator[Match]:
    since = begins(registered)
    age = None if since is None else age_years(since, today)
    if (years := wanted.older_than_years) is not None:
        yield Match(None if age is None else age > years)
    if (years := wanted.younger_than_years) is not None:
        yield Match(None if age is None else age < years)
    if wanted.past_life is not None:
        past = is_past_life(registered, today)
        yield Match(None if past is None else past == wanted.past_life)


def is_past_life(registered: Asset, today: dt.date) -> bool | None:
    """Whether an asset is older than its own expected life, else than that of its class by the
    table of the day; None where nobody wrote down when it came."""
    since = begins(registered)
    return None if since is None else age_years(since, today) > life_years(registered, today)


def age_years(since: dt.date, today: dt.date) -> float:
    """Years of the calendar between two days; negative before the first.

    >>> age_years(dt.date(2019, 11, 25), dt.date(2026, 11, 25))
    7.0
    """
    whole = today.year - since.year - ((today.month, today.day) < (since.month, since.day))
    try:
        birthday = since.replace(year=since.year + whole)
    except ValueError:  # 29 February
        birthday = dt.date(since.year + whole, 3, 1)
    return whole + (today - birthday).days / 366


def _says(have: str, text: str) -> bool | None:
    """Whether a text of the register says this, whatever its capitals and blanks."""
    words = " ".join(have.split())
    if not words:
        return None
    return text == "*" or words.casefold() == " ".join(text.split()).casefold()


def _installed(asset: AssetFacts, name: str) -> Match:
    programs = asset.programs
    if programs is None:
        return Match(None)
    beginning = name.lower()
    if any(program.startswith(beginning) for program in programs.names):
        return Match(True, programs.at_s)
    return Match(False if programs.is_whole else None, programs.at_s)
