"""Communes that a page shows together: all of them, what lies in a unit above, a saved group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.web.site import Site
from dashboards.web.words import N_
from inventory.alphabet import order
from inventory.groups import members_of_all
from inventory.snapshot import CommuneView
from inventory.units import Unit

ALL = ""
"""The area of everything that the reader may see."""

ALL_TITLE = N_("all communes")

MOST = 200
"""Communes that a page has one by one; more would be too heavy for a slow line, and nobody reads
them. Sums are always of all."""

WEIGHTS = ("equal", "posts", "inhabitants")
"""How communes weigh when they are rolled up: each the same, or by a figure of theirs."""


@dataclass(frozen=True, slots=True)
class Area:
    """id: as in an address: "", a unit's code, or group-ID. kind: all, unit or group. codes: of
    communes that the reader may see."""

    id: str
    title: str
    kind: str
    codes: tuple[str, ...]


def views_of(site: Site, communes: frozenset[str] | None) -> dict[str, CommuneView]:
    """The watched communes that a reader may see, by name."""
    views = [
        (code, view)
        for code, view in list(site.snapshot.communes.items())
        if communes is None or code in communes
    ]
    views.sort(key=lambda pair: order(pair[1].unit.name))
    return dict(views)


def areas_of(
    site: Site, views: Mapping[str, CommuneView], language: str, all_title: str
) -> tuple[Area, ...]:
    """Everything first, then units above the communes by their names, then groups as configured."""
    day = site.today
    above: dict[str, tuple[Unit, list[str]]] = {}
    for code, view in views.items():
        for unit in ancestors(site, view.unit, day):
            above.setdefault(unit.code, (unit, []))[1].append(code)
    units = sorted(above.values(), key=lambda pair: order(pair[0].name))
    found = [Area(ALL, all_title, "all", tuple(views))]
    found += [Area(unit.code, unit.name, "unit", tuple(codes)) for unit, codes in units]
    members = members_of_all(
        site.settings.groups, site.units, {code: view.unit for code, view in views.items()}
    )
    for group in site.settings.groups:
        if codes := members[group.id]:
            title = group.title.text(language)
            found.append(Area(f"group-{group.id}", title, "group", codes))
    return tuple(found)


def chosen(areas: tuple[Area, ...], id: str) -> Area:
    """The area of an id; everything for one that there is not."""
    return next((area for area in areas if area.id == id), areas[0])


def ancestors(site: Site, unit: Unit, day: dt.date) -> list[Unit]:
    """What a unit lies in on a day, the nearest first."""
    found: list[Unit] = []
    parent = site.units.at(unit.parent, day)
    while parent is not None and parent not in found:
        found.append(parent)
        parent = site.units.at(parent.parent, day)
    return found


def weights_of(views: Mapping[str, CommuneView], by: str) -> dict[str, float]:
    """Code -> its weight. A commune whose figure nobody declared weighs as the mean of the others,
    so that not declaring neither hides a commune nor blows it up."""
    if by not in WEIGHTS[1:]:
        return dict.fromkeys(views, 1.0)
    figures = {code: getattr(view.declared, by) for code, view in views.items()}
    known = [float(f) for f in figures.values() if f]
    mean = sum(known) / len(known) if known else 1.0
    return {code: float(f) if f else mean for code, f in figures.items()}
