"""Every setting of hatang.yaml, a frozen section per concern, defaults included.

A section knows only rules that can be told from itself; what joins sections (an asset that names
a credential) is checked in `config.load`, which also gives each error its file and key path.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from config.scalars import Listen, Seconds, Secret


class Section(BaseModel):
    """Frozen; unknown keys are refused; names stay as the file has them."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class AssetClass(StrEnum):
    """What a thing is, in the words of DOMAIN's glossary."""

    ROUTER = "router"
    FIREWALL = "firewall"
    SWITCH = "switch"
    ACCESS_POINT = "access_point"
    ONT = "ont"
    SERVER = "server"
    NAS = "nas"
    DESKTOP = "desktop"
    LAPTOP = "laptop"
    PRINTER = "printer"
    SCANNER = "scanner"
    UPS = "ups"
    CAMERA = "camera"
    VIDEO_CONFERENCE = "video_conference"
    PHONE = "phone"
    OTHER = "other"


class AssetStatus(StrEnum):
    """Where a thing stands in its life."""

    PLANNED = "planned"
    IN_STOCK = "in_stock"
    IN_USE = "in_use"
    IN_REPAIR = "in_repair"
    LOST = "lost"
    RETIRED = "retired"


def _text(value: object) -> object:
    """Refuse an unquoted 00001: YAML reads it as a number and its zeros are gone."""
    if isinstance(value, int):
        raise ValueError(f'write the code in quotes: "{value}"')
    return value


UnitCode = Annotated[str, BeforeValidator(_text), Field(pattern=r"^[0-9A-Za-z._-]{1,16}$")]
"""An administrative unit's official code, always text."""

Tag = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""An asset tag: what a label can carry and a URL need not quote."""


class SnmpV2c(Section):
    """SNMPv2c: the community travels in clear; use v3 where the device can."""

    version: Literal["v2c"]
    community: Secret
    networks: tuple[str, ...] = ("0.0.0.0/0", "::/0")


class SnmpV3(Section):
    """SNMPv3 with USM (RFC 3414). Passphrases need at least 8 characters (RFC 3414 §11.2)."""

    version: Literal["v3"]
    user: str = Field(min_length=1, max_length=32)
    level: Literal["noAuthNoPriv", "authNoPriv", "authPriv"] = "authPriv"
    auth: Literal["MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] = "SHA-256"
    auth_key: Secret | None = None
    priv: Literal["DES", "AES-128", "AES-192", "AES-256", "AES-192-C", "AES-256-C"] = "AES-128"
    priv_key: Secret | None = None
    context: str = ""
    networks: tuple[str, ...] = ("0.0.0.0/0", "::/0")

    @model_validator(mode="after")
    def _keys_fit_the_level(self) -> SnmpV3:
        if self.level != "noAuthNoPriv" and self.auth_key is None:
            raise ValueError(f"level {self.level} needs auth_key")
        if self.level == "authPriv" and self.priv_key is None:
            raise ValueError("level authPriv needs priv_key")
        for name, key in (("auth_key", self.auth_key), ("priv_key", self.priv_key)):
            if key is not None and len(key.reveal()) < 8:
                raise ValueError(f"{name} needs at least 8 characters (RFC 3414 §11.2)")
        return self


Credential = Annotated[SnmpV2c | SnmpV3, Field(discriminator="version")]


class Polling(Section):
    """How often and how patiently endpoints are looked at; an endpoint may say otherwise.

    An outage is certain after `down_after` failed attempts, `retry` apart, so at the latest
    interval + down_after * timeout + (down_after - 1) * retry after the device fell silent.
    """

    interval: Seconds = 60.0
    timeout: Seconds = 2.0
    deadline: Seconds = 30.0
    retry: Seconds = 10.0
    down_after: int = Field(3, ge=1, le=10)
    concurrency: int = Field(200, ge=1, le=5000)

    @model_validator(mode="after")
    def _attempts_fit_the_interval(self) -> Polling:
        if self.interval <= self.timeout:
            raise ValueError("interval must be longer than timeout")
        if self.deadline < self.timeout:
            raise ValueError("deadline (of one whole look) must not be shorter than timeout")
        return self


class EndpointBase(Section):
    """What all kinds of endpoint have. Unset times come from the section `polling`."""

    name: str | None = Field(None, pattern=r"^[a-z0-9_-]{1,32}$")
    interval: Seconds | None = None
    timeout: Seconds | None = None
    deadline: Seconds | None = None
    retry: Seconds | None = None
    down_after: int | None = Field(None, ge=1, le=10)


class SnmpEndpoint(EndpointBase):
    """An SNMP agent."""

    kind: Literal["snmp"]
    credential: str
    port: int = Field(161, ge=1, le=65535)


class HostEndpoint(EndpointBase):
    """The machine that the daemon runs on, through psutil."""

    kind: Literal["host"]


class PingEndpoint(EndpointBase):
    """ICMP echo, `count` requests a look."""

    kind: Literal["ping"]
    count: int = Field(3, ge=1, le=20)


class TcpEndpoint(EndpointBase):
    """A TCP port that accepts a connection."""

    kind: Literal["tcp"]
    port: int = Field(ge=1, le=65535)


class HttpEndpoint(EndpointBase):
    """A web address: its status, latency and, with https, when its certificate expires."""

    kind: Literal["http"]
    url: str = Field(pattern=r"^https?://[^\s/]+")
    expect_status: tuple[int, ...] = (200,)
    verify_tls: bool = True


Endpoint = Annotated[
    SnmpEndpoint | HostEndpoint | PingEndpoint | TcpEndpoint | HttpEndpoint,
    Field(discriminator="kind"),
]


class Asset(Section):
    """A registered thing, networked or not.

    upstream: tag of the asset that stands between us and this one; by default the commune's
    edge device. uplink: ifName of the interface towards the provider.
    """

    tag: Tag
    name: str = Field(min_length=1, max_length=200)
    asset_class: AssetClass = Field(alias="class")
    commune: UnitCode
    site: str = ""
    room: str = ""
    custodian: str = ""
    status: AssetStatus = AssetStatus.IN_USE
    address: str | None = None
    edge: bool = False
    upstream: Tag | None = None
    uplink: str | None = None
    vendor: str = ""
    model: str = ""
    serial: str = ""
    os: str = ""
    in_use_since: dt.date | None = None
    price_vnd: int | None = Field(None, ge=0)
    funding: str = ""
    warranty_until: dt.date | None = None
    features: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()

    model_config = ConfigDict(populate_by_name=True)

    @field_validator("address")
    @classmethod
    def _address_is_usable(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            labels = value.removesuffix(".").split(".")
            if len(value) > 253 or not all(_is_label(label) for label in labels) or labels[-1].isdigit():
                raise ValueError(f"{value!r} is neither an IP address nor a host name") from None
            return value
        if address.is_multicast or address.is_unspecified:
            raise ValueError(f"{value} is not the address of one device")
        return value

    @model_validator(mode="after")
    def _endpoints_can_be_reached(self) -> Asset:
        if self.address is None and any(
            e.kind in ("snmp", "ping", "tcp") for e in self.endpoints
        ):
            raise ValueError("endpoints of kind snmp, ping and tcp need the asset's address")
        ids = [endpoint_id(self.tag, e) for e in self.endpoints]
        for double in {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"two endpoints are called {double}; give one of them a name")
        return self


def _is_label(text: str) -> bool:
    return (
        0 < len(text) <= 63
        and text.replace("-", "").replace("_", "").isalnum()
        and text.isascii()
        and not text.startswith("-")
        and not text.endswith("-")
    )


def endpoint_id(tag: str, endpoint: EndpointBase) -> str:
    """The stable name of an endpoint: TAG/KIND, or TAG/NAME where it has a name."""
    return f"{tag}/{endpoint.name or endpoint.kind}"  # type: ignore[attr-defined]


class Declared(Section):
    """A figure that somebody answers for: who, when, on which document, until when."""

    value: float
    as_of: dt.date
    expires: dt.date | None = None
    document: str = ""
    by: str = ""


class Commune(Section):
    """A commune that this daemon watches.

    posts: all posts of the commune; posts_group_8: those of group VIII of Decision 15/2025,
    for whom printers are shared. declared: indicator -> figure.
    """

    code: UnitCode
    posts: int | None = Field(None, ge=0)
    posts_group_8: int | None = Field(None, ge=0)
    internet_bps: int | None = Field(None, ge=0)
    declared: dict[str, Declared] = {}


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class OfficeHours(Section):
    """When a commune serves people; spans are HH:MM-HH:MM in the local time zone."""

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = _DAYS[:5]
    spans: tuple[str, ...] = ("07:30-11:30", "13:00-17:00")
    holidays: tuple[dt.date, ...] = ()

    @field_validator("spans")
    @classmethod
    def _spans_rise(cls, spans: tuple[str, ...]) -> tuple[str, ...]:
        last = "00:00"
        for span in spans:
            begin, dash, end = span.partition("-")
            try:
                dt.time.fromisoformat(begin)
                dt.time.fromisoformat(end)
            except ValueError:
                dash = ""
            if not dash or len(begin) != 5 or not last <= begin < end:
                raise ValueError(f"{span!r} must be HH:MM-HH:MM, rising, one after the other")
            last = end
        return spans


class Maintenance(Section):
    """Planned work on one asset or one commune: down inside it is no outage."""

    asset: Tag | None = None
    commune: UnitCode | None = None
    begin: dt.datetime = Field(alias="from")
    end: dt.datetime = Field(alias="to")
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _names_one_thing_and_ends(self) -> Maintenance:
        if (self.asset is None) == (self.commune is None):
            raise ValueError("name either an asset or a commune")
        if self.begin.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("give both times an offset, for example 2026-11-24T08:00:00+07:00")
        if self.end <= self.begin:
            raise ValueError("`to` must be later than `from`")
        return self


class Web(Section):
    """Where the pages and /metrics are served; loopback unless you know better."""

    listen: Listen = ("127.0.0.1", 8650)
    language: Literal["vi", "en"] = "vi"


class Readiness(Section):
    """Which profile communes are held against: a shipped name or a path; how often."""

    profile: str = "commune-2026"
    every: Seconds = 900.0
    window: Seconds = 30 * 86400.0


class Retention(Section):
    """How long history is kept."""

    outages: Seconds = 1095 * 86400.0
    rollups: Seconds = 400 * 86400.0
    readiness: Seconds = 1095 * 86400.0


class Backup(Section):
    """Checked copies of the database, the newest `keep` of them."""

    every: Seconds = 86400.0
    keep: int = Field(7, ge=1, le=365)
    folder: Path | None = None


class Settings(Section):
    """The whole of hatang.yaml."""

    node: str = Field("", pattern=r"^[A-Za-z0-9.-]{0,64}$")
    data_dir: Path = Path("hatang-data")
    timezone: str = "Asia/Ho_Chi_Minh"
    units: Path | None = None
    register_files: tuple[Path, ...] = Field((), alias="register")
    credentials: dict[str, Credential] = {}
    polling: Polling = Polling()
    office_hours: OfficeHours = OfficeHours()
    maintenance: tuple[Maintenance, ...] = ()
    web: Web = Web()
    readiness: Readiness = Readiness()
    retention: Retention = Retention()
    backup: Backup = Backup()
    communes: tuple[Commune, ...] = ()
    assets: tuple[Asset, ...] = ()

    model_config = ConfigDict(populate_by_name=True)

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{value!r} is no time zone; write for example Asia/Ho_Chi_Minh") from None
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The local time zone, for office hours and pages."""
        return ZoneInfo(self.timezone)

    def watch(self, endpoint: EndpointBase) -> Polling:
        """The times that hold for one endpoint: its own where it has them, else the section's."""
        own = {
            name: getattr(endpoint, name)
            for name in ("interval", "timeout", "deadline", "retry", "down_after")
            if getattr(endpoint, name) is not None
        }
        if "timeout" in own and "deadline" not in own:
            own["deadline"] = max(self.polling.deadline, own["timeout"])
        return self.polling.model_copy(update=own)
