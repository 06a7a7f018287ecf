"""Every setting of hatang.yaml, a frozen section per concern, defaults included.

A section knows only rules that can be told from itself; what joins sections (an asset that names
a credential) is checked in `config.load`, which also gives each error its file and key path.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, Field, field_validator, model_validator

from config.assets import Asset, AssetClass, AssetStatus, Tag, UnitCode
from config.credentials import Credential, SnmpV1, SnmpV2c, SnmpV3
from config.discovery import Discovery, Sweep
from config.endpoints import (
    Endpoint,
    EndpointBase,
    HostEndpoint,
    HttpEndpoint,
    PingEndpoint,
    Polling,
    SnmpEndpoint,
    TcpEndpoint,
    endpoint_id,
)
from config.groups import Group
from config.holidays import is_day_off, is_made_up
from config.labels import Labels, LabelSheet
from config.oidc import Oidc
from config.people import People
from config.reports import Reports
from config.scalars import (
    Day,
    FilePath,
    Listen,
    Moment,
    Number,
    OneOrMore,
    Seconds,
    Section,
    Whole,
    matching,
)

__all__ = [
    "Asset",
    "AssetClass",
    "AssetStatus",
    "Backup",
    "Commune",
    "Credential",
    "Declared",
    "Discovery",
    "Endpoint",
    "EndpointBase",
    "Group",
    "HostEndpoint",
    "HttpEndpoint",
    "LabelSheet",
    "Labels",
    "Maintenance",
    "OfficeHours",
    "People",
    "PingEndpoint",
    "Polling",
    "Readiness",
    "Reports",
    "Retention",
    "Section",
    "Settings",
    "SnmpEndpoint",
    "SnmpV1",
    "SnmpV2c",
    "SnmpV3",
    "Sweep",
    "Tag",
    "TcpEndpoint",
    "Traps",
    "UnitCode",
    "Web",
    "endpoint_id",
]


class Declared(Section):
    """A figure that somebody answers for: who, when, on which document, until when."""

    value: Number
    """The figure."""
    as_of: Day
    """The day for which it holds."""
    expires: Day | None = None
    """The day from which it no longer counts."""
    document: str = ""
    """The paper that it stands on."""
    by: str = ""
    """Who answers for it."""

    @model_validator(mode="after")
    def _expires_later(self) -> Declared:
        if self.expires is not None and self.expires <= self.as_of:
            raise ValueError("expires: must be later than as_of")
        return self


class Commune(Section):
    """A commune that this daemon watches."""

    code: UnitCode
    """Official code, in quotes."""
    posts: Annotated[Whole, Field(ge=0)] | None = None
    """All posts of the commune."""
    posts_group_8: Annotated[Whole, Field(ge=0)] | None = None
    """Posts of group VIII of Decision 15/2025/QĐ-TTg, for whom printers are shared."""
    internet_bps: Annotated[Whole, Field(ge=0)] | None = None
    """Bandwidth of the Internet line as contracted, bits a second."""
    tslcd_bps: Annotated[Whole, Field(ge=0)] | None = None
    """Bandwidth of the line of the government data network (TSLCD), bits a second."""
    desks: Annotated[Whole, Field(ge=0)] | None = None
    """Counters of the one-stop desk."""
    sites: Annotated[Whole, Field(ge=0)] | None = None
    """Places where the commune works: offices, clinics, schools."""
    inhabitants: Annotated[Whole, Field(ge=0)] | None = None
    """People who live in the commune."""
    declared: dict[str, Declared] = Field(default_factory=dict)
    """Figures that nobody can measure, by indicator."""

    @model_validator(mode="after")
    def _group_is_a_part(self) -> Commune:
        if self.posts is not None and (self.posts_group_8 or 0) > self.posts:
            raise ValueError("posts_group_8: must be at most posts, of which it is a part")
        return self


_SPAN = re.compile(r"(([01][0-9]|2[0-3]):[0-5][0-9])-(([01][0-9]|2[0-3]):[0-5][0-9])")
_NODE_WORDS = "must be at most 64 letters without marks, digits, . or -"
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class OfficeHours(Section):
    """When a commune serves people; spans are HH:MM-HH:MM in the local time zone."""

    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    """Working days."""
    spans: tuple[str, ...] = ("07:30-11:30", "13:00-17:00")
    """Working hours of such a day, HH:MM-HH:MM."""
    holidays: tuple[Day, ...] = ()
    """Days off that fall on working days, beside `public_holidays`."""
    public_holidays: Literal["vn", "none"] = "vn"
    """Whose public holidays are days off: of Việt Nam (docs/indicators.md), or none."""

    def works_on(self, day: dt.date) -> bool:
        """Whether people are served on a day: no holiday, and a working day or one made up."""
        if day in self.holidays:
            return False
        if self.public_holidays == "vn":
            if is_day_off(day):
                return False
            if is_made_up(day):
                return True
        return WEEKDAYS[day.weekday()] in self.days

    @field_validator("spans")
    @classmethod
    def _spans_rise(cls, spans: tuple[str, ...]) -> tuple[str, ...]:
        last = "00:00"
        for span in spans:
            found = _SPAN.fullmatch(span)
            begin, end = (found[1], found[3]) if found else ("", "")
            if not last <= begin < end:
                raise ValueError(
                    f"{span!r} must be HH:MM-HH:MM, rising, each after the one before; "
                    "write for example 07:30-11:30"
                )
            last = end
        return spans


class Maintenance(Section):
    """Planned work on one asset or one commune: down inside it is no outage."""

    asset: Tag | None = None
    """Tag of the asset that is worked on."""
    commune: UnitCode | None = None
    """Code of the commune that is worked on."""
    begin: Moment = Field(alias="from")
    """When it begins, with offset."""
    end: Moment = Field(alias="to")
    """When it ends, with offset."""
    reason: str = Field(min_length=1)
    """What is done."""

    model_config = ConfigDict(populate_by_name=True)

    @model_validator(mode="after")
    def _names_one_thing_and_ends(self) -> Maintenance:
        if (self.asset is None) == (self.commune is None):
            raise ValueError("must name either an asset or a commune; write one of the two")
        if self.end <= self.begin:
            raise ValueError("to: must be later than from")
        return self


PublicUrl = Annotated[
    str,
    matching(
        r"|https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?(/[A-Za-z0-9._~-]{1,64})*",
        "must be as https://hatang.example.vn, without a slash at its end",
    ),
]
"""Beginning of an address: scheme, host, port and path."""


class Web(Section):
    """Where the pages and /metrics are served; loopback unless you know better."""

    listen: Listen = ("127.0.0.1", 8650)
    """HOST:PORT of the pages and /metrics."""
    language: Literal["vi", "en", "hi"] = "vi"
    """Language of the pages for a browser that asks for none."""
    public_url: PublicUrl = ""
    """Address under which people reach the pages, as https://hatang.example.vn; on labels it
    stands for years. That of `listen` where empty."""
    reading: Literal["login", "open"] = "login"
    """Whether pages that only show need a login; `open`: whoever reaches the address may read."""
    shapes: FilePath | None = None
    """GeoJSON file with the shapes of communes, each with its official code as the property
    `code`, for the map; points where unset."""

    @property
    def address(self) -> str:
        """public_url, else the address that is listened on; without a slash at its end."""
        if self.public_url:
            return self.public_url
        host, port = self.listen
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Traps(Section):
    """Where SNMP traps and informs (v1, v2c, v3) are received; nowhere unless configured."""

    listen: tuple[Listen, ...] = ()
    """HOST:PORT of each UDP socket; port 162 needs rights of root, 1162 none."""
    credentials: tuple[str, ...] = ()
    """Names of the credentials that are believed; those that assets use where empty."""
    sender_limit: Whole = Field(60, ge=1, le=6000)
    """Most messages a minute from one device, and in one burst; the rest is counted."""
    total_limit: Whole = Field(600, ge=1, le=60000)
    """The same of all devices together."""


class Readiness(Section):
    """Which profiles communes are held against: shipped names or paths; how often."""

    profile: OneOrMore = Field(("commune-2026",), min_length=1)
    """Name of a shipped profile, or path of a .yaml file; or a list of them, each of which counts
    for the days that it is valid for (`valid_from`, `valid_to`)."""
    layers: tuple[FilePath, ...] = ()
    """Profile files with `for`, which change it for some communes."""
    every: Seconds = 900.0
    """Time from one evaluation to the next."""
    window: Seconds = 30 * 86400.0
    """How far back measurements count."""
    os_support: FilePath | None = None
    """CSV (prefix,supported_until,source) with more operating systems and until when their makers
    support them; a row with a shipped prefix replaces that."""


class Retention(Section):
    """How long history is kept."""

    outages: Seconds = 1095 * 86400.0
    """Intervals of state."""
    rollups: Seconds = 400 * 86400.0
    """Hourly figures."""
    readiness: Seconds = 1095 * 86400.0
    """Results of evaluations."""
    traps: Seconds = 90 * 86400.0
    """SNMP traps; of one asset the newest 1,000."""


class Backup(Section):
    """Checked copies of the database and of its photos and documents, the newest `keep` of them."""

    every: Seconds = 86400.0
    """Time from one backup to the next."""
    keep: Whole = Field(7, ge=1, le=365)
    """How many are kept."""
    folder: FilePath | None = None
    """Where they go; the folder backup in data_dir where unset."""


class Settings(Section):
    """The whole of hatang.yaml."""

    node: Annotated[str, matching("[A-Za-z0-9.-]{0,64}", _NODE_WORDS)] = ""
    """Name of this daemon in what it records; the machine's own name where empty."""
    data_dir: FilePath = Path("hatang-data")
    """Folder of the database."""
    timezone: str = "Asia/Ho_Chi_Minh"
    """Local time zone, for office hours and pages."""
    units: FilePath | None = None
    """CSV of administrative units for another country; Viet Nam's own are shipped."""
    register_files: tuple[FilePath, ...] = Field((), alias="register")
    """CSV files with more assets, one a row."""
    device_profiles: tuple[FilePath, ...] = ()
    """Folders with device profiles of your own; one named as a shipped profile replaces it."""
    credentials: dict[str, Credential] = Field(default_factory=dict)
    """How devices are asked, by a name that endpoints use."""
    polling: Polling = Polling()
    """How often and how patiently endpoints are looked at."""
    office_hours: OfficeHours = OfficeHours()
    """When communes serve people."""
    maintenance: tuple[Maintenance, ...] = ()
    """Planned work."""
    web: Web = Web()
    """Where the pages are."""
    people: People = People()
    """Who may use the pages: passwords, sessions, tokens."""
    oidc: Oidc | None = None
    """Signing in through a provider of OpenID Connect."""
    traps: Traps = Traps()
    """Where SNMP traps are received."""
    readiness: Readiness = Readiness()
    """What communes are held against."""
    retention: Retention = Retention()
    """How long history is kept."""
    labels: Labels = Labels()
    """Labels that are stuck on assets."""
    reports: Reports = Reports()
    """Reports of readiness as files."""
    backup: Backup = Backup()
    """Copies of the database."""
    communes: tuple[Commune, ...] = ()
    """The communes that are watched."""
    groups: tuple[Group, ...] = ()
    """Communes that are looked at together."""
    assets: tuple[Asset, ...] = ()
    """What is registered."""
    discovery: Discovery = Discovery()
    """Where devices are looked for that are not registered."""

    model_config = ConfigDict(populate_by_name=True)

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"{value!r} is no time zone; write for example Asia/Ho_Chi_Minh"
            ) from None
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
        return self.polling.model_copy(update=own) if own else self.polling
