"""The web application: its routes and the choice of language. Read-only.

Pages are made in threads from the snapshot and, for history, from a database connection of their
own; nothing here writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from dashboards.exposition import render
from dashboards.web.asset import asset_page
from dashboards.web.commune import commune_page
from dashboards.web.guard import Guard
from dashboards.web.inbox import inbox_page
from dashboards.web.languages import LANGUAGES, Speech, chosen
from dashboards.web.overview import overview
from dashboards.web.pages import Pages
from dashboards.web.site import Site

COOKIE = "hatang_lang"
"""Remembers the language that was chosen; there is no other cookie."""

_YEAR_S = 31_536_000
_SMALLEST_TO_PACK = 1_000


def make_app(site: Site) -> FastAPI:
    """The application over a site; the daemon may replace the site's parts while it runs."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    pages = Pages()

    def answer(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        asked = request.query_params.get("lang")
        language = chosen(
            asked,
            request.cookies.get(COOKIE),
            request.headers.get("accept-language", ""),
            site.settings.web.language,
        )
        speech = Speech(language, site.settings.zone)
        text = pages.render(template, speech, site, request.url.path, **values)
        response = HTMLResponse(text, status)
        if asked in LANGUAGES:
            response.set_cookie(COOKIE, language, max_age=_YEAR_S, samesite="lax", httponly=True)
        return response

    @app.api_route("/", methods=["GET", "HEAD"])
    def first(request: Request) -> HTMLResponse:
        return answer(request, "overview.html", page=overview(site))

    @app.api_route("/communes/{code}", methods=["GET", "HEAD"])
    def commune(request: Request, code: str) -> HTMLResponse:
        page = commune_page(site, code)
        if page is None:
            return answer(request, "missing.html", 404, what=code)
        return answer(request, "commune.html", page=page)

    @app.api_route("/assets/{tag}", methods=["GET", "HEAD"])
    def asset(request: Request, tag: str) -> HTMLResponse:
        page = asset_page(site, tag)
        if page is None:
            return answer(request, "missing.html", 404, what=tag)
        return answer(request, "asset.html", page=page)

    @app.api_route("/inbox", methods=["GET", "HEAD"])
    def inbox(request: Request) -> HTMLResponse:
        return answer(request, "inbox.html", page=inbox_page(site))

    @app.api_route("/metrics", methods=["GET", "HEAD"])
    def metrics(request: Request) -> Response:
        body, content_type = render(site.registry, request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": content_type})

    @app.api_route("/healthz", methods=["GET", "HEAD"])
    def health() -> JSONResponse:
        problems = dict(site.snapshot.problems)
        status = "degraded" if problems else "ok"
        return JSONResponse({"status": status, "problems": problems}, 503 if problems else 200)

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return answer(request, "missing.html", 404, what=request.url.path)
        return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=error.headers)

    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), "static")
    app.add_middleware(GZipMiddleware, minimum_size=_SMALLEST_TO_PACK)
    app.add_middleware(Guard, listen=lambda: site.settings.web.listen[0])
    return app
