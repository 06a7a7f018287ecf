"""Who asks for a page, and what they may; `require` is how a route says what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastapi import Request
from starlette.exceptions import HTTPException

from inventory.people.roles import RIGHTS, Right, Role
from inventory.register.entry import Actor

__all__ = [
    "Denied",
    "LoginNeeded",
    "Right",
    "Role",
    "Visitor",
    "actor_of",
    "require",
    "visitor_of",
]


@dataclass(frozen=True, slots=True)
class Visitor:
    """One who asks. name: and role: "" for somebody who has not logged in. communes: None for all.

    rights: those of the role, or what a token leaves of them. session: the id of the login.
    must_change: the password is older than the settings allow.
    """

    name: str
    role: str
    communes: frozenset[str] | None = None
    language: str = ""
    rights: frozenset[Right] = frozenset()
    via: Literal["web", "api"] = "web"
    address: str = ""
    session: int | None = None
    must_change: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it is a user, logged in or by a token."""
        return bool(self.name)

    @property
    def actor(self) -> Actor:
        """The same for the log of changes."""
        return Actor(self.name or "?", self.via, self.address)

    def may(self, right: Right, commune: str | None = None) -> bool:
        """Whether the right is there, and, where a commune is given, for that commune."""
        held = self.rights or (RIGHTS[Role(self.role)] if self.role else frozenset())
        return right in held and (
            commune is None or self.communes is None or commune in self.communes
        )


class LoginNeeded(HTTPException):
    """Whoever asks is not logged in: pages lead to /login, programs get 401."""

    def __init__(self) -> None:
        super().__init__(401, "log in first", {"WWW-Authenticate": "Bearer"})


class Denied(HTTPException):
    """Whoever asks may not; the attempt is logged. text: English, in which {name} stands for one
    of `values`. why: the same in words, for the log."""

    def __init__(self, text: str, **values: str) -> None:
        super().__init__(403, "not allowed")
        self.text, self.values = text, values
        self.why = text.format_map(values) if values else text


def visitor_of(request: Request) -> Visitor:
    """Who asks; somebody without rights where nothing has looked."""
    found = getattr(request.state, "visitor", None)
    return found if isinstance(found, Visitor) else Visitor("", "", frozenset())


def require(request: Request, right: Right, commune: str | None = None) -> Visitor:
    """Who asks, if they have the right (in a commune, where one is given).

    Without a commune it says only that there is the right somewhere: ask again for each thing
    whose commune is known. Raises LoginNeeded and Denied, which become answers by themselves.
    """
    visitor = visitor_of(request)
    if visitor.may(right, commune):
        return visitor
    if not visitor.is_known:
        raise LoginNeeded
    if commune:
        raise Denied("needs {right} in {commune}", right=right.value, commune=commune)
    raise Denied("needs {right}", right=right.value)


def actor_of(request: Request) -> Actor:
    """Who asks, for the log of changes."""
    return visitor_of(request).actor
