"""Processors, memory and disks of HOST-RESOURCES-MIB (RFC 2790), as the device lists them."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.snmp.knowledge.device import Area, Processor
from collectors.snmp.session import Oid, Rows, Value
from collectors.snmp.text import number, oid, text

_STORAGE = oid("1.3.6.1.2.1.25.2.3.1")

HOST: dict[str, Oid] = {
    "hrStorageType": (*_STORAGE, 2),
    "hrStorageDescr": (*_STORAGE, 3),
    "hrStorageAllocationUnits": (*_STORAGE, 4),
    "hrStorageSize": (*_STORAGE, 5),
    "hrStorageUsed": (*_STORAGE, 6),
    "hrProcessorLoad": oid("1.3.6.1.2.1.25.3.3.1.2"),
}
"""The columns that are walked, together."""

_TYPES = oid("1.3.6.1.2.1.25.2.1")
_MEMORY = {1: "other", 2: "ram", 3: "virtual"}
_DISKS = {4: "disk", 5: "removable", 8: "ramdisk", 9: "flash", 10: "network"}
_UNSIGNED = 2**32


def processors_of(rows: Rows) -> tuple[Processor, ...]:
    """hrProcessorLoad, percent of the last minute."""
    return tuple(
        Processor(f"processor {index[-1]}", float(load))
        for index, value in sorted(rows.get("hrProcessorLoad", {}).items())
        if index and (load := number(value)) is not None and 0 <= load <= 100
    )


def memory_of(rows: Rows) -> tuple[Area, ...]:
    """RAM, swap and what else is no disk."""
    return tuple(_areas(rows, _MEMORY))


def disks_of(rows: Rows) -> tuple[Area, ...]:
    """Disks, flash, network and removable storage with a size."""
    return tuple(_areas(rows, _DISKS))


def _areas(rows: Rows, kinds: dict[int, str]) -> Iterator[Area]:
    for index, kind_oid in sorted(rows.get("hrStorageType", {}).items()):
        kind = _kind(kind_oid, kinds)
        size, used = _bytes(rows, "hrStorageSize", index), _bytes(rows, "hrStorageUsed", index)
        if not kind or not size or used is None or used > size:
            continue
        name = text(rows.get("hrStorageDescr", {}).get(index))
        yield Area(name or f"{kind} {index[-1]}", kind, size, used, 100 * used / size)


def _kind(type_oid: Value, kinds: dict[int, str]) -> str:
    if not isinstance(type_oid, tuple) or type_oid[:-1] != _TYPES:
        return ""
    return kinds.get(type_oid[-1], "")


def _bytes(rows: Rows, column: str, index: Oid) -> int | None:
    """A size in bytes. Above 2^31 units agents let the INTEGER run into the negative."""
    count = number(rows.get(column, {}).get(index))
    unit = number(rows.get("hrStorageAllocationUnits", {}).get(index))
    if count is None or unit is None or unit <= 0:
        return None
    return (count + _UNSIGNED if count < 0 else count) * unit
