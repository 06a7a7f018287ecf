"""/assets/TAG/moves: what happened to an asset, with day, document and people."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from config.scalars import Day
from dashboards.api.answers import AssetAnswer, moment
from dashboards.api.assets import IfMatch, Once, Reason, Tag, on_version, seen_entry, told
from dashboards.api.doors import Reader, Registrar, within
from dashboards.api.etag import wanted
from dashboards.api.once import ApiRoute
from dashboards.api.problem import problems
from dashboards.web.site import Site
from inventory.people.roles import Right
from inventory.register.entry import Entry
from inventory.register.moves import Move, MoveKind, Recorded

_Text = Annotated[str, Field(max_length=500)]


class MoveBody(BaseModel):
    """What happened. What is left out of from_… is as the register has it."""

    kind: MoveKind
    day: Day
    """The day of the document, not in the future."""
    document: _Text = ""
    """Its number; needed for transferred, liquidated and destroyed."""
    from_commune: _Text = ""
    """Code of the commune that gives it away."""
    to_commune: _Text = ""
    """Code of the commune that gets it."""
    from_person: _Text = ""
    """Who hands it over."""
    to_person: _Text = ""
    """Who gets it, and keeps it from then on."""
    note: Annotated[str, Field(max_length=2_000)] = ""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class MoveAnswer(MoveBody):
    """A move in the register."""

    id: int
    change: int
    """Its line in the log of changes, by which it is undone."""
    at: dt.datetime
    """When it was entered."""
    undone: bool
    """Whether it was taken back."""


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["assets"])

    @router.get("/assets/{tag}/moves", response_model=list[MoveAnswer], responses=problems(404))
    def moves(visitor: Reader, tag: Tag) -> Response:
        """The moves of an asset, the newest first."""
        entry = seen_entry(site, visitor, tag)
        return JSONResponse([_answer(found) for found in site.register.moves(entry.id)])

    @router.post(
        "/assets/{tag}/moves",
        status_code=201,
        response_model=AssetAnswer,
        responses=problems(404, 409, 412, 413, 415),
    )
    def move(
        visitor: Registrar,
        tag: Tag,
        body: MoveBody,
        if_match: IfMatch = None,
        once: Once = None,
        reason: Reason = "",
    ) -> Response:
        """Something happens to an asset: it is kept, and changes the asset's status, commune and
        custodian, which is the answer. It needs the right in both communes of a transfer."""
        version = wanted(if_match) if if_match is not None else None
        said = Move(**{name: getattr(body, name) for name in MoveBody.model_fields})

        def work(entry: Entry) -> Entry:
            reached = {entry.asset.commune, body.to_commune.strip() or entry.asset.commune}
            within(visitor, Right.REGISTER, sorted(reached))
            return site.register.move(
                tag, said, visitor.actor, version=entry.version, reason=reason
            )

        return told(on_version(site, visitor, tag, version, work), 201)

    return router


def _answer(found: Recorded) -> dict[str, object]:
    return MoveAnswer(
        **{name: getattr(found.move, name) for name in MoveBody.model_fields},
        id=found.id,
        change=found.change,
        at=moment(found.at_s),
        undone=found.undone,
    ).model_dump(mode="json")
