"""Who is logged in: one's own sessions and, for administrators, everybody's."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboards.web.answers import Answer
from dashboards.web.gate import drop_session
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Denied, LoginNeeded, Right, Visitor, visitor_of


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    @router.api_route("/sessions", methods=READ)
    def sessions(request: Request) -> HTMLResponse:
        visitor = _user(request)
        found = site.people.sessions(None if visitor.may(Right.ADMIN) else visitor.name)
        return answer(request, "sessions.html", sessions=found)

    @router.post("/sessions/{id}/end")
    def end(request: Request, id: int) -> Response:
        visitor = _user(request)
        whose = None if visitor.may(Right.ADMIN) else visitor.name
        if not site.people.end_session(id, visitor.actor, whose) and whose is not None:
            raise Denied("not a session of theirs")
        if id != visitor.session:
            return RedirectResponse("/sessions", 303)
        gone = RedirectResponse("/login", 303)
        drop_session(request, gone)
        return gone

    return router


def _user(request: Request) -> Visitor:
    """Who asks, if it is a user. Raises LoginNeeded."""
    visitor = visitor_of(request)
    if not visitor.is_known:
        raise LoginNeeded
    return visitor
