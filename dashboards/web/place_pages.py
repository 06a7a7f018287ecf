"""What the pages of places show: communes and what they were, sites, rooms and people."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.assets import Asset
from dashboards.web.offers import commune_names, places_of
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.communes import assets_of, successors_of
from inventory.place import Place, PlaceKind
from inventory.store.tags import counts_by_commune
from inventory.units import Unit

MOST_ASSETS = 500
"""Of a listing as of a day; the export has all."""


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """One commune. former: units that became it; heirs: what it became, where it has ended;
    assets: how many are registered there now."""

    unit: Unit
    former: Sequence[Unit]
    assets: int
    places: int
    people: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A commune that has ended and in which assets are registered still. heirs: code -> name of
    the watched communes that it became."""

    unit: Unit
    assets: int
    heirs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlacesOverview:
    """All communes that somebody sees, and those that have ended with assets left in them."""

    communes: Sequence[CommuneRow]
    ended: Sequence[Ended]


@dataclass(frozen=True, slots=True)
class CommunePlaces:
    """One commune's page. sites, rooms, people: entered or said by assets; then: its assets as of
    `day` where that is not today, None otherwise; more: how many of them are not shown."""

    unit: Unit
    history: Sequence[Unit]
    places: Mapping[str, Sequence[Place]]
    day: dt.date
    today: dt.date
    then: Sequence[Asset] | None
    more: int


def overview_of_places(site: Site, visitor: Visitor, today: dt.date) -> PlacesOverview:
    """See PlacesOverview. Raises StoreError."""
    counts = site.desk.read(counts_by_commune)
    kinds = Counter((place.commune, place.kind) for place in places_of(site).of())
    names = commune_names(site)

    def sees(code: str) -> bool:
        return visitor.communes is None or code in visitor.communes

    rows = [
        CommuneRow(
            view.unit,
            site.units.predecessors(view.unit),
            counts.get(code, 0),
            kinds[code, PlaceKind.SITE] + kinds[code, PlaceKind.ROOM],
            kinds[code, PlaceKind.PERSON],
        )
        for code, view in sorted(site.snapshot.communes.items())
        if sees(code)
    ]
    ended = []
    for code, amount in sorted(counts.items()):
        history = site.units.history(code)
        if not sees(code) or not history or history[-1].valid_to is None:
            continue
        if site.units.at(code, today) is not None:
            continue
        heirs = {u.code: u.name for u in successors_of(site.units, history[-1], today)}
        ended.append(Ended(history[-1], amount, {c: n for c, n in heirs.items() if c in names}))
    return PlacesOverview(rows, ended)


def commune_places(site: Site, code: str, day: dt.date, today: dt.date) -> CommunePlaces | None:
    """See CommunePlaces; None for a commune that is not watched. Raises StoreError."""
    view = site.snapshot.communes.get(code)
    if view is None:
        return None
    unit = view.unit
    found = places_of(site).of(code)
    then = None
    if day != today:
        then = assets_of(site.desk, site.units, unit, day, site.settings.zone)
    return CommunePlaces(
        unit,
        [*site.units.predecessors(unit), unit],
        {kind.value: [p for p in found if p.kind is kind] for kind in PlaceKind},
        day,
        today,
        then[:MOST_ASSETS] if then is not None else None,
        max(0, len(then or ()) - MOST_ASSETS),
    )
