"""Which assets a measure means: conditions that must all hold."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.assets import AssetClass, AssetStatus
from config.scalars import Flag, Number, Section

_Word = Annotated[str, Field(min_length=1)]


class Filter(Section):
    """Which assets count. Unset means any; all that are set must hold.

    A condition on what is not known of an asset (its age, its system, its room) is neither true
    nor false of it: it does not count, and where it could decide, nothing is decided.
    """

    classes: tuple[AssetClass, ...] = ()
    """Of one of these classes."""
    statuses: tuple[AssetStatus, ...] = (AssetStatus.IN_USE,)
    """In one of these statuses."""
    feature: _Word | None = None
    """That has this feature."""
    edge: Flag | None = None
    """That is, or is not, the commune's edge."""
    site: _Word | None = None
    """At this place, whatever its capitals."""
    room: _Word | None = None
    """In this room, whatever its capitals."""
    vendor: _Word | None = None
    """Of this maker, whatever its capitals."""
    custom: dict[str, str] = Field(default_factory=dict)
    """Whose own fields say this; `"*"` for anything that is not blank."""
    software: _Word | None = None
    """On which a program is installed whose name begins so, whatever its capitals."""
    support: Literal["supported", "unsupported"] | None = None
    """Whose operating system its maker supports, or no longer does."""
    older_than_years: Annotated[Number, Field(ge=0)] | None = None
    """That has been in use for longer."""
    younger_than_years: Annotated[Number, Field(gt=0)] | None = None
    """That has not been in use for so long."""
    past_life: Flag | None = None
    """That is, or is not, past its expected life."""
    watched: Flag | None = None
    """That Hatang looks at, or does not."""

    @model_validator(mode="after")
    def _ages_leave_something(self) -> Filter:
        older, younger = self.older_than_years, self.younger_than_years
        if older is not None and younger is not None and younger <= older:
            raise ValueError("younger_than_years: must be more than older_than_years")
        return self

    @cached_property
    def is_plain(self) -> bool:
        """Whether only class, status, feature and edge are asked for, which are always known."""
        plain = {"classes", "statuses", "feature", "edge"}
        fields = type(self).model_fields.keys() - plain
        return not any(getattr(self, name) not in (None, {}) for name in fields)
