"""Logging in and out, and the first password by a one-time link."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboards.web.answers import Answer, speech_of
from dashboards.web.form_guard import kept_fields, own_address
from dashboards.web.gate import (
    address_of,
    by_session,
    drop_session,
    session_secret,
    set_session,
)
from dashboards.web.people_words import told
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import actor_of, visitor_of
from inventory.people.passwords import LONGEST, Busy
from inventory.people.people import Login, LoginRefused
from inventory.register.problems import FieldProblem, Refused

Text = Annotated[str, Form()]

ELSEWHERE = ("provider", "unproven", "unknown", "unused", "out")
"""Why a sign-in through a provider came to nothing; and that one may be left of it."""


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    @router.api_route("/login", methods=READ)
    def login_form(request: Request, next: str = "/", why: str = "") -> HTMLResponse:
        return _form(
            site, answer, request, next=own_address(next), refused=why if why in ELSEWHERE else ""
        )

    @router.post("/login")
    def log_in(
        request: Request,
        name: Text = "",
        password: Text = "",
        next: Text = "/",
        kept: Text = "",
    ) -> Response:
        keeping: dict[str, Any] = {"next": own_address(next), "kept": kept, "name": name[:64]}
        if not name.strip() or not password:
            return _form(site, answer, request, 400, refused="blank", **keeping)
        try:
            login = site.people.login(
                name, password[: LONGEST + 1], address_of(request), browser_of(request)
            )
        except LoginRefused as error:
            wait_s = int(error.wait_s) + 1
            status = 429 if error.reason == "wait" else 403
            page = _form(
                site, answer, request, status, refused=error.reason, wait_s=wait_s, **keeping
            )
            if error.reason == "wait":
                page.headers["Retry-After"] = str(wait_s)
            return page
        except Busy:
            return _form(site, answer, request, 503, refused="busy", **keeping)
        fields = kept_fields(kept)
        if fields:
            return _with_kept(request, login, keeping["next"], fields)
        return _come_in(request, login, keeping["next"])

    def _with_kept(
        request: Request, login: Login, path: str, fields: list[tuple[str, str]]
    ) -> Response:
        _take(site, request, login)
        page = answer(request, "kept.html", action=path, fields=fields)
        set_session(request, page, login.secret)
        return page

    @router.post("/logout")
    def log_out(request: Request) -> Response:
        site.people.logout(session_secret(request), actor_of(request))
        # Forms lead only to ourselves (form-action): the provider's logout is offered as a link.
        gone = RedirectResponse("/oidc/out" if site.settings.oidc is not None else "/login", 303)
        drop_session(request, gone)
        return gone

    @router.api_route("/first/{secret}", methods=READ)
    def first_form(request: Request, secret: str) -> HTMLResponse:
        user = site.people.user_of_link(secret)
        status = 200 if user is not None else 410
        return answer(
            request, "first.html", status, user=user, rules=site.settings.people, errors={}
        )

    @router.post("/first/{secret}")
    def first_password(
        request: Request, secret: str, password: Text = "", again: Text = ""
    ) -> Response:
        problems: tuple[FieldProblem, ...] = ()
        status = 422
        login = None
        try:
            if password != again:
                raise Refused([FieldProblem("again", "is not the same")])
            login = site.people.use_link(secret, password, address_of(request), browser_of(request))
        except Refused as error:
            problems = error.problems
        except Busy:
            status = 503
            problems = (FieldProblem("password", "could not be checked now; try again"),)
        if login is not None:
            return _come_in(request, login, "/")
        user = site.people.user_of_link(secret)
        return answer(
            request,
            "first.html",
            status if user is not None else 410,
            user=user,
            rules=site.settings.people,
            errors=told(problems, speech_of(request, site)),
        )

    return router


def again(site: Site, answer: Answer, request: Request, kept: str) -> HTMLResponse:
    """The login for somebody whose session has ended under a form; `kept`: what was typed."""
    return _form(site, answer, request, 401, refused="ended", next=request.url.path, kept=kept)


def _form(
    site: Site,
    answer: Answer,
    request: Request,
    status: int = 200,
    *,
    next: str = "/",
    kept: str = "",
    name: str = "",
    refused: str = "",
    wait_s: int = 0,
) -> HTMLResponse:
    return answer(
        request,
        "login.html",
        status,
        next=next,
        kept=kept,
        name=name,
        refused=refused,
        wait_s=wait_s,
        here=visitor_of(request).name,
        first=not site.people.has_administrator(),
    )


def _come_in(request: Request, login: Login, path: str) -> Response:
    inside = RedirectResponse(path, 303)
    set_session(request, inside, login.secret)
    return inside


def _take(site: Site, request: Request, login: Login) -> None:
    """Let the rest of this request see the session that has just begun."""
    found = by_session(site.people, login.secret, address_of(request))
    if found is not None:
        request.state.visitor = found
        request.state.form_secret = login.secret


def browser_of(request: Request) -> str:
    """What the browser calls itself."""
    return request.headers.get("user-agent", "")
