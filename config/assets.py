"""What a registered thing is, in the words of the register."""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from config.endpoints import Endpoint, endpoint_id
from config.scalars import Day, Flag, Section, Whole, is_host, matching


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
    """Refuse an unquoted code: as a number its leading zeros would be gone."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(f'write the code in quotes: "{value}"')
    return value


UnitCode = Annotated[
    str,
    BeforeValidator(_text),
    matching(
        "[0-9A-Za-z._-]{1,16}", 'must be an official unit code in quotes, for example "22849"'
    ),
]
"""An administrative unit's official code, always text."""

Tag = Annotated[
    str,
    matching(
        "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
        "must be 1 to 64 letters without marks, digits, . _ or -, the first a letter or digit",
    ),
]
"""An asset tag: what a label can carry and a URL need not quote."""

PAGE_TAGS = frozenset({"new", "bulk"})
"""What stands where a tag stands in the addresses of other pages (`/assets/new`), so no tag."""


class Asset(Section):
    """A registered thing, networked or not."""

    tag: Tag
    """What its label says; unique."""
    name: str = Field(min_length=1, max_length=200)
    """What people call it."""
    asset_class: AssetClass = Field(alias="class")
    """What it is."""
    commune: UnitCode
    """Code of the commune that it serves."""
    site: str = ""
    """Place in the commune: People's Committee office, clinic, school."""
    room: str = ""
    """Room in the place."""
    custodian: str = ""
    """Who keeps and uses it."""
    status: AssetStatus = AssetStatus.IN_USE
    """Where it stands in its life; only what is in use is looked at."""
    address: str | None = None
    """IP address or host name, without a port."""
    edge: Flag = False
    """Whether the whole commune hangs on it; one for each commune."""
    upstream: Tag | None = None
    """Tag of what stands between us and it; the commune's edge device where unset."""
    uplink: str | None = None
    """ifName of its interface towards the provider."""
    vendor: str = ""
    """Maker."""
    model: str = ""
    """Maker's name of the model."""
    serial: str = ""
    """Serial number."""
    os: str = ""
    """Operating system with its version."""
    in_use_since: Day | None = None
    """Day it was put into use."""
    price_vnd: Annotated[Whole, Field(ge=0)] | None = None
    """Historical cost in dong."""
    funding: str = ""
    """Source of the money."""
    warranty_until: Day | None = None
    """Last day of the warranty."""
    supplier: str = ""
    """Who sold it."""
    purchased: Day | None = None
    """Day of purchase."""
    invoice: str = ""
    """Number of the contract or invoice."""
    document: str = ""
    """Number of the document by which it came into the books (chứng từ ghi tăng)."""
    card: str = ""
    """Number of its card (thẻ tài sản cố định)."""
    country: str = ""
    """Country of make."""
    life_years: Annotated[Whole, Field(ge=1, le=100)] | None = None
    """Expected life in years, where it is not the one of its class."""
    parent: Tag | None = None
    """Tag of the asset that it is a part of: a stack, a chassis, a computer."""
    note: str = Field("", max_length=10_000)
    """Whatever else is to be known."""
    custom: dict[str, str] = Field(default_factory=dict)
    """Further fields by name."""
    features: tuple[str, ...] = ()
    """What it has that requirements ask for, for example antivirus."""
    endpoints: tuple[Endpoint, ...] = ()
    """How it is looked at; none for a thing that is only registered."""

    model_config = ConfigDict(populate_by_name=True)

    @field_validator("address")
    @classmethod
    def _address_is_usable(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not is_host(value):
            raise ValueError(
                f"{value!r} is neither an IP address nor a host name; "
                "write for example 10.20.1.1 or sw1.example.vn"
            )
        if _names_no_single_device(value):
            raise ValueError(f"{value} is not the address of one device")
        return value

    @model_validator(mode="after")
    def _endpoints_can_be_reached(self) -> Asset:
        if self.address is None and any(e.kind in ("snmp", "ping", "tcp") for e in self.endpoints):
            raise ValueError("address: is missing; endpoints of kind snmp, ping and tcp need one")
        ids = [endpoint_id(self.tag, e) for e in self.endpoints]
        for double in sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"two endpoints are called {double}; give one of them a name")
        return self


def _names_no_single_device(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return ip.is_multicast or ip.is_unspecified or address == "255.255.255.255"
