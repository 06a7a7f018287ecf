"""Users, for administrators: make, change, disable, one-time links."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboards.web.answers import Answer, speech_of
from dashboards.web.languages import LANGUAGES
from dashboards.web.people_words import ROLES, STATES, told
from dashboards.web.routes.login import Text
from dashboards.web.routes.reading import READ
from dashboards.web.routes.tokens import Several
from dashboards.web.site import Site
from dashboards.web.visitor import Right, Role, require
from inventory.people.user import User
from inventory.register.problems import FieldProblem, Refused

_BLANK = {"name": "", "full_name": "", "role": "viewer", "communes": [], "language": ""}


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def choices() -> dict[str, Any]:
        names = {code: view.unit.name for code, view in site.snapshot.communes.items()}
        return {"roles": ROLES, "states": STATES, "names": names, "choices": LANGUAGES}

    def listing(
        request: Request,
        status: int = 200,
        problems: tuple[FieldProblem, ...] = (),
        typed: dict[str, Any] | None = None,
    ) -> HTMLResponse:
        return answer(
            request,
            "users.html",
            status,
            users=site.people.users(),
            errors=told(problems, speech_of(request, site)),
            typed=typed or _BLANK,
            **choices(),
        )

    def one(
        request: Request,
        user: User,
        status: int = 200,
        problems: tuple[FieldProblem, ...] = (),
        typed: dict[str, Any] | None = None,
        link: str = "",
        done: str = "",
    ) -> HTMLResponse:
        return answer(
            request,
            "user.html",
            status,
            user=user,
            errors=told(problems, speech_of(request, site)),
            typed=typed or _typed_of(user),
            link=link,
            done=done,
            days=site.settings.people.link_life / 86_400,
            **choices(),
        )

    def missing(request: Request, name: str) -> HTMLResponse:
        return answer(request, "missing.html", 404, what=name)

    @router.api_route("/users", methods=READ)
    def users(request: Request) -> HTMLResponse:
        require(request, Right.ADMIN)
        return listing(request)

    @router.post("/users")
    def add(
        request: Request,
        communes: Several,
        name: Text = "",
        full_name: Text = "",
        role: Text = "viewer",
        language: Text = "",
    ) -> Response:
        visitor = require(request, Right.ADMIN)
        typed = _typed(name, full_name, role, communes, language)
        try:
            values = _values(site, typed)
            user = site.people.add(
                name,
                values["role"],
                visitor.actor,
                full_name=values["full_name"],
                communes=values["communes"],
                language=values["language"],
            )
        except Refused as error:
            return listing(request, 422, error.problems, typed)
        link = _address(request, site.people.link(user.name, visitor.actor))
        # The link is shown now and never again, so there is nothing to be sent to.
        return one(request, user, 201, link=link)

    @router.api_route("/users/{name}", methods=READ)
    def user(request: Request, name: str, done: str = "") -> HTMLResponse:
        require(request, Right.ADMIN)
        found = site.people.user(name)
        return one(request, found, done=done) if found else missing(request, name)

    @router.post("/users/{name}")
    def change(
        request: Request,
        name: str,
        communes: Several,
        full_name: Text = "",
        role: Text = "",
        language: Text = "",
    ) -> Response:
        visitor = require(request, Right.ADMIN)
        found = site.people.user(name)
        if found is None:
            return missing(request, name)
        typed = _typed(name, full_name, role, communes, language)
        try:
            site.people.change(name, _values(site, typed), visitor.actor)
        except Refused as error:
            return one(request, found, 422, error.problems, typed)
        return RedirectResponse(f"/users/{found.name}?done=saved", 303)

    @router.post("/users/{name}/disable")
    def disable(request: Request, name: str) -> Response:
        visitor = require(request, Right.ADMIN)
        found = site.people.user(name)
        if found is None:
            return missing(request, name)
        try:
            site.people.disable(name, visitor.actor)
        except Refused as error:
            return one(request, found, 422, error.problems)
        return RedirectResponse(f"/users/{found.name}?done=disabled", 303)

    @router.post("/users/{name}/link")
    def link(request: Request, name: str, reset: Text = "") -> Response:
        visitor = require(request, Right.ADMIN)
        if site.people.user(name) is None:
            return missing(request, name)
        secret = site.people.link(name, visitor.actor, reset=bool(reset))
        found = site.people.user(name)
        assert found is not None
        return one(request, found, link=_address(request, secret))

    return router


def _typed(
    name: str, full_name: str, role: str, communes: list[str], language: str
) -> dict[str, Any]:
    return {
        "name": name[:64],
        "full_name": " ".join(full_name.split())[:120],
        "role": role,
        "communes": communes,
        "language": language,
    }


def _typed_of(user: User) -> dict[str, Any]:
    return _typed(
        user.name, user.full_name, user.role.value, sorted(user.communes or ()), user.language
    )


def _values(site: Site, typed: dict[str, Any]) -> dict[str, Any]:
    """What a form says, checked. Raises Refused."""
    problems = [
        FieldProblem(field, "is not known")
        for field, known in (("role", tuple(Role)), ("language", ("", *LANGUAGES)))
        if typed[field] not in known
    ]
    if set(typed["communes"]) - site.snapshot.communes.keys():
        problems.append(FieldProblem("communes", "is not known"))
    if problems:
        raise Refused(problems)
    return {
        "full_name": typed["full_name"],
        "role": Role(typed["role"]),
        "communes": frozenset(typed["communes"]) or None,
        "language": typed["language"],
    }


def _address(request: Request, secret: str) -> str:
    return f"{str(request.base_url).rstrip('/')}/first/{secret}"
