"""Processors, memory and disks of HOST-RESOURCES-MIB (RFC 2790), and of UCD-SNMP-MIB where that
MIB says nothing of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from collectors.snmp.host_resources import bytes_of, really_used
from collectors.snmp.knowledge.device import Area, Processor
from collectors.snmp.session import Oid, Rows, Value
from collectors.snmp.text import number, oid, text

_STORAGE = oid("1.3.6.1.2.1.25.2.3.1")

HOST: dict[str, Oid] = {
    "hrMemorySize": oid("1.3.6.1.2.1.25.2.2"),
    "hrStorageType": (*_STORAGE, 2),
    "hrStorageDescr": (*_STORAGE, 3),
    "hrStorageAllocationUnits": (*_STORAGE, 4),
    "hrStorageSize": (*_STORAGE, 5),
    "hrStorageUsed": (*_STORAGE, 6),
    "hrProcessorLoad": oid("1.3.6.1.2.1.25.3.3.1.2"),
}
"""The columns that are walked, together."""

UCD: dict[str, Oid] = {
    "memTotalSwap": oid("1.3.6.1.4.1.2021.4.3.0"),
    "memAvailSwap": oid("1.3.6.1.4.1.2021.4.4.0"),
    "memTotalReal": oid("1.3.6.1.4.1.2021.4.5.0"),
    "memAvailReal": oid("1.3.6.1.4.1.2021.4.6.0"),
    "memBuffer": oid("1.3.6.1.4.1.2021.4.14.0"),
    "memCached": oid("1.3.6.1.4.1.2021.4.15.0"),
    "ssCpuIdle": oid("1.3.6.1.4.1.2021.11.11.0"),
}
"""UCD-SNMP-MIB: memory in KiB, idle time in percent of the last minute."""

_TYPES = oid("1.3.6.1.2.1.25.2.1")
_FILE_SYSTEMS = oid("1.3.6.1.2.1.25.3.9")
"""hrFSTypes, which FreeBSD's bsnmpd gives where a storage type belongs."""
_MEMORY = {1: "other", 2: "ram", 3: "virtual"}
_DISKS = {4: "disk", 5: "removable", 8: "ramdisk", 9: "flash", 10: "network"}
_NO_FILE_SYSTEMS = {1, 2, 12, 13}
"""hrFSOther (devfs and the like), hrFSUnknown, and two of compact discs, which are always full."""

_PARTS = ("Memory buffers", "Cached memory", "Shared memory")
"""net-snmp's rows of what the memory is used for: their own size is only what they hold now."""
_NO_MEMORY = re.compile(
    r"^(?:UMA|MALLOC): |^Available memory$|^Shared (?:real|virtual) memory$|^swap .*/|NVRAM|BBR/NVS"
    r"|^%rom%$|^(?:FLASH|ROM)\b",
    re.IGNORECASE,
)
"""Kernel zones of FreeBSD, a row that is the rest of another, and memory that keeps programs."""
_NO_DISKS = re.compile(
    r"^/(?:dev|proc|kern)$|^/(?:proc|sys|run/user|run/credentials|var/dhcpd/dev)\b"
    r"|^(?:dev|proc|fdesc)fs\b|type: (?:dev|proc|fdesc)fs\b|^/dev/md\S+\.uzip|^/snap/"
    r"|mounted on: (?:/\.mount)?/(?:packages|dev|proc|junos|jail)\b"
    r"|^/var/lib/(?:docker|containers)/"
)
"""Mounts that hold no files of anybody's, and read-only images, which are always full."""
_MOST_MOUNTS = 8
"""One file system in more places than this is a system that mounts single files of it."""


def processors_of(rows: Rows) -> tuple[Processor, ...]:
    """hrProcessorLoad, percent of the last minute."""
    return tuple(
        Processor(f"processor {index[-1]}", float(load))
        for index, value in sorted(rows.get("hrProcessorLoad", {}).items())
        if index and (load := number(value)) is not None and 0 <= load <= 100
    )


def memory_of(rows: Rows) -> tuple[Area, ...]:
    """RAM, swap and what RAM is used for."""
    whole = _whole_memory(rows)
    found = []
    for area in _areas(rows, _MEMORY):
        if whole and area.name in _PARTS and (area.used_bytes or 0) > whole:
            continue
        size = whole if area.name in _PARTS or area.name.endswith("Real Memory Metrics") else None
        found.append(_resized(area, size))
    return tuple(found)


def disks_of(rows: Rows) -> tuple[Area, ...]:
    """Disks, flash, network and removable storage with a size, each file system once."""
    areas = list(_areas(rows, _DISKS))
    places = Counter((area.size_bytes, area.used_bytes) for area in areas)
    found = []
    for area in areas:
        key = (area.size_bytes, area.used_bytes)
        if places[key] > 0:
            found.append(area)
        if places[key] > _MOST_MOUNTS:
            places[key] = 0
    return tuple(found)


def ucd_processors(values: Mapping[str, Value]) -> tuple[Processor, ...]:
    """The one processor of UCD-SNMP-MIB; values by the names of UCD."""
    idle = number(values.get("ssCpuIdle"))
    if idle is None or not 0 <= idle <= 100:
        return ()
    return (Processor("CPU", 100.0 - idle),)


def ucd_memory(values: Mapping[str, Value]) -> tuple[Area, ...]:
    """RAM without what could be had again, buffers, cache and swap; values by the names of UCD."""
    size = {
        name: count * 1024
        for name, value in values.items()
        if (count := number(value)) is not None and count >= 0
    }
    total, available = size.get("memTotalReal", 0), size.get("memAvailReal")
    if not total or available is None:
        return ()
    buffers, cached = size.get("memBuffer"), size.get("memCached")
    used = total - available - (buffers or 0) - (cached or 0)
    rows = [("Physical memory", "ram", total, used if used >= 0 else total - available)]
    rows += [
        (name, "other", total, part)
        for name, part in (("Memory buffers", buffers), ("Cached memory", cached))
        if part is not None
    ]
    swap, swap_free = size.get("memTotalSwap", 0), size.get("memAvailSwap")
    if swap and swap_free is not None:
        rows.append(("Swap space", "virtual", swap, swap - swap_free))
    return tuple(
        Area(name, kind, whole, part, 100 * part / whole)
        for name, kind, whole, part in rows
        if 0 <= part <= whole
    )


def _areas(rows: Rows, kinds: dict[int, str]) -> Iterator[Area]:
    hidden = _NO_MEMORY if kinds is _MEMORY else _NO_DISKS
    for index, kind_oid in sorted(rows.get("hrStorageType", {}).items()):
        kind = _kind(kind_oid, kinds)
        name = text(rows.get("hrStorageDescr", {}).get(index))
        if not kind or hidden.search(name):
            continue
        size = bytes_of(rows, "hrStorageSize", index)
        used = bytes_of(rows, "hrStorageUsed", index)
        if size and name in _PARTS and used is not None:
            size = max(size, used)  # the two are read one after the other
        if not size or used is None or used > size:
            continue
        if kind == "ram":
            used = really_used(rows, name, size, used)
        yield Area(name or f"{kind} {index[-1]}", kind, size, used, 100 * used / size)


def _kind(type_oid: Value, kinds: dict[int, str]) -> str:
    if not isinstance(type_oid, tuple):
        return ""
    if type_oid[:-1] == _FILE_SYSTEMS and kinds is _DISKS:
        return "" if type_oid[-1] in _NO_FILE_SYSTEMS else "disk"
    return kinds.get(type_oid[-1], "") if type_oid[:-1] == _TYPES else ""


def _whole_memory(rows: Rows) -> int | None:
    """The size of all RAM, in bytes."""
    for index, name in rows.get("hrStorageDescr", {}).items():
        if text(name) == "Physical memory":
            return bytes_of(rows, "hrStorageSize", index)
    sizes = list(rows.get("hrMemorySize", {}).values())
    kibibytes = number(sizes[0]) if sizes else None
    return None if not kibibytes or kibibytes < 0 else kibibytes * 1024


def _resized(area: Area, total: int | None) -> Area:
    if total is None or area.used_bytes is None or area.used_bytes > total:
        return area
    return Area(area.name, area.kind, total, area.used_bytes, 100 * area.used_bytes / total)
