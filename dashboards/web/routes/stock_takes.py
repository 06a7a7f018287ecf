"""Stock-takes: open, look, close, apply what follows, minutes."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from dashboards.forms.stock_take_minutes import minutes as minutes_sheet
from dashboards.web.answers import Answer, speech_of
from dashboards.web.site import Site
from dashboards.web.stock_take import (
    FIELD_WORDS,
    RESULT_WORDS,
    ROLE_WORDS,
    OpeningForm,
    by_field,
    form_of,
    one,
    opening_of,
    stock_takes_of,
)
from dashboards.web.stock_take_pages import READ, Posted, TakePages, download, may_apply, see
from dashboards.web.visitor import Right, require
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.stale import Stale
from inventory.stock_take.stock_takes import Closed


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()
    pages = TakePages(site, answer)

    @router.api_route("/stock-takes", methods=READ)
    def all_of_them(request: Request) -> Response:
        today = stock_takes_of(site).day_of(site.clock.wall())
        return pages.all_of_them(request, OpeningForm(day=today.isoformat()))

    @router.post("/stock-takes")
    def open_one(request: Request, posted: Posted) -> Response:
        require(request, Right.REGISTER)
        form = form_of(posted)
        found = opening_of(form)
        try:
            if isinstance(found, list):
                raise Refused(found)
            visitor = require(request, Right.REGISTER, found.commune)
            view = site.snapshot.communes.get(found.commune)
            unit = view.unit.name if view is not None else found.commune
            take = stock_takes_of(site).open(found, unit, visitor.actor)
        except Refused as refused:
            form = _with_errors(form, refused, request, site)
            return pages.all_of_them(request, form, 422)
        return see(f"/stock-takes/{take.id}")

    @router.api_route("/stock-takes/{id:int}", methods=READ)
    def progress(request: Request, id: int) -> Response:
        found = pages.take(request, id, Right.READ)
        return pages.page(request, *found)

    @router.post("/stock-takes/{id:int}/close")
    def close(request: Request, id: int, posted: Posted) -> Response:
        found = pages.take(request, id, Right.REGISTER)
        take, visitor = found
        try:
            if one(posted, "sure") != "yes":
                raise Refused([FieldProblem("sure", "say that it is to be closed")])
            stock_takes_of(site).close(take.id, one(posted, "conclusion", 5_000), visitor.actor)
        except Refused as refused:
            return pages.refused(request, found, refused)
        except Closed:
            return see(f"/stock-takes/{id}", said="closed")
        return see(f"/stock-takes/{id}", said="minutes")

    @router.post("/stock-takes/{id:int}/apply")
    def apply(request: Request, id: int, posted: Posted) -> Response:
        found = pages.take(request, id, Right.REGISTER)
        take, visitor = found
        works, tags = stock_takes_of(site), set(posted.get("tag", ()))
        try:
            for proposal, _ in works.proposals(id):
                if proposal.tag in tags and not may_apply(visitor, proposal):
                    text = "you may not change what {tag} needs: it concerns another commune"
                    raise Refused([FieldProblem("tags", text, {"tag": proposal.tag})])
            works.apply(take.id, tags, one(posted, "document", 200), visitor.actor)
        except Stale as stale:
            text = "{tag} has been changed since the closing; look at it and change it by hand"
            problem = FieldProblem("tags", text, {"tag": stale.entry.asset.tag})
            return pages.refused(request, found, Refused([problem]))
        except NotFound as missing:
            problem = FieldProblem(
                "tags", "{tag} is not registered any more", {"tag": missing.what}
            )
            return pages.refused(request, found, Refused([problem]))
        except Refused as refused:
            shown = Refused(FieldProblem("tags", p.text, p.values) for p in refused.problems)
            return pages.refused(request, found, shown)
        return see(f"/stock-takes/{id}", said="applied", number=str(len(tags)))

    @router.api_route("/stock-takes/{id:int}/minutes", methods=READ)
    def minutes(request: Request, id: int) -> Response:
        found = pages.take(request, id, Right.READ)
        return answer(
            request,
            "stock_take_minutes.html",
            field_words=FIELD_WORDS,
            take=found[0],
            report=stock_takes_of(site).report(id),
            result_words=RESULT_WORDS,
            role_words=ROLE_WORDS,
        )

    @router.api_route("/stock-takes/{id:int}/minutes.xlsx", methods=READ)
    def minutes_file(request: Request, id: int) -> Response:
        pages.take(request, id, Right.READ)
        body = minutes_sheet(stock_takes_of(site).report(id), site.settings.zone)
        return download(body, f"kiem-ke-{id}-bien-ban.xlsx")

    return router


def _with_errors(form: OpeningForm, refused: Refused, request: Request, site: Site) -> OpeningForm:
    return OpeningForm(
        form.commune,
        form.site,
        form.day,
        form.title,
        form.reason,
        form.members,
        by_field(refused.problems, speech_of(request, site)),
    )
