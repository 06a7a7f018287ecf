"""What was learned of a device, as `hatang identify --format json` prints it."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.snmp.interfaces import interfaces_of
from collectors.snmp.knowledge.device import Area, Identity, Measures
from collectors.snmp.session import Columns, Value
from collectors.snmp.text import text


def report(
    system: Mapping[str, Value], identity: Identity, measures: Measures, interfaces: Columns
) -> dict[str, object]:
    """Plain values for JSON: texts or None, sizes in bytes, percentages 0 to 100.

    system: values of the system group by name; interfaces: a walk of
    `interfaces.INTERFACES`.
    """
    return {
        "profile": identity.profile,
        "vendor": identity.vendor or None,
        "model": identity.model or None,
        "version": identity.version or None,
        "serial": identity.serial or None,
        "sys_name": text(system.get("sysName")) or None,
        "os": identity.os or None,
        "class": identity.device_class or None,
        "features": identity.features or None,
        "members": [
            {"name": member.name, "model": member.model, "serial": member.serial}
            for member in identity.members
        ],
        "ports": [
            {"index": port.index, "name": port.name} for port in interfaces_of(interfaces.rows, {})
        ],
        "processors": [{"descr": p.name, "usage": p.usage_percent} for p in measures.processors],
        "memory_pools": [
            {
                "descr": area.name,
                "total": area.size_bytes,
                "used": area.used_bytes,
                "percent": area.used_percent,
            }
            for area in measures.memory_pools
        ],
        "storage": [_disk(area) for area in measures.storage],
        "sensors": [
            {"class": s.sensor_class, "descr": s.name, "value": s.value, "state": s.state or None}
            for s in measures.sensors
        ],
        "supplies": [
            {"type": s.kind, "descr": s.name, "percent": s.percent} for s in measures.supplies
        ],
        "problems": [*identity.problems, *measures.problems, *interfaces.problems],
    }


def _disk(area: Area) -> dict[str, object]:
    return {
        "descr": area.name,
        "size": area.size_bytes,
        "used": area.used_bytes,
        "percent": area.used_percent,
    }
