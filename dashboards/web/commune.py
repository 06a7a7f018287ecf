"""One commune: its score by pillar, every requirement with its evidence, and its assets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.assets import AssetClass
from config.profile import Pillar, Requirement
from dashboards.web.history import Day, days, lines
from dashboards.web.overview import state_counts
from dashboards.web.site import Site
from inventory.readiness.result import RequirementResult, Score
from inventory.snapshot import AssetView, CommuneView
from inventory.uptime import State


@dataclass(frozen=True, slots=True)
class Judged:
    """One requirement with its result; `requirement` None where the profile has it no more."""

    result: RequirementResult
    requirement: Requirement | None


@dataclass(frozen=True, slots=True)
class PillarPart:
    """One pillar's score and requirements."""

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
    """The whole page. assets: those that are looked at; history: whether the database could be
    read."""

    view: CommuneView
    counts: dict[State, int]
    pillars: tuple[PillarPart, ...]
    assets: tuple[AssetRow, ...]
    registered_only: tuple[Group, ...]
    history: bool


def commune_page(site: Site, code: str) -> CommunePage | None:
    """The page of a watched commune, None for any other code."""
    view = site.snapshot.communes.get(code)
    if view is None:
        return None
    assets = site.snapshot.assets_of(code)
    watched = [asset for asset in assets if asset.endpoints]
    known = lines(site, (asset.tag for asset in watched))
    rows = tuple(
        AssetRow(asset, days(known[asset.tag], site) if known is not None else ())
        for asset in watched
    )
    return CommunePage(
        view, state_counts(assets), _pillars(site, view), rows, _groups(assets), known is not None
    )


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
    return tuple(
        PillarPart(
            id,
            site.profile.pillar(id),
            score,
            tuple(
                Judged(result, site.profile.requirement(result.requirement))
                for result in evaluation.results
                if result.pillar == id
            ),
        )
        for id, score in evaluation.pillars.items()
    )
