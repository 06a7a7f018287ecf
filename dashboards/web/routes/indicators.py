"""Figures of communes and declared indicators: seen, entered, withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from dashboards.web.answers import Answer, speech_of
from dashboards.web.asset_form import read_day
from dashboards.web.forms import Posted, number, one, see_other
from dashboards.web.indicators import (
    ATTENTION,
    HINTS,
    EntryPage,
    Wish,
    cell_entry,
    commune_entry,
    indicators_of,
    matrix,
    may_declare,
    name_entry,
    require_declare,
    shown,
)
from dashboards.web.problem_words import by_field
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, actor_of, require
from dashboards.web.words import N_
from inventory.indicators.attention import Attention
from inventory.indicators.checks import FIRST_DAY, Entry
from inventory.indicators.values import value_of
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.sheets.problem import CellError

DONE = {
    "declared": N_("Entered."),
    "same": N_("All of it stands there already; nothing was changed."),
    "withdrawn": N_("Taken back; it stays in the history."),
    "imported": N_("The sheet has been taken over"),
}

TEXTS = (
    N_("is no indicator of the profiles in use"),
    N_("is not a commune that is watched"),
    N_("must not be below 0"),
    N_("must not be before {day}"),
    N_("must not be more than a year ahead"),
    N_("must be later than the day for which it holds"),
    N_("{name} is given twice for {day}"),
    N_("the posts of group VIII ({part}) would be more than all posts ({whole}) on {day}"),
    N_("{text} is no number"),
    N_("{text} is below zero"),
    N_("has become a date; set the cell to text and type it again"),
    N_("{text} may be {digits} or {either}0; write one of the two"),
    N_("1 may be 1 % or 100 %; write one of the two"),
    N_("{text} is more than 100 %"),
    N_("{text} is no bandwidth; write for example 200 Mbps"),
    N_("{text} may mean bytes; write bits a second, for example 200 Mbps"),
    N_("{text} has no unit; write for example {text} Mbps"),
    N_("{text} is no length of time; write for example {known}"),
    N_("has no column with the commune; write for example Mã xã"),
    N_("has no column of an indicator, and none with a value"),
    N_("you may declare for {known} only"),
    N_("{text} is no indicator; write one of: {known}"),
    N_("no value stands in the row"),
    N_("type at least one value"),
)
"""English texts of `inventory.indicators`, so that they have translations."""

LAST_DAY = dt.date(2199, 12, 31)
"""Nobody looks further ahead."""

PAPER = ("as_of", "expires", "document", "by")
"""What is said once for all values of a form."""


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def today() -> dt.date:
        return indicators_of(site).today()

    @router.api_route("/indicators", methods=READ)
    def all_of_them(request: Request) -> Response:
        visitor = require(request, Right.READ)
        query = request.query_params
        day = read_day(query.get("day", ""))
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            day = None
        show: Attention = next((why for why in ATTENTION if why == query.get("show")), "")
        wish = Wish(
            day or today(),
            query.get("known") == "then",
            query.get("q", "")[:100],
            show,
            number(query.get("first", "")) or 0,
        )
        wrong = bool(query.get("day")) and day is None
        speech = speech_of(request, site)
        return answer(
            request,
            "indicators.html",
            422 if wrong else 200,
            page=matrix(site, visitor, wish),
            wrong_day=wrong,
            may=may_declare(visitor),
            may_in=lambda code: may_declare(visitor, code),
            attention=ATTENTION,
            done=DONE.get(query.get("done", ""), ""),
            batch=query.get("batch", "")[:40],
            shown=lambda kind, value: shown(kind, value, speech),
        )

    def entry_page(
        request: Request,
        page: EntryPage | None,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        if page is None:
            raise HTTPException(404)
        speech = speech_of(request, site)
        visitor = require(request, Right.READ)
        return answer(
            request,
            "indicators_entry.html",
            status,
            page=page,
            may=may_declare(visitor, page.commune or None),
            errors=by_field(problems, speech),
            typed=typed or {"as_of": today().isoformat()},
            hints=HINTS,
            attention=ATTENTION,
            done=DONE.get(request.query_params.get("done", ""), "") if status == 200 else "",
            batch=request.query_params.get("batch", "")[:40],
            shown=lambda kind, value: shown(kind, value, speech),
            today=today(),
        )

    def enter(
        request: Request, page: EntryPage | None, posted: Mapping[str, Sequence[str]]
    ) -> Response:
        if page is None:
            raise HTTPException(404)
        typed = {key: one(posted, key, 400) for key in (*PAPER, *_keys(page))}
        entries, problems = read_entries(page, typed)
        if not problems:
            for entry in entries:
                require_declare(request, entry.commune)
            try:
                batch = indicators_of(site).declare(entries, actor_of(request))
            except Refused as refused:
                problems = [_placed(p, page, entries) for p in refused.problems]
            else:
                done = f"?done=declared&batch={batch}" if batch else "?done=same"
                return see_other(page.address + done)
        return entry_page(request, page, 422, problems, typed)

    @router.api_route("/indicators/communes/{code}", methods=READ)
    def of_commune(request: Request, code: str) -> Response:
        page = commune_entry(site, code, speech_of(request, site))
        require(request, Right.READ, code)
        return entry_page(request, page)

    @router.post("/indicators/communes/{code}")
    def enter_commune(request: Request, code: str, posted: Posted) -> Response:
        require_declare(request, code)
        return enter(request, commune_entry(site, code, speech_of(request, site)), posted)

    @router.api_route("/indicators/names/{name}", methods=READ)
    def of_name(request: Request, name: str, first: str = "") -> Response:
        visitor, speech = require(request, Right.READ), speech_of(request, site)
        return entry_page(request, name_entry(site, name, visitor, speech, number(first) or 0))

    @router.post("/indicators/names/{name}")
    def enter_name(request: Request, name: str, posted: Posted) -> Response:
        visitor, speech = require_declare(request), speech_of(request, site)
        first = number(one(posted, "first")) or 0
        return enter(request, name_entry(site, name, visitor, speech, first), posted)

    @router.api_route("/indicators/communes/{code}/{name}", methods=READ)
    def of_cell(request: Request, code: str, name: str) -> Response:
        require(request, Right.READ, code)
        return entry_page(request, cell_entry(site, code, name, speech_of(request, site)))

    @router.post("/indicators/communes/{code}/{name}")
    def enter_cell(request: Request, code: str, name: str, posted: Posted) -> Response:
        require_declare(request, code)
        return enter(request, cell_entry(site, code, name, speech_of(request, site)), posted)

    @router.post("/indicators/entries/{id:int}/withdraw")
    def withdraw(request: Request, id: int, posted: Posted) -> Response:
        require_declare(request)
        found = indicators_of(site).get(id)
        if found is None:
            raise HTTPException(404)
        require_declare(request, found.commune)
        try:
            indicators_of(site).withdraw(id, actor_of(request), one(posted, "reason", 300))
        except NotFound:
            raise HTTPException(404) from None
        return see_other(f"/indicators/communes/{found.commune}/{found.name}?done=withdrawn")

    @router.post("/indicators/undo")
    def undo(request: Request, posted: Posted) -> Response:
        require_declare(request)
        batch = one(posted, "batch", 40)
        made = indicators_of(site).made_in(batch)
        if not made:
            raise HTTPException(404)
        for entry in made:
            require_declare(request, entry.commune)
        try:
            indicators_of(site).undo(batch, actor_of(request))
        except NotFound:
            raise HTTPException(404) from None
        return see_other("/indicators?done=withdrawn")

    return router


def read_entries(
    page: EntryPage, typed: Mapping[str, str]
) -> tuple[list[Entry], list[FieldProblem]]:
    """What a form would declare, and what is wrong with what was typed; a blank value is none."""
    problems: list[FieldProblem] = []
    days: dict[str, dt.date | None] = {}
    for key in ("as_of", "expires"):
        days[key] = read_day(typed.get(key, ""))
        if typed.get(key) and days[key] is None:
            problems.append(FieldProblem(key, "is no day; write for example 2026-01-31"))
    as_of = days["as_of"]
    if not typed.get("as_of"):
        problems.append(FieldProblem("as_of", "must not be empty"))
    entries: list[Entry] = []
    for item in page.inputs:
        key, cell = f"v-{item.key}", item.cell
        try:
            value = value_of(cell.definition.kind, typed.get(key, ""))
        except CellError as error:
            problems.append(FieldProblem(key, error.text, error.values))
            continue
        if value is not None and as_of is not None:
            paper = (as_of, days["expires"], typed.get("document", ""), typed.get("by", ""))
            entries.append(
                Entry(cell.commune, cell.definition.name, value, *paper, row=len(entries))
            )
    if not problems and not entries:
        problems.append(FieldProblem("", "type at least one value"))
    return entries, problems


def _keys(page: EntryPage) -> list[str]:
    return [f"v-{item.key}" for item in page.inputs]


def _placed(problem: FieldProblem, page: EntryPage, entries: Sequence[Entry]) -> FieldProblem:
    """A problem at the input that it is about."""
    place = problem.field
    if place in ("value", "name", "commune") and problem.row is not None:
        entry = entries[problem.row]
        found = (
            i
            for i in page.inputs
            if (i.cell.commune, i.cell.definition.name) == (entry.commune, entry.name)
        )
        place = next((f"v-{item.key}" for item in found), "")
    return FieldProblem(place, problem.text, problem.values)
