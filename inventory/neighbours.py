"""Candidates for the inbox from what registered devices see beside them: LLDP, CDP, ARP tables.

A neighbour on a cable is told of wherever it is; who merely stands in an ARP table only inside the
ranges that are swept, since such tables hold the whole Internet side of a router, too.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator

from config.assets import AssetClass
from config.discovery import Discovery
from inventory.equipment import NeighbourReading, StationReading
from inventory.observation import Claim, ClaimKind, Observation
from inventory.sighting import How, Sighting

AGAIN_AFTER_S = 3600.0
"""The same neighbour is told of again after this time, so that it stays fresh and not loud."""

_MOST_REMEMBERED = 50_000
_MAC = re.compile(r"[0-9a-f]{12}")

_CLASSES = (
    ("telephone", AssetClass.PHONE),
    ("wlan_access_point", AssetClass.ACCESS_POINT),
    ("bridge", AssetClass.SWITCH),
    ("router", AssetClass.ROUTER),
)
"""What a capability of LLDP or CDP makes of a neighbour; the first that it has. A telephone and an
access point bridge, too; what bridges and routes is a switch of layer 3."""


class Neighbours:
    """Turns observations into sightings; remembers whom it told of. One thread uses it."""

    def __init__(self, tell: Callable[[Sighting], None], discovery: Discovery) -> None:
        self._tell = tell
        self.discovery = discovery
        self._told_s: dict[tuple[str, str, str], float] = {}

    def take(self, seen: Observation) -> None:
        """Tell of everybody whom this observation shows for the first time in an hour."""
        reading = seen.reading
        if reading.neighbours is None and reading.stations is None:
            return
        tag = seen.endpoint.partition("/")[0]
        for neighbour in reading.neighbours or ():
            self._offer(_of_neighbour(neighbour, tag, seen.at_s), seen.monotonic_s)
        for sighting in self._stations(reading.stations or (), tag, seen.at_s):
            self._offer(sighting, seen.monotonic_s)

    def _offer(self, sighting: Sighting, now_s: float) -> None:
        name = sighting.facts.get("sys_name", "")
        key = (sighting.address, sighting.mac, name)
        told_s = self._told_s.get(key)
        if not any(key) or (told_s is not None and now_s - told_s < AGAIN_AFTER_S):
            return
        if len(self._told_s) >= _MOST_REMEMBERED:
            self._told_s.clear()
        self._told_s[key] = now_s
        self._tell(sighting)

    def _stations(
        self, stations: tuple[StationReading, ...], tag: str, at_s: float
    ) -> Iterator[Sighting]:
        for station in stations:
            if station.address and self._is_ours(station.address):
                note = f"in the ARP table of {tag}"
                yield Sighting(How.NEIGHBOUR, station.address, at_s, _mac(station.mac), note=note)

    def _is_ours(self, address: str) -> bool:
        """Whether an address lies in a swept range and is not excluded."""
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(
            sweep.covers(ip) and not any(ip in out for out in sweep.left_out)
            for sweep in self.discovery.communes
        )


def _of_neighbour(neighbour: NeighbourReading, tag: str, at_s: float) -> Sighting:
    facts = {"sys_name": neighbour.name, "sys_descr": neighbour.descr}
    name = (Claim(ClaimKind.SYS_NAME, neighbour.name),) if neighbour.name else ()
    found = (made for word, made in _CLASSES if word in neighbour.capabilities)
    where = f" on {neighbour.local_port}" if neighbour.local_port else ""
    return Sighting(
        How.NEIGHBOUR,
        neighbour.address,
        at_s,
        _mac(neighbour.chassis_id),
        name,
        {fact: text for fact, text in facts.items() if text},
        asset_class=next((made.value for made in found), ""),
        note=f"{neighbour.protocol.upper()} neighbour of {tag}{where}",
    )


def _mac(text: str) -> str:
    """12 hexadecimal digits of a MAC address in any writing, '' for anything else."""
    bare = re.sub(r"[^0-9a-f]", "", text.lower()) if len(text) <= 17 else ""
    return bare if _MAC.fullmatch(bare) else ""
