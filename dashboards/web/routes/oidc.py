"""Signing in through a provider of OpenID Connect: there, and back; and logging out there."""

from __future__ import annotations

import importlib
import logging
import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from dashboards.web.answers import Answer
from dashboards.web.form_guard import own_address
from dashboards.web.gate import (
    address_of,
    set_session,
    set_sign_in,
    set_sign_out,
    sign_in_secret,
    sign_out_token,
)
from dashboards.web.routes.login import browser_of
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import visitor_of
from inventory.people.people import LoginRefused
from inventory.people.roles import Role

if TYPE_CHECKING:
    from dashboards.web.oidc import Provider

log = logging.getLogger(__name__)

BACK = "/oidc/back"
AFTER = "/login"
BY = "OpenID Connect"
"""What the log of changes says of such a login."""


def routes(site: Site, _: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()
    held: list[Provider] = []

    def provider() -> Provider:
        settings = site.settings.oidc
        if settings is None:
            raise HTTPException(404)
        if not held or held[0].settings != settings:
            library = importlib.import_module("dashboards.web.oidc")
            here = site.settings.web.address
            held[:] = [library.Provider(settings, here + BACK, here + AFTER)]
        return held[0]

    @router.api_route("/oidc/start", methods=READ)
    def start(request: Request, next: str = "/") -> Response:
        there = provider()
        library = importlib.import_module("dashboards.web.oidc")
        path = own_address(next)
        secret = secrets.token_urlsafe(32)
        try:
            leaving = RedirectResponse(there.address(secret), 303)
        except library.Unreachable as error:
            log.warning("no sign-in through %s: %s", there.settings.issuer, error)
            return _refused("provider", path)
        wish = path if len(path) <= 1000 else "/"
        set_sign_in(request, leaving, f"{secret}.{quote(wish, safe='')}")
        return leaving

    @router.api_route(BACK, methods=READ)
    def back(request: Request) -> Response:
        there = provider()
        library = importlib.import_module("dashboards.web.oidc")
        secret, _, wish = sign_in_secret(request).partition(".")
        path = own_address(unquote(wish))
        address = address_of(request)
        refused = ""
        try:
            if not secret:
                raise library.Unproven("this browser has begun no sign-in")
            vouched = there.vouched(secret, request.query_params, site.clock.wall())
            role = Role.VIEWER if there.settings.unknown == "viewer" else None
            login = site.people.login_by(vouched.name, BY, role, address, browser_of(request))
        except library.Unproven as error:
            site.people.denied(visitor_of(request).actor, "login", f"{BY}: {error}")
            refused = "unproven"
        except library.Unreachable as error:
            log.warning("no sign-in through %s: %s", there.settings.issuer, error)
            refused = "provider"
        except LoginRefused as error:
            refused = error.reason
        gone = _refused(refused, path) if refused else RedirectResponse(path, 303)
        if not refused:
            set_session(request, gone, login.secret)
            if _way_out(there):
                set_sign_out(request, gone, vouched.token)
        set_sign_in(request, gone, "")
        return gone

    @router.api_route("/oidc/out", methods=READ)
    def out(request: Request) -> Response:
        """After the logout here: the cookie says whether there is another one to offer."""
        offered = site.settings.oidc is not None and sign_out_token(request)
        return RedirectResponse("/login?why=out" if offered else "/login", 303)

    @router.api_route("/oidc/end", methods=READ)
    def end(request: Request) -> Response:
        there = provider()
        if visitor_of(request).is_known:  # a link of another site must log nobody out
            return RedirectResponse("/account", 303)
        token = sign_out_token(request)
        address = _way_out(there, token.removeprefix("-")) if token else "/login"
        gone = RedirectResponse(address, 303) if address else _refused("provider", "/")
        if address:
            set_sign_out(request, gone, "")
        return gone

    return router


def _way_out(there: Provider, token: str = "") -> str:
    """Where a browser logs out at the provider; "" where it cannot, or not now."""
    library = importlib.import_module("dashboards.web.oidc")
    try:
        return there.end(token)
    except library.Unreachable as error:
        log.warning("no logout at %s: %s", there.settings.issuer, error)
        return ""


def _refused(why: str, path: str) -> RedirectResponse:
    return RedirectResponse(f"/login?why={why}&next={quote(path, safe='')}", 303)
