"""HOST-RESOURCES-MIB (RFC 2790) as storage to watch: filesystems, memory, swap.

knowledge.host has the columns, and the same tables as the device lists them.
"""

from __future__ import annotations

from collectors.snmp.session import Oid, Rows, Value
from collectors.snmp.text import number, oid, text
from inventory.observation import StorageReading

_TYPES = oid("1.3.6.1.2.1.25.2.1")
_RAM, _VIRTUAL = 2, 3
_DISKS = frozenset({4, 9, 10})
"""hrStorageFixedDisk, hrStorageFlashMemory, hrStorageNetworkDisk."""

_NO_DISKS = ("/dev/", "/proc/", "/run/", "/sys/")
"""Mounts that Linux keeps in memory; net-snmp calls them fixed disks."""

_UNSIGNED = 2**32


def storages_of(rows: Rows) -> tuple[StorageReading, ...]:
    """Disks, memory and swap with a size, in the order of the table, in bytes.

    hrStorageVirtualMemory is swap only where its name says so: net-snmp and Windows also list
    memory and swap in one sum under that type.
    """
    found = []
    for index, type_oid in sorted(rows.get("hrStorageType", {}).items()):
        name = text(rows.get("hrStorageDescr", {}).get(index))
        kind = _kind(type_oid, name)
        size = bytes_of(rows, "hrStorageSize", index)
        used = bytes_of(rows, "hrStorageUsed", index)
        if not kind or not size or used is None:
            continue
        if kind == "memory":
            used = really_used(rows, name, size, used)
        if used <= size:  # else one of the two is rubbish, and nobody can tell which
            found.append(StorageReading(name or f"{kind} {index[-1]}", kind, size, used))
    return tuple(found)


def _kind(type_oid: Value, name: str) -> str:
    """disk, memory, swap, or '' for what is no storage to watch."""
    if not isinstance(type_oid, tuple) or type_oid[:-1] != _TYPES:
        return ""
    kind = type_oid[-1]
    if kind == _RAM:
        return "memory"
    if kind == _VIRTUAL:
        return "swap" if "swap" in name.lower() else ""
    return "disk" if kind in _DISKS and not f"{name}/".startswith(_NO_DISKS) else ""


def bytes_of(rows: Rows, column: str, index: Oid) -> int | None:
    """A size of this row in bytes, None without one. Above 2^31 units agents let the INTEGER run
    into the negative."""
    count = number(rows.get(column, {}).get(index))
    unit = number(rows.get("hrStorageAllocationUnits", {}).get(index))
    if count is None or unit is None or unit <= 0:
        return None
    return (count + _UNSIGNED if count < 0 else count) * unit


def really_used(rows: Rows, name: str, size: int, used: int) -> int:
    """Memory that could not be had by a program that asked for it.

    net-snmp counts the system's cache as used, which makes every Linux look full, and says in
    rows of their own how much of it is available, or how much is cache.
    """
    if name != "Physical memory":
        return used
    parts = {text(found): index for index, found in rows.get("hrStorageDescr", {}).items() if found}
    if "Available memory" in parts:
        available = bytes_of(rows, "hrStorageSize", parts["Available memory"])
        if available is not None and available <= size:
            return size - available
    cache = [
        bytes_of(rows, "hrStorageUsed", parts[part]) or 0
        for part in ("Memory buffers", "Cached memory")
        if part in parts
    ]
    return used - sum(cache) if sum(cache) <= used else used
