"""One requirement and its parts: what is asked, why, when it is met, and what mending costs.

`config.profile` puts requirements together; `config.profile_layers` changes them.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.assets import UnitCode
from config.measures import Id, Measure, Unit, counts_assets, is_share, units_of
from config.scalars import Day, Number, Seconds, Section, Text, Whole


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


class Step(Section):
    """One step of a threshold: from a value on, so much of the requirement is fulfilled."""

    at: Number
    """From this value upwards, or down where less is better."""
    share: Annotated[Number, Field(gt=0, lt=1)]
    """So much of it is fulfilled; 0.5 is half met."""


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
    steps: tuple[Step, ...] = ()
    """Instead of `partly`: steps from the easiest to the hardest, each with its own share."""
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
    def _steps_rise(self) -> Requirement:
        if self.steps and self.partly is not None:
            raise ValueError("steps: stand instead of partly; remove one of the two")
        sign = 1.0 if self.at_least is not None else -1.0
        if not _rise([sign * at for at in (*(s.at for s in self.steps), self.threshold)]):
            raise ValueError("steps: must go from the easiest value towards the threshold")
        if not _rise([step.share for step in self.steps]):
            raise ValueError("steps: must each have a greater share than the one before")
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


def _rise(values: Sequence[float]) -> bool:
    return all(one < other for one, other in itertools.pairwise(values))


class ProfileException(Section):
    """A requirement that one commune need not fulfil until a day, and why."""

    requirement: Id
    """Which requirement."""
    commune: UnitCode
    """Code of the commune, in quotes."""
    reason: str = Field(min_length=1)
    """Why it need not; the pages show it."""
    document: str = Field(min_length=1)
    """The paper that says so."""
    since: Day | None = None
    """First day; from ever where unset."""
    until: Day
    """Last day."""

    @model_validator(mode="after")
    def _ends_later(self) -> ProfileException:
        if self.since is not None and self.until < self.since:
            raise ValueError("until: must not be before since")
        return self

    def holds(self, commune: str, day: dt.date) -> bool:
        """Whether it exempts a commune on a day."""
        begun = self.since is None or self.since <= day
        return commune == self.commune and begun and day <= self.until


class Pillar(Section):
    """A group of requirements with a score of its own."""

    id: Id
    """Stable name."""
    title: Text
    """What people call it."""
