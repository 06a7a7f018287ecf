"""One's own account: password and language."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboards.web.answers import COOKIE, Answer, speech_of
from dashboards.web.gate import set_session
from dashboards.web.languages import LANGUAGES
from dashboards.web.people_words import ROLES, told
from dashboards.web.routes.login import Text
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import LoginNeeded, Role, Visitor, visitor_of
from inventory.people.passwords import Busy
from inventory.people.people import LoginRefused
from inventory.register.problems import FieldProblem, Refused


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def page(
        request: Request,
        visitor: Visitor,
        status: int = 200,
        problems: tuple[FieldProblem, ...] = (),
        done: str = "",
    ) -> HTMLResponse:
        return answer(
            request,
            "account.html",
            status,
            role=ROLES[Role(visitor.role)],
            rules=site.settings.people,
            errors=told(problems, speech_of(request, site)),
            done=done,
        )

    @router.api_route("/account", methods=READ)
    def account(request: Request, done: str = "") -> HTMLResponse:
        return page(request, logged_in(request), done=done)

    @router.post("/account/password")
    def password(
        request: Request, old: Text = "", password: Text = "", again: Text = ""
    ) -> Response:
        visitor = logged_in(request)
        try:
            if password != again:
                raise Refused([FieldProblem("again", "is not the same")])
            login = site.people.set_password(
                visitor.name, old, password, visitor.actor, request.headers.get("user-agent", "")
            )
        except Refused as error:
            return page(request, visitor, 422, error.problems)
        except LoginRefused as error:
            wait = FieldProblem(
                "old", "wait {seconds} seconds, then try again", {"seconds": f"{error.wait_s:.0f}"}
            )
            return page(request, visitor, 429, (wait,))
        except Busy:
            busy = FieldProblem("password", "could not be checked now; try again")
            return page(request, visitor, 503, (busy,))
        done = RedirectResponse("/account?done=password", 303)
        set_session(request, done, login.secret)
        return done

    @router.post("/account/language")
    def language(request: Request, language: Text = "") -> Response:
        visitor = logged_in(request)
        if language not in LANGUAGES:
            return page(request, visitor, 422, (FieldProblem("language", "is not known"),))
        site.people.change(visitor.name, {"language": language}, visitor.actor)
        done = RedirectResponse("/account?done=language", 303)
        done.delete_cookie(COOKIE)
        return done

    return router


def logged_in(request: Request) -> Visitor:
    """Who asks, if it is somebody who has logged in. Raises LoginNeeded."""
    visitor = visitor_of(request)
    if visitor.session is None:
        raise LoginNeeded
    return visitor
