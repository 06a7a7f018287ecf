"""Keys of programs: one's own and, for administrators, everybody's."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboards.web.answers import Answer, speech_of
from dashboards.web.people_words import RIGHTS, told
from dashboards.web.routes.account import logged_in
from dashboards.web.routes.login import Text
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Denied, Right, Visitor
from inventory.register.problems import FieldProblem, Refused

Several = Annotated[list[str], Form(default_factory=list)]
_DAY_S = 86_400.0


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    def page(
        request: Request,
        visitor: Visitor,
        status: int = 200,
        *,
        problems: tuple[FieldProblem, ...] = (),
        typed: dict[str, object] | None = None,
        secret: str = "",
    ) -> HTMLResponse:
        everybody = visitor.may(Right.ADMIN)
        names = {code: view.unit.name for code, view in site.snapshot.communes.items()}
        return answer(
            request,
            "tokens.html",
            status,
            tokens=site.people.tokens(None if everybody else visitor.name),
            rights={right: RIGHTS[right] for right in Right if visitor.may(right)},
            all_rights=RIGHTS,
            communes={c: n for c, n in names.items() if visitor.may(Right.READ, c)},
            names=names,
            most_days=int(site.settings.people.token_life // _DAY_S),
            errors=told(problems, speech_of(request, site)),
            typed=typed or {"name": "", "rights": ["read"], "communes": [], "days": "90"},
            secret=secret,
        )

    @router.api_route("/tokens", methods=READ)
    def tokens(request: Request) -> HTMLResponse:
        return page(request, logged_in(request))

    @router.post("/tokens")
    def add(
        request: Request,
        rights: Several,
        communes: Several,
        name: Text = "",
        days: Text = "",
    ) -> HTMLResponse:
        visitor = logged_in(request)
        typed: dict[str, object] = {
            "name": name[:80],
            "rights": rights,
            "communes": communes,
            "days": days[:5],
        }
        user = site.people.user(visitor.name)
        assert user is not None
        wanted = frozenset(right for right in Right if right in rights)
        scope = frozenset(communes) & site.snapshot.communes.keys() if communes else None
        life_s = int(days) * _DAY_S if days.isascii() and days.isdigit() and len(days) < 6 else 0
        try:
            secret = site.people.add_token(user, name, wanted, scope, life_s, visitor.actor)
        except Refused as error:
            return page(request, visitor, 422, problems=error.problems, typed=typed)
        # Shown now and never again, so there is nothing to be sent to.
        return page(request, visitor, 201, secret=secret)

    @router.post("/tokens/{id}/end")
    def end(request: Request, id: int) -> Response:
        visitor = logged_in(request)
        whose = None if visitor.may(Right.ADMIN) else visitor.name
        if not site.people.end_token(id, visitor.actor, whose) and whose is not None:
            raise Denied("not a token of theirs")
        return RedirectResponse("/tokens", 303)

    return router
