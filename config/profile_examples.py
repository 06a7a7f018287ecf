"""Examples that stand in a profile: what a commune has, and what must come out of it.

A file that says what it means can be checked by whoever wrote it: `hatang profile check` and the
tests hold each example against the profile (`inventory.readiness.examples`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.assets import Asset, Tag, UnitCode
from config.measures import Id
from config.scalars import Day, Flag, Number, Seconds, Section, Whole
from config.sections import Commune

EXAMPLE_COMMUNE = "00000"


class Hours(Section):
    """How long something was in each state in office hours."""

    up: Seconds | None = None
    """Answering."""
    down: Seconds | None = None
    """Not answering."""
    unknown: Seconds | None = None
    """Nobody looked."""


class GivenFigure(Section):
    """A figure that is kept by the hour; all its samples have one value."""

    value: Number
    """The value."""
    samples: Annotated[Whole, Field(ge=1)] = 100
    """How many there are, one an hour."""


class GivenProgram(Section):
    """A program that a device lists."""

    name: str = Field(min_length=1)
    """Its name."""
    installed_on: Day | None = None
    """The day on which this version of it came."""
    running: Flag = False
    """Whether it runs."""


class GivenAsset(Asset):
    """Some assets that are alike: keys of the register, and what was seen of them."""

    count: Annotated[Whole, Field(ge=1, le=10_000)] = 1
    """How many of them there are."""
    tag: Tag = "EXAMPLE"
    """What its label says; need not be given."""
    name: str = "Example"
    """What people call it; need not be given."""
    commune: UnitCode = EXAMPLE_COMMUNE
    """Always the commune of the example."""
    answered_before: Seconds | None = None
    """How long ago it last answered; it never did where unset."""
    office_hours: Hours | None = None
    """How it was in office hours; nobody looked at it where unset."""
    longest_outage: Seconds | None = None
    """Its longest outage in office hours; that of `outages` where unset."""
    outages: tuple[Seconds, ...] = ()
    """The office hours that each of its outages took."""
    programs: tuple[GivenProgram, ...] = ()
    """What it says is installed and running; it says nothing where there are none."""
    ups_runtime: Seconds | None = None
    """How long it says that it lasts."""
    on_battery: Flag = False
    """Whether it is being used up right now."""
    numbers: dict[Literal["lan_ports", "wifi_radios", "uplink_bps"], Number] = Field(
        default_factory=dict
    )
    """Numbers that it says of itself."""
    figures: dict[str, GivenFigure] = Field(default_factory=dict)
    """Figures by name, for example uplink_utilisation_ratio."""


class Given(Commune):
    """The commune of an example: keys of a commune in the settings, and its assets."""

    code: UnitCode = EXAMPLE_COMMUNE
    """Its code; exceptions need it."""
    day: Day | None = None
    """The day on which it is looked at; the first one of the profile where unset."""
    assets: tuple[GivenAsset, ...] = ()
    """What it has."""


class Expect(Section):
    """What must come out; what is not written may be anything."""

    verdict: Literal["met", "partly", "unmet", "unknown", "exempt"]
    """How the commune stands."""
    value: Number | None = None
    """What is measured, to the digits that are written."""
    gap: Number | None = None
    """How much is missing."""
    cost_vnd: Annotated[Whole, Field(ge=0)] | None = None
    """What mending costs, in dong."""


class Example(Section):
    """One example."""

    requirement: Id
    """Which requirement it is of."""
    given: Given = Given()
    """What the commune has."""
    expect: Expect
    """What must come out."""
