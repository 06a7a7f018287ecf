"""The first page: every commune with its readiness, its devices and its worst gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.web.languages import order
from dashboards.web.site import Site
from inventory.readiness.result import RequirementResult, Score, Verdict
from inventory.snapshot import AssetView, CommuneView
from inventory.uptime import State

WORST = 3


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """One commune on the first page. score None: not evaluated yet."""

    code: str
    name: str
    score: Score | None
    counts: dict[State, int]
    worst: tuple[RequirementResult, ...]
    cost_vnd: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page: rows, the least ready first, and sums."""

    rows: tuple[CommuneRow, ...]
    counts: dict[State, int]
    assets: int
    cost_vnd: int


def overview(site: Site) -> Overview:
    """The page from the present."""
    rows = [_row(site, view) for view in list(site.snapshot.communes.values())]
    rows.sort(key=lambda row: (_ratio(row), order(row.name)))
    counts = {state: sum(row.counts[state] for row in rows) for state in State}
    return Overview(
        tuple(rows), counts, len(site.snapshot.assets), sum(row.cost_vnd for row in rows)
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
    )


def worst_gaps(results: Sequence[RequirementResult]) -> tuple[RequirementResult, ...]:
    """The gaps that cost the score most."""
    gaps = [r for r in results if r.verdict in (Verdict.UNMET, Verdict.PARTLY)]
    gaps.sort(key=lambda r: (r.level != "mandatory", -r.weight * (1 - (r.share or 0.0))))
    return tuple(gaps[:WORST])


def _ratio(row: CommuneRow) -> float:
    return 2.0 if row.score is None or row.score.ratio is None else row.score.ratio
