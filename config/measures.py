"""The kinds of measure that a requirement can ask for: declarative, no code.

`inventory.readiness.measures` has one function for each; the kind is what `measure:` says.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from config.asset_filter import Filter as Filter
from config.assets import AssetClass
from config.scalars import Flag, Number, Seconds, Section, matching

Id = Annotated[
    str, matching("[a-z][a-z0-9-]{0,63}", "must be small letters, digits and -, as pc-per-post")
]
"""A name that stays the same in metrics and reports, whatever the titles become."""

Unit = Literal["count", "ratio", "hours", "bps", "seconds", "yes"]
"""What a value is counted in."""


Per = Annotated[
    str,
    matching(
        "posts_group_8|[a-z][a-z0-9-]{0,63}",
        "must be posts, posts_group_8, desks, sites, inhabitants or the name of an indicator",
    ),
]
"""For each of what: a figure of the commune, else a declared indicator, for example pupils."""

FIGURES = ("posts", "posts_group_8", "desks", "sites", "inhabitants")
"""Figures of a commune that something can be counted for."""


RegisterField = Literal[
    "address",
    "custodian",
    "in_use_since",
    "model",
    "os",
    "price",
    "programs",
    "room",
    "serial",
    "site",
    "vendor",
    "warranty_until",
]
"""What a complete register says of an asset; os and programs also where the device says them."""


class AssetCount(Section):
    """How many assets there are."""

    measure: Literal["asset_count"]
    """Always asset_count."""
    of: Filter
    """Which ones."""


class AssetsPerPost(Section):
    """How many assets there are for each post of the commune."""

    measure: Literal["assets_per_post"]
    """Always assets_per_post."""
    of: Filter
    """Which ones."""
    posts: Literal["posts", "posts_group_8"] = "posts"
    """Which posts count."""


class AssetsPer(Section):
    """How many assets there are for each desk, place, person or whatever is counted."""

    measure: Literal["assets_per"]
    """Always assets_per."""
    of: Filter
    """Which ones."""
    per: Per
    """For each of what: posts, desks, sites, inhabitants or the name of an indicator."""
    each: Annotated[Number, Field(gt=0)] = 1.0
    """For how many of them, for example 1000 inhabitants."""


class AssetSum(Section):
    """What a number of some assets adds up to: their network ports, or an own field."""

    measure: Literal["asset_sum"]
    """Always asset_sum."""
    of: Filter
    """Which ones."""
    figure: Literal["lan_ports", "wifi_radios"] | None = None
    """What devices say of themselves, else what an own field of this name says."""
    custom: Annotated[str, Field(min_length=1)] | None = None
    """Name of an own field that holds a number."""
    per: Per | None = None
    """For each of what, as in assets_per; the sum itself where unset."""

    @model_validator(mode="after")
    def _one_number(self) -> AssetSum:
        if (self.figure is None) == (self.custom is None):
            raise ValueError("must name one number; write figure or custom")
        return self


class AssetShare(Section):
    """Which share of some assets fulfils more. One question at a time."""

    measure: Literal["asset_share"]
    """Always asset_share."""
    of: Filter
    """All of them."""
    having: Filter | None = None
    """Those that count."""
    older_than_years: Annotated[Number, Field(gt=0)] | None = None
    """Those that have been in use for longer count."""
    past_life: Flag = False
    """Those past their expected life count: their own, else that of the dated table."""
    out_of_warranty: Flag = False
    """Those whose warranty is over count."""
    os_unsupported: Flag = False
    """Those whose operating system its maker supports no longer count."""
    unpatched_for: Annotated[Seconds, Field(gt=0)] | None = None
    """Those on which nothing was installed or updated for longer count."""
    documented: tuple[RegisterField, ...] | None = None
    """Those of which the register says all of these count."""
    protected_by: Literal["antivirus", "firewall", "backup"] | None = None
    """Those that run such a program, or have the feature of this name, count."""

    @model_validator(mode="after")
    def _one_question(self) -> AssetShare:
        if len(self.questions) != 1:
            raise ValueError(f"must ask one thing: {', '.join(_QUESTIONS)}")
        return self

    @property
    def questions(self) -> tuple[str, ...]:
        """What is asked: a key of the section."""
        return tuple(name for name in _QUESTIONS if getattr(self, name) not in (None, False, ()))


_QUESTIONS = (
    "having",
    "older_than_years",
    "past_life",
    "out_of_warranty",
    "os_unsupported",
    "unpatched_for",
    "documented",
    "protected_by",
)


class Availability(Section):
    """The availability of some assets in office hours; without evidence unknown."""

    measure: Literal["availability"]
    """Always availability."""
    of: Filter
    """Which ones."""
    take: Literal["lowest", "mean"] = "lowest"
    """What stands for all of them."""
    min_coverage: Annotated[Number, Field(ge=0, le=1)] = 0.0
    """An asset that was observed for a smaller share of the time says nothing."""


class LongestOutage(Section):
    """The longest outage in office hours of some assets, in hours."""

    measure: Literal["longest_outage"]
    """Always longest_outage."""
    of: Filter
    """Which ones."""


class OutageCount(Section):
    """How many outages in office hours some assets had; the worst asset's."""

    measure: Literal["outage_count"]
    """Always outage_count."""
    of: Filter
    """Which ones."""
    longer_than: Seconds = 0.0
    """Only outages that took more office hours than this."""


class Coverage(Section):
    """Which share of the office hours some assets were observed."""

    measure: Literal["coverage"]
    """Always coverage."""
    of: Filter
    """Which ones; of these, those that Hatang looks at."""
    take: Literal["lowest", "mean"] = "lowest"
    """What stands for all of them."""


class SaturationHours(Section):
    """Office hours of the window in which the uplink was fuller than a share; the worst asset's."""

    measure: Literal["saturation_hours"]
    """Always saturation_hours."""
    of: Filter
    """Which ones."""
    above: Annotated[Number, Field(gt=0, lt=1)] = 0.9
    """From which share of its capacity a line counts as full, in steps of 0.05."""

    @field_validator("above")
    @classmethod
    def _is_a_step(cls, above: float) -> float:
        if abs(above * 20 - round(above * 20)) > 1e-9:
            raise ValueError("must be a multiple of 0.05, as figures are kept in such steps")
        return above


class UpsRuntime(Section):
    """How long the weakest UPS lasts at its present load, in seconds."""

    measure: Literal["ups_runtime"]
    """Always ups_runtime."""
    of: Filter = Filter(classes=(AssetClass.UPS,))
    """Which ones; every UPS where unset."""


class Percentile(Section):
    """A percentile in office hours of a figure that is kept by the hour; the worst asset's."""

    measure: Literal["percentile"]
    """Always percentile."""
    of: Filter
    """Which ones."""
    figure: Literal["uplink_utilisation_ratio", "cpu_ratio", "latency_s", "probe_latency_s"]
    """Which figure; probe_latency_s is that of looks of kind tcp and http alone."""
    percentile: Annotated[Number, Field(gt=0, lt=100)] = 95.0
    """Which percentile."""


class ProbeSuccess(Section):
    """Share of looks of kind tcp and http in office hours that brought what was expected."""

    measure: Literal["probe_success"]
    """Always probe_success."""
    of: Filter = Filter()
    """Of which assets."""


class LineBandwidth(Section):
    """Bandwidth of a line of the commune, bits a second."""

    measure: Literal["line_bandwidth"]
    """Always line_bandwidth."""
    line: Literal["internet", "tslcd", "uplink"] = "internet"
    """The Internet line or the government data network as contracted, or the speed of the edge's
    uplink port as measured."""
    per: Per | None = None
    """For each of what, as in assets_per; the whole line where unset."""


class Indicator(Section):
    """A figure that somebody answers for, until it expires."""

    measure: Literal["indicator"]
    """Always indicator."""
    indicator: Id
    """Its name below `declared` of a commune."""
    per: Per | None = None
    """For each of what, as in assets_per; the figure itself where unset."""


Measure = Annotated[
    AssetCount
    | AssetsPerPost
    | AssetsPer
    | AssetSum
    | AssetShare
    | Availability
    | LongestOutage
    | OutageCount
    | Coverage
    | Percentile
    | SaturationHours
    | UpsRuntime
    | ProbeSuccess
    | LineBandwidth
    | Indicator,
    Field(discriminator="measure"),
]

_UNITS: dict[str, tuple[Unit, ...]] = {
    "asset_count": ("count",),
    "assets_per_post": ("ratio",),
    "assets_per": ("ratio",),
    "asset_sum": ("count", "ratio"),
    "asset_share": ("ratio",),
    "availability": ("ratio",),
    "longest_outage": ("hours",),
    "outage_count": ("count",),
    "coverage": ("ratio",),
    "saturation_hours": ("hours",),
    "ups_runtime": ("seconds",),
    "probe_success": ("ratio",),
    "line_bandwidth": ("bps",),
    "indicator": ("count", "ratio", "hours", "bps", "seconds", "yes"),
}


_TIMES = ("latency_s", "probe_latency_s")


def units_of(measure: Measure) -> tuple[Unit, ...]:
    """The units that a measure's value can have, the usual one first."""
    if isinstance(measure, Percentile):
        return ("seconds",) if measure.figure in _TIMES else ("ratio",)
    if isinstance(measure, AssetSum):
        return ("count",) if measure.per is None else ("ratio",)
    return _UNITS[measure.measure]


def is_share(measure: Measure) -> bool:
    """Whether a measure's value always lies between 0 and 1."""
    shares = isinstance(measure, AssetShare | Availability | Coverage | ProbeSuccess)
    return shares or (isinstance(measure, Percentile) and measure.figure not in _TIMES)


def counts_assets(measure: Measure) -> bool:
    """Whether a measure counts things, of which a norm may set a maximum."""
    return isinstance(measure, AssetCount | AssetsPerPost | AssetsPer)


def indicators_named(measure: Measure) -> tuple[str, ...]:
    """The declared indicators that a measure asks for."""
    named = (getattr(measure, "indicator", None), getattr(measure, "per", None))
    return tuple(name for name in named if name and name not in FIGURES)
