"""/readiness: the communes ranked, one with its evidence, one requirement over all. To read only.

Answers have an ETag over their content: whoever asks again with If-None-Match is told 304 while
nothing has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from config.profile import Requirement
from dashboards.api.answers import moment
from dashboards.api.communes import Code
from dashboards.api.doors import Reader, sees
from dashboards.api.known import LISTED, WHOLE, Known, told
from dashboards.api.once import ApiRoute
from dashboards.api.paging import FARTHEST, MOST, links
from dashboards.api.problem import problems
from dashboards.api.readiness_answers import (
    AskedAnswer,
    EvaluationAnswer,
    RankedAnswer,
    StandingAnswer,
    bare,
    ranked,
    verdicts_of,
    whole,
)
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.alphabet import order
from inventory.groups import members_of_all
from inventory.readiness.result import RequirementResult, Score, Verdict
from inventory.register.problems import NotFound
from inventory.snapshot import CommuneView

RequirementId = Annotated[
    str, Path(pattern="^[a-z][a-z0-9-]{0,63}$", description="Id of a requirement.")
]


class RankingQuery(BaseModel):
    """Which communes, and in which order."""

    parent: str | None = Field(None, max_length=16)
    """Code of the unit that they lie in."""
    group: str | None = Field(None, max_length=64)
    """Id of a group of the settings."""
    pillar: str | None = Field(None, max_length=64)
    """The pillar whose score counts for `below`, `above` and the order; the total where unset."""
    below: float | None = Field(None, ge=0, le=1)
    """Only those whose readiness is known and below this."""
    above: float | None = Field(None, ge=0, le=1)
    """Only those whose readiness is known and at least this."""
    known: bool | None = None
    """Only those of which something, or nothing, is known."""
    sort: Literal[
        "ratio", "-ratio", "confidence", "-confidence", "cost", "-cost", "name", "commune"
    ] = "ratio"
    """By what; with a - before it downwards. What is not known comes last."""
    limit: int = Field(100, ge=1, le=MOST)
    """How many at most."""
    offset: int = Field(0, ge=0, le=FARTHEST)
    """How many to leave out before."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class StandingQuery(BaseModel):
    """Which communes' standing."""

    verdict: Verdict | None = None
    """Only those with this verdict."""
    limit: int = Field(100, ge=1, le=MOST)
    """How many at most."""
    offset: int = Field(0, ge=0, le=FARTHEST)
    """How many to leave out before."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


_RANKED = TypeAdapter(list[RankedAnswer])
_ASKED = TypeAdapter(list[AskedAnswer])
_STANDINGS = TypeAdapter(list[StandingAnswer])
_EVALUATION = TypeAdapter(EvaluationAnswer)


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["readiness"], prefix="/readiness")

    @router.get("", response_model=list[RankedAnswer], responses=LISTED)
    def ranking(
        request: Request,
        visitor: Reader,
        query: Annotated[RankingQuery, Query()],
        known: Known = None,
    ) -> Response:
        """The communes, the least ready first."""
        found = _ranked(site, visitor, query)
        piece = [ranked(view) for view in found[query.offset : query.offset + query.limit]]
        headers = links(request, query.offset, query.limit, len(found))
        return told(_RANKED, piece, known, headers)

    @router.get("/requirements", response_model=list[AskedAnswer], responses=WHOLE)
    def requirements(visitor: Reader, known: Known = None) -> Response:
        """What is asked of the communes, and how many fulfil it, in the order of the profile."""
        return told(_ASKED, list(_asked(site, visitor)), known)

    @router.get(
        "/requirements/{requirement}",
        response_model=list[StandingAnswer],
        responses=LISTED | problems(404),
    )
    def requirement(
        request: Request,
        visitor: Reader,
        requirement: RequirementId,
        query: Annotated[StandingQuery, Query()],
        known: Known = None,
    ) -> Response:
        """How the communes stand against one requirement, the worst first."""
        found = list(_standings(site, visitor, requirement))
        if not found:
            raise NotFound(f"requirement {requirement}")
        found = [f for f in found if query.verdict in (None, f.result.verdict)]
        piece = found[query.offset : query.offset + query.limit]
        headers = links(request, query.offset, query.limit, len(found))
        return told(_STANDINGS, piece, known, headers)

    @router.get("/{code}", response_model=EvaluationAnswer, responses=WHOLE | problems(404))
    def commune(visitor: Reader, code: Code, known: Known = None) -> Response:
        """How a commune stands against every requirement, with the evidence; 404 before the first
        evaluation."""
        view = site.snapshot.communes.get(code)
        if view is None or not sees(visitor, code):
            raise NotFound(f"commune {code}")
        if view.evaluation is None:
            raise NotFound(f"evaluation {code}")
        soon = site.snapshot.forecast.get(code, {})
        return told(_EVALUATION, whole(view.evaluation, soon), known)

    return router


def _seen(site: Site, visitor: Visitor) -> list[CommuneView]:
    found = sorted(site.snapshot.communes.items())
    return [view for code, view in found if sees(visitor, code)]


def _ranked(site: Site, visitor: Visitor, query: RankingQuery) -> list[CommuneView]:
    views = [view for view in _seen(site, visitor) if query.parent in (None, view.unit.parent)]
    if query.group is not None:
        units = {view.unit.code: view.unit for view in views}
        groups = members_of_all(site.settings.groups, site.units, units)
        views = [view for view in views if view.unit.code in groups.get(query.group, ())]

    def fits(view: CommuneView) -> bool:
        score = _score_of(view, query.pillar)
        ratio = score.ratio if score is not None else None
        if query.known is not None and query.known != (ratio is not None):
            return False
        if query.below is not None and (ratio is None or ratio >= query.below):
            return False
        return query.above is None or (ratio is not None and ratio >= query.above)

    key = _KEYS[query.sort.removeprefix("-")]
    found = [view for view in views if fits(view)]
    sure = [view for view in found if key(view, query.pillar) is not None]
    sure.sort(key=lambda view: key(view, query.pillar), reverse=query.sort.startswith("-"))
    return sure + [view for view in found if key(view, query.pillar) is None]


def _score_of(view: CommuneView, pillar: str | None) -> Score | None:
    if view.evaluation is None:
        return None
    return view.evaluation.total if pillar is None else view.evaluation.pillars.get(pillar)


def _ratio(view: CommuneView, pillar: str | None) -> float | None:
    score = _score_of(view, pillar)
    return score.ratio if score is not None else None


def _confidence(view: CommuneView, pillar: str | None) -> float | None:
    score = _score_of(view, pillar)
    return score.confidence if score is not None else None


_KEYS: dict[str, Callable[[CommuneView, str | None], Any]] = {
    "ratio": _ratio,
    "confidence": _confidence,
    "cost": lambda view, pillar: view.evaluation.cost_vnd if view.evaluation else None,
    "name": lambda view, pillar: order(view.unit.name),
    "commune": lambda view, pillar: view.unit.code,
}
"""What a ranking is sorted by -> the key of a commune, None where it is not known."""


def _asked(site: Site, visitor: Visitor) -> Iterator[AskedAnswer]:
    views = _seen(site, visitor)
    asked: dict[str, Requirement] = {}
    results: dict[str, list[RequirementResult]] = {}
    for view in views:
        for requirement in site.profile_of(view.unit).requirements:
            asked.setdefault(requirement.id, requirement)
        for result in view.evaluation.results if view.evaluation is not None else ():
            results.setdefault(result.requirement, []).append(result)
    for id in asked | results:
        found = results.get(id, [])
        known = asked.get(id)
        first = known or found[0]
        yield AskedAnswer(
            requirement=id,
            title=known.title.model_dump(exclude_defaults=True) if known is not None else {},
            pillar=first.pillar,
            level=first.level,
            verdicts=verdicts_of(found),
            cost_vnd=sum(result.cost_vnd for result in found),
        )


def _standings(site: Site, visitor: Visitor, requirement: str) -> Iterator[StandingAnswer]:
    """The worst first; of those that fulfil as much, the dearest. Unknown comes last."""
    found = [
        (view, view.evaluation, result)
        for view in _seen(site, visitor)
        for result in (view.evaluation.results if view.evaluation is not None else ())
        if result.requirement == requirement
    ]
    found.sort(key=lambda f: (f[2].share is None, f[2].share or 0.0, -f[2].cost_vnd))
    for view, evaluation, result in found:
        assert evaluation is not None
        yield StandingAnswer(
            commune=view.unit.code,
            name=view.unit.name,
            result=bare(result),
            evaluated_at=moment(evaluation.at_s),
        )
