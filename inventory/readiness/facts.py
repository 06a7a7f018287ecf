"""What an evaluation looks at: one commune and its assets as they are known at one moment."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from config.assets import AssetClass
from config.sections import Asset, Commune
from inventory.readiness.os_support import SupportTable
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
class Programs:
    """What an asset says is installed on it. names: in small letters; is_whole: whether the list
    was not cut short; protection: antivirus, firewall, backup -> the program that was recognised;
    changed_on: the last day on which anything was installed or updated, None where it does not say;
    at_s: when it said so."""

    names: tuple[str, ...]
    at_s: float
    is_whole: bool = True
    protection: Mapping[str, str] = field(default_factory=dict)
    changed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Runtime:
    """How long a UPS lasts at its present load. on_battery: it is being used up right now."""

    runtime_s: float
    at_s: float
    on_battery: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number that an asset says of itself, and when it did."""

    value: float
    at_s: float


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """One asset.

    os: what is registered, else measured. os_at_s: when that was measured, None for registered.
    last_answer_at_s: of any endpoint. office: its time in office hours, None for what nobody looks
    at or no requirement asks about. longest_outage_s: of these hours, 0 without an outage;
    outages_s: of each outage that reached into them. observed_at_s: until when it is known whether
    it was up. figures: by name.
    programs, ups: None for what never said. numbers: lan_ports, wifi_radios, uplink_bps.
    """

    registered: Asset
    os: str = ""
    os_at_s: float | None = None
    last_answer_at_s: float | None = None
    office: Availability | None = None
    longest_outage_s: float | None = None
    observed_at_s: float | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)
    outages_s: tuple[float, ...] = ()
    programs: Programs | None = None
    ups: Runtime | None = None
    numbers: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommuneFacts:
    """One commune: its unit, the figures that somebody answers for, what it has, and the zone
    whose days its declarations and dates mean. systems: until when operating systems have support;
    the shipped table where None."""

    unit: Unit
    declared: Commune
    assets: tuple[AssetFacts, ...] = ()
    zone: dt.tzinfo = dt.UTC
    systems: SupportTable | None = None
    _by_class: Mapping[AssetClass, Sequence[tuple[int, AssetFacts]]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        found: dict[AssetClass, list[tuple[int, AssetFacts]]] = defaultdict(list)
        for place, asset in enumerate(self.assets):
            found[asset.registered.asset_class].append((place, asset))
        object.__setattr__(self, "_by_class", found)

    def of(self, classes: Collection[AssetClass]) -> Sequence[AssetFacts]:
        """The assets of some classes, of all where none is named, in their order: a requirement
        looks at few of hundreds."""
        if not classes:
            return self.assets
        found = [pair for one in set(classes) for pair in self._by_class.get(one, ())]
        return [asset for _, asset in sorted(found, key=_place)]


def _place(pair: tuple[int, AssetFacts]) -> int:
    return pair[0]
