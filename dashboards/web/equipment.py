"""What an asset's page shows of its parts and surroundings, bounded and in an order for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dashboards.web.words import N_
from inventory.equipment import (
    AddressReading,
    ModuleReading,
    NeighbourReading,
    SensorReading,
    StationReading,
    SupplyReading,
)
from inventory.snapshot import AssetView, InterfaceView

MOST_ROWS = 200
"""Of one table of the page; a slow line must bear it, and the metrics have the rest."""

UNITS = MappingProxyType(
    {
        "celsius": "°C",
        "rpm": N_("rpm"),
        "volts": "V",
        "amperes": "A",
        "watts": "W",
        "watt_hours": "Wh",
        "hertz": "Hz",
        "percent": "%",
        "minutes": N_("min"),
        "dbm": "dBm",
    }
)
"""Unit of a sensor -> how it is written."""

_STATE_RANK = MappingProxyType({"critical": 0, "warning": 1, "": 2, "unknown": 2, "ok": 2})
_KIND_RANK = MappingProxyType(
    {kind: rank for rank, kind in enumerate(("temperature", "humidity", "fanspeed", "state"))}
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A part and how deep it sits in others."""

    module: ModuleReading
    depth: int


@dataclass(frozen=True, slots=True)
class EquipmentPage:
    """Rows by table, each at most MOST_ROWS; more: table -> how many are not shown.

    ports: ifIndex -> name; columns: what of duplex, poe, vlan and macs any interface has.
    limits: whether any sensor has some.
    """

    sensors: Sequence[SensorReading]
    supplies: Sequence[SupplyReading]
    neighbours: Sequence[NeighbourReading]
    addresses: Sequence[AddressReading]
    stations: Sequence[StationReading]
    modules: Sequence[Branch]
    more: Mapping[str, int]
    ports: Mapping[int, str]
    columns: frozenset[str]
    limits: bool

    def unit(self, unit: str) -> str:
        """How a sensor's unit is written, in English; a unit that we do not know as it is."""
        return UNITS.get(unit, unit)


def equipment_page(asset: AssetView) -> EquipmentPage:
    """What of an asset's equipment is shown: what is wrong first, then by kind and name."""
    known = asset.equipment
    more = {
        name: len(getattr(known, name)) - MOST_ROWS
        for name in ("sensors", "supplies", "neighbours", "addresses", "stations", "modules")
        if len(getattr(known, name)) > MOST_ROWS
    }
    return EquipmentPage(
        sorted(known.sensors, key=_place)[:MOST_ROWS],
        known.supplies[:MOST_ROWS],
        known.neighbours[:MOST_ROWS],
        known.addresses[:MOST_ROWS],
        known.stations[:MOST_ROWS],
        _tree(known.modules)[:MOST_ROWS],
        more,
        {port.reading.index: port.reading.name for port in asset.interfaces},
        _columns(asset.interfaces),
        any((s.low, s.low_warning, s.high_warning, s.high) != (None,) * 4 for s in known.sensors),
    )


def _place(sensor: SensorReading) -> tuple[int, int, str, str]:
    rank = _KIND_RANK.get(sensor.kind, len(_KIND_RANK))
    return _STATE_RANK.get(sensor.state, 2), rank, sensor.kind, sensor.name


def _tree(modules: Sequence[ModuleReading]) -> list[Branch]:
    """Each part behind the one that it is in. What is in itself by a detour is left out of no
    tree: it stands at the top."""
    under: dict[int, list[ModuleReading]] = {}
    for module in modules:
        under.setdefault(module.parent, []).append(module)
    found: list[Branch] = []
    seen: set[int] = set()

    def grow(roots: Sequence[ModuleReading]) -> None:
        todo = [Branch(module, 0) for module in reversed(roots)]
        while todo:
            branch = todo.pop()
            if branch.module.index in seen:
                continue
            seen.add(branch.module.index)
            found.append(branch)
            children = under.get(branch.module.index, ())
            todo.extend(Branch(child, branch.depth + 1) for child in reversed(children))

    grow(under.get(0, ()))
    grow([module for module in modules if module.index not in seen])
    return found


def _columns(ports: Sequence[InterfaceView]) -> frozenset[str]:
    seen = [port.reading.port for port in ports]
    return frozenset(
        name
        for name in ("duplex", "poe", "vlan", "macs")
        if any(port is not None and getattr(port, name) not in ("", None) for port in seen)
    )
