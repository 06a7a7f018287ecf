"""Reports as of a day: one that somebody asks for, and those that were made each month."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from dashboards.reports.make import MEDIA_TYPES
from dashboards.web.answers import Answer, speech_of
from dashboards.web.reports import (
    COMMUNE,
    GROUP,
    NOTHING,
    folder_of,
    known_since,
    made,
    monthly,
    name_of,
    sent,
    wish_of,
)
from dashboards.web.site import Site
from dashboards.web.visitor import Denied, Right, require

READ = ["GET", "HEAD"]

LONG_AGO = dt.date(2000, 1, 1)
"""Before any result."""


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def today() -> dt.date:
        return dt.datetime.fromtimestamp(site.clock.wall(), site.settings.zone).date()

    def page(request: Request, status: int = 200, **problems: str) -> Response:
        visitor = require(request, Right.READ)
        language = speech_of(request, site).language
        communes = {
            COMMUNE + code: view.unit.name
            for code, view in site.snapshot.communes.items()
            if visitor.may(Right.READ, code)
        }
        groups = {GROUP + group.id: group.title.text(language) for group in site.settings.groups}
        yesterday = today() - dt.timedelta(days=1)
        since = known_since(site, yesterday)
        asked = {
            # Of a day that is over, once there is one.
            "as_of": (since if since == yesterday else today()).isoformat(),
            "language": language,
            **dict.fromkeys(("compare", "scope", "format"), ""),
            **{name: value[:40] for name, value in request.query_params.items()},
        }
        return answer(
            request, "reports.html", status,
            communes=communes, groups=groups, asked=asked, wrong=problems, today=today(),
            first=known_since(site, LONG_AGO) if NOTHING in problems.values() else None,
            nothing=NOTHING,
            files=monthly(site) if visitor.communes is None else [], forms=list(MEDIA_TYPES),
            is_monthly=site.settings.reports.monthly and visitor.communes is None,
        )  # fmt: skip

    @router.api_route("/reports", methods=READ)
    def reports(request: Request) -> Response:
        return page(request)

    @router.api_route("/reports/file", methods=READ)
    def file(request: Request) -> Response:
        visitor = require(request, Right.READ)
        language = speech_of(request, site).language
        wish = wish_of(request.query_params, today(), visitor.communes, language)
        if wish.asked is None or wish.form is None:
            return page(request, 422, **wish.wrong)
        if wish.asked.scope.commune is not None:
            require(request, Right.READ, wish.asked.scope.commune)
        data, wrong = made(site, wish.asked, wish.form)
        if wrong:
            return page(request, 422, **wrong)
        name = name_of(wish.asked, wish.form)
        disposition = f'attachment; filename="{name}"'
        headers = {"Content-Disposition": disposition}
        return sent(data, wish.form, headers)

    @router.api_route("/reports/monthly/{name}", methods=READ)
    def of_a_month(request: Request, name: str) -> Response:
        if require(request, Right.READ).communes is not None:
            raise Denied("is of all communes")
        found = next((one for one in monthly(site) if one.name == name), None)
        if found is None:
            return answer(request, "missing.html", 404, what=name)
        kind = next(media for form, media in MEDIA_TYPES.items() if form == found.form)
        return FileResponse(folder_of(site) / found.name, media_type=kind, filename=found.name)

    return router
