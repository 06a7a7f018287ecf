"""The kinds of measure that a requirement can ask for: declarative, no code.

`inventory.readiness.measures` has one function for each; the kind is what `measure:` says.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.assets import AssetClass, AssetStatus
from config.scalars import Flag, Number, Section, matching

Id = Annotated[
    str, matching("[a-z][a-z0-9-]{0,63}", "must be small letters, digits and -, as pc-per-post")
]
"""A name that stays the same in metrics and reports, whatever the titles become."""

Unit = Literal["count", "ratio", "hours", "bps", "seconds", "yes"]
"""What a value is counted in."""


class Filter(Section):
    """Which assets count. Unset means any; all that are set must hold."""

    classes: tuple[AssetClass, ...] = ()
    """Of one of these classes."""
    statuses: tuple[AssetStatus, ...] = (AssetStatus.IN_USE,)
    """In one of these statuses."""
    feature: Annotated[str, Field(min_length=1)] | None = None
    """That has this feature."""
    edge: Flag | None = None
    """That is, or is not, the commune's edge."""


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


class AssetShare(Section):
    """Which share of some assets fulfils more."""

    measure: Literal["asset_share"]
    """Always asset_share."""
    of: Filter
    """All of them."""
    having: Filter | None = None
    """Those that count."""
    older_than_years: Annotated[Number, Field(gt=0)] | None = None
    """Those that have been in use for longer count."""
    os_unsupported: Flag = False
    """Those whose operating system its maker supports no longer count."""

    @model_validator(mode="after")
    def _one_question(self) -> AssetShare:
        asked = (self.having is not None, self.older_than_years is not None, self.os_unsupported)
        if sum(asked) != 1:
            raise ValueError("must ask one thing: having, older_than_years or os_unsupported")
        return self


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


class Percentile(Section):
    """A percentile in office hours of a figure that is kept by the hour; the worst asset's."""

    measure: Literal["percentile"]
    """Always percentile."""
    of: Filter
    """Which ones."""
    figure: Literal["uplink_utilisation_ratio", "cpu_ratio", "latency_s"]
    """Which figure."""
    percentile: Annotated[Number, Field(gt=0, lt=100)] = 95.0
    """Which percentile."""


class ProbeSuccess(Section):
    """Share of looks of kind tcp and http in office hours that brought what was expected."""

    measure: Literal["probe_success"]
    """Always probe_success."""
    of: Filter = Filter()
    """Of which assets."""


class LineBandwidth(Section):
    """Bandwidth of the commune's Internet line as contracted, bits a second."""

    measure: Literal["line_bandwidth"]
    """Always line_bandwidth."""


class Indicator(Section):
    """A figure that somebody answers for, until it expires."""

    measure: Literal["indicator"]
    """Always indicator."""
    indicator: Id
    """Its name below `declared` of a commune."""


Measure = Annotated[
    AssetCount
    | AssetsPerPost
    | AssetShare
    | Availability
    | LongestOutage
    | Percentile
    | ProbeSuccess
    | LineBandwidth
    | Indicator,
    Field(discriminator="measure"),
]

_UNITS: dict[str, tuple[Unit, ...]] = {
    "asset_count": ("count",),
    "assets_per_post": ("ratio",),
    "asset_share": ("ratio",),
    "availability": ("ratio",),
    "longest_outage": ("hours",),
    "probe_success": ("ratio",),
    "line_bandwidth": ("bps",),
    "indicator": ("count", "ratio", "hours", "bps", "seconds", "yes"),
}


def units_of(measure: Measure) -> tuple[Unit, ...]:
    """The units that a measure's value can have, the usual one first."""
    if isinstance(measure, Percentile):
        return ("seconds",) if measure.figure == "latency_s" else ("ratio",)
    return _UNITS[measure.measure]


def is_share(measure: Measure) -> bool:
    """Whether a measure's value always lies between 0 and 1."""
    shares = isinstance(measure, AssetShare | Availability | ProbeSuccess)
    return shares or (isinstance(measure, Percentile) and measure.figure != "latency_s")


def counts_assets(measure: Measure) -> bool:
    """Whether a measure counts things, of which a norm may set a maximum."""
    return isinstance(measure, AssetCount | AssetsPerPost)
