"""Communes as of a day, sites, rooms and people; and a commune that has ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from dashboards.web.answers import Answer, speech_of
from dashboards.web.forms import Posted, number, one, see_other
from dashboards.web.offers import commune_names, places_of
from dashboards.web.place_pages import commune_places, overview_of_places
from dashboards.web.problem_words import by_field
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, actor_of, require, visitor_of
from dashboards.web.words import N_
from inventory.communes import merge_commune
from inventory.place import Place, PlaceKind
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.stale import Stale

DONE = {
    "created": N_("Entered."),
    "renamed": N_("Renamed, in the assets, too."),
    "removed": N_("Removed; assets keep what they say."),
    "undone": N_("Undone."),
    "merged": N_("The assets are in the successor now."),
}

TEXTS = (
    N_("is there already"),
    N_("is its name already"),
    N_("choose a commune"),
    N_("only a room is in a site"),
    N_("{count} assets of hatang.yaml are there; change them there first"),
    N_("{old} did not become {new}; it became {heirs}"),
    N_("{new} is not watched; add it to hatang.yaml first"),
    N_("no asset is registered there"),
)
"""English texts of `inventory.places` and `inventory.communes`, so that they have translations."""


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def today() -> dt.date:
        return dt.datetime.fromtimestamp(site.clock.wall(), site.settings.zone).date()

    def shown(
        request: Request,
        template: str,
        page: object,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, Any] | None = None,
    ) -> HTMLResponse:
        query = request.query_params
        return answer(
            request,
            template,
            status,
            page=page,
            done=DONE.get(query.get("done", ""), "") if request.method in READ else "",
            batch=query.get("batch", "")[:40] if request.method in READ else "",
            errors=by_field(problems, speech_of(request, site)),
            typed=typed or {},
            kinds=[kind.value for kind in PlaceKind],
        )

    def commune_page(
        request: Request,
        code: str,
        status: int = 200,
        problems: Sequence[FieldProblem] = (),
        typed: Mapping[str, Any] | None = None,
    ) -> HTMLResponse:
        text = request.query_params.get("day", "")
        try:
            day = dt.date.fromisoformat(text) if text else today()
        except ValueError:
            day, status = today(), 422
            wrong = FieldProblem("day", "is no day; write for example 2026-01-31")
            problems = [*problems, wrong]
        page = commune_places(site, code, day, today())
        if page is None:
            raise HTTPException(404)
        require(request, Right.READ, code)
        return shown(request, "places_commune.html", page, status, problems, typed)

    @router.api_route("/places", methods=READ)
    def places(request: Request) -> HTMLResponse:
        visitor = require(request, Right.READ)
        return shown(request, "places.html", overview_of_places(site, visitor, today()))

    @router.api_route("/places/{code}", methods=READ)
    def commune(request: Request, code: str) -> HTMLResponse:
        return commune_page(request, code)

    @router.post("/places/{code}")
    def create(request: Request, code: str, posted: Posted) -> Response:
        require(request, Right.REGISTER, code)
        typed = {key: one(posted, key, 1000) for key in ("kind", "name", "site", "note")}
        kind = typed["kind"] if typed["kind"] in list(PlaceKind) else PlaceKind.SITE
        place = Place(PlaceKind(kind), code, typed["name"], typed["site"], typed["note"])
        try:
            places_of(site).create(place, actor_of(request))
        except Refused as refused:
            return commune_page(request, code, 422, refused.problems, typed)
        return see_other(f"/places/{code}?done=created")

    @router.post("/places/{code}/rename")
    def rename(request: Request, code: str, posted: Posted) -> Response:
        require(request, Right.REGISTER, code)
        kind, to = one(posted, "kind"), one(posted, "to")
        if kind not in list(PlaceKind):
            raise HTTPException(404)
        place = Place(PlaceKind(kind), code, one(posted, "name"), one(posted, "site"))
        try:
            batch = places_of(site).rename(place, to, actor_of(request))
        except (Refused, Stale, NotFound) as error:
            return commune_page(request, code, 422, _problems(error), {"to": to})
        return see_other(f"/places/{code}?done=renamed&batch={batch}")

    @router.post("/places/{code}/remove")
    def remove(request: Request, code: str, posted: Posted) -> Response:
        require(request, Right.REGISTER, code)
        id_ = number(one(posted, "id"))
        place = places_of(site).get(id_) if id_ is not None else None
        if place is None or place.id is None or place.commune != code:
            raise HTTPException(404)
        batch = places_of(site).remove(place.id, actor_of(request))
        return see_other(f"/places/{code}?done=removed&batch={batch}")

    @router.post("/places/{code}/undo")
    def undo(request: Request, code: str, posted: Posted) -> Response:
        require(request, Right.REGISTER, code)
        batch = one(posted, "batch")
        if not _is_of(batch, code):
            raise HTTPException(404)
        try:
            places_of(site).undo(batch, actor_of(request))
        except (Refused, Stale) as error:
            return commune_page(request, code, 422, _problems(error))
        except NotFound:
            raise HTTPException(404) from None
        return see_other(f"/places/{code}?done=undone")

    @router.post("/places/{code}/merge")
    def merge(request: Request, code: str, posted: Posted) -> Response:
        to = one(posted, "to")
        require(request, Right.REGISTER, code)
        if to:
            require(request, Right.REGISTER, to)
        names = commune_names(site)
        try:
            merge_commune(site.register, site.units, code, to, actor_of(request), today(), names)
        except (Refused, Stale, NotFound) as error:
            page = overview_of_places(site, visitor_of(request), today())
            return shown(request, "places.html", page, 422, _problems(error))
        return see_other(f"/places/{to}?done=merged")

    def _is_of(batch: str, code: str) -> bool:
        """Whether a batch changed places or assets of that commune and nothing else."""
        lines = site.register.changes(batch=batch, limit=None)
        lines += site.register.changes(batch=f"{batch}+", limit=None)
        if not lines or any(line.kind not in ("asset", "place") for line in lines):
            return False
        place = [line for line in lines if line.kind == "place"]
        return bool(place) and all(
            (line.before or line.after).get("commune") == code for line in place
        )

    return router


def _problems(error: Refused | Stale | NotFound) -> Sequence[FieldProblem]:
    if isinstance(error, Refused):
        return error.problems
    return [FieldProblem("", "somebody has changed it since; look at it again")]
