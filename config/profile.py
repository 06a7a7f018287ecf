"""Requirement profiles: what a commune should have, on what basis, and what mending costs.

A profile is data that a planner can read: no code stands in it. Shipped ones lie in
`config/profiles/`; your own is a path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.assets import AssetClass, AssetStatus
from config.errors import ConfigError, Problem, did_you_mean
from config.reading import read_section
from config.scalars import Day, Flag, Number, Seconds, Section, Whole, matching

FOLDER = Path(__file__).parent / "profiles"

Id = Annotated[
    str, matching("[a-z][a-z0-9-]{0,63}", "must be small letters, digits and -, as pc-per-post")
]
"""A name that stays the same in metrics and reports, whatever the titles become."""


class Text(Section):
    """A text in the languages of the pages."""

    vi: str = Field(min_length=1)
    """Vietnamese."""
    en: str = Field(min_length=1)
    """English."""

    def text(self, language: str) -> str:
        """The text in a language, English where it has no other."""
        return self.vi if language == "vi" else self.en


class Basis(Section):
    """Why a requirement is one. Only `law` is binding; `ours` was chosen by Hatang."""

    kind: Literal["law", "norm", "aim", "ours"]
    """law: binding; norm: a ceiling or standard; aim: a plan's target; ours: Hatang's choice."""
    document: str = Field(min_length=1)
    """The document by its number, or who chose it."""
    article: str = ""
    """Where in the document."""
    address: str = ""
    """Where it can be read."""
    note: str = ""
    """What a reader must know, for example that a number is a default to be checked."""


class Remedy(Section):
    """What mends a gap, one piece for each `per` of the gap's unit."""

    name: Text
    """What is bought or done."""
    price_vnd: Annotated[Whole, Field(ge=0)]
    """Price of one piece in dong."""
    price_date: Day
    """Day of the price."""
    source: str = Field(min_length=1)
    """Where the price comes from."""
    per: Annotated[Number, Field(gt=0)] = 1.0
    """How much of the gap one piece mends."""


class Filter(Section):
    """Which assets count. Unset means any; all that are set must hold."""

    classes: tuple[AssetClass, ...] = ()
    """Of one of these classes."""
    statuses: tuple[AssetStatus, ...] = (AssetStatus.IN_USE,)
    """In one of these statuses."""
    feature: str | None = None
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
        if (
            sum((self.having is not None, self.older_than_years is not None, self.os_unsupported))
            != 1
        ):
            raise ValueError("must ask one thing: having, older_than_years or os_unsupported")
        return self


class Availability(Section):
    """The lowest availability of some assets in office hours; without evidence unknown."""

    measure: Literal["availability"]
    """Always availability."""
    of: Filter
    """Which ones."""
    min_coverage: Annotated[Number, Field(ge=0, le=1)] = 0.0
    """Below this share of observed time nothing is said."""


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


class Requirement(Section):
    """One practical requirement."""

    id: Id
    """Stable name."""
    pillar: Id
    """Where it belongs."""
    title: Text
    """What is asked."""
    basis: Basis
    """Why."""
    level: Literal["mandatory", "desirable"]
    """Whether a commune may do without it."""
    weight: Annotated[Number, Field(gt=0, le=100)] = 1.0
    """How much it counts beside the others of its profile."""
    measure: Measure
    """What is measured."""
    at_least: Number | None = None
    """Met from this value upwards."""
    at_most: Number | None = None
    """Met up to this value."""
    partly: Number | None = None
    """Partly met from (or up to) this value; below it unmet."""
    ceiling: Number | None = None
    """The norm's maximum: a value above it is a finding of its own."""
    unit: Literal["count", "ratio", "hours", "bps", "seconds", "yes"] = "count"
    """What the value is counted in."""
    max_age: Seconds = 90 * 86400.0
    """Evidence older than this counts for little."""
    remedy: Remedy | None = None
    """What mends a gap."""

    @model_validator(mode="after")
    def _threshold_holds_together(self) -> Requirement:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("must have one threshold; write at_least or at_most")
        if self.at_least is not None and self.at_least <= 0:
            raise ValueError("at_least: must be above 0, or it is always met")
        if self.partly is not None and not self._partly_is_easier:
            raise ValueError("partly: must be easier than the threshold")
        return self

    @property
    def threshold(self) -> float:
        """The value at which it is met."""
        found = self.at_least if self.at_least is not None else self.at_most
        assert found is not None
        return found

    @property
    def _partly_is_easier(self) -> bool:
        assert self.partly is not None
        if self.at_least is not None:
            return 0 <= self.partly < self.at_least
        return self.partly > self.threshold


class Pillar(Section):
    """A group of requirements with a score of its own."""

    id: Id
    """Stable name."""
    title: Text
    """What people call it."""


class Profile(Section):
    """What communes are held against."""

    id: Id
    """Stable name."""
    version: str = Field(min_length=1)
    """Changes with every change of content."""
    title: Text
    """What people call it."""
    valid_from: Day
    """First day on which it is meant to be used."""
    valid_to: Day | None = None
    """Last day, where it is known."""
    pillars: tuple[Pillar, ...] = Field(min_length=1)
    """In the order of the pages."""
    requirements: tuple[Requirement, ...] = Field(min_length=1)
    """In the order of the pages."""

    def requirement(self, id: str) -> Requirement | None:
        """A requirement by its id."""
        return next((r for r in self.requirements if r.id == id), None)

    def pillar(self, id: str) -> Pillar | None:
        """A pillar by its id."""
        return next((p for p in self.pillars if p.id == id), None)


def load_profile(name_or_path: str) -> Profile:
    """A shipped profile by its name, or one by its path. Raises ConfigError."""
    if name_or_path.endswith((".yaml", ".yml")):
        path = Path(name_or_path)
    else:
        path = FOLDER / f"{name_or_path}.yaml"
        known = shipped_profiles()
        if name_or_path not in known:
            hint = did_you_mean(name_or_path, known)
            text = f"there is no shipped profile {name_or_path!r}; {hint}, or write a path"
            raise ConfigError([Problem("readiness.profile", 0, "", text)])
    profile = read_section(path, Profile)
    problems = [
        Problem(str(path), 0, f"requirements[{at}].{key}", text)
        for at, key, text in _clashes(profile)
    ]
    if problems:
        raise ConfigError(problems)
    return profile


def shipped_profiles() -> list[str]:
    """The names of the profiles in the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def _clashes(profile: Profile) -> list[tuple[int, str, str]]:
    """(place, key, what is wrong) of requirements that do not fit the rest of the profile."""
    pillars = {pillar.id for pillar in profile.pillars}
    seen: set[str] = set()
    found = []
    for at, requirement in enumerate(profile.requirements):
        if requirement.pillar not in pillars:
            hint = did_you_mean(requirement.pillar, pillars)
            found.append((at, "pillar", f"{requirement.pillar} is not one of `pillars`; {hint}"))
        if requirement.id in seen:
            found.append((at, "id", f"{requirement.id} stands twice; give each its own"))
        seen.add(requirement.id)
    return found
