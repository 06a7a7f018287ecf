"""HOST-RESOURCES-MIB (RFC 2790): filesystems, memory, processors."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.snmp.session import Oid, Value
from collectors.snmp.text import number, oid, text
from inventory.observation import StorageReading

STORAGE = oid("1.3.6.1.2.1.25.2.3.1")
STORAGE_TYPE, STORAGE_DESCR, STORAGE_UNIT, STORAGE_SIZE, STORAGE_USED = (
    (*STORAGE, n) for n in (2, 3, 4, 5, 6)
)
STORAGE_COLUMNS = (STORAGE_TYPE, STORAGE_DESCR, STORAGE_UNIT, STORAGE_SIZE, STORAGE_USED)
PROCESSOR_LOAD = oid("1.3.6.1.2.1.25.3.3.1.2")

_TYPES = oid("1.3.6.1.2.1.25.2.1")
_KINDS = {2: "memory", 3: "swap", 4: "disk", 9: "disk", 10: "disk"}
"""hrStorageTypes: Ram, VirtualMemory, FixedDisk, FlashMemory, NetworkDisk."""

_NO_MEMORY_OF_ITS_OWN = ("buffers", "cached", "shared", "available memory", "virtual memory")
"""net-snmp lists parts of memory as rows of their own; counted as memory they would be doubled."""


def storages_of(columns: Mapping[Oid, Mapping[Oid, Value]]) -> tuple[StorageReading, ...]:
    """Rows with a size, in bytes. Sizes above 2^31 units come as negative INTEGERs."""
    found = []
    for index, kind_oid in sorted(columns.get(STORAGE_TYPE, {}).items()):
        kind = _kind(kind_oid)
        name = text(columns.get(STORAGE_DESCR, {}).get(index))
        unit, size, used = (
            number(columns.get(column, {}).get(index))
            for column in (STORAGE_UNIT, STORAGE_SIZE, STORAGE_USED)
        )
        if kind is None or unit is None or unit <= 0 or not size or used is None:
            continue
        if kind != "disk" and any(part in name.lower() for part in _NO_MEMORY_OF_ITS_OWN):
            continue
        size_bytes, used_bytes = size % 2**32 * unit, used % 2**32 * unit
        label = name or f"{kind} {index[-1]}"
        found.append(StorageReading(label, kind, size_bytes, min(used_bytes, size_bytes)))
    return tuple(found)


def cpu_ratio_of(columns: Mapping[Oid, Mapping[Oid, Value]]) -> float | None:
    """Mean of hrProcessorLoad (percent of the last minute) over all processors, 0 to 1."""
    loads = [number(value) for value in columns.get(PROCESSOR_LOAD, {}).values()]
    usable = [load for load in loads if load is not None and 0 <= load <= 100]
    return sum(usable) / len(usable) / 100 if usable else None


def _kind(value: Value) -> str | None:
    """Our word for an hrStorageType, None for those that are no storage to watch."""
    if not isinstance(value, tuple) or value[:-1] != _TYPES:
        return None
    return _KINDS.get(value[-1])
