"""Finds out who asks, before any page is made, and turns away who may not even read.

A browser is known by a cookie, a program by `Authorization: Bearer`. What is open to everybody is
listed here; whatever else there is or comes to be needs a login, unless `web.reading` is open.
"""

from __future__ import annotations

import secrets
from urllib.parse import quote

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboards.api.problem import ApiProblem, answered
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.people.people import People
from inventory.people.roles import RIGHTS, Right, overlap
from inventory.store.errors import StoreError

OPEN = ("/static/", "/first/", "/oidc/", "/api/v1/", "/metrics/communes/")
"""Beginnings of addresses that need no login, whatever is set, or that ask for it themselves."""

OPEN_EXACTLY = frozenset({"/login", "/logout", "/metrics", "/sd", "/healthz"})

WHILE_OLD = ("/account", "/logout", "/static/")
"""What somebody whose password is too old may still use."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION, SESSION_TLS = "hatang_session", "__Host-hatang_session"
FORM, FORM_TLS = "hatang_form", "__Host-hatang_form"
OIDC, OIDC_TLS = "hatang_oidc", "__Host-hatang_oidc"
OIDC_LIFE_S = 600
OIDC_END, OIDC_END_TLS = "hatang_oidc_end", "__Secure-hatang_oidc_end"
OIDC_PATH = "/oidc/"
LONGEST_TOKEN = 3_000
"""Of an ID token that is kept in a cookie, which may have 4,096 octets (RFC 6265, 6.1)."""
_BEARER = "bearer "
_LONGEST_SECRET = 200
_MOST_UNKNOWN = 1_000_000
"""Octets of a form from somebody who is not logged in: an upload is not even read."""


class Gate:
    """Sets `request.state.visitor`, `.secret` and `.form_secret`; see the module."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or turn it away."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            visitor = await self._who(request)
        except StoreError:
            told, wait = "the database cannot be read now", {"Retry-After": "10"}
            sorry: Response = PlainTextResponse(f"{told}\n", 503, wait)
            if request.url.path.startswith("/api/"):
                sorry = answered(ApiProblem(503, told, headers=wait), request)
            await sorry(scope, receive, send)
            return
        request.state.visitor = visitor
        request.state.form_secret = _form_secret(request, visitor)
        answer = self._turned_away(request, visitor)
        await (answer or self._app)(scope, receive, send)

    async def _who(self, request: Request) -> Visitor:
        nobody = self._nobody(address_of(request))
        if request.url.path.startswith("/static/"):
            return nobody
        scheme = request.headers.get("authorization", "")
        if scheme[: len(_BEARER)].lower() == _BEARER:
            secret = scheme[len(_BEARER) :].strip()
            found = await run_in_threadpool(by_token, self._site.people, secret, nobody.address)
            request.state.bad_token = found is None
            return found or Visitor("", "", frozenset(), via="api", address=nobody.address)
        secret = session_secret(request)
        if secret:
            found = await run_in_threadpool(by_session, self._site.people, secret, nobody.address)
            return found or nobody
        return nobody

    def _nobody(self, address: str) -> Visitor:
        is_open = self._site.settings.web.reading == "open"
        rights = frozenset({Right.READ}) if is_open else frozenset[Right]()
        return Visitor("", "", None if is_open else frozenset(), rights=rights, address=address)

    def _turned_away(self, request: Request, visitor: Visitor) -> Response | None:
        path = request.url.path
        if path in OPEN_EXACTLY or path.startswith(OPEN):
            if request.method in SAFE or is_small(request):
                return None
            return PlainTextResponse("too large\n", 413)
        if visitor.must_change and not path.startswith(WHILE_OLD):
            return RedirectResponse("/account?old=1", 303)
        if visitor.may(Right.READ):
            return None
        a_form = request.method not in SAFE and visitor.via == "web" and is_form(request)
        if a_form and is_small(request) and not path.startswith("/api/"):
            return None  # form_guard.check_form keeps what was typed
        return login_needed(request)


def by_session(people: People, secret: str, address: str) -> Visitor | None:
    """Whoever holds a session. Raises StoreError."""
    found = people.session(secret)
    if found is None:
        return None
    session, user = found
    return Visitor(
        user.name,
        user.role,
        user.communes,
        user.language,
        RIGHTS[user.role],
        "web",
        address,
        session.id,
        people.password_is_old(user),
    )


def by_token(people: People, secret: str, address: str) -> Visitor | None:
    """Whoever a token acts for, with what it leaves of their rights. Raises StoreError."""
    found = people.token(secret) if len(secret) <= _LONGEST_SECRET else None
    if found is None:
        return None
    token, user = found
    communes = overlap(token.communes, user.communes)
    rights = RIGHTS[user.role] & token.rights
    if not rights:
        return None
    return Visitor(user.name, user.role, communes, user.language, rights, "api", address)


def login_needed(request: Request) -> Response:
    """What somebody gets who has to log in: a page leads there, a program is told."""
    if request.url.path.startswith("/api/"):
        told = {"type": "about:blank", "title": "log in first", "status": 401}
        return JSONResponse(
            told, 401, {"WWW-Authenticate": "Bearer"}, media_type="application/problem+json"
        )
    # A script that fetches would take the login page for its answer.
    by_hand = request.headers.get("sec-fetch-mode", "navigate") == "navigate"
    if request.method not in SAFE or not by_hand or "authorization" in request.headers:
        return PlainTextResponse("log in first\n", 401, {"WWW-Authenticate": "Bearer"})
    return RedirectResponse(f"/login?next={quote(_here(request), safe='')}", 303)


def _here(request: Request) -> str:
    query = request.url.query
    return quote(request.url.path) + (f"?{query}" if query else "")


def address_of(request: Request) -> str:
    """The address that asks."""
    return request.client.host if request.client is not None else ""


def is_tls(request: Request) -> bool:
    """Whether the browser asked by https, as far as is known."""
    return request.url.scheme == "https"


def session_secret(request: Request) -> str:
    """The secret that the browser holds; "" for none."""
    found = request.cookies.get(SESSION_TLS if is_tls(request) else SESSION, "")
    return found if len(found) <= _LONGEST_SECRET else ""


def set_session(request: Request, response: Response, secret: str) -> None:
    """Give the browser its secret, until it is closed."""
    _set(request, response, (SESSION_TLS if is_tls(request) else SESSION), secret)


def set_form(request: Request, response: Response) -> None:
    """Give the browser of somebody unknown what its forms are known by."""
    _set(request, response, FORM_TLS if is_tls(request) else FORM, request.state.form_secret)


def sign_in_secret(request: Request) -> str:
    """What the browser holds while it signs in elsewhere; "" for nothing."""
    return request.cookies.get(OIDC_TLS if is_tls(request) else OIDC, "")[:2000]


def set_sign_in(request: Request, response: Response, secret: str) -> None:
    """Give the browser what it holds while it signs in elsewhere; "" takes it away."""
    name, life_s = OIDC_TLS if is_tls(request) else OIDC, OIDC_LIFE_S if secret else 0
    response.set_cookie(
        name, secret, max_age=life_s, secure=is_tls(request), httponly=True, samesite="lax"
    )


def sign_out_token(request: Request) -> str:
    """The ID token of whom the browser is at a provider, "-" for one that is not kept; "" where it
    has signed in at none."""
    return request.cookies.get(OIDC_END_TLS if is_tls(request) else OIDC_END, "")[:LONGEST_TOKEN]


def set_sign_out(request: Request, response: Response, token: str) -> None:
    """Give the browser, until it is closed, what it logs out with at a provider; "" takes it away.
    Only what it asks for below `OIDC_PATH` carries it."""
    response.set_cookie(
        OIDC_END_TLS if is_tls(request) else OIDC_END,
        token if len(token) <= LONGEST_TOKEN else "-",
        max_age=None if token else 0,
        path=OIDC_PATH,
        secure=is_tls(request),
        httponly=True,
        samesite="lax",
    )


def drop_session(request: Request, response: Response) -> None:
    """Make the browser forget its secret."""
    tls = is_tls(request)
    response.delete_cookie(
        SESSION_TLS if tls else SESSION, secure=tls, httponly=True, samesite="lax"
    )


def _set(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, secure=is_tls(request), httponly=True, samesite="lax")


def _form_secret(request: Request, visitor: Visitor) -> str:
    """What forms of this browser are known by: its session, else a cookie of their own."""
    if visitor.is_known:
        return session_secret(request)
    known = request.cookies.get(FORM_TLS if is_tls(request) else FORM, "")
    request.state.form_is_new = not 16 <= len(known) <= _LONGEST_SECRET
    return secrets.token_urlsafe(16) if request.state.form_is_new else known


def is_small(request: Request) -> bool:
    """Whether what is sent is small enough to be looked at before somebody has logged in."""
    unsaid = "" if "transfer-encoding" in request.headers else "0"
    size = request.headers.get("content-length", unsaid)
    return size.isascii() and size.isdigit() and len(size) < 16 and int(size) <= _MOST_UNKNOWN


def is_form(request: Request) -> bool:
    """Whether what is sent is a form of a page."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("application/x-www-form-urlencoded", "multipart/form-data")
