"""/plan: what is missing and what it costs; what-if answers that were kept. To read only."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from config.scalars import Text
from dashboards.api.answers import moment
from dashboards.api.doors import Reader, sees
from dashboards.api.known import LISTED, WHOLE, Known, told
from dashboards.api.once import ApiRoute
from dashboards.api.paging import FARTHEST, MOST, links
from dashboards.api.problem import problems
from dashboards.web.plan_common import profile_of
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.planning.gaps import Gap, dearest_first, gaps
from inventory.planning.scenarios import Scenario, Scenarios
from inventory.planning.whatif import Goal, LeftOut, Move, Outcome, Purchase, Standing
from inventory.readiness.result import Verdict
from inventory.register.problems import NotFound

Level = Literal["mandatory", "desirable"]


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")


class GapAnswer(_Answer):
    """One requirement that one commune does not meet, and what mends it."""

    commune: str
    """Official code."""
    name: str
    requirement: str
    title: dict[str, str]
    """Language -> text; empty where today's profile has it no more."""
    pillar: str
    level: str
    verdict: Verdict
    confidence: float
    """0 to 1."""
    amount: float
    """How much is missing, in `unit`."""
    unit: str
    remedy: dict[str, str] | None
    """Language -> text; null where the profile names none."""
    pieces: int
    unit_price_vnd: int
    price_date: dt.date | None
    cost_vnd: int
    side_effects: list[str]
    """Further requirements that the same remedy lifts."""


class GapQuery(BaseModel):
    """Which gaps, the costliest first."""

    level: Level | None = None
    pillar: str | None = Field(None, max_length=64)
    commune: str | None = Field(None, max_length=16)
    """Official code."""
    requirement: str | None = Field(None, max_length=64)
    limit: int = Field(100, ge=1, le=MOST)
    """How many at most."""
    offset: int = Field(0, ge=0, le=FARTHEST)
    """How many to leave out before."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ScenarioAnswer(_Answer):
    """A kept answer to what a sum would mend."""

    id: int
    name: str
    by: str
    kept_at: dt.datetime
    budget_vnd: int
    goal: Goal
    cost_vnd: int
    before: Standing
    """Of all communes together."""
    after: Standing
    optimality_gap: float | None
    """How much better the best answer could be at most, as a share; null where it is not known."""
    proven: bool
    """Whether it was found to be the best within the gap that was asked for."""


class WholeScenarioAnswer(ScenarioAnswer):
    """The same with everything that would be bought, moved and left out."""

    purchases: tuple[Purchase, ...]
    stock: tuple[Move, ...]
    moves: tuple[Move, ...]
    communes: tuple[Outcome, ...]
    left_out: tuple[LeftOut, ...]


_GAPS = TypeAdapter(list[GapAnswer])
_SCENARIOS = TypeAdapter(list[ScenarioAnswer])
_SCENARIO = TypeAdapter(WholeScenarioAnswer)


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["plan"], prefix="/plan")

    def kept() -> Scenarios:
        return Scenarios(site.desk, site.clock)

    @router.get("/gaps", response_model=list[GapAnswer], responses=LISTED)
    def missing(
        request: Request,
        visitor: Reader,
        query: Annotated[GapQuery, Query()],
        known: Known = None,
    ) -> Response:
        """What the communes lack, the costliest first."""
        found = _gaps(site, visitor, query)
        piece = found[query.offset : query.offset + query.limit]
        headers = links(request, query.offset, query.limit, len(found))
        return told(_GAPS, [_gap(site, gap) for gap in piece], known, headers)

    @router.get("/scenarios", response_model=list[ScenarioAnswer], responses=WHOLE)
    def scenarios(visitor: Reader, known: Known = None) -> Response:
        """The what-if answers that were kept, the newest first."""
        found = [ScenarioAnswer(**_head(one)) for one in kept().list() if _is_seen(visitor, one)]
        return told(_SCENARIOS, found, known)

    @router.get(
        "/scenarios/{id}", response_model=WholeScenarioAnswer, responses=WHOLE | problems(404)
    )
    def scenario(
        visitor: Reader, id: Annotated[int, Path(ge=1, le=2**53)], known: Known = None
    ) -> Response:
        """One of them whole."""
        found = kept().get(id)
        if found is None or not _is_seen(visitor, found):
            raise NotFound(f"scenario {id}")
        answer = found.answer
        whole = WholeScenarioAnswer(
            **_head(found),
            purchases=answer.purchases,
            stock=answer.stock,
            moves=answer.moves,
            communes=answer.communes,
            left_out=answer.left_out,
        )
        return told(_SCENARIO, whole, known)

    return router


def _gaps(site: Site, visitor: Visitor, query: GapQuery) -> list[Gap]:
    evaluations = [
        view.evaluation
        for code, view in sorted(site.snapshot.communes.items())
        if sees(visitor, code) and view.evaluation is not None and query.commune in (None, code)
    ]
    found = [
        gap
        for gap in gaps(evaluations, profile_of(site))
        if query.level in (None, gap.level)
        and query.pillar in (None, gap.pillar)
        and query.requirement in (None, gap.requirement)
    ]
    return sorted(found, key=dearest_first)


def _gap(site: Site, gap: Gap) -> GapAnswer:
    return GapAnswer(
        commune=gap.commune,
        name=site.snapshot.communes[gap.commune].unit.name,
        requirement=gap.requirement,
        title=_texts(gap.title) or {},
        pillar=gap.pillar,
        level=gap.level,
        verdict=gap.verdict,
        confidence=gap.confidence,
        amount=gap.amount,
        unit=gap.unit,
        remedy=_texts(gap.remedy),
        pieces=gap.pieces,
        unit_price_vnd=gap.unit_price_vnd,
        price_date=gap.price_date,
        cost_vnd=gap.cost_vnd,
        side_effects=list(gap.side_effects),
    )


def _texts(text: Text | None) -> dict[str, str] | None:
    return text.model_dump(exclude_defaults=True) if text is not None else None


def _is_seen(visitor: Visitor, scenario: Scenario) -> bool:
    return all(sees(visitor, outcome.commune) for outcome in scenario.answer.communes)


def _head(scenario: Scenario) -> dict[str, object]:
    answer = scenario.answer
    gap = answer.optimality_gap
    return {
        "id": scenario.id,
        "name": scenario.name,
        "by": scenario.by,
        "kept_at": moment(scenario.at_s),
        "budget_vnd": answer.problem.budget_vnd,
        "goal": answer.problem.goal,
        "cost_vnd": answer.cost_vnd,
        "before": answer.before,
        "after": answer.after,
        "optimality_gap": gap if math.isfinite(gap) else None,
        "proven": answer.proven,
    }
