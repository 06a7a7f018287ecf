"""What planners and operators read: overview, communes, assets."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from dashboards.web.answers import Answer, speech_of
from dashboards.web.asset import asset_page
from dashboards.web.asset_books import DONE
from dashboards.web.charts.lines import sparkline
from dashboards.web.commune import commune_page
from dashboards.web.in_short import LITTLE, SURE, in_short
from dashboards.web.overview import overview
from dashboards.web.readiness_trend import DAY_S, line_of
from dashboards.web.site import Site
from dashboards.web.visitor import Right, require
from dashboards.web.words import N_
from inventory.snapshot import CommuneView
from inventory.store.errors import StoreError

READ = ["GET", "HEAD"]

TREND_DAYS = 90
TREND = N_("Readiness of the last 90 days")


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    @router.api_route("/", methods=READ)
    def first(request: Request) -> HTMLResponse:
        visitor = require(request, Right.READ)
        return answer(
            request,
            "overview.html",
            page=overview(site, visitor.communes),
            short=in_short(site, visitor.communes),
            limits={"little": LITTLE, "sure": SURE},
        )

    @router.api_route("/communes/{code}", methods=READ)
    def commune(request: Request, code: str) -> HTMLResponse:
        require(request, Right.READ, code)
        page = commune_page(site, code)
        if page is None:
            return answer(request, "missing.html", 404, what=code)
        return answer(request, "commune.html", page=page, trend=_trend(request, site, page.view))

    @router.api_route("/assets/{tag}", methods=READ)
    def asset(request: Request, tag: str) -> HTMLResponse:
        page = asset_page(site, tag, require(request, Right.READ))
        if page is None:
            return answer(request, "missing.html", 404, what=tag)
        require(request, Right.READ, page.asset.registered.commune)
        done = request.query_params.get("done")
        return answer(request, "asset.html", page=page, done=done if done in DONE else "")

    return router


def _trend(request: Request, site: Site, view: CommuneView) -> Markup | None:
    """A commune's readiness of 90 days, None while the database cannot be read."""
    speech = speech_of(request, site)
    try:
        line = line_of(site, view, TREND_DAYS)
    except StoreError:
        return None
    return sparkline(
        speech,
        "trend",
        speech.text(TREND),
        line.points,
        shown=lambda value: speech.percent(value, 0),
        gap_s=2 * DAY_S,
    )
