"""The first page: every commune with its readiness, its devices and its worst gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.profile import Profile
from dashboards.web.site import Site
from inventory.alphabet import order
from inventory.readiness.result import RequirementResult, Score, Verdict
from inventory.snapshot import AssetView, CommuneView
from inventory.uptime import State

WORST = 3
"""How many gaps of a commune the first page names."""

DOWN = 10
"""How many devices that are down the first page names."""


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """One commune on the first page. score None: not evaluated yet. profile: what it is held
    against."""

    code: str
    name: str
    score: Score | None
    counts: dict[State, int]
    worst: tuple[RequirementResult, ...]
    cost_vnd: int
    profile: Profile


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page: rows, the least ready first, and sums. evaluated: how many communes were.
    down: what is down, the latest first; more_down: how many are not named. names: of communes."""

    rows: tuple[CommuneRow, ...]
    evaluated: int
    counts: dict[State, int]
    assets: int
    cost_vnd: int
    down: tuple[AssetView, ...]
    more_down: int
    names: dict[str, str]


def overview(site: Site, communes: frozenset[str] | None = None) -> Overview:
    """The page from the present, of some communes or, without any named, of all."""

    def shown(code: str) -> bool:
        return communes is None or code in communes

    views = list(site.snapshot.communes.items())
    rows = [_row(site, view) for code, view in views if shown(code)]
    rows.sort(key=lambda row: (_ratio(row), order(row.name)))
    counts = {state: sum(row.counts[state] for row in rows) for state in State}
    assets = [a for a in list(site.snapshot.assets.values()) if shown(a.registered.commune)]
    down = [a for a in assets if a.endpoints and a.state is State.DOWN]
    down.sort(key=lambda asset: (-asset.state_since_s, asset.tag))
    return Overview(
        tuple(rows),
        sum(row.score is not None for row in rows),
        counts,
        len(assets),
        sum(row.cost_vnd for row in rows),
        tuple(down[:DOWN]),
        max(0, len(down) - DOWN),
        {row.code: row.name for row in rows},
    )


def state_counts(assets: Sequence[AssetView]) -> dict[State, int]:
    """How many of the watched assets are in each state."""
    watched = [asset for asset in assets if asset.endpoints]
    return {state: sum(asset.state is state for asset in watched) for state in State}


def _row(site: Site, view: CommuneView) -> CommuneRow:
    evaluation = view.evaluation
    return CommuneRow(
        code=view.unit.code,
        name=view.unit.name,
        score=evaluation.total if evaluation is not None else None,
        counts=state_counts(site.snapshot.assets_of(view.unit.code)),
        worst=worst_gaps(evaluation.results) if evaluation is not None else (),
        cost_vnd=evaluation.cost_vnd if evaluation is not None else 0,
        profile=site.profile_of(view.unit),
    )


def worst_gaps(results: Sequence[RequirementResult]) -> tuple[RequirementResult, ...]:
    """The gaps that cost the score most: by weight times the share that is missing."""
    gaps = [r for r in results if r.verdict in (Verdict.UNMET, Verdict.PARTLY)]
    gaps.sort(key=lambda r: (-r.weight * (1 - (r.share or 0.0)), r.level != "mandatory"))
    return tuple(gaps[:WORST])


def _ratio(row: CommuneRow) -> float:
    """Communes of which nothing is known stand last: nobody can say that they are worse."""
    return 2.0 if row.score is None or row.score.ratio is None else row.score.ratio
