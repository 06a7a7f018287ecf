"""What a sum would mend: the question, its answer, and answers that were kept."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from config.profile import Text
from dashboards.web.answers import Answer, speech_of
from dashboards.web.forms import Posted, number, one, see_other
from dashboards.web.plan_answer import WHY, beside, rise, shown_answer
from dashboards.web.plan_common import groups_of, names_of, profile_of
from dashboards.web.plan_question import GOALS, TICKS, Typed, question_of
from dashboards.web.plan_runs import Busy, Runs
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, Visitor, actor_of, require, visitor_of
from dashboards.web.words import N_
from inventory.gather import Gathering
from inventory.planning.scenarios import NAME_MAX, Scenario, Scenarios
from inventory.planning.solve import Limits, solve
from inventory.planning.whatif import Answer as Solved
from inventory.planning.whatif import WhatIf
from inventory.store.reader import Reader

log = logging.getLogger(__name__)

LIMITS = Limits(time_s=20.0)
"""How long a reader can be asked to wait for the best answer; a good one comes much sooner."""

_EMPTY = Typed()

_NO_NAME = N_("give it a name")
_BUSY = N_("others are being solved; try again in a minute")


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()
    runs = Runs()

    def kept() -> Scenarios:
        return Scenarios(site.desk, site.clock)

    def seen(visitor: Visitor, scenario: Scenario) -> bool:
        codes = {outcome.commune for outcome in scenario.answer.communes}
        return visitor.communes is None or codes <= visitor.communes

    def found(request: Request, id_: int) -> Scenario:
        scenario = kept().get(id_)
        if scenario is None or not seen(visitor_of(request), scenario):
            raise HTTPException(404)
        return scenario

    def places(request: Request) -> dict[str, tuple[str, frozenset[str]]]:
        """What can be chosen -> (name, communes)."""
        speech, names = speech_of(request, site), names_of(site, visitor_of(request))
        judged = {c for c in names if site.snapshot.communes[c].evaluation is not None}
        chosen = {"": (speech.text(N_("all communes")), frozenset(judged))}
        for group in groups_of(site, names, speech.language):
            chosen[group.id] = (group.name, group.communes & judged)
        return chosen | {code: (names[code], frozenset({code}) & judged) for code in names}

    def overview(request: Request, status: int = 200, typed: Typed = _EMPTY) -> HTMLResponse:
        visitor, speech = visitor_of(request), speech_of(request, site)
        scenarios = [one for one in kept().list() if seen(visitor, one)]
        chosen = places(request)
        return answer(
            request,
            "plan_scenarios.html",
            status,
            scenarios=scenarios,
            may=visitor.may(Right.PLAN),
            typed=typed,
            errors={
                field: speech.text(text).format(
                    **{name: speech.money(value) for name, value in values.items()}
                )
                for field, (text, values) in typed.errors.items()
            },
            goals=GOALS,
            ticks=TICKS,
            places=[(id_, name) for id_, (name, codes) in chosen.items() if codes],
            rise=lambda before, after: rise(before, after, speech),
        )

    def titles_now() -> dict[str, Text]:
        profiles = {id(p): p for p in map(profile_of(site), list(site.snapshot.communes))}
        return {r.id: r.title for p in profiles.values() for r in p.requirements}

    def names_now() -> dict[str, str]:
        return {code: view.unit.name for code, view in list(site.snapshot.communes.items())}

    def words(
        request: Request, solved: Solved, names: Mapping[str, str], titles: Mapping[str, Text]
    ) -> dict[str, Any]:
        """What the page of an answer needs."""
        speech = speech_of(request, site)
        return {
            "page": shown_answer(solved, names, speech),
            "titles": {id_: title.text(speech.language) for id_, title in titles.items()},
            "goals": GOALS,
            "ticks": TICKS,
            "reasons": WHY,
            "rise": lambda before, after: rise(before, after, speech),
        }

    @router.api_route("/plan/scenarios", methods=READ)
    def scenarios(request: Request) -> HTMLResponse:
        require(request, Right.READ)
        return overview(request, typed=Typed(budget=request.query_params.get("budget", "")[:50]))

    @router.post("/plan/scenarios")
    def ask(request: Request, posted: Posted) -> Response:
        visitor = require(request, Right.PLAN)
        known = {id_: codes for id_, (_, codes) in places(request).items()}
        problem, typed = question_of(posted, known)
        if problem is None:
            return overview(request, 422, typed)
        try:
            key = runs.start(visitor.name, problem, lambda: _solved(site, problem))
        except Busy:
            busy: Mapping[str, tuple[str, Mapping[str, int]]] = {"": (_BUSY, {})}
            return overview(
                request, 503, Typed(typed.budget, typed.goal, typed.ticks, typed.place, busy)
            )
        return see_other(f"/plan/scenarios/runs/{key}")

    @router.api_route("/plan/scenarios/runs/{key}", methods=READ)
    def run(request: Request, key: str) -> HTMLResponse:
        return run_page(request, key)

    def run_page(request: Request, key: str, status: int = 200, problem: str = "") -> HTMLResponse:
        asked = runs.get(key, require(request, Right.PLAN).name)
        if asked is None:
            return answer(request, "plan_forgotten.html", 404)
        if asked.answer is None:
            if asked.problem_found is not None:
                log.error("a what-if question could not be solved", exc_info=asked.problem_found)
            return answer(
                request,
                "plan_waiting.html",
                500 if asked.done else 200,
                failed=asked.done,
                problem=asked.problem,
                before=runs.before(asked),
                goals=GOALS,
            )
        return answer(
            request,
            "plan_scenario.html",
            status,
            key=key,
            scenario=None,
            may=True,
            name_problem=problem,
            **words(request, asked.answer, names_now(), titles_now()),
        )

    @router.post("/plan/scenarios/runs/{key}")
    def keep(request: Request, key: str, posted: Posted) -> Response:
        visitor = require(request, Right.PLAN)
        asked = runs.get(key, visitor.name)
        if asked is None or asked.answer is None:
            return run_page(request, key)
        name = one(posted, "name", NAME_MAX)
        if not name:
            return run_page(request, key, 422, speech_of(request, site).text(_NO_NAME))
        id_ = kept().freeze(
            name, actor_of(request), asked.answer, site.profile.digest, names_now(), titles_now()
        )
        return see_other(f"/plan/scenarios/{id_}")

    @router.api_route("/plan/scenarios/compare", methods=READ)
    def compare(request: Request, a: str = "", b: str = "") -> HTMLResponse:
        require(request, Right.READ)
        ids = number(a), number(b)
        if ids[0] is None or ids[1] is None:
            raise HTTPException(404)
        pair = found(request, ids[0]), found(request, ids[1])
        speech = speech_of(request, site)
        names = {**pair[1].names, **pair[0].names}
        page = beside(pair[0].answer, pair[1].answer, names, speech)
        return answer(
            request, "plan_beside.html", page=page, one=pair[0], other=pair[1], goals=GOALS
        )

    @router.api_route("/plan/scenarios/{id:int}", methods=READ)
    def scenario(request: Request, id: int) -> HTMLResponse:
        visitor = require(request, Right.READ)
        shown = found(request, id)
        return answer(
            request,
            "plan_scenario.html",
            key="",
            scenario=shown,
            may=visitor.may(Right.PLAN),
            name_problem="",
            **words(request, shown.answer, shown.names, shown.titles),
        )

    @router.post("/plan/scenarios/{id:int}/delete")
    def delete(request: Request, id: int) -> Response:
        require(request, Right.PLAN)
        found(request, id)
        kept().delete(id, actor_of(request))
        return see_other("/plan/scenarios")

    return router


def _solved(site: Site, problem: WhatIf) -> Solved:
    """For a thread: reads the facts of the communes that are asked about, and solves."""
    now_s = site.clock.wall()
    units = {code: view.unit for code, view in list(site.snapshot.communes.items())}
    profile = profile_of(site)
    codes = [code for code in problem.communes if code in units]
    with Reader(site.database) as reader:
        facts = Gathering(site.settings, units).facts(
            reader, codes, [profile(code) for code in codes], now_s
        )
    return solve(problem, facts, profile, now_s, LIMITS)
