"""The web application: routes, languages and the headers that every answer has. Read-only.

Pages are made in threads from the snapshot and, for history, from a database connection of their
own; nothing here writes.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import HTTPException
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as AnyHTTPException

from dashboards.exposition import render
from dashboards.web.asset import asset_page
from dashboards.web.commune import commune_page
from dashboards.web.languages import LANGUAGES, Speech, chosen
from dashboards.web.overview import overview
from dashboards.web.pages import Pages
from dashboards.web.site import Site

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_COOKIE = "hatang_lang"
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def make_app(site: Site) -> FastAPI:
    """The application over a site; the daemon may replace the site's parts while it runs."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    pages = Pages()

    def answer(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        asked = request.query_params.get("lang")
        language = chosen(
            asked,
            request.cookies.get(_COOKIE),
            request.headers.get("accept-language", ""),
            site.settings.web.language,
        )
        speech = Speech(language, site.settings.zone)
        text = pages.render(template, speech, site, request.url.path, **values)
        response = HTMLResponse(text, status, headers={"Cache-Control": "no-store"})
        if asked in LANGUAGES:
            response.set_cookie(
                _COOKIE, language, max_age=31_536_000, samesite="lax", httponly=True
            )
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

    @app.api_route("/metrics", methods=["GET", "HEAD"])
    def metrics(request: Request) -> Response:
        body, content_type = render(site.registry, request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": content_type})

    @app.api_route("/healthz", methods=["GET", "HEAD"])
    def health() -> JSONResponse:
        problems = dict(site.snapshot.problems)
        status = "degraded" if problems else "ok"
        return JSONResponse({"status": status, "problems": problems}, 503 if problems else 200)

    @app.exception_handler(AnyHTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return answer(request, "missing.html", 404, what=request.url.path)
        return PlainTextResponse(str(error.detail), error.status_code, headers=error.headers)

    @app.middleware("http")
    async def guard(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        if not host_is_ours(request.headers.get("host", ""), site.settings.web.listen[0]):
            response: Response = PlainTextResponse("unknown host", 400)
        else:
            response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response

    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), "static")
    return app


def host_is_ours(host: str, listen: str) -> bool:
    """Whether a Host header may be answered: on loopback only loopback's own names, so that no
    page elsewhere can read ours through a name of its own that points here (DNS rebinding).

    >>> host_is_ours("localhost:8650", "127.0.0.1"), host_is_ours("evil.example", "127.0.0.1")
    (True, False)
    """
    try:
        if not ipaddress.ip_address(listen).is_loopback:
            return True
    except ValueError:
        return True
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name.strip("[]").lower() in {*_LOOPBACK_NAMES, listen}
