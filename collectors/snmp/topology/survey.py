"""All of the standard MIBs' topology of one device, part by part, each kept until it is read again.

A part that a look's time did not suffice for is read at the next one, before those that were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from collectors.snmp.asking import Asking
from collectors.snmp.session import Objects, Oid, Rows
from collectors.snmp.topology import (
    addresses,
    bridge,
    cdp,
    ethernet,
    lldp,
    modules,
    poe,
    programs,
)
from inventory.equipment import NeighbourReading, PortReading, StationReading

EVERY_S = 3600.0
"""How often a part is read: cables and cards are moved by people, a few times a year."""
POE_EVERY_S = 300.0
"""Power comes and goes with what is plugged in; two short tables."""
PROGRAMS_EVERY_S = 6 * 3600.0
"""Updates come once a day at most, and the list of programs is the longest of all tables."""
RETRY_S = 600.0
"""After a failure."""

PROBES: dict[str, Oid] = {
    "lldp": lldp.LLDP_PROBE,
    "cdp": cdp.CDP_PROBE,
    "bridge": bridge.BRIDGE_PORTS["dot1dBasePortIfIndex"],
    "duplex": ethernet.DUPLEX["dot3StatsDuplexStatus"],
    "poe": poe.POE_PROBE,
    "entity": modules.MODULES["entPhysicalClass"],
    "programs": programs.PROGRAMS_PROBE,
    "running": programs.RUNNING_PROBE,
}
"""What a device may lack altogether; one question tells."""


@dataclass(slots=True)
class _Seen:
    """What is known of the ports and of those behind them, by ifIndex and by where it came from."""

    bridge_ports: Mapping[int, int] = field(default_factory=dict)
    duplex: Mapping[int, str] = field(default_factory=dict)
    vlans: Mapping[int, bridge.PortVlans] = field(default_factory=dict)
    macs: Mapping[int, int] = field(default_factory=dict)
    power: Mapping[int, poe.PortPower] = field(default_factory=dict)
    neighbours: dict[str, tuple[NeighbourReading, ...]] = field(default_factory=dict)
    stations: dict[str, tuple[StationReading, ...]] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    installed: Mapping[str, str] = field(default_factory=dict)
    running: frozenset[str] = frozenset()


Take = Callable[[_Seen, Rows], dict[str, Any]]
"""Takes rows in; gives the fields of a Reading that have changed by it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One walk. probe: which of PROBES must have found something, '' for a table that any device
    may have."""

    name: str
    objects: Objects
    take: Take
    probe: str = ""
    every_s: float = EVERY_S


def _neighbours(seen: _Seen, protocol: str, found: tuple[NeighbourReading, ...]) -> dict[str, Any]:
    seen.neighbours[protocol] = found
    return {"neighbours": tuple(n for part in seen.neighbours.values() for n in part)}


def _stations(seen: _Seen, source: str, found: tuple[StationReading, ...]) -> dict[str, Any]:
    """One for each MAC and address: the port where the bridge sees it, the address of ARP."""
    seen.stations[source] = found
    ports = {s.mac: s.if_index for s in seen.stations.get("bridge", ())}
    known = seen.stations.get("arp", ())
    named = {s.mac for s in known}
    joined = (
        *(replace(s, if_index=ports.get(s.mac, s.if_index)) for s in known),
        *(s for s in seen.stations.get("bridge", ()) if s.mac not in named),
    )
    return {"stations": joined[: bridge.MAX_STATIONS]}


def _take_lldp(seen: _Seen, rows: Rows) -> dict[str, Any]:
    return _neighbours(seen, "lldp", lldp.lldp_neighbours(rows, seen.names))


def _take_cdp(seen: _Seen, rows: Rows) -> dict[str, Any]:
    return _neighbours(seen, "cdp", cdp.cdp_neighbours(rows, seen.names))


def _take_ports(seen: _Seen, rows: Rows) -> dict[str, Any]:
    seen.bridge_ports = bridge.ports_of(rows)
    return {}


def _take_duplex(seen: _Seen, rows: Rows) -> dict[str, Any]:
    seen.duplex = ethernet.duplex_of(rows)
    return {}


def _take_vlans(seen: _Seen, rows: Rows) -> dict[str, Any]:
    seen.vlans = bridge.vlans_of_ports(rows, seen.bridge_ports)
    return {"vlans": bridge.vlans_of(rows)}


def _take_power(seen: _Seen, rows: Rows) -> dict[str, Any]:
    seen.power = poe.powers_of(rows, seen.bridge_ports)
    return {"poe": poe.sources_of(rows)}


def _take_addresses(seen: _Seen, rows: Rows) -> dict[str, Any]:
    return {"addresses": addresses.addresses_of(rows)}


def _take_modules(seen: _Seen, rows: Rows) -> dict[str, Any]:
    return {"modules": modules.modules_of(rows)}


def _take_arp(seen: _Seen, rows: Rows) -> dict[str, Any]:
    return _stations(seen, "arp", addresses.neighbourhood_of(rows))


def _take_forwarding(seen: _Seen, rows: Rows) -> dict[str, Any]:
    seen.macs = bridge.counts_of(rows, seen.bridge_ports)
    return _stations(seen, "bridge", bridge.stations_of(rows, seen.bridge_ports))


def _take_installed(seen: _Seen, rows: Rows) -> dict[str, Any]:
    seen.installed = programs.installed_of(rows)
    return _programs(seen)


def _take_running(seen: _Seen, rows: Rows) -> dict[str, Any]:
    seen.running = programs.running_of(rows)
    return _programs(seen)


def _programs(seen: _Seen) -> dict[str, Any]:
    """Nothing where a device lists none: then it has no such list."""
    found = programs.programs_of(seen.installed, seen.running)
    return {"programs": found} if found else {}


_PARTS = (
    _Part("bridge ports", bridge.BRIDGE_PORTS, _take_ports, "bridge"),
    _Part("power over Ethernet", poe.POE, _take_power, "poe", POE_EVERY_S),
    _Part("LLDP neighbours", lldp.LLDP, _take_lldp, "lldp"),
    _Part("CDP neighbours", cdp.CDP, _take_cdp, "cdp"),
    _Part("addresses", addresses.ADDRESSES, _take_addresses),
    _Part("modules", modules.MODULES, _take_modules, "entity"),
    _Part("duplex", ethernet.DUPLEX, _take_duplex, "duplex"),
    _Part("VLANs", bridge.VLANS, _take_vlans, "bridge"),
    _Part("address resolution", addresses.NEIGHBOURHOOD, _take_arp),
    _Part("forwarding", bridge.FORWARDING, _take_forwarding, "bridge"),
    _Part("running programs", programs.RUNNING, _take_running, "running", PROGRAMS_EVERY_S),
    _Part("programs", programs.PROGRAMS, _take_installed, "programs", PROGRAMS_EVERY_S),
)
"""In the order in which a new device is asked: what people look for first, the longest at last."""


class Survey:
    """The topology of one device over many looks. `ports`: ifIndex -> what is known beside its
    counters."""

    def __init__(self) -> None:
        self.ports: dict[int, PortReading] = {}
        self._seen = _Seen()
        self._due_s: dict[str, float] = {}

    def forget(self) -> None:
        """Another device, or one that has been changed: everything is due."""
        self.ports = {}
        self._seen = _Seen()
        self._due_s = {}

    def is_due(self, now_s: float) -> bool:
        """Whether a part is due that is read rarely."""
        return any(part.every_s >= EVERY_S for part in self._due(now_s))

    async def run(
        self,
        asking: Asking,
        has: frozenset[str],
        names: Callable[[], Mapping[int, str]],
        *,
        all_parts: bool = True,
    ) -> dict[str, Any]:
        """Read what is due, as far as time allows; the fields of a Reading that are new.

        has: those of PROBES that found something. names: gives ifIndex -> ifName. all_parts:
        without it only those that are read every few minutes, and have been read once.
        """
        found: dict[str, Any] = {}
        now_s = asking.now_s
        due = [
            part
            for part in self._due(now_s)
            if all_parts or (part.every_s < EVERY_S and part.name in self._due_s)
        ]
        if not due:
            return found
        self._seen.names = names()
        for part in sorted(due, key=lambda part: self._due_s.get(part.name, 0.0)):
            if asking.is_over:
                break
            is_first = part.name not in self._due_s
            rows: Rows = {}
            problems = asking.problem_count
            if not part.probe or part.probe in has:
                rows = await asking.walk(part.name, part.objects)
            failed = asking.problem_count > problems
            self._due_s[part.name] = now_s + (RETRY_S if failed else part.every_s)
            if asking.is_gone:
                break
            if is_first or not failed:  # half a table is better than none, and worse than the last
                found |= part.take(self._seen, rows)
        self.ports = self._ports()
        return found

    def _due(self, now_s: float) -> list[_Part]:
        return [part for part in _PARTS if self._due_s.get(part.name, 0.0) <= now_s]

    def _ports(self) -> dict[int, PortReading]:
        seen = self._seen
        indexes = {*seen.duplex, *seen.vlans, *seen.macs, *seen.power}
        return {index: self._port(index) for index in indexes}

    def _port(self, index: int) -> PortReading:
        seen = self._seen
        power, vlans = seen.power.get(index), seen.vlans.get(index)
        is_bridged = index in seen.vlans or index in seen.macs
        return PortReading(
            duplex=seen.duplex.get(index, ""),
            poe=power.state if power else "",
            poe_class=power.power_class if power else None,
            vlan=vlans.untagged if vlans else None,
            tagged=vlans.tagged if vlans else None,
            macs=seen.macs.get(index, 0) if is_bridged and seen.macs else None,
        )
