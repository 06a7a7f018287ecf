"""/changes and an asset's changes: the log, and undoing what stands in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from dashboards.api.answers import BatchAnswer, ChangeAnswer, change_body
from dashboards.api.assets import Once, Reason, Tag, seen_entry
from dashboards.api.doors import Reader, Registrar, within
from dashboards.api.once import ApiRoute
from dashboards.api.paging import MOST, Before, Limit, link_before
from dashboards.api.problem import problems
from dashboards.web.site import Site
from dashboards.web.visitor import Denied, Visitor
from inventory.people.roles import Right
from inventory.register.entry import Change
from inventory.register.problems import NotFound
from inventory.store.change_scope import communes_of, visible_ids
from inventory.store.desk import Connection

ChangeId = Annotated[int, Path(ge=1, le=2**62, description="Number of a line of the log.")]
Batch = Annotated[str, Path(pattern="^[a-z][0-9a-z]{1,40}$", description="Name of a batch.")]


class ChangeQuery(BaseModel):
    """Which lines of the log."""

    kind: str | None = Field(None, max_length=40)
    """What they are about: asset, user, stock_take …"""
    subject: str | None = Field(None, max_length=200)
    """Tag of an asset, name of a user …"""
    actor: str | None = Field(None, max_length=200)
    """Who did it."""
    batch: str | None = Field(None, max_length=64)
    """What was changed together."""
    before: int | None = Field(None, ge=1, le=2**62)
    """Only what has a smaller id: the next piece."""
    limit: int = Field(100, ge=1, le=MOST)
    """How many at most."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["changes"])

    @router.get("/changes", response_model=list[ChangeAnswer])
    def changes(
        request: Request, visitor: Reader, query: Annotated[ChangeQuery, Query()]
    ) -> Response:
        """The log of changes, the newest first: for administrators all of it; for others what is
        about assets of their communes, and what they did themselves."""
        return listed(request, seen_changes(site, visitor, query), query.limit)

    @router.get("/assets/{tag}/changes", response_model=list[ChangeAnswer], responses=problems(404))
    def of_asset(
        request: Request, visitor: Reader, tag: Tag, limit: Limit = 100, before: Before = None
    ) -> Response:
        """Every change of an asset, the newest first, also those under another tag."""
        entry = seen_entry(site, visitor, tag)
        found = site.register.changes(entry.asset.tag, kind="asset", before_id=before, limit=limit)
        return listed(request, found, limit)

    @router.post(
        "/changes/{change_id}/undo",
        response_model=BatchAnswer,
        responses=problems(404, 409, 413),
    )
    def undo_change(
        visitor: Registrar, change_id: ChangeId, once: Once = None, reason: Reason = ""
    ) -> Response:
        """Undo one change; refused where what it changed has been changed again since."""
        change = site.register.change(change_id)
        return undone(site, visitor, change_id, [change] if change else [], reason)

    @router.get("/batches/{batch}", response_model=list[ChangeAnswer], responses=problems(404))
    def of_batch(
        request: Request, visitor: Reader, batch: Batch, limit: Limit = 100, before: Before = None
    ) -> Response:
        """What was changed together, the newest first."""
        query = ChangeQuery(batch=batch, limit=limit, before=before)
        found = seen_changes(site, visitor, query)
        if not found and before is None:
            raise NotFound(f"batch {batch}")
        return listed(request, found, limit)

    @router.post(
        "/batches/{batch}/undo", response_model=BatchAnswer, responses=problems(404, 409, 413)
    )
    def undo_batch(
        visitor: Registrar, batch: Batch, once: Once = None, reason: Reason = ""
    ) -> Response:
        """Undo everything that was changed together, or nothing."""
        lines = site.register.changes(batch=batch, limit=None)
        return undone(site, visitor, batch, lines, reason)

    return router


def listed(request: Request, found: list[Change], limit: int) -> Response:
    """Lines of the log, with the address of the next piece where there may be one."""
    before = found[-1].id if len(found) == limit else None
    return JSONResponse(
        [change_body(change) for change in found], headers=link_before(request, before, limit)
    )


def seen_changes(site: Site, visitor: Visitor, query: ChangeQuery) -> list[Change]:
    """Those of the lines that are asked for that a visitor may see."""
    if visitor.may(Right.ADMIN):
        return site.register.changes(
            query.subject,
            kind=query.kind,
            batch=query.batch,
            actor=query.actor,
            before_id=query.before,
            limit=query.limit,
        )

    def ids(connection: Connection) -> list[int]:
        return visible_ids(
            connection,
            visitor.communes if visitor.communes is not None else site.snapshot.communes,
            visitor.name,
            kind=query.kind,
            subject=query.subject,
            actor=query.actor,
            batch=query.batch,
            before_id=query.before,
            limit=query.limit,
        )

    found = [site.register.change(id_) for id_ in site.desk.read(ids)]
    return [change for change in found if change is not None]


def undone(
    site: Site, visitor: Visitor, what: int | str, lines: list[Change], reason: str
) -> Response:
    """Undo it for somebody who may change all that it changes; 404 where none of it is theirs."""
    check_undo(site, visitor, what, lines)
    batch = site.register.undo(what, visitor.actor, reason)
    return answered_batch(site, batch)


def check_undo(site: Site, visitor: Visitor, what: int | str, lines: list[Change]) -> None:
    """Whether a visitor may change all that these lines changed. Raises NotFound and Denied."""
    where = site.desk.read(lambda c: communes_of(c, [line.id for line in lines]))
    reached = {commune for commune in where.values() if commune is not None}
    if not any(visitor.may(Right.READ, commune) for commune in reached):
        raise NotFound(f"change {what}")
    if None in where.values():
        raise Denied("undoes what is no asset")
    told = {str(line.before["commune"]) for line in lines if line.before.get("commune")}
    within(visitor, Right.REGISTER, sorted(reached | told))


def answered_batch(site: Site, batch: str) -> Response:
    """What a batch did."""
    changed = len(site.register.changes(batch=batch, limit=None)) if batch else 0
    body = BatchAnswer(batch=batch if changed else "", changed=changed)
    return JSONResponse(body.model_dump(mode="json"))
