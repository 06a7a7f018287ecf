"""/batches: many steps at once, all or nothing."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from config.assets import Asset
from dashboards.api.answers import AssetPatch, BatchAnswer
from dashboards.api.assets import Once, patch_values
from dashboards.api.changes import answered_batch
from dashboards.api.doors import Registrar, sees, within
from dashboards.api.once import ApiRoute
from dashboards.api.problem import problems
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.people.roles import Right
from inventory.register.entry import Create, Edit, Entry, Remove, Step
from inventory.register.problems import NotFound

MOST_STEPS = 10_000

_Tag = Annotated[str, Field(max_length=64)]
_Version = Annotated[int, Field(ge=1, le=2**53)]


class CreateStep(BaseModel):
    """Register an asset."""

    do: Literal["create"]
    asset: Asset

    model_config = ConfigDict(extra="forbid")


class EditStep(BaseModel):
    """Change fields of an asset."""

    do: Literal["edit"]
    tag: _Tag
    version: _Version | None = None
    """The one that was read; whatever is there where it is left out."""
    values: AssetPatch

    model_config = ConfigDict(extra="forbid")


class RemoveStep(BaseModel):
    """Take an asset out."""

    do: Literal["remove"]
    tag: _Tag
    version: _Version | None = None
    """The one that was read; whatever is there where it is left out."""

    model_config = ConfigDict(extra="forbid")


class BatchBody(BaseModel):
    """Steps, of which each asset has one at most."""

    steps: list[Annotated[CreateStep | EditStep | RemoveStep, Field(discriminator="do")]] = Field(
        min_length=1, max_length=MOST_STEPS
    )
    reason: str = Field("", max_length=500)

    model_config = ConfigDict(extra="forbid")


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["changes"])

    @router.post(
        "/batches", response_model=BatchAnswer, responses=problems(404, 409, 412, 413, 415)
    )
    def batch(visitor: Registrar, body: BatchBody, once: Once = None) -> Response:
        """Create, edit and remove assets, all or nothing; every problem is told with its step."""
        steps = [_step(site, visitor, step) for step in body.steps]
        name = site.register.apply(steps, visitor.actor, reason=body.reason)
        return answered_batch(site, name)

    return router


def _step(site: Site, visitor: Visitor, step: CreateStep | EditStep | RemoveStep) -> Step:
    """The register's own step, for somebody who may take it."""
    if isinstance(step, CreateStep):
        within(visitor, Right.REGISTER, [step.asset.commune])
        return Create(step.asset)
    if visitor.communes is None:
        version = step.version
    else:
        # What was looked at is what is changed: it must not move to another commune meanwhile.
        entry = _seen(site, visitor, step.tag)
        within(visitor, Right.REGISTER, [entry.asset.commune])
        version = entry.version if step.version is None else step.version
    if isinstance(step, RemoveStep):
        return Remove(step.tag, version)
    values = patch_values(step.values)
    if values.get("commune"):
        within(visitor, Right.REGISTER, [str(values["commune"])])
    return Edit(step.tag, values, version)


def _seen(site: Site, visitor: Visitor, tag: str) -> Entry:
    entry = site.register.get(tag)
    if entry is None or not sees(visitor, entry.asset.commune):
        raise NotFound(f"asset {tag}")
    return entry
