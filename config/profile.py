"""Requirement profiles: what a commune should have, on what basis, and what mending costs.

A profile is data that a planner can read: no code stands in it. Shipped ones lie in
`config/profiles/`; your own is a path.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from config.errors import ConfigError, Path_, Problem, Report, did_you_mean
from config.measures import (
    AssetsPerPost,
    Filter,
    Id,
    Measure,
    Unit,
    counts_assets,
    is_share,
    units_of,
)
from config.reading import open_source, validated
from config.scalars import Day, Number, Seconds, Section, Text, Whole

__all__ = [
    "Allowance",
    "AssetsPerPost",
    "Basis",
    "Ceiling",
    "Filter",
    "Measure",
    "Pillar",
    "Profile",
    "Remedy",
    "Requirement",
    "Text",
    "load_profile",
    "shipped_profiles",
]

FOLDER = Path(__file__).parent / "profiles"


class Basis(Section):
    """Why something is asked: what the number itself rests on. Only `law` binds."""

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


class Allowance(Section):
    """One part of a norm's maximum: one piece for every so many posts, rounded up."""

    posts: Literal["posts", "posts_group_8", "posts_above_group_8"]
    """Which posts."""
    per: Annotated[Number, Field(gt=0)] = 1.0
    """For how many of them there is one piece."""


class Ceiling(Section):
    """The most that a norm allows, in pieces. More is a finding of its own and no gap."""

    basis: Basis
    """Which norm."""
    allow: tuple[Allowance, ...] = ()
    """What goes by posts."""
    plus: Annotated[Number, Field(ge=0)] = 0.0
    """Pieces beside these."""

    @model_validator(mode="after")
    def _allows_something(self) -> Ceiling:
        if not self.allow and not self.plus:
            raise ValueError("must allow something; write allow, plus or both")
        return self


class Requirement(Section):
    """One practical requirement."""

    id: Id
    """Stable name."""
    pillar: Id
    """Where it belongs."""
    title: Text
    """What is asked."""
    help: Text | None = None
    """More for whoever must fulfil it."""
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
    """Partly met from (or up to) this value; beyond it unmet."""
    ceiling: Ceiling | None = None
    """The norm's maximum, where what is asked has one."""
    unit: Unit = "count"
    """What the value is counted in."""
    max_age: Seconds = 90 * 86400.0
    """Evidence older than this counts for less."""
    remedy: Remedy | None = None
    """What mends a gap."""

    @model_validator(mode="after")
    def _threshold_holds_together(self) -> Requirement:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("must have one threshold; write at_least or at_most")
        if self.at_least is not None and self.at_least <= 0:
            raise ValueError("at_least: must be above 0, or it is always met")
        if self.at_most is not None and self.at_most < 0:
            raise ValueError("at_most: must not be below 0, or it is never met")
        if self.partly is not None and not self._partly_is_easier(self.partly):
            side = "below at_least and not below 0" if self.at_least else "above at_most"
            raise ValueError(f"partly: must be easier than the threshold: {side}")
        return self

    @model_validator(mode="after")
    def _measure_fits(self) -> Requirement:
        units = units_of(self.measure)
        if self.unit not in units:
            raise ValueError(f"unit: does not fit {self.measure.measure}; write {units[0]}")
        if is_share(self.measure):
            if self.at_least is not None and self.at_least > 1:
                raise ValueError("at_least: must be at most 1, for what is measured is a share")
            if self.at_most is not None and self.at_most >= 1:
                raise ValueError("at_most: must be below 1, or it is always met: this is a share")
        if self.ceiling is not None and not counts_assets(self.measure):
            raise ValueError("ceiling: is for asset_count and assets_per_post; remove it")
        return self

    @property
    def threshold(self) -> float:
        """The value at which it is met."""
        found = self.at_least if self.at_least is not None else self.at_most
        assert found is not None
        return found

    def _partly_is_easier(self, partly: float) -> bool:
        if self.at_least is not None:
            return 0 <= partly < self.at_least
        return partly > self.threshold


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
    pillars: tuple[Pillar, ...]
    """In the order of the pages."""
    requirements: tuple[Requirement, ...]
    """In the order of the pages."""

    @model_validator(mode="after")
    def _asks_something(self) -> Profile:
        for name in ("pillars", "requirements"):
            if not getattr(self, name):
                raise ValueError(f"{name}: must not be empty")
        return self

    def body(self) -> str:
        """The content as canonical JSON: the same content is the same text."""
        data = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.body().encode()).hexdigest()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Profile:
        """A copy with other values, which knows no digest of the old ones."""
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("digest", None)
        return copy

    def requirement(self, id: str) -> Requirement | None:
        """A requirement by its id."""
        return next((r for r in self.requirements if r.id == id), None)

    def pillar(self, id: str) -> Pillar | None:
        """A pillar by its id."""
        return next((p for p in self.pillars if p.id == id), None)


def load_profile(name_or_path: str) -> Profile:
    """A shipped profile by its name, or one by its path. Raises ConfigError."""
    source = open_source(_path_of(name_or_path), Report(), None)
    profile = validated(source, Profile)
    if profile is not None:
        for path, text in (fault for rule in RULES for fault in rule(profile)):
            source.wrong(path, text)
    source.report.raise_if_any()
    assert profile is not None
    return profile


def shipped_profiles() -> list[str]:
    """The names of the profiles in the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def _path_of(name_or_path: str) -> Path:
    if name_or_path.endswith((".yaml", ".yml")):
        return Path(name_or_path)
    known = shipped_profiles()
    if name_or_path not in known:
        hint = did_you_mean(name_or_path, known)
        text = f"{name_or_path!r} is neither a shipped profile nor a path to a .yaml file; {hint}"
        raise ConfigError([Problem("readiness.profile", 0, "", text)])
    return FOLDER / f"{name_or_path}.yaml"


Fault = tuple[Path_, str]
"""A key path and what is wrong there."""


def _ends_after_it_begins(profile: Profile) -> Iterator[Fault]:
    if profile.valid_to is not None and profile.valid_to < profile.valid_from:
        yield ("valid_to",), "must not be before valid_from"


def _ids_are_unique(profile: Profile) -> Iterator[Fault]:
    lists = {
        "pillars": [pillar.id for pillar in profile.pillars],
        "requirements": [requirement.id for requirement in profile.requirements],
    }
    for key, ids in lists.items():
        for at, id in enumerate(ids):
            if id in ids[:at]:
                yield (key, at, "id"), f"{id} stands twice; give each its own"


def _pillars_exist(profile: Profile) -> Iterator[Fault]:
    known = {pillar.id for pillar in profile.pillars}
    for at, requirement in enumerate(profile.requirements):
        if requirement.pillar not in known:
            hint = did_you_mean(requirement.pillar, known)
            path = ("requirements", at, "pillar")
            yield path, f"{requirement.pillar} is not one of `pillars`; {hint}"


def _pillars_hold_something(profile: Profile) -> Iterator[Fault]:
    used = {requirement.pillar for requirement in profile.requirements}
    for at, pillar in enumerate(profile.pillars):
        if pillar.id not in used:
            yield ("pillars", at, "id"), f"no requirement stands below {pillar.id}; remove it"


RULES: tuple[Callable[[Profile], Iterator[Fault]], ...] = (
    _ends_after_it_begins,
    _ids_are_unique,
    _pillars_exist,
    _pillars_hold_something,
)
"""What must fit over the parts of a profile; each yields what does not."""
