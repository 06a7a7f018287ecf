"""One asset: its state, what is known of it by source, how it is looked at, and its outages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.web.history import DAYS, Day, days, lines
from dashboards.web.site import Site
from inventory.snapshot import AssetView
from inventory.units import Unit
from inventory.uptime import Interval, outages


@dataclass(frozen=True, slots=True)
class AssetPage:
    """The whole page. outages: newest first, of the last 30 days; history: whether the database
    could be read; unit: the commune's, None where it is not watched."""

    asset: AssetView
    unit: Unit | None
    registered: Sequence[tuple[str, str]]
    days: Sequence[Day]
    outages: Sequence[Interval]
    history: bool


_REGISTERED = ("site", "room", "custodian", "address", "funding", "features")


def asset_page(site: Site, tag: str) -> AssetPage | None:
    """The page of a registered asset, None for any other tag."""
    asset = site.snapshot.assets.get(tag)
    if asset is None:
        return None
    known = lines(site, [tag]) if asset.endpoints else {}
    line = known.get(tag, ()) if known else ()
    since_s = site.clock.wall() - DAYS * 86400.0
    recent = [outage for outage in outages(line) if (outage.end_s or since_s) > since_s]
    commune = site.snapshot.communes.get(asset.registered.commune)
    return AssetPage(
        asset,
        commune.unit if commune is not None else None,
        _entries(asset),
        days(line, site) if line else (),
        recent[::-1],
        known is not None,
    )


def _entries(asset: AssetView) -> list[tuple[str, str]]:
    """What the register says and no fact repeats; empty entries are left out."""
    found = []
    for name in _REGISTERED:
        value = getattr(asset.registered, name)
        text = ", ".join(value) if isinstance(value, tuple) else str(value or "")
        if text:
            found.append((name, text))
    return found
