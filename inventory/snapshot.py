"""What is known right now, as immutable values that pages and metrics read without a lock.

The ledger replaces a view whenever what it shows has changed; a reader takes the mapping's values
and never sees half a change. Nothing here touches the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.sections import Asset, Commune
from inventory.known_equipment import Equipment
from inventory.observation import InterfaceReading, Outcome, StorageReading
from inventory.readiness.result import Evaluation
from inventory.units import Unit
from inventory.uptime import Availability, State


@dataclass(frozen=True, slots=True)
class EndpointView:
    """The last look at one endpoint; times in seconds since 1970, None before the first look."""

    id: str
    kind: str
    interval_s: float
    outcome: Outcome | None = None
    reason: str = ""
    message: str = ""
    last_look_at_s: float | None = None
    last_answer_at_s: float | None = None
    failures_in_a_row: int = 0
    duration_s: float | None = None
    latency_s: float | None = None
    loss_ratio: float | None = None
    http_status: int | None = None
    certificate_expires_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact: its source (registered, measured, declared) and when it was last confirmed."""

    name: str
    value: str
    source: str
    at_s: float


@dataclass(frozen=True, slots=True)
class InterfaceView:
    """One interface as it was read last; rates are over the last two looks, None where no honest
    rate exists."""

    reading: InterfaceReading
    in_bps: float | None = None
    out_bps: float | None = None
    is_uplink: bool = False


@dataclass(frozen=True, slots=True)
class AssetView:
    """One asset as it is now. `registered` is the entry of the register."""

    id: int
    registered: Asset
    state: State
    state_since_s: float
    behind: str | None = None
    endpoints: tuple[EndpointView, ...] = ()
    facts: tuple[FactView, ...] = ()
    interfaces: tuple[InterfaceView, ...] = ()
    storages: tuple[StorageReading, ...] = ()
    equipment: Equipment = field(default_factory=Equipment)
    cpu_ratio: float | None = None
    booted_at_s: float | None = None
    reboots: int = 0
    availability: Mapping[str, Availability] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The asset tag."""
        return self.registered.tag

    @property
    def answered_at_s(self) -> float | None:
        """When any of its endpoints answered last."""
        answers = [e.last_answer_at_s for e in self.endpoints if e.last_answer_at_s is not None]
        return max(answers, default=None)

    def fact(self, name: str) -> str:
        """The value of a fact, registered before measured, or '' where nobody knows."""
        found = {f.source: f.value for f in self.facts if f.name == name}
        return found.get("registered") or found.get("measured") or found.get("declared") or ""


@dataclass(frozen=True, slots=True)
class CommuneView:
    """One watched commune: its unit, its declared figures and its last evaluation."""

    unit: Unit
    declared: Commune
    evaluation: Evaluation | None = None


class AssetViews(dict[str, AssetView]):
    """Views by tag that know which are of a commune, so that a page or a scrape of one commune
    passes by nobody else's. Changed by `[tag] = `, `del` and `pop` alone."""

    def __init__(self, views: Mapping[str, AssetView]) -> None:
        super().__init__()
        self._of: dict[str, set[str]] = {}
        for tag, view in views.items():
            self[tag] = view

    def __setitem__(self, tag: str, view: AssetView) -> None:
        before = self.get(tag)
        commune = view.registered.commune
        if before is None or before.registered.commune != commune:
            self._forget(tag)
            self._of.setdefault(commune, set()).add(tag)
        super().__setitem__(tag, view)

    def __delitem__(self, tag: str) -> None:
        self._forget(tag)
        super().__delitem__(tag)

    def pop(self, tag: str, default: Any = None) -> Any:
        """As of any mapping; None where it is not there."""
        self._forget(tag)
        return super().pop(tag, default)

    def of(self, commune: str) -> list[AssetView]:
        """The views of one commune, in the order of their tags."""
        tags = sorted(self._of.get(commune, set()).copy())
        return [view for tag in tags if (view := self.get(tag)) is not None]

    def _forget(self, tag: str) -> None:
        known = self.get(tag)
        if known is not None:
            self._of[known.registered.commune].discard(tag)


@dataclass(slots=True)
class Snapshot:
    """The present, by asset tag and by commune code. Writers replace values; readers only read.

    forecast: commune -> (what ends, when) -> what replacing it costs, dong.
    """

    assets: dict[str, AssetView] = field(default_factory=dict)
    communes: dict[str, CommuneView] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    forecast: dict[str, Mapping[tuple[str, str], int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.assets = AssetViews(self.assets)

    def assets_of(self, commune: str) -> list[AssetView]:
        """The assets of one commune in the order of their tags."""
        assert isinstance(self.assets, AssetViews)
        return self.assets.of(commune)
