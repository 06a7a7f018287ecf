"""What an evaluation looks at: one commune and its assets as they are known at one moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from config.sections import Asset, Commune
from inventory.units import Unit
from inventory.uptime import Availability


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure kept by the hour, over the office hours of a window: the histograms of
    `inventory.rollups` added up, count and total of the samples, when the last hour began, and in
    how many hours of how many there was a sample."""

    histogram: Sequence[int]
    count: int
    total: float
    last_at_s: float
    hours: int = 1
    of_hours: int = 1


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """One asset.

    os: what is registered, else measured. os_at_s: when that was measured, None for registered.
    last_answer_at_s: of any endpoint. office: its time in office hours, None for what nobody looks
    at. longest_outage_s: of these hours, 0 without an outage. observed_at_s: until when it is known
    whether it was up. figures: by name.
    """

    registered: Asset
    os: str = ""
    os_at_s: float | None = None
    last_answer_at_s: float | None = None
    office: Availability | None = None
    longest_outage_s: float | None = None
    observed_at_s: float | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommuneFacts:
    """One commune: its unit, the figures that somebody answers for, what it has, and the zone
    whose days its declarations and dates mean."""

    unit: Unit
    declared: Commune
    assets: tuple[AssetFacts, ...] = ()
    zone: dt.tzinfo = dt.UTC
