"""Planning: the gap list, what ends when, and where purchase, register and network disagree."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.background import BackgroundTask

from dashboards.web.answers import Answer, speech_of
from dashboards.web.forms import number
from dashboards.web.plan_common import profile_of
from dashboards.web.plan_export import write_gaps
from dashboards.web.plan_findings import MEANS, MONEY, TITLES, TO_DO, findings_page
from dashboards.web.plan_forecast import KINDS, WHENS, forecast_page, wish_of
from dashboards.web.plan_gaps import Wish, gap_page, gap_rows
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, require

_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    @router.api_route("/plan", methods=READ)
    def plan(request: Request) -> HTMLResponse:
        visitor = require(request, Right.READ)
        language = speech_of(request, site).language
        page = gap_page(site, visitor, _wish(request), language)
        return answer(request, "plan.html", page=page)

    @router.api_route("/plan/gaps.{suffix}", methods=READ)
    def export(request: Request, suffix: str) -> Response:
        visitor = require(request, Right.READ)
        if suffix not in _KINDS:
            return answer(request, "missing.html", 404, what=request.url.path)
        speech = speech_of(request, site)
        rows = gap_rows(site, visitor, _wish(request), speech.language)
        profiles = [profile_of(site)(row.gap.commune) for row in rows]
        pillars = {p.id: p.title.text(speech.language) for f in profiles for p in f.pillars}
        titles = {r.id: r.title.text(speech.language) for f in profiles for r in f.requirements}
        path = write_gaps(suffix, rows, speech, pillars, titles)
        return _file(path, f"hatang-gaps.{suffix}", _KINDS[suffix])

    @router.api_route("/plan/forecast", methods=READ)
    def forecast(request: Request) -> HTMLResponse:
        visitor = require(request, Right.READ)
        wish = wish_of(request.query_params)
        page = forecast_page(site, visitor, wish, speech_of(request, site))
        return answer(request, "plan_forecast.html", page=page, kinds=KINDS, whens=WHENS)

    @router.api_route("/plan/findings", methods=READ)
    def findings(request: Request, kind: str = "", place: str = "") -> HTMLResponse:
        visitor = require(request, Right.READ)
        speech = speech_of(request, site)
        page = findings_page(site, visitor, kind[:64], place[:64], speech.language)
        return answer(
            request,
            "plan_findings.html",
            page=page,
            titles=TITLES,
            means=MEANS,
            to_do=TO_DO,
            money=MONEY,
            kind_choices=[(each.value, speech.text(title)) for each, title in TITLES.items()],
            day_of=lambda text: speech.day(dt.date.fromisoformat(text)),
        )

    return router


def _wish(request: Request) -> Wish:
    asked = request.query_params
    keys = ("level", "pillar", "place", "requirement")
    return Wish(
        **{key: asked.get(key, "")[:64] for key in keys}, page=number(asked.get("page", "")) or 1
    )


def _file(path: Path, name: str, kind: str) -> Response:
    def away() -> None:
        with contextlib.suppress(OSError):
            path.unlink()

    return FileResponse(path, media_type=kind, filename=name, background=BackgroundTask(away))
