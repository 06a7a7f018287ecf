"""What an evaluation looks at: one commune and its assets as they are known at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from config.sections import Asset, Commune
from inventory.units import Unit
from inventory.uptime import Availability


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure kept by the hour, over the office hours of a window: the histograms of
    `inventory.rollups` added up, count, total, and when the last hour began."""

    histogram: Sequence[int]
    count: int
    total: float
    last_at_s: float


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """One asset. office: its time in office hours; longest_outage_s: of these hours; os: what is
    registered, else measured; last_answer_at_s: of any endpoint; figures: by name."""

    registered: Asset
    os: str = ""
    last_answer_at_s: float | None = None
    office: Availability | None = None
    longest_outage_s: float | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommuneFacts:
    """One commune: its unit, the figures that somebody answers for, and what it has."""

    unit: Unit
    declared: Commune
    assets: tuple[AssetFacts, ...] = ()
