"""An asset's state and outages, as monitoring has them. To read only."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from dashboards.api.answers import moment
from dashboards.api.assets import Tag
from dashboards.api.doors import Reader, sees
from dashboards.api.once import ApiRoute
from dashboards.api.problem import ApiProblem, problems
from dashboards.web.history import lines
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.observation import Outcome
from inventory.register.problems import NotFound
from inventory.snapshot import AssetView, EndpointView, FactView
from inventory.uptime import Availability, State, outages


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")


class EndpointAnswer(_Answer):
    """The last look at one endpoint."""

    id: str
    kind: str
    outcome: Outcome | None
    """Null before the first look."""
    reason: str
    message: str
    """What the network or the device said: untrusted text."""
    last_look_at: dt.datetime | None
    last_answer_at: dt.datetime | None
    latency_s: float | None


class FactAnswer(_Answer):
    """One fact: untrusted text where it was measured."""

    name: str
    value: str
    source: str
    """registered, measured or declared."""
    at: dt.datetime
    """When it was confirmed last."""


class AvailabilityAnswer(_Answer):
    """How a time was spent."""

    ratio: float | None
    """Share of the judged time that it was up; null where nothing was seen."""
    coverage: float
    """Share of the time that was seen at all."""


class StateAnswer(_Answer):
    """An asset as it is now."""

    tag: str
    state: State
    since: dt.datetime
    behind: str | None
    """Tag of what stands between and is down, where it is unreachable."""
    endpoints: list[EndpointAnswer]
    facts: list[FactAnswer]
    availability: dict[str, AvailabilityAnswer]
    """By window: 24h, 30d …"""


class OutageAnswer(_Answer):
    """A time in which it was down."""

    start: dt.datetime
    end: dt.datetime | None
    """Null while it goes on."""


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter(route_class=ApiRoute, tags=["monitoring"])

    @router.get("/assets/{tag}/state", responses=problems(404))
    def state(visitor: Reader, tag: Tag) -> StateAnswer:
        """What monitoring knows of an asset now; 404 before it has heard of it."""
        return _state(_seen(site, visitor, tag))

    @router.get("/assets/{tag}/outages", responses=problems(404))
    def broken(visitor: Reader, tag: Tag) -> list[OutageAnswer]:
        """Outages of the last 30 days, the newest first."""
        _seen(site, visitor, tag)
        now_s = site.clock.wall()
        known = lines(site, [tag], now_s)
        if known is None:
            raise ApiProblem(503, "the database cannot be read now", headers={"Retry-After": "10"})
        return [
            OutageAnswer(
                start=moment(outage.start_s),
                end=None if outage.end_s is None or outage.end_s >= now_s else moment(outage.end_s),
            )
            for outage in reversed(outages(known.get(tag, [])))
        ]

    return router


def _seen(site: Site, visitor: Visitor, tag: str) -> AssetView:
    view = site.snapshot.assets.get(tag)
    if view is None or not sees(visitor, view.registered.commune):
        raise NotFound(f"asset {tag}")
    return view


def _state(view: AssetView) -> StateAnswer:
    return StateAnswer(
        tag=view.tag,
        state=view.state,
        since=moment(view.state_since_s),
        behind=view.behind,
        endpoints=[_endpoint(endpoint) for endpoint in view.endpoints],
        facts=[_fact(fact) for fact in view.facts],
        availability={name: _availability(found) for name, found in view.availability.items()},
    )


def _endpoint(view: EndpointView) -> EndpointAnswer:
    return EndpointAnswer(
        id=view.id,
        kind=view.kind,
        outcome=view.outcome,
        reason=view.reason,
        message=view.message,
        last_look_at=_moment(view.last_look_at_s),
        last_answer_at=_moment(view.last_answer_at_s),
        latency_s=view.latency_s,
    )


def _fact(fact: FactView) -> FactAnswer:
    return FactAnswer(name=fact.name, value=fact.value, source=fact.source, at=moment(fact.at_s))


def _availability(found: Availability) -> AvailabilityAnswer:
    return AvailabilityAnswer(ratio=found.ratio, coverage=found.coverage)


def _moment(at_s: float | None) -> dt.datetime | None:
    return None if at_s is None else moment(at_s)
