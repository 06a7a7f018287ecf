"""/assets: list, get, create, change, remove."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from config.assets import Asset, AssetClass, AssetStatus
from dashboards.api.answers import AssetAnswer, AssetPatch, asset_body
from dashboards.api.doors import Reader, Registrar, sees, within
from dashboards.api.etag import etag, wanted
from dashboards.api.once import ApiRoute
from dashboards.api.paging import FARTHEST, MOST, links
from dashboards.api.problem import ApiProblem, problems
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.people.roles import Right
from inventory.register import entry as words
from inventory.register.entry import SORTS, Entry
from inventory.register.problems import NotFound
from inventory.register.stale import Stale

_TRIES = 5
"""How often `If-Match: *` is tried against changes of others at the same time."""

Tag = Annotated[str, Path(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="Asset tag.")]
IfMatch = Annotated[
    str | None,
    Header(description="The ETag of what was read, or `*` for whatever is there.", max_length=500),
]
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Any text of your own: with the same one the request is done only once.",
    ),
]
Reason = Annotated[str, Query(max_length=500, description="Why; it stands in the log of changes.")]

_SORTS = (*SORTS, *(f"-{name}" for name in SORTS))


def _sortable(value: str) -> str:
    if value not in _SORTS:
        raise ValueError(f"must be one of {', '.join(_SORTS)}")
    return value


class AssetQuery(BaseModel):
    """What is looked for; of a filter that stands twice either value will do."""

    q: str = Field("", max_length=200)
    """Words that must all be found in some field; case and diacritics do not matter."""
    commune: list[str] = Field(default_factory=list, max_length=500)
    """Code of a commune."""
    asset_class: list[AssetClass] = Field(default_factory=list, alias="class")
    """What it is."""
    status: list[AssetStatus] = Field(default_factory=list)
    """Where it stands in its life."""
    origin: Literal["register", "file"] | None = None
    """Where it is kept."""
    site: str | None = Field(None, max_length=500)
    """Exactly this place in the commune."""
    custodian: str | None = Field(None, max_length=500)
    """Exactly this keeper."""
    vendor: str | None = Field(None, max_length=500)
    """Exactly this maker."""
    model: str | None = Field(None, max_length=500)
    """Exactly this model."""
    serial: str | None = Field(None, max_length=500)
    """Exactly this serial number."""
    address: str | None = Field(None, max_length=500)
    """Exactly this address."""
    parent: str | None = Field(None, max_length=64)
    """Parts of this asset."""
    removed: bool = False
    """Those that left the register, instead of those that stand."""
    sort: Annotated[str, AfterValidator(_sortable)] = Field(
        "tag", json_schema_extra={"enum": list(_SORTS)}
    )
    """By which field; with a - before it downwards."""
    limit: int = Field(50, ge=1, le=MOST)
    """How many at most."""
    offset: int = Field(0, ge=0, le=FARTHEST)
    """How many to leave out before."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    def of(self, visitor: Visitor) -> words.Query:
        """The same for the register, in what a visitor may see."""
        asked = frozenset(self.commune) if self.commune else None
        seen = visitor.communes
        if asked is not None and seen is not None:
            asked &= seen
        exact = {name: getattr(self, name) for name in _EXACT}
        return words.Query(
            text=self.q,
            communes=seen if asked is None else asked,
            classes=tuple(self.asset_class),
            statuses=tuple(self.status),
            exactly={name: value for name, value in exact.items() if value is not None},
            origin=self.origin,
            sort=self.sort.removeprefix("-"),
            descending=self.sort.startswith("-"),
            offset=self.offset,
            limit=self.limit,
            removed=self.removed,
        )


_EXACT = ("site", "custodian", "vendor", "model", "serial", "address", "parent")


def seen_entry(site: Site, visitor: Visitor, tag: str) -> Entry:
    """The entry of a tag, for somebody who may see it. Raises NotFound, as if it were not there."""
    entry = site.register.get(tag)
    if entry is None or not sees(visitor, entry.asset.commune):
        raise NotFound(f"asset {tag}")
    return entry


def told(entry: Entry, status: int = 200, headers: dict[str, str] | None = None) -> JSONResponse:
    """One asset with its ETag."""
    return JSONResponse(asset_body(entry), status, {"ETag": etag(entry.version), **(headers or {})})


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["assets"])

    @router.get("/assets", response_model=list[AssetAnswer], responses=_LISTED)
    def assets(
        request: Request, visitor: Reader, query: Annotated[AssetQuery, Query()]
    ) -> Response:
        """What is registered, in pieces."""
        found = site.register.search(query.of(visitor))
        return JSONResponse(
            [asset_body(entry) for entry in found.entries],
            headers=links(request, query.offset, query.limit, found.total),
        )

    @router.post(
        "/assets",
        status_code=201,
        response_model=AssetAnswer,
        responses=_CREATED | problems(409, 413, 415),
    )
    def create(visitor: Registrar, body: Asset, once: Once = None, reason: Reason = "") -> Response:
        """Register an asset."""
        within(visitor, Right.REGISTER, [body.commune])
        entry = site.register.create(body, visitor.actor, reason)
        return told(entry, 201, {"Location": f"/api/v1/assets/{entry.asset.tag}"})

    @router.get("/assets/{tag}", response_model=AssetAnswer, responses=_ONE | problems(404))
    def asset(visitor: Reader, tag: Tag) -> Response:
        """One asset."""
        return told(seen_entry(site, visitor, tag))

    @router.patch(
        "/assets/{tag}",
        response_model=AssetAnswer,
        responses=_ONE | problems(404, 412, 413, 415, 428),
    )
    def change(
        visitor: Registrar,
        tag: Tag,
        body: AssetPatch,
        if_match: IfMatch = None,
        reason: Reason = "",
    ) -> Response:
        """Change fields of an asset; the same values again change nothing."""
        version = wanted(if_match)
        values = patch_values(body)

        def work(entry: Entry) -> Entry:
            reached = [entry.asset.commune, str(values.get("commune") or entry.asset.commune)]
            within(visitor, Right.REGISTER, reached)
            return site.register.edit(
                tag, values, visitor.actor, version=entry.version, reason=reason
            )

        return told(on_version(site, visitor, tag, version, work))

    @router.delete(
        "/assets/{tag}", status_code=204, response_class=Response, responses=problems(404, 412, 428)
    )
    def remove(
        visitor: Registrar, tag: Tag, if_match: IfMatch = None, reason: Reason = ""
    ) -> Response:
        """Take an asset out of the register; its history stays, and it can be undone."""
        version = wanted(if_match)

        def work(entry: Entry) -> Entry:
            within(visitor, Right.REGISTER, [entry.asset.commune])
            site.register.remove(tag, visitor.actor, version=entry.version, reason=reason)
            return entry

        on_version(site, visitor, tag, version, work)
        return Response(status_code=204)

    return router


def patch_values(body: BaseModel) -> dict[str, Any]:
    """The fields that a patch names, as the register takes them: null clears as a blank does."""
    sent = body.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {name: "" if value is None else value for name, value in sent.items()}


def on_version(site: Site, visitor: Visitor, tag: str, version: int | None, work: Any) -> Entry:
    """Do `work` to an entry at a version, None: whatever it is at; what `work` gives.

    What `work` checked is what it changes: it passes the entry's version on. Raises Stale,
    NotFound.
    """
    for _ in range(_TRIES):
        entry = seen_entry(site, visitor, tag)
        if version is not None and version != entry.version:
            raise Stale(entry, ())
        try:
            done: Entry = work(entry)
        except Stale:
            if version is not None:
                raise
        else:
            return done
    told = "{tag} is being changed by others at this moment; try again"
    raise ApiProblem(409, told, values={"tag": tag})


_TAGGED = {"ETag": {"description": "The version.", "schema": {"type": "string"}}}
_ONE: dict[int | str, dict[str, Any]] = {200: {"headers": _TAGGED}}
_CREATED: dict[int | str, dict[str, Any]] = {201: {"headers": _TAGGED}}
_LISTED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Link": {
                "description": "first, prev, next and last piece (RFC 8288).",
                "schema": {"type": "string"},
            },
            "X-Total-Count": {
                "description": "How many there are in all.",
                "schema": {"type": "integer"},
            },
        }
    }
}
