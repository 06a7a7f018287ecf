"""The equipment of one asset as it was last read, kind by kind, and what a store lacks of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from inventory.equipment import (
    AddressReading,
    ModuleReading,
    NeighbourReading,
    PoeReading,
    ProgramReading,
    SensorReading,
    StationReading,
    SupplyReading,
    UpsReading,
    VlanReading,
)
from inventory.observation import Reading
from inventory.store.rows import EquipmentRow

MOVING_SAVED_EVERY_S = 900.0
"""How often what changes at every look is written: the metrics have its history."""
CONFIRMED_EVERY_S = 3600.0
"""How often the date of what has not changed is written."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What is known; read_at_s: kind (the name of a field) -> when it was read, seconds since
    1970. A kind that was never read is not there and its field is empty."""

    ups: UpsReading | None = None
    sensors: tuple[SensorReading, ...] = ()
    supplies: tuple[SupplyReading, ...] = ()
    poe: tuple[PoeReading, ...] = ()
    neighbours: tuple[NeighbourReading, ...] = ()
    addresses: tuple[AddressReading, ...] = ()
    stations: tuple[StationReading, ...] = ()
    modules: tuple[ModuleReading, ...] = ()
    vlans: tuple[VlanReading, ...] = ()
    programs: tuple[ProgramReading, ...] = ()
    read_at_s: Mapping[str, float] = field(default_factory=dict)


KINDS: Mapping[str, TypeAdapter[Any]] = {
    "ups": TypeAdapter(UpsReading),
    "sensors": TypeAdapter(tuple[SensorReading, ...]),
    "supplies": TypeAdapter(tuple[SupplyReading, ...]),
    "poe": TypeAdapter(tuple[PoeReading, ...]),
    "neighbours": TypeAdapter(tuple[NeighbourReading, ...]),
    "addresses": TypeAdapter(tuple[AddressReading, ...]),
    "stations": TypeAdapter(tuple[StationReading, ...]),
    "modules": TypeAdapter(tuple[ModuleReading, ...]),
    "vlans": TypeAdapter(tuple[VlanReading, ...]),
    "programs": TypeAdapter(tuple[ProgramReading, ...]),
}
"""Field of Equipment and of Reading -> how it is read back."""

_MOVING = frozenset({"ups", "sensors", "stations"})


class KnownEquipment:
    """See the module. `now`: the latest, replaced as a whole whenever a part has been read."""

    def __init__(self, now: Equipment | None = None) -> None:
        self.now = now or Equipment()
        self._unsaved: set[str] = set()
        self._saved_at_s: dict[str, float] = dict(self.now.read_at_s)

    def note(self, reading: Reading, at_s: float) -> None:
        """Take in what one look has read of it."""
        found = {kind: value for kind in KINDS if (value := getattr(reading, kind)) is not None}
        if not found:
            return
        for kind, value in found.items():
            saved_at_s = self._saved_at_s.get(kind)
            age_s = at_s - saved_at_s if saved_at_s is not None else None
            is_new = getattr(self.now, kind) != value and (
                kind not in _MOVING or age_s is None or age_s >= MOVING_SAVED_EVERY_S
            )
            if is_new or age_s is None or age_s >= CONFIRMED_EVERY_S:
                self._unsaved.add(kind)
        dates = {**self.now.read_at_s, **dict.fromkeys(found, at_s)}
        self.now = dataclasses.replace(self.now, **found, read_at_s=dates)

    def unsaved(self, asset_id: int) -> Iterator[EquipmentRow]:
        """The rows that a store does not have yet."""
        for kind in sorted(self._unsaved):
            body = to_json(kind, getattr(self.now, kind))
            yield EquipmentRow(asset_id, kind, body, self.now.read_at_s[kind])

    def saved(self) -> None:
        """A store has committed them."""
        for kind in self._unsaved:
            self._saved_at_s[kind] = self.now.read_at_s[kind]
        self._unsaved.clear()


def equipment_of(rows: list[EquipmentRow]) -> Equipment:
    """What rows on file say. A row of another version's making is left out: it will be read from
    the device again."""
    found: dict[str, Any] = {}
    dates: dict[str, float] = {}
    for row in rows:
        try:
            found[row.kind] = KINDS[row.kind].validate_json(row.body)
        except (KeyError, ValueError):
            continue
        dates[row.kind] = row.at_s
    return Equipment(**found, read_at_s=dates)


def to_json(kind: str, value: Any) -> str:
    """One kind as ASCII JSON. Any text can be written so, a lone surrogate as well."""
    return json.dumps(KINDS[kind].dump_python(value), separators=(",", ":"))
