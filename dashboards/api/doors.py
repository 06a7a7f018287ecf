"""Who may do what through the API: the same visitor and rights as for the pages.

A program comes with `Authorization: Bearer TOKEN`, a script of our own pages with the session's
cookie and, where it changes something, the header X-CSRF-Token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from dashboards.api.problem import ApiProblem
from dashboards.web.form_guard import HEADER, is_token, same_origin
from dashboards.web.gate import SAFE, SESSION
from dashboards.web.visitor import Denied, LoginNeeded, Visitor, visitor_of
from inventory.people.roles import Right
from inventory.people.throttle import Rate

MOST_A_MINUTE = 3_000
"""Requests of one user: a program in an endless loop must not hold up the pages."""

_bearer = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token made under /tokens."
)
_cookie = APIKeyCookie(
    name=SESSION,
    auto_error=False,
    scheme_name="session",
    description="The session of a browser; what changes something needs X-CSRF-Token, too.",
)


def entrance(
    a_minute: int, now_s: Callable[[], float]
) -> Callable[[Request, object, object], None]:
    """A dependency of every route: not too many requests, and no other site's page behind them.

    now_s: a clock that never jumps. Raises ApiProblem 429, Denied and LoginNeeded.
    """
    rate = Rate(a_minute)

    def enter(
        request: Request,
        token: Annotated[object, Depends(_bearer)],
        session: Annotated[object, Depends(_cookie)],
    ) -> None:
        visitor = visitor_of(request)
        if not rate.lets(visitor.name or visitor.address, now_s()):
            raise ApiProblem(429, "too many requests in this minute", headers={"Retry-After": "60"})
        if visitor.via == "web" and visitor.must_change:
            raise Denied("the password is older than the settings allow")
        if request.method in SAFE or visitor.via == "api":
            return
        if not same_origin(request):
            raise Denied("a request of another site")
        if not visitor.is_known:
            raise LoginNeeded
        secret = getattr(request.state, "form_secret", "")
        if not is_token(request.headers.get(HEADER, ""), secret):
            raise Denied("X-CSRF-Token is not the one of this session")

    return enter


def needs(right: Right) -> Callable[[Request], Visitor]:
    """A dependency: the visitor, who has the right somewhere. Ask `within` for each commune.

    Raises LoginNeeded and Denied.
    """

    def look(request: Request) -> Visitor:
        visitor = visitor_of(request)
        if visitor.may(right):
            return visitor
        if not visitor.is_known:
            raise LoginNeeded
        raise Denied("needs the right to {right}", right=right.value)

    return look


def within(visitor: Visitor, right: Right, communes: Iterable[str]) -> None:
    """Raises Denied unless the right holds in each of some communes."""
    for commune in communes:
        if not visitor.may(right, commune):
            text = "needs the right to {right} in commune {commune}"
            raise Denied(text, right=right.value, commune=commune)


def sees(visitor: Visitor, commune: str) -> bool:
    """Whether a commune, and what it has, is there at all for a visitor."""
    return visitor.may(Right.READ, commune)


Reader = Annotated[Visitor, Depends(needs(Right.READ))]
"""Somebody who may read."""
Registrar = Annotated[Visitor, Depends(needs(Right.REGISTER))]
"""Somebody who may change the register."""
Operator = Annotated[Visitor, Depends(needs(Right.OPERATE))]
"""Somebody who may decide on the inbox."""
Administrator = Annotated[Visitor, Depends(needs(Right.ADMIN))]
"""Somebody who may change users."""
