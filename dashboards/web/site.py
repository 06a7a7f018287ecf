"""What the pages are made from; the daemon replaces parts of it on a reload."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter

from config.profile import Profile
from config.sections import Settings
from inventory.clock import Clock
from inventory.judgement import Judge
from inventory.people.people import People
from inventory.profile_set import ProfileSet
from inventory.register.register import Register
from inventory.shapes import Ring
from inventory.sighting import Report
from inventory.snapshot import Snapshot
from inventory.store.desk import Desk
from inventory.units import Unit, UnitTable


def _nobody(communes: Iterable[str]) -> None:
    """A site without a daemon evaluates nothing."""


def _nothing() -> None:
    """A site without a daemon has nobody to tell."""


@dataclass(slots=True)
class Site:
    """The present, the settings that hold, and where history can be read."""

    settings: Settings
    profiles: ProfileSet
    units: UnitTable
    judge: Judge
    snapshot: Snapshot
    registry: CollectorRegistry
    database: Path
    desk: Desk
    register: Register
    people: People
    tell: Callable[[Report], None]
    """Has the inbox take in what a person decided; for threads."""
    clock: Clock
    version: str
    reconsider: Callable[[Iterable[str]], None] = _nobody
    """Has communes evaluated soon, because what is known of them has changed; for threads."""
    chosen_anew: Callable[[], None] = _nothing
    """Has what people chose count from now on, and communes evaluated soon; for threads."""
    shapes: Mapping[str, tuple[Ring, ...]] = field(default_factory=dict)
    """Commune code -> its outlines, for the map; empty where nobody gave any."""
    series_dropped: Counter | None = None
    """Counts series that a page of metrics leaves out."""

    @property
    def profile(self) -> Profile:
        """What communes are held against today where no layer says otherwise."""
        return self.profiles.base_on(self.today)

    @property
    def today(self) -> dt.date:
        """The day where the communes are."""
        return dt.datetime.fromtimestamp(self.clock.wall(), self.settings.zone).date()

    def profile_of(self, unit: Unit) -> Profile:
        """What a watched commune is held against today."""
        return self.profiles.of(unit, self.today)
