"""The ranking: which commune lacks what, how sure that is, and what mending costs, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.profile import Pillar, Profile, Requirement
from dashboards.web.area import MOST, Area, weights_of
from dashboards.web.charts.map import Place
from dashboards.web.languages import Speech
from dashboards.web.overview import worst_gaps
from dashboards.web.site import Site
from dashboards.web.words import N_
from inventory.readiness.result import RequirementResult, Score, Verdict
from inventory.readiness.rollup import METHODS, Rollup, ready, roll_up
from inventory.snapshot import CommuneView

BANDS = (
    N_("below 20%"),
    N_("20% to below 40%"),
    N_("40% to below 60%"),
    N_("60% to below 80%"),
    N_("80% and more"),
)
"""Of readiness, as the map tells communes apart; how it is cut is ours and no norm."""

COSTLIEST = 5
"""How many gaps the page names."""

GAPS = (Verdict.UNMET, Verdict.PARTLY)


@dataclass(frozen=True, slots=True)
class Row:
    """One commune. number: its place, worst first. profile: what it is held against. must:
    must-haves that are unmet or partly met; unsure: must-haves of which nothing is known. ready:
    see `inventory.readiness.rollup.ready`."""

    number: int
    view: CommuneView
    profile: Profile
    score: Score | None
    must: tuple[RequirementResult, ...]
    unsure: int
    ready: bool | None
    worst: RequirementResult | None
    cost_vnd: int


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap of one commune, with what the profile says of it."""

    view: CommuneView
    result: RequirementResult
    requirement: Requirement | None


@dataclass(frozen=True, slots=True)
class Part:
    """One area rolled up: by each method, and what all its gaps cost."""

    area: Area
    rollups: Mapping[str, Rollup]
    cost_vnd: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement over the communes. worst: the commune that fulfils the least of it."""

    id: str
    requirement: Requirement | None
    counts: Mapping[str, int]
    cost_vnd: int
    worst: CommuneView | None


@dataclass(frozen=True, slots=True)
class Column:
    """One pillar over the communes. pillar: None where no profile has it any more. lowest: the
    least ratio of it, None where nothing is known."""

    id: str
    pillar: Pillar | None
    lowest: float | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The whole page."""

    areas: tuple[Area, ...]
    area: Area
    weight: str
    rows: tuple[Row, ...]
    rollups: Mapping[str, Rollup]
    cost_vnd: int
    pillars: tuple[Column, ...]
    costliest: tuple[Gap, ...]
    parts: tuple[Part, ...]
    asked: tuple[Asked, ...]

    @property
    def shown(self) -> tuple[Row, ...]:
        """The communes that the table names."""
        return self.rows[:MOST]

    @property
    def known(self) -> bool:
        """Whether any commune was evaluated."""
        return any(row.score is not None for row in self.rows)


def ranking(
    site: Site, views: Mapping[str, CommuneView], areas: tuple[Area, ...], area: Area, weight: str
) -> Ranking:
    """The page of an area from the present."""
    weights = weights_of(views, weight)
    within = [views[code] for code in area.codes]
    return Ranking(
        areas,
        area,
        weight,
        rows_of(site, within),
        rolled_up(within, weights),
        _cost(within),
        pillars_of(site, within),
        costliest(site, within),
        tuple(
            Part(other, rolled_up(inside, weights), _cost(inside))
            for other in areas
            if other.kind != "all"
            for inside in [[views[code] for code in other.codes]]
        ),
        asked_of(site, within),
    )


def rows_of(site: Site, views: Iterable[CommuneView]) -> tuple[Row, ...]:
    """The least ready first, of two alike the one whose gaps cost more, else as they came; without
    data last, because nobody can say that it is worse."""
    ranked = sorted(views, key=_place)
    return tuple(
        _row(number, view, site.profile_of(view.unit)) for number, view in enumerate(ranked, 1)
    )


def _place(view: CommuneView) -> tuple[bool, float, int]:
    evaluation = view.evaluation
    ratio = evaluation.total.ratio if evaluation is not None else None
    cost = evaluation.cost_vnd if evaluation is not None else 0
    return ratio is None, ratio or 0.0, -cost


def _row(number: int, view: CommuneView, profile: Profile) -> Row:
    evaluation = view.evaluation
    if evaluation is None:
        return Row(number, view, profile, None, (), 0, None, None, 0)
    musts = [r for r in evaluation.results if r.level == "mandatory"]
    worst = worst_gaps(evaluation.results)
    return Row(
        number,
        view,
        profile,
        evaluation.total,
        tuple(r for r in musts if r.verdict in GAPS),
        sum(r.verdict is Verdict.UNKNOWN for r in musts),
        ready(evaluation),
        worst[0] if worst else None,
        evaluation.cost_vnd,
    )


def pillars_of(site: Site, views: Iterable[CommuneView]) -> tuple[Column, ...]:
    """The pillars of all these communes, in the order of their profiles."""
    titles: dict[str, Pillar | None] = {}
    ratios: dict[str, list[float]] = {}
    for view in views:
        for id, score in view.evaluation.pillars.items() if view.evaluation is not None else ():
            if id not in titles:
                titles[id] = site.profile_of(view.unit).pillar(id)
            if score.ratio is not None:
                ratios.setdefault(id, []).append(score.ratio)
    return tuple(
        Column(id, one, min(ratios.get(id, ()), default=None)) for id, one in titles.items()
    )


def rolled_up(views: Sequence[CommuneView], weights: Mapping[str, float]) -> dict[str, Rollup]:
    """The communes together, by each method."""
    members = [(view.evaluation, weights[view.unit.code]) for view in views]
    return {method: roll_up(members, method) for method in METHODS}


def costliest(site: Site, views: Iterable[CommuneView]) -> tuple[Gap, ...]:
    """The gaps that cost most, over all communes."""
    gaps = [
        (view, result)
        for view in views
        if view.evaluation is not None
        for result in view.evaluation.results
        if result.cost_vnd
    ]
    gaps.sort(key=lambda gap: (-gap[1].cost_vnd, gap[0].unit.code, gap[1].requirement))
    return tuple(
        Gap(view, result, site.profile_of(view.unit).requirement(result.requirement))
        for view, result in gaps[:COSTLIEST]
    )


def asked_of(site: Site, views: Sequence[CommuneView]) -> tuple[Asked, ...]:
    """Every requirement that is asked of a commune, in the order of the profiles."""
    found: dict[str, list[tuple[CommuneView, RequirementResult]]] = {}
    for view in views:
        for result in view.evaluation.results if view.evaluation is not None else ():
            found.setdefault(result.requirement, []).append((view, result))
    return tuple(_asked(site, id, results) for id, results in found.items())


def _asked(site: Site, id: str, results: list[tuple[CommuneView, RequirementResult]]) -> Asked:
    gaps = [(view, r) for view, r in results if r.verdict in GAPS]
    worst = min(gaps, key=lambda pair: (pair[1].share or 0.0, -pair[1].cost_vnd), default=None)
    return Asked(
        id,
        site.profile_of(results[0][0].unit).requirement(id),
        Counter(str(result.verdict) for _, result in results),
        sum(result.cost_vnd for _, result in results),
        worst[0] if worst else None,
    )


def _cost(views: Iterable[CommuneView]) -> int:
    return sum(view.evaluation.cost_vnd for view in views if view.evaluation is not None)


def places(site: Site, rows: Iterable[Row], speech: Speech, no_data: str) -> list[Place]:
    """The communes on a map, by shapes where there are some, else by their middle."""
    return [
        Place(
            row.number,
            row.view.unit.name,
            no_data if ratio is None else speech.percent(ratio),
            None if ratio is None else band(ratio),
            f"/communes/{row.view.unit.code}" if row.number <= MOST else "",
            row.view.unit.longitude,
            row.view.unit.latitude,
            site.shapes.get(row.view.unit.code, ()),
        )
        for row in rows
        for ratio in [row.score.ratio if row.score is not None else None]
    ]


def band(ratio: float) -> int:
    """Which of BANDS a readiness is in."""
    return min(len(BANDS) - 1, int(ratio * len(BANDS) + 1e-9))
