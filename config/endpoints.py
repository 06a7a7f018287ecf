"""How things are looked at: the times that hold for all, and the kinds of endpoint.

The list of kinds is the union `Endpoint`; whatever else needs it derives it from there.
"""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from config.scalars import Flag, Seconds, Section, Whole, duration_text, is_host, matching

_NAME_WORDS = "must be 1 to 32 small letters, digits, - or _"
_URL_WORDS = "must be an address with http:// or https://, for example https://example.vn/"


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = is_host(parts.hostname or "") and parts.port != 0
    except ValueError:  # brackets that do not fit, a port that is no number
        usable = False
    else:
        if parts.username is not None:
            raise ValueError("must not hold a user or password, because it is shown; remove them")
    if not usable or parts.scheme not in ("http", "https") or any(c.isspace() for c in value):
        raise ValueError(_URL_WORDS)
    return value


def clash_of_times(times: Polling) -> tuple[str, str] | None:
    """(key, what is wrong) when interval, timeout and deadline cannot hold together, else None."""
    timeout = duration_text(times.timeout)
    if times.interval <= times.timeout:
        relation = "shorter than" if times.interval < times.timeout else "no longer than"
        interval = duration_text(times.interval)
        return "interval", f"{interval} is {relation} its timeout {timeout}; make interval longer"
    if times.deadline < times.timeout:
        deadline = duration_text(times.deadline)
        return "deadline", (
            f"{deadline}, for one whole look, is shorter than the timeout {timeout} of one "
            "request; make deadline longer"
        )
    return None


class Polling(Section):
    """How often and how patiently endpoints are looked at; an endpoint may say otherwise.

    An outage is certain after `down_after` failed attempts, `retry` apart, so at the latest
    interval + down_after * timeout + (down_after - 1) * retry after the device fell silent.
    """

    interval: Seconds = 60.0
    """Time from one look to the next."""
    timeout: Seconds = 2.0
    """How long one request waits for its answer."""
    deadline: Seconds = 30.0
    """The longest that one whole look may take."""
    retry: Seconds = 10.0
    """Time between attempts once one has failed."""
    down_after: Whole = Field(3, ge=1, le=10)
    """Failed attempts in a row after which an endpoint counts as down."""
    concurrency: Whole | None = Field(None, ge=1, le=5000)
    """Looks that may run at the same time, half of them at what did not answer last; if not set, a
    tenth of the endpoints, at least 200: room for a third of them to be silent."""

    @model_validator(mode="after")
    def _times_hold_together(self) -> Polling:
        clash = clash_of_times(self)
        if clash is not None:
            raise ValueError(": ".join(clash))
        return self


_Time = Annotated[
    Seconds,
    PlainSerializer(duration_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "examples": ["30s", "1m30s"]}),
]
"""As JSON it is what it was read from, so that a kept asset can be read again."""


class EndpointBase(Section):
    """What all kinds of endpoint have. Unset times come from the section `polling`."""

    name: Annotated[str, matching("[a-z0-9_-]{1,32}", _NAME_WORDS)] | None = None
    """Tells two endpoints of one kind apart; the kind where unset."""
    interval: _Time | None = None
    """Time from one look to the next; as in `polling` where unset."""
    timeout: _Time | None = None
    """How long one request waits for its answer; as in `polling` where unset."""
    deadline: _Time | None = None
    """The longest that one whole look may take; as in `polling` where unset."""
    retry: _Time | None = None
    """Time between attempts once one has failed; as in `polling` where unset."""
    down_after: Annotated[Whole, Field(ge=1, le=10)] | None = None
    """Failed attempts in a row after which it counts as down; as in `polling` where unset."""


class SnmpEndpoint(EndpointBase):
    """An SNMP agent."""

    kind: Literal["snmp"]
    """Always snmp."""
    credential: str
    """Which of `credentials` to ask with."""
    port: Whole = Field(161, ge=1, le=65535)
    """UDP port of the agent."""


class HostEndpoint(EndpointBase):
    """The machine that the daemon runs on, through psutil."""

    kind: Literal["host"]
    """Always host."""


class PingEndpoint(EndpointBase):
    """ICMP echo, `count` requests a look."""

    kind: Literal["ping"]
    """Always ping."""
    count: Whole = Field(3, ge=1, le=20)
    """Requests in one look."""


class TcpEndpoint(EndpointBase):
    """A TCP port that accepts a connection."""

    kind: Literal["tcp"]
    """Always tcp."""
    port: Whole = Field(ge=1, le=65535)
    """The port."""


class HttpEndpoint(EndpointBase):
    """A web address: its status, latency and, with https, when its certificate expires."""

    kind: Literal["http"]
    """Always http."""
    url: Annotated[str, AfterValidator(_url)]
    """The address, http:// or https://; it is shown, so no secret may stand in it."""
    expect_status: tuple[Annotated[Whole, Field(ge=100, le=599)], ...] = (200,)
    """Which status codes count as an answer."""
    verify_tls: Flag = True
    """Whether a certificate that nobody vouches for is a failure."""


Endpoint = Annotated[
    SnmpEndpoint | HostEndpoint | PingEndpoint | TcpEndpoint | HttpEndpoint,
    Field(discriminator="kind"),
]


def endpoint_id(tag: str, endpoint: EndpointBase) -> str:
    """The stable name of an endpoint: TAG/KIND, or TAG/NAME where it has a name."""
    return f"{tag}/{endpoint.name or endpoint.kind}"  # type: ignore[attr-defined]
