"""Readiness over communes: ranking and map, one requirement, the trend, the difference of days."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dashboards.web.answers import Answer, speech_of
from dashboards.web.area import (
    ALL_TITLE,
    WEIGHTS,
    Area,
    areas_of,
    chosen,
    views_of,
)
from dashboards.web.charts.bars import bars
from dashboards.web.charts.lines import lines, sparkline
from dashboards.web.charts.map import map_of
from dashboards.web.languages import Speech
from dashboards.web.readiness import BANDS, places, ranking
from dashboards.web.readiness_compare import CAUSE_WORDS, comparison, days_of
from dashboards.web.readiness_requirement import bars_of, requirement_page
from dashboards.web.readiness_trend import (
    CONFIDENCE,
    READINESS,
    SPANS,
    Line,
    series,
    trend,
)
from dashboards.web.site import Site
from dashboards.web.visitor import Right, require
from dashboards.web.words import N_, word
from inventory.snapshot import CommuneView

READ = ["GET", "HEAD"]

MAP = N_("Where they lie")
VALUES = N_("Value of each commune; the mark is the target")
TOGETHER = N_("Mean of the communes")


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def seen(
        request: Request, speech: Speech
    ) -> tuple[dict[str, CommuneView], tuple[Area, ...], Area]:
        """The communes that this reader may see, the areas to choose, the chosen one."""
        visitor = require(request, Right.READ)
        views = views_of(site, visitor.communes)
        areas = areas_of(site, views, speech.language, speech.text(ALL_TITLE))
        return views, areas, chosen(areas, request.query_params.get("area", ""))

    @router.api_route("/readiness", methods=READ)
    def overall(request: Request) -> HTMLResponse:
        speech = speech_of(request, site)
        views, areas, area = seen(request, speech)
        weight = request.query_params.get("weight", "")
        page = ranking(site, views, areas, area, weight if weight in WEIGHTS else WEIGHTS[0])
        no_data = speech.text(word("no_data"))
        drawn = map_of(
            speech,
            "map",
            speech.text(MAP),
            places(site, page.rows, speech, no_data),
            [speech.text(band) for band in BANDS],
            no_data,
        )
        return answer(request, "readiness.html", page=page, weights=WEIGHTS, map=drawn)

    @router.api_route("/readiness/requirements/{id}", methods=READ)
    def requirement(request: Request, id: str) -> HTMLResponse:
        speech = speech_of(request, site)
        views, areas, area = seen(request, speech)
        page = requirement_page(site, views, areas, area, id)
        if page is None:
            return answer(request, "missing.html", 404, what=id)
        words = {
            verdict: speech.text(word("no_data" if verdict == "unknown" else verdict))
            for verdict in page.counts
        }
        drawn = bars(speech, speech.text(VALUES), bars_of(page.rows, speech, words))
        return answer(request, "readiness_requirement.html", page=page, chart=drawn)

    @router.api_route("/readiness/trend", methods=READ)
    def over_time(request: Request) -> HTMLResponse:
        speech = speech_of(request, site)
        views, areas, area = seen(request, speech)
        asked = request.query_params.get("days", "")
        days = next((span for span in SPANS if str(span) == asked), 90)
        page = trend(site, views, areas, area, days)

        def when(at_s: float) -> str:
            if days <= 2:
                return speech.moment(at_s)
            return speech.day(dt.datetime.fromtimestamp(at_s, site.settings.zone).date())

        def share(value: float) -> str:
            return speech.percent(value, 0)

        def drawn(name: str, title: str, line: Line) -> object:
            both = series(line.moments, speech.text(READINESS), speech.text(CONFIDENCE))
            return lines(
                speech, name, title, both, when=when, shown=share, high=1.0, gap_s=page.gap_s
            )

        together = lines(
            speech,
            "together",
            speech.text(TOGETHER),
            series(page.whole, speech.text(READINESS), speech.text(CONFIDENCE)),
            when=when,
            shown=share,
            high=1.0,
            gap_s=page.gap_s,
        )
        small = {
            line.view.unit.code: sparkline(
                speech,
                f"s{line.view.unit.code}",
                line.view.unit.name,
                line.points,
                shown=share,
                gap_s=page.gap_s,
            )
            for line in page.lines
        }
        code = request.query_params.get("commune", "")
        one = next((line for line in page.lines if line.view.unit.code == code), None)
        return answer(
            request,
            "readiness_trend.html",
            page=page,
            spans=SPANS,
            together=together,
            small=small,
            one=one,
            chart=drawn("one", one.view.unit.name, one) if one is not None else None,
        )

    @router.api_route("/readiness/compare", methods=READ)
    def compare(request: Request) -> HTMLResponse:
        speech = speech_of(request, site)
        views, areas, area = seen(request, speech)
        code = request.query_params.get("commune", "")
        if code in views:
            area = replace(area, codes=(code,))
        typed = {key: request.query_params.get(key, "")[:40] for key in ("from", "to")}
        page = comparison(site, views, areas, area, days_of(typed, site.today))
        status = 422 if page.days.wrong else 200
        return answer(request, "readiness_compare.html", status, page=page, causes=CAUSE_WORDS)

    return router
