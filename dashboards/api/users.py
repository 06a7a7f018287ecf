"""/users and /tokens: who may use Hatang, for administrators, and one's own tokens."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from dashboards.api.answers import moment
from dashboards.api.doors import Administrator, Reader
from dashboards.api.once import ApiRoute, SecretRoute
from dashboards.api.problem import ApiProblem, problems
from dashboards.web.site import Site
from dashboards.web.visitor import Denied, Visitor
from inventory.people.roles import Right, Role
from inventory.people.user import Token, User
from inventory.register.problems import FieldProblem, NotFound

Name = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9._@-]{1,63}$", description="A user's name.")]
TokenId = Annotated[int, Path(ge=1, le=2**62, description="Number of a token.")]
_Code = Annotated[str, Field(min_length=1, max_length=16)]
_Codes = Annotated[list[_Code], Field(min_length=1, max_length=500)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class UserPatch(_Body):
    """What to change of a user; what is left out stays."""

    full_name: str = Field("", max_length=200)
    role: Role = Role.VIEWER
    communes: _Codes | None = None
    """Codes of the communes that the user is for; null for all."""
    language: Literal["", "vi", "en", "hi"] = ""
    """Of the pages; empty for the one of the browser."""


class UserBody(UserPatch):
    """A new user, who sets a password by a one-time link."""

    name: str = Field(min_length=2, max_length=64)
    role: Role


class UserAnswer(_Body):
    """A user."""

    name: str
    full_name: str
    role: Role
    communes: list[str] | None
    """Null for all."""
    language: str
    state: Literal["active", "invited", "disabled"]
    created_at: dt.datetime
    used_at: dt.datetime | None
    """The last login."""


class LinkAnswer(_Body):
    """A one-time link; it is told once."""

    address: str
    """Where the user sets a password: an address of this site."""


class TokenBody(_Body):
    """A new token of one's own."""

    name: str = Field(min_length=1, max_length=80)
    """What it is for."""
    rights: list[Right] = Field(min_length=1, max_length=5)
    """Its scopes, of those that you have."""
    communes: _Codes | None = None
    """Codes of the communes that it is for; null for all of yours."""
    days: int = Field(ge=1, le=3_660)
    """How long it holds."""


class TokenAnswer(_Body):
    """A token, without its secret."""

    id: int
    user: str
    name: str
    rights: list[Right]
    communes: list[str] | None
    created_at: dt.datetime
    ends_at: dt.datetime
    used_at: dt.datetime | None


class SecretAnswer(_Body):
    """A new token's secret; it is told once."""

    token: str


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["people"])

    @router.get("/users")
    def users(visitor: Administrator) -> list[UserAnswer]:
        """Everybody, by name."""
        return [_user(user) for user in site.people.users()]

    @router.post("/users", status_code=201, responses=problems(409, 413, 415))
    def add(visitor: Administrator, body: UserBody) -> UserAnswer:
        """Add a user, who can log in once a one-time link was used."""
        user = site.people.add(
            body.name,
            body.role,
            visitor.actor,
            full_name=body.full_name,
            communes=_known(site, body.communes),
            language=body.language,
        )
        return _user(user)

    @router.get("/users/{name}", responses=problems(404))
    def user(visitor: Administrator, name: Name) -> UserAnswer:
        """One user."""
        return _user(_present(site, name))

    @router.patch("/users/{name}", responses=problems(404, 413, 415))
    def change(visitor: Administrator, name: Name, body: UserPatch) -> UserAnswer:
        """Change a user; the last administrator stays one."""
        _present(site, name)
        values: dict[str, Any] = body.model_dump(exclude_unset=True)
        if "communes" in values:
            values["communes"] = _known(site, body.communes)
        return _user(site.people.change(name, values, visitor.actor))

    @router.delete(
        "/users/{name}", status_code=204, response_class=Response, responses=problems(404)
    )
    def disable(visitor: Administrator, name: Name) -> Response:
        """Disable a user and end their sessions and tokens; what they did stays in the log."""
        _present(site, name)
        site.people.disable(name, visitor.actor)
        return Response(status_code=204)

    @router.get("/tokens")
    def tokens(visitor: Reader) -> list[TokenAnswer]:
        """One's own tokens; for administrators everybody's."""
        everybody = visitor.may(Right.ADMIN)
        return [_token(token) for token in site.people.tokens(None if everybody else visitor.name)]

    @router.delete(
        "/tokens/{token_id}", status_code=204, response_class=Response, responses=problems(404)
    )
    def end(visitor: Reader, token_id: TokenId) -> Response:
        """End a token: one's own, for administrators anybody's."""
        only = None if visitor.may(Right.ADMIN) else visitor.name
        if not site.people.end_token(token_id, visitor.actor, only):
            raise NotFound(f"token {token_id}")
        return Response(status_code=204)

    router.include_router(_secrets(site))
    return router


def _secrets(site: Site) -> APIRouter:
    """What answers with a secret, which is never kept for an Idempotency-Key."""
    router = APIRouter(route_class=SecretRoute)

    @router.post("/users/{name}/link", status_code=201, responses=problems(404, 413))
    def link(visitor: Administrator, name: Name) -> LinkAnswer:
        """A one-time link with which a user sets a password; an older one ends."""
        _present(site, name)
        return LinkAnswer(address=f"/first/{site.people.link(name, visitor.actor)}")

    @router.post("/tokens", status_code=201, responses=problems(413, 415))
    def token(visitor: Reader, body: TokenBody) -> JSONResponse:
        """Make a token for oneself, with no more rights and communes than one has here."""
        user = site.people.user(visitor.name)
        if user is None:
            raise Denied("nobody is logged in")
        _check_rights(visitor, body)
        communes = frozenset(body.communes) if body.communes is not None else visitor.communes
        secret = site.people.add_token(
            user, body.name, frozenset(body.rights), communes, body.days * 86_400.0, visitor.actor
        )
        return JSONResponse(SecretAnswer(token=secret).model_dump(), 201)

    return router


def _check_rights(visitor: Visitor, body: TokenBody) -> None:
    """A token makes no token that may do more than itself. Raises ApiProblem."""
    errors = []
    if not all(visitor.may(right) for right in body.rights):
        errors.append(FieldProblem("rights", "must be rights that you have here"))
    mine = visitor.communes
    if mine is not None and body.communes is not None and not mine.issuperset(body.communes):
        errors.append(FieldProblem("communes", "must be communes of yours"))
    if errors:
        raise ApiProblem(422, "no token was made", errors)


def _known(site: Site, communes: list[str] | None) -> frozenset[str] | None:
    """Communes that there are. Raises ApiProblem."""
    if communes is None:
        return None
    strange = [code for code in communes if code not in site.snapshot.communes]
    if strange:
        wrong = FieldProblem("communes", "{code} is no watched commune", {"code": strange[0]})
        raise ApiProblem(422, "nothing was changed", [wrong])
    return frozenset(communes)


def _present(site: Site, name: str) -> User:
    user = site.people.user(name)
    if user is None:
        raise NotFound(f"user {name}")
    return user


def _user(user: User) -> UserAnswer:
    return UserAnswer.model_validate(
        {
            "name": user.name,
            "full_name": user.full_name,
            "role": user.role,
            "communes": None if user.communes is None else sorted(user.communes),
            "language": user.language,
            "state": user.state,
            "created_at": moment(user.created_at_s),
            "used_at": None if user.used_at_s is None else moment(user.used_at_s),
        }
    )


def _token(token: Token) -> TokenAnswer:
    return TokenAnswer(
        id=token.id,
        user=token.user,
        name=token.name,
        rights=sorted(token.rights),
        communes=None if token.communes is None else sorted(token.communes),
        created_at=moment(token.created_at_s),
        ends_at=moment(token.ends_at_s),
        used_at=None if token.used_at_s is None else moment(token.used_at_s),
    )
