"""/inbox: what was seen and is not registered, and what a person decides of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from dashboards.api.answers import AssetAnswer, AssetPatch, moment
from dashboards.api.assets import Once, patch_values, seen_entry, told
from dashboards.api.doors import Reader
from dashboards.api.once import ApiRoute
from dashboards.api.problem import problems
from dashboards.web.inbox import intake_of, thing_of
from dashboards.web.site import Site
from dashboards.web.visitor import Denied, LoginNeeded, Visitor
from inventory.intake import proposal
from inventory.people.roles import Right
from inventory.register.problems import NotFound
from inventory.sighting import How, Thing, ThingState
from inventory.store.reader import Reader as Store

ThingId = Annotated[int, Path(ge=1, le=2**62, description="Number of a thing of the inbox.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class MatchAnswer(_Body):
    """A registered asset that a thing may be."""

    tag: str
    by: str
    """What both share: serial, mac, address …"""
    against: str
    """In what they differ all the same; empty for nothing."""
    sure: bool


class ThingAnswer(_Body):
    """Something that was seen. Its texts come from devices that nobody vouches for."""

    id: int
    state: ThingState
    how: list[How]
    addresses: list[str]
    mac: str
    facts: dict[str, str]
    commune: str
    """Code of the commune that it seems to be in; empty for none."""
    asset_class: str
    note: str
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    count: int
    match: MatchAnswer | None
    reason: str
    """Why it is ignored."""


class AttachBody(_Body):
    """Which asset a thing is."""

    tag: str = Field(max_length=64)
    take: list[Annotated[str, Field(max_length=40)]] = Field(default_factory=list, max_length=20)
    """Fields of which the asset takes what was seen: address, vendor, model, serial, os."""
    reason: str = Field("", max_length=300)


class ReasonBody(_Body):
    """Why."""

    reason: str = Field(min_length=1, max_length=300)


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["inbox"])

    @router.get("/inbox")
    def inbox(visitor: Reader, state: ThingState = ThingState.NEW) -> list[ThingAnswer]:
        """What was seen, by number: what is new, ignored or registered."""
        with Store(site.database) as store:
            found = store.things()
        return [_thing(t) for t in found if t.state is state and _sees(visitor, t.commune)]

    @router.post(
        "/inbox/{thing_id}/register",
        status_code=201,
        response_model=AssetAnswer,
        responses=problems(404, 409, 412, 413, 415),
    )
    def register(
        visitor: Reader,
        thing_id: ThingId,
        body: AssetPatch,
        once: Once = None,
    ) -> Response:
        """Register a thing as an asset, with what was seen of it where the body says nothing."""
        thing = _decided(site, visitor, thing_id)
        sent = {name: value for name, value in patch_values(body).items() if value != ""}
        values: dict[str, Any] = {**proposal(thing), **sent}
        _need(visitor, str(values.get("commune", "")))
        if "tag" not in values:
            kind = str(values.get("class", "other")), str(values.get("commune", ""))
            values["tag"] = next(intake_of(site).tags(*kind))
        intake_of(site).register([(thing, values)], visitor.actor)
        return told(seen_entry(site, visitor, str(values["tag"])), 201)

    @router.post(
        "/inbox/{thing_id}/attach",
        response_model=AssetAnswer,
        responses=problems(404, 409, 412, 413, 415),
    )
    def attach(visitor: Reader, thing_id: ThingId, body: AttachBody, once: Once = None) -> Response:
        """Say that a thing is a registered asset."""
        thing = _decided(site, visitor, thing_id)
        _need(visitor, seen_entry(site, visitor, body.tag).asset.commune)
        intake_of(site).attach(thing, body.tag, body.take, visitor.actor, reason=body.reason)
        return told(seen_entry(site, visitor, body.tag))

    @router.post(
        "/inbox/{thing_id}/ignore",
        status_code=204,
        response_class=Response,
        responses=problems(404, 409, 413, 415),
    )
    def ignore(visitor: Reader, thing_id: ThingId, body: ReasonBody, once: Once = None) -> Response:
        """Leave a thing out of the list."""
        intake_of(site).ignore([_decided(site, visitor, thing_id)], body.reason, visitor.actor)
        return Response(status_code=204)

    @router.post(
        "/inbox/{thing_id}/back",
        status_code=204,
        response_class=Response,
        responses=problems(404, 409, 413),
    )
    def back(visitor: Reader, thing_id: ThingId, once: Once = None) -> Response:
        """Put a thing back into the list, whatever was decided of it."""
        intake_of(site).take_back([_decided(site, visitor, thing_id)], visitor.actor)
        return Response(status_code=204)

    return router


def _sees(visitor: Visitor, commune: str) -> bool:
    """What lies in no commune is for those who see all."""
    return visitor.communes is None or commune in visitor.communes


def _need(visitor: Visitor, commune: str) -> None:
    """Whoever decides keeps the register or runs the monitoring, there. Raises Denied."""
    if not visitor.is_known:
        raise LoginNeeded
    rights = (Right.REGISTER, Right.OPERATE)
    if not _sees(visitor, commune) or not any(visitor.may(r, commune or None) for r in rights):
        raise Denied("needs the right to register or operate there")


def _decided(site: Site, visitor: Visitor, id_: int) -> Thing:
    """A thing of which a visitor may decide. Raises NotFound and Denied."""
    thing = thing_of(site, id_)
    if thing is None or not _sees(visitor, thing.commune):
        raise NotFound(f"thing {id_}")
    _need(visitor, thing.commune)
    return thing


def _thing(thing: Thing) -> ThingAnswer:
    match = thing.match
    return ThingAnswer(
        id=thing.id,
        state=thing.state,
        how=list(thing.how),
        addresses=list(thing.addresses),
        mac=thing.mac,
        facts=dict(thing.facts),
        commune=thing.commune,
        asset_class=thing.asset_class,
        note=thing.note,
        first_seen_at=moment(thing.first_seen_s),
        last_seen_at=moment(thing.last_seen_s),
        count=thing.count,
        match=None
        if match is None
        else MatchAnswer(tag=match.tag, by=match.by, against=match.against, sure=match.sure),
        reason=thing.reason,
    )
