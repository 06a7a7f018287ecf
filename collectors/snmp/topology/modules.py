"""The whole tree of ENTITY-MIB (RFC 6933): every part that can be named, exchanged or stolen."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.snmp.session import Oid, Rows, Value
from collectors.snmp.text import number, oid, text, word
from inventory.equipment import ModuleReading
from inventory.identity import is_junk
from inventory.observation import Claim, ClaimKind

_ENTRY = oid("1.3.6.1.2.1.47.1.1.1.1")

MODULES: dict[str, Oid] = {
    "entPhysicalDescr": (*_ENTRY, 2),
    "entPhysicalContainedIn": (*_ENTRY, 4),
    "entPhysicalClass": (*_ENTRY, 5),
    "entPhysicalName": (*_ENTRY, 7),
    "entPhysicalHardwareRev": (*_ENTRY, 8),
    "entPhysicalFirmwareRev": (*_ENTRY, 9),
    "entPhysicalSoftwareRev": (*_ENTRY, 10),
    "entPhysicalSerialNum": (*_ENTRY, 11),
    "entPhysicalModelName": (*_ENTRY, 13),
}
"""The columns that are walked, together."""

MAX_MODULES = 300
"""Kept of one device: a chassis of ten slots with all its optics."""

_CLASSES = {
    1: "other",
    2: "unknown",
    3: "chassis",
    4: "backplane",
    5: "container",
    6: "power_supply",
    7: "fan",
    8: "sensor",
    9: "module",
    10: "port",
    11: "stack",
    12: "cpu",
    13: "energy_object",
    14: "battery",
    15: "storage_drive",
}
_WITHOUT_SERIAL = frozenset({"chassis", "power_supply", "fan", "module", "stack", "battery"})
"""Kept though nothing tells one from another; a port, a slot or a sensor is not."""


def modules_of(rows: Rows) -> tuple[ModuleReading, ...]:
    """The parts in the order of their numbers, each with the nearest part that it is in.

    Ports, slots and sensors count only where they have a serial number (an optic sits in a port).
    At most MAX_MODULES; those with a serial number go before the others.
    """
    found = {index[0]: _module(rows, index) for index in _indexes(rows)}
    kept = [m for m in found.values() if m.serial or m.kind in _WITHOUT_SERIAL]
    if len(kept) > MAX_MODULES:
        kept = sorted(kept, key=lambda m: (not m.serial, m.index))[:MAX_MODULES]
    numbers = {module.index for module in kept}
    return tuple(
        _under(module, _parent(module, found, numbers))
        for module in sorted(kept, key=lambda m: m.index)
    )


def _indexes(rows: Rows) -> set[Oid]:
    columns = ("entPhysicalClass", "entPhysicalSerialNum", "entPhysicalModelName")
    return {i for name in columns for i in rows.get(name, {}) if len(i) == 1}


def _module(rows: Rows, index: Oid) -> ModuleReading:
    def cell(name: str) -> Value | None:
        return rows.get(f"entPhysical{name}", {}).get(index)

    serial = text(cell("SerialNum"))
    return ModuleReading(
        index=index[0],
        parent=number(cell("ContainedIn")) or 0,
        kind=word(cell("Class"), _CLASSES) or "unknown",
        name=text(cell("Name")) or text(cell("Descr")),
        model=_told(cell("ModelName")),
        serial="" if is_junk(Claim(ClaimKind.SERIAL, serial)) else serial,
        hardware=_told(cell("HardwareRev")),
        firmware=_told(cell("FirmwareRev")),
        software=_told(cell("SoftwareRev")),
    )


def _told(value: Value | None) -> str:
    found = text(value)
    return "" if is_junk(Claim(ClaimKind.SERIAL, found)) and len(found) != 1 else found


def _parent(module: ModuleReading, found: Mapping[int, ModuleReading], kept: set[int]) -> int:
    """The nearest one that is kept; a device may say that a part is in itself."""
    seen = {module.index}
    parent = module.parent
    while parent not in kept and parent in found and parent not in seen:
        seen.add(parent)
        parent = found[parent].parent
    return parent if parent in kept and parent != module.index else 0


def _under(module: ModuleReading, parent: int) -> ModuleReading:
    return ModuleReading(
        module.index,
        parent,
        module.kind,
        module.name,
        module.model,
        module.serial,
        module.hardware,
        module.firmware,
        module.software,
    )
