"""The web application: everything that has an address, put together.

Pages are made in threads from the snapshot and, for history, from a database connection of their
own; what is written goes through the site's desk.
"""

from __future__ import annotations

import logging
from pathlib import Path

from fastapi import Depends, FastAPI, Request, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from dashboards.api.application import ADDRESS, make_api
from dashboards.web.answers import answering
from dashboards.web.form_guard import SessionEnded, check_form
from dashboards.web.gate import Gate, login_needed
from dashboards.web.guard import Guard
from dashboards.web.routes import (
    about,
    account,
    api_page,
    assets,
    bulk,
    catalogue,
    changes,
    forms,
    identity,
    inbox,
    indicator_sheets,
    indicators,
    labels,
    login,
    machines,
    moves,
    oidc,
    places,
    plan,
    profile_use,
    profiles,
    readiness,
    reading,
    reports,
    scenarios,
    sessions,
    sheets,
    stock_take_counts,
    stock_takes,
    tokens,
    users,
)
from dashboards.web.site import Site
from dashboards.web.visitor import Denied, visitor_of
from inventory.store.errors import StoreError

log = logging.getLogger(__name__)

_SMALLEST_TO_PACK = 1_000

_TOPICS = (
    *(api_page, login, oidc, account, users),
    *(sessions, tokens, forms, labels, sheets, reports),
    *(bulk, assets, moves, changes, about, inbox, places, catalogue, identity, readiness, reading),
    *(stock_take_counts, stock_takes),
    *(indicator_sheets, indicators, plan, profiles, profile_use, scenarios),
)
"""Modules with `routes(site, answer)`; of two that fit an address the first one answers."""


def make_app(site: Site) -> FastAPI:
    """The application over a site; the daemon may replace the site's parts while it runs."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(check_form)],
    )
    answer = answering(site)
    routers = [topic.routes(site, answer) for topic in _TOPICS]
    app.state.addresses = frozenset(getattr(r, "path", "") for one in routers for r in one.routes)
    for router in routers:
        app.include_router(router)
    app.include_router(machines.routes(site))

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return answer(request, "missing.html", 404, what=request.url.path)
        if isinstance(error, SessionEnded):
            return login.again(site, answer, request, error.kept)
        if error.status_code == 401:
            return login_needed(request)
        if isinstance(error, Denied):
            return denied(request, error)
        return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=error.headers)

    @app.exception_handler(StoreError)
    def unavailable(request: Request, error: StoreError) -> Response:
        log.error("%s %s: %s", request.method, ascii(request.url.path), error)
        return answer(request, "unavailable.html", 503)

    def denied(request: Request, error: Denied) -> Response:
        what = f"{request.method} {request.url.path}"
        site.people.denied(visitor_of(request).actor, what, error.why)
        if request.url.path.startswith("/api/"):
            told = {"type": "about:blank", "title": "not allowed", "status": 403}
            return JSONResponse(told, 403, media_type="application/problem+json")
        return answer(request, "denied.html", 403)

    app.mount(ADDRESS, make_api(site), "api")
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), "static")
    app.add_middleware(Gate, site=site)
    app.add_middleware(GZipMiddleware, minimum_size=_SMALLEST_TO_PACK)
    app.add_middleware(Guard, listen=lambda: site.settings.web.listen[0])
    return app
