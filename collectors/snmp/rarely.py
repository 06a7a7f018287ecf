"""What is asked of a device more rarely than at each look: who it is, what it measures, its
topology. Each is kept in between, and read again when the device says that it has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from collectors.snmp.asking import Asking
from collectors.snmp.equipment import (
    cpu_ratio_in,
    facts_of_identity,
    sensors_in,
    storages_in,
    supplies_in,
)
from collectors.snmp.knowledge.book import BASE, ProfileBook
from collectors.snmp.knowledge.device import Identity
from collectors.snmp.knowledge.learn import choose_profile, identify, measure
from collectors.snmp.knowledge.schema import DeviceProfile
from collectors.snmp.pace import OF_THIS_PROCESS, Pace
from collectors.snmp.session import Value
from collectors.snmp.topology.survey import PROBES, Survey
from collectors.snmp.ups import UPS_PROBES, ups_objects, ups_of
from collectors.snmp.uptime import Uptime

IDENTITY_EVERY_S = 3600.0
"""How often a device is asked who it is where nothing says that it is another."""
MEASURES_EVERY_S = 300.0
"""How often sensors, consumables, memory and disks are read: a room warms up over minutes, a disk
fills over hours, and their tables may be longer than that of the interfaces."""
RETRY_S = 600.0
"""After an identity that could not be read whole."""

_SIGNS = ("sysObjectID", "sysDescr", "sysName", "entLastChangeTime")
"""What changes of these, the device is another one or has another module or software."""


@dataclass(slots=True)
class Rarely:
    """One device over many looks. survey: its topology; see there for `ports`. pace: whose turn
    it is to be asked for more than is due every few minutes."""

    book: ProfileBook
    survey: Survey = field(default_factory=Survey)
    pace: Pace = field(default_factory=lambda: OF_THIS_PROCESS)
    _identity: Identity | None = None
    _profile: DeviceProfile | None = None
    _has: frozenset[str] = frozenset()
    _signs: tuple[Value | None, ...] = ()
    _uptime_s: float = 0.0
    _identity_due_s: float = 0.0
    _measures_due_s: float = 0.0

    def notice(self, system: Mapping[str, Value], uptime: Uptime | None) -> bool:
        """Whether it is another device than at the last look, which gets nothing of the one
        before, or one that has restarted, which is asked again; before `run`."""
        signs = tuple(system.get(name) for name in _SIGNS)
        restarted = uptime is not None and uptime.seconds < self._uptime_s
        if uptime is not None:
            self._uptime_s = uptime.seconds
        if signs == self._signs and not restarted:
            return False
        self._identity = self._profile = None
        self._signs = signs
        self._identity_due_s = self._measures_due_s = 0.0
        self.survey.forget()
        return True

    async def run(
        self,
        asking: Asking,
        system: Mapping[str, Value],
        names: Callable[[], Mapping[int, str]],
    ) -> dict[str, Any]:
        """Read what is due, as far as the look's time allows; the fields of a Reading that are new.

        system: values of the system group by name; names: gives ifIndex -> ifName.
        """
        now_s = asking.now_s
        is_due = now_s >= self._identity_due_s or self.survey.is_due(now_s)
        has_turn = is_due and self.pace.take(now_s)
        if has_turn:
            await self._identify(asking, system)
        found: dict[str, Any] = {}
        if objects := ups_objects(self._has):
            found["ups"] = ups_of(await asking.ask("UPS", objects))
        found |= await self._measure(asking)
        return found | await self.survey.run(asking, self._has, names, all_parts=has_turn)

    def facts(self) -> dict[str, str]:
        """What is known of its identity, by name."""
        return facts_of_identity(self._identity) if self._identity is not None else {}

    @property
    def base_mac(self) -> str:
        """The MAC address that its profile found to stand for the device, or ''."""
        return self._identity.base_mac if self._identity is not None else ""

    async def _identify(self, asking: Asking, system: Mapping[str, Value]) -> None:
        if asking.now_s < self._identity_due_s or asking.is_over:
            return
        problems = asking.problem_count
        present = await asking.ask("what it has", {**PROBES, **UPS_PROBES}, below=True)
        found: Identity | None = None
        with asking.part("identify"):
            self._profile = await choose_profile(asking, system, self.book, asking.until_s)
            found = await identify(asking, system, self._profile, asking.until_s)
            asking.note(found.problems)
        failed = found is None or asking.problem_count > problems
        if found is not None and not (failed and self._identity is not None):
            self._identity = found
            self._has = frozenset(present)
        self._identity_due_s = asking.now_s + (RETRY_S if failed else IDENTITY_EVERY_S)

    async def _measure(self, asking: Asking) -> dict[str, Any]:
        if asking.now_s < self._measures_due_s or asking.is_over or not self._identity_due_s:
            return {}  # who it is comes first: its profile says what there is to measure
        with asking.part("measure"):
            profile = self._profile or self.book[BASE]
            measures = await measure(asking, profile, asking.until_s)
            asking.note(measures.problems)
            self._measures_due_s = asking.now_s + MEASURES_EVERY_S
            if not asking.is_gone:
                return {
                    "storages": storages_in(measures),
                    "cpu_ratio": cpu_ratio_in(measures),
                    "sensors": sensors_in(measures),
                    "supplies": supplies_in(measures),
                }
        return {}
