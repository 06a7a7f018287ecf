"""One commune: what it is, its score by pillar, every requirement, and its assets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from config.assets import AssetClass
from config.profile import Pillar
from dashboards.web.history import Day, days, lines
from dashboards.web.overview import state_counts
from dashboards.web.readiness import GAPS
from dashboards.web.requirement import Judged, judged
from dashboards.web.site import Site
from inventory.readiness.result import Score
from inventory.snapshot import AssetView, CommuneView
from inventory.units import Unit
from inventory.uptime import State


@dataclass(frozen=True, slots=True)
class Former:
    """Units whose place the commune took, and what they lay in then, the nearest first."""

    units: tuple[Unit, ...]
    above: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class PillarPart:
    """One pillar's score and requirements; pillar None where the profile has it no more."""

    id: str
    pillar: Pillar | None
    score: Score
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset of the commune; days is empty where there is no history to show."""

    asset: AssetView
    days: Sequence[Day]


@dataclass(frozen=True, slots=True)
class Group:
    """Assets of one class that are registered and not looked at."""

    asset_class: str
    assets: tuple[AssetView, ...]


@dataclass(frozen=True, slots=True)
class CommunePage:
    """The whole page. above: what the commune lies in, the nearest first; former: what it came
    from; gaps: what mending costs something, the costliest first; assets: those that are looked
    at; history: whether the database could be read."""

    view: CommuneView
    above: tuple[Unit, ...]
    former: tuple[Former, ...]
    counts: dict[State, int]
    pillars: tuple[PillarPart, ...]
    gaps: tuple[Judged, ...]
    assets: tuple[AssetRow, ...]
    registered_only: tuple[Group, ...]
    history: bool

    @property
    def unpriced(self) -> int:
        """How many gaps there are whose mending has no price."""
        results = [item.result for part in self.pillars for item in part.judged]
        return sum(r.verdict in GAPS and not r.cost_vnd for r in results)


def commune_page(site: Site, code: str) -> CommunePage | None:
    """The page of a watched commune, None for any other code."""
    view = site.snapshot.communes.get(code)
    if view is None:
        return None
    now_s = site.clock.wall()
    today = dt.datetime.fromtimestamp(now_s, site.settings.zone).date()
    assets = site.snapshot.assets_of(code)
    watched = [asset for asset in assets if asset.endpoints]
    known = lines(site, (asset.tag for asset in watched), now_s)
    rows = tuple(
        AssetRow(asset, days(known[asset.tag], site, now_s) if known is not None else ())
        for asset in watched
    )
    pillars = _pillars(site, view)
    return CommunePage(
        view,
        _above(site, view.unit, today),
        _former(site, view.unit),
        state_counts(assets),
        pillars,
        _gaps(pillars),
        rows,
        _groups(assets),
        known is not None,
    )


def _above(site: Site, unit: Unit, day: dt.date) -> tuple[Unit, ...]:
    found: list[Unit] = []
    parent = site.units.at(unit.parent, day)
    while parent is not None and parent not in found:
        found.append(parent)
        parent = site.units.at(parent.parent, day)
    return tuple(found)


def _former(site: Site, unit: Unit) -> tuple[Former, ...]:
    """What the commune came from, by district; empty where it is as old as the table."""
    found: dict[tuple[Unit, ...], list[Unit]] = {}
    heirs = (u for u in site.units if unit.code in u.successors)
    for before in sorted(heirs, key=lambda u: u.code):
        if unit not in site.units.successors(before):
            continue
        above = _above(site, before, before.valid_to or unit.valid_from)
        found.setdefault(above, []).append(before)
    return tuple(Former(tuple(units), above) for above, units in found.items())


def _gaps(pillars: Sequence[PillarPart]) -> tuple[Judged, ...]:
    found = [item for part in pillars for item in part.judged if item.result.cost_vnd]
    return tuple(sorted(found, key=lambda item: -item.result.cost_vnd))


def _groups(assets: Sequence[AssetView]) -> tuple[Group, ...]:
    """What is only registered, by class in the order of the vocabulary."""
    found = []
    for asset_class in AssetClass:
        members = tuple(
            a for a in assets if not a.endpoints and a.registered.asset_class is asset_class
        )
        if members:
            found.append(Group(asset_class.value, members))
    return tuple(found)


def _pillars(site: Site, view: CommuneView) -> tuple[PillarPart, ...]:
    evaluation = view.evaluation
    if evaluation is None:
        return ()
    profile = site.profile_of(view.unit)
    return tuple(
        PillarPart(
            id,
            profile.pillar(id),
            score,
            tuple(
                judged(result, profile.requirement(result.requirement))
                for result in evaluation.results
                if result.pillar == id
            ),
        )
        for id, score in evaluation.pillars.items()
    )
