"""Which fault happens when: a YAML file that makes a folder of recordings tell a story.

    events:
      - {device: "edge-*", at: 60s, for: 90s, every: 10m, faults: {dead: true}}
      - {device: sw-02, at: 4m, for: 20s, every: 15m, reboot: true}
    traffic:
      - {device: edge-01, interface: 1, in_bps: 38e6, out_bps: 9e6}

Times count from the start of the simulation. Everything is a pure function of that time.
"""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from collectors.snmp.simulator.errors import ScenarioError
from collectors.snmp.simulator.faults import NO_FAULTS, Faults, worst
from collectors.snmp.simulator.motion import Moment, Traffic
from config.scalars import Seconds


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Event(_Entry):
    """Faults, or a reboot, of all devices that match a glob, from `at` on for `for` seconds
    (unset: for ever), again and again where `every` is set.

    A reboot is silence for that long, after which uptime and counters begin at zero.
    """

    device: str = "*"
    at_s: Seconds | None = Field(None, alias="at")
    for_s: Seconds | None = Field(None, alias="for")
    every_s: Seconds | None = Field(None, alias="every")
    faults: Faults = NO_FAULTS
    reboot: bool = False

    @field_validator("faults", mode="before")
    @classmethod
    def _faults_from_words(cls, value: Any) -> Any:
        return dict(value) if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _can_be_played(self) -> Event:
        if (self.every_s or self.reboot) and self.for_s is None:
            raise ValueError("say how long it lasts: for: 90s")
        if self.every_s and self.for_s and self.for_s >= self.every_s:
            raise ValueError("`for` must be shorter than `every`")
        if self.reboot == (self.faults != NO_FAULTS):
            raise ValueError("an event is either a reboot or faults")
        return self

    def concerns(self, name: str) -> bool:
        """Whether a device of this name is meant."""
        return fnmatch.fnmatchcase(name, self.device)

    def active(self, now_s: float) -> bool:
        """Whether it is going on."""
        since = now_s - (self.at_s or 0.0)
        if since < 0:
            return False
        return (since % self.every_s if self.every_s else since) < self._lasts_s

    def active_total(self, until_s: float) -> float:
        """Seconds from 0 to until_s in which it went on."""
        since = until_s - (self.at_s or 0.0)
        if since <= 0:
            return 0.0
        if not self.every_s:
            return min(since, self._lasts_s)
        rounds, rest = divmod(since, self.every_s)
        return rounds * self._lasts_s + min(rest, self._lasts_s)

    def ends(self, until_s: float) -> tuple[int, float]:
        """(how often it has ended by until_s, when it last did); (0, 0.0) for never."""
        first = (self.at_s or 0.0) + self._lasts_s
        if until_s < first:
            return 0, 0.0
        rounds = int((until_s - first) // self.every_s) if self.every_s else 0
        return rounds + 1, first + rounds * (self.every_s or 0.0)

    @property
    def _lasts_s(self) -> float:
        return math.inf if self.for_s is None else self.for_s


class TrafficRule(_Entry):
    """What goes over one interface (ifIndex) of the devices that match a glob."""

    device: str
    interface: int = Field(ge=1)
    in_bps: float = Field(ge=0)
    out_bps: float = Field(ge=0)
    swing: float = Field(0.3, ge=0, le=1)
    period_s: Seconds = Field(600.0, alias="period")


class Scenario(_Entry):
    """A whole story: events and traffic for a folder of devices."""

    events: tuple[Event, ...] = ()
    traffic: tuple[TrafficRule, ...] = ()

    def timeline(self, name: str) -> Timeline:
        """The events of one device. Raises ScenarioError."""
        return Timeline(event for event in self.events if event.concerns(name))

    def traffic_of(self, name: str) -> dict[int, Traffic]:
        """ifIndex -> Traffic of one device; a later rule wins."""
        return {
            rule.interface: Traffic(rule.in_bps, rule.out_bps, rule.swing, rule.period_s)
            for rule in self.traffic
            if fnmatch.fnmatchcase(name, rule.device)
        }


class Timeline:
    """What happens to one device, in seconds since the simulation began.

    Raises ScenarioError where two events cut one link, because then nobody could say how long
    it was cut.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events = tuple(events)
        self._links: dict[int, Event] = {}
        for event in self._events:
            for link in event.faults.links_down:
                if link in self._links:
                    raise ScenarioError(f"two events cut link {link} of {event.device}: write one")
                self._links[link] = event

    def and_then(self, event: Event) -> Timeline:
        """The same with one event more."""
        return Timeline((*self._events, event))

    def faults(self, now_s: float) -> Faults:
        """All faults that hold now; a device that reboots is dead."""
        return worst(
            Faults(dead=True) if event.reboot else event.faults
            for event in self._events
            if event.active(now_s)
        )

    def moment(self, now_s: float) -> Moment:
        """The device's own time."""
        reboots, back_s = 0, 0.0
        for event in self._events:
            if event.reboot:
                times, last_s = event.ends(now_s)
                reboots, back_s = reboots + times, max(back_s, last_s)
        lost = {
            link: event.active_total(now_s) - event.active_total(back_s)
            for link, event in self._links.items()
        }
        down = frozenset(link for link, event in self._links.items() if event.active(now_s))
        return Moment(now_s - back_s, reboots, down, lost)


def read_scenario(path: Path) -> Scenario:
    """The scenario in a YAML file. Raises ScenarioError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    except yaml.YAMLError as error:
        raise ScenarioError(f"{path}: {' '.join(str(error).split())}") from error
    try:
        return Scenario.model_validate({} if data is None else data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ScenarioError(f"{path}: {where}: {first['msg']}") from error
