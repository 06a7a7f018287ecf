"""The present as forecast and findings take it: from a snapshot and the database. Only reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

from config.assets import Asset
from config.profile import Profile
from config.sections import Settings
from inventory.planning.ends import Ends
from inventory.planning.findings import Grounds, Looks
from inventory.planning.forecast import Forecast, When, forecast
from inventory.planning.prices import PriceOf, prices
from inventory.readiness.os_support import SupportTable, read_table
from inventory.sighting import ScanState
from inventory.snapshot import AssetView, Snapshot
from inventory.store.decisions import kept
from inventory.store.desk import ReadingDesk
from inventory.store.reader import Reader

ProfileOf = Callable[[str], Profile]
"""A commune's code -> the profile that it is held against."""

_MOST_SCANS = 5_000
_FINISHED = "finished"


def forecast_of(
    snapshot: Snapshot,
    settings: Settings,
    today: dt.date,
    profile_of: ProfileOf,
    sees: Callable[[str], bool] = lambda commune: True,
) -> Forecast:
    """What ends when, of every asset whose commune is seen; by the makers' support that the
    settings know."""
    views = dict(snapshot.assets)
    assets = [v.registered for v in views.values() if sees(v.registered.commune)]
    return forecast(
        assets,
        today,
        prices(profile_of),
        lambda asset: _system(views, asset),
        read_table(settings.readiness.os_support),
    )


def costs_soon(
    snapshot: Snapshot,
    commune: str,
    today: dt.date,
    price_of: PriceOf,
    systems: SupportTable | None = None,
) -> dict[tuple[str, str], int]:
    """(what ends, when) -> what replacing it costs in one commune, dong. When: `year`, within 12
    months from the first of this one; `overdue`, before today. A warranty's end costs nothing.
    systems: see `forecast`."""
    views = {view.tag: view for view in snapshot.assets_of(commune)}
    assets = [view.registered for view in views.values()]
    found = forecast(assets, today, price_of, lambda asset: _system(views, asset), systems)
    costs: dict[tuple[str, str], int] = {}
    for kind in (Ends.LIFE, Ends.SUPPORT):
        costs[kind.value, "year"] = found.cost_vnd(kind, 12)
        costs[kind.value, "overdue"] = sum(e.cost_vnd for e in found.at(When.OVERDUE, kind))
    return costs


def grounds_of(
    snapshot: Snapshot,
    database: Path,
    settings: Settings,
    today: dt.date,
    profile_of: ProfileOf,
    sees: Callable[[str], bool] = lambda commune: True,
) -> Grounds:
    """What findings are made of. Raises StoreError."""
    with Reader(database) as reader:
        things, scans, looks = reader.things(), reader.scans(_MOST_SCANS), _looks(reader)
    return Grounds(
        snapshot,
        today,
        profile_of,
        prices(profile_of),
        looks,
        things,
        ReadingDesk(database).read(kept),
        _swept(scans),
        settings.discovery.commune_at,
        sees,
    )


def _looks(reader: Reader) -> Mapping[str, Looks]:
    """Tag -> its last look and its last answer, of any of its endpoints."""
    tags = {row.id: row.tag for row in reader.assets()}
    found: dict[str, Looks] = {}
    for row in reader.endpoints():
        if row.asset_id not in tags:
            continue
        tag = tags[row.asset_id]
        known = found.get(tag, Looks(None, None))
        found[tag] = Looks(
            _later(known.look_at_s, row.last_look_at_s),
            _later(known.answer_at_s, row.last_answer_at_s),
        )
    return found


def _later(one: float | None, other: float | None) -> float | None:
    return max((at_s for at_s in (one, other) if at_s is not None), default=None)


def _swept(scans: list[ScanState]) -> Mapping[str, float]:
    """Target -> when a sweep of it last came to its end."""
    found: dict[str, float] = {}
    for scan in scans:
        if scan.state == _FINISHED:
            found[scan.target] = max(found.get(scan.target, 0.0), scan.updated_s)
    return found


def _system(views: Mapping[str, AssetView], asset: Asset) -> str:
    """Name and version of an operating system: what is registered, else what was measured."""
    if asset.os:
        return asset.os
    measured = {f.name: f.value for f in views[asset.tag].facts if f.source == "measured"}
    return " ".join(filter(None, (measured.get("os"), measured.get("os_version"))))
