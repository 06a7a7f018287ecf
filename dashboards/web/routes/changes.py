"""The log of changes, and undoing."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from dashboards.web.answers import Answer, speech_of
from dashboards.web.change_log import LogWish, communes_touched, lines, log_page, sheet
from dashboards.web.forms import number, see_other
from dashboards.web.problem_words import problem_text
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, actor_of, require
from dashboards.web.words import N_
from inventory.register.problems import NotFound, Refused

_ALL = 10**9
_HEADER = (
    *(N_("No."), N_("When"), N_("Who"), N_("Way"), N_("Address"), N_("Action"), N_("What")),
    *(N_("Asset tag or user"), N_("Name"), N_("Before"), N_("After"), N_("Reason"), N_("Batch")),
)


def _wish(request: Request) -> LogWish:
    asked = request.query_params
    texts = {k: asked.get(k, "").strip()[:100] for k in ("subject", "actor", "kind", "batch")}
    return LogWish(**texts, before=number(asked.get("before", "")))


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    @router.api_route("/changes", methods=READ)
    def changes(request: Request) -> Response:
        visitor = require(request, Right.READ)
        return answer(request, "changes.html", page=log_page(site, _wish(request), visitor))

    @router.api_route("/changes.csv", methods=READ)
    def export(request: Request) -> Response:
        visitor = require(request, Right.READ)
        speech = speech_of(request, site)
        found = lines(site, _wish(request), visitor, _ALL)
        header = [speech.text(name) for name in _HEADER]
        return StreamingResponse(
            sheet(found, speech.moment, header),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="changes.csv"'},
        )

    @router.post("/changes/{what}/undo")
    def undo(request: Request, what: str) -> Response:
        require(request, Right.REGISTER)
        if what.isdecimal():
            one = site.register.change(int(what)) if len(what) < 16 else None
            found = [one] if one else []
        else:
            found = site.register.changes(batch=what, limit=None)
        for commune in communes_touched(site, found):
            require(request, Right.REGISTER, commune)
        try:
            batch = site.register.undo(what, actor_of(request))
        except NotFound:
            return answer(request, "missing.html", 404, what=what)
        except Refused as refused:
            speech = speech_of(request, site)
            said = [problem_text(problem, speech) for problem in refused.problems[:20]]
            wish = LogWish(batch=found[0].batch) if found else LogWish()
            visitor = require(request, Right.READ)
            return answer(request, "changes.html", 409, page=log_page(site, wish, visitor, said))
        return see_other(f"/changes?batch={batch}")

    return router
