"""/communes: the watched communes, what they declare, and how ready they are. To read only."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from dashboards.api.answers import moment
from dashboards.api.doors import Reader, sees
from dashboards.api.once import ApiRoute
from dashboards.api.problem import problems
from dashboards.web.overview import state_counts
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.readiness.result import Evaluation, RequirementResult, Score, Verdict
from inventory.register.problems import NotFound
from inventory.snapshot import CommuneView
from inventory.uptime import State

Code = Annotated[str, Path(pattern="^[0-9A-Za-z._-]{1,16}$", description="Code of a commune.")]


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")


class ScoreAnswer(_Answer):
    """A share of what is required; both from 0 to 1."""

    ratio: float | None
    """The weighted share that is fulfilled of what is known; null when nothing is."""
    confidence: float
    """How much of it rests on evidence."""


class CommuneAnswer(_Answer):
    """A watched commune."""

    code: str
    """Official code."""
    name: str
    parent: str
    """Code of the unit that it lies in."""
    valid_from: dt.date
    """Since when the unit exists as it is."""
    posts: int | None
    """Posts that it declares."""
    states: dict[State, int]
    """How many of its assets are in each state."""
    readiness: ScoreAnswer | None
    """Its last evaluation; null before the first."""
    evaluated_at: dt.datetime | None


class RequirementAnswer(_Answer):
    """How a commune stands against one requirement."""

    requirement: str
    pillar: str
    level: str
    weight: float
    verdict: Verdict
    value: float | None
    threshold: float
    unit: str
    """Of value and threshold: count, ratio, years, bps, seconds, yes."""
    share: float | None
    """How much of it is fulfilled, from 0 to 1; null when unknown."""
    confidence: float
    gap: float
    """How many are missing."""
    cost_vnd: int
    """What mending the gap costs."""
    explanation: str


class ReadinessAnswer(_Answer):
    """One evaluation of a commune."""

    commune: str
    profile: str
    profile_version: str
    at: dt.datetime
    total: ScoreAnswer
    pillars: dict[str, ScoreAnswer]
    results: list[RequirementAnswer]
    cost_vnd: int


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["communes"])

    @router.get("/communes")
    def communes(visitor: Reader) -> list[CommuneAnswer]:
        """The watched communes, by code."""
        found = sorted(site.snapshot.communes.items())
        return [_commune(site, view) for code, view in found if sees(visitor, code)]

    @router.get("/communes/{code}", responses=problems(404))
    def commune(visitor: Reader, code: Code) -> CommuneAnswer:
        """One watched commune."""
        return _commune(site, _seen(site, visitor, code))

    @router.get("/communes/{code}/readiness", responses=problems(404))
    def readiness(visitor: Reader, code: Code) -> ReadinessAnswer:
        """How a commune stands against every requirement; 404 before the first evaluation."""
        evaluation = _seen(site, visitor, code).evaluation
        if evaluation is None:
            raise NotFound(f"evaluation {code}")
        return _readiness(evaluation)

    return router


def _seen(site: Site, visitor: Visitor, code: str) -> CommuneView:
    view = site.snapshot.communes.get(code)
    if view is None or not sees(visitor, code):
        raise NotFound(f"commune {code}")
    return view


def _commune(site: Site, view: CommuneView) -> CommuneAnswer:
    code, evaluation = view.declared.code, view.evaluation
    return CommuneAnswer(
        code=code,
        name=view.unit.name,
        parent=view.unit.parent,
        valid_from=view.unit.valid_from,
        posts=view.declared.posts,
        states=state_counts(site.snapshot.assets_of(code)),
        readiness=_score(evaluation.total) if evaluation is not None else None,
        evaluated_at=moment(evaluation.at_s) if evaluation is not None else None,
    )


def _score(score: Score) -> ScoreAnswer:
    return ScoreAnswer(ratio=score.ratio, confidence=score.confidence)


def _readiness(found: Evaluation) -> ReadinessAnswer:
    return ReadinessAnswer(
        commune=found.commune,
        profile=found.profile,
        profile_version=found.profile_version,
        at=moment(found.at_s),
        total=_score(found.total),
        pillars={id_: _score(score) for id_, score in found.pillars.items()},
        results=[_result(result) for result in found.results],
        cost_vnd=found.cost_vnd,
    )


def _result(found: RequirementResult) -> RequirementAnswer:
    names = RequirementAnswer.model_fields
    return RequirementAnswer.model_validate({name: getattr(found, name) for name in names})
