"""What profiles and standard MIBs measured, as the values of an observation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from collectors.snmp.host_resources import storages_of
from collectors.snmp.knowledge.device import Area, Identity, Measures, Sensor, Supply
from collectors.snmp.knowledge.host import disks_of, memory_of
from inventory.equipment import SensorReading, SupplyReading
from inventory.observation import StorageReading

MAX_SENSORS = 500
MAX_SUPPLIES = 100
"""Kept of one device; more is a device that invents rows."""

SUPPLY_LOW_PERCENT = 10.0
"""Where printers begin to warn, and where a cartridge should be on the shelf."""

UNITS = {
    "temperature": "celsius",
    "fanspeed": "rpm",
    "voltage": "volts",
    "current": "amperes",
    "power": "watts",
    "energy": "watt_hours",
    "frequency": "hertz",
    "humidity": "percent",
    "charge": "percent",
    "load": "percent",
    "percent": "percent",
    "runtime": "minutes",
    "dbm": "dbm",
    "signal": "dbm",
}
"""Class of a sensor -> what its value is counted in (terms.SensorClass)."""

_MEMORY_KINDS = {"ram": "memory", "swap": "swap", "virtual": "swap"}


def facts_of_identity(identity: Identity) -> dict[str, str]:
    """Facts by name; what is not known is left out, and so are zeros in place of a text.

    os_family is one short word; the name of an operating system that support ends for is not
    made of it.
    """
    facts = {
        "vendor": identity.vendor,
        "model": identity.model,
        "serial": identity.serial,
        "os_version": identity.version,
        "os_family": identity.os,
        "device_class": identity.device_class,
        "features": identity.features,
    }
    return {name: value for name, value in facts.items() if value.strip("0.- ")}


def storages_in(measures: Measures) -> tuple[StorageReading, ...]:
    """Disks, memory and swap that have a size.

    Memory of HOST-RESOURCES goes by storages_of, which takes the system's cache off; a profile's
    own memory replaces it, as it does in the measures, and its disks stand beside the others.
    """
    host = storages_of(measures.host)
    own_memory = measures.memory_pools != memory_of(measures.host)
    own_disks = measures.storage[: len(measures.storage) - len(disks_of(measures.host))]
    found = [s for s in host if s.kind == "disk" or not own_memory]
    if own_memory:
        found[:0] = _storages(measures.memory_pools, "memory")
    return (*found, *_storages(own_disks, "disk"))


def cpu_ratio_in(measures: Measures) -> float | None:
    """Mean over all processors, 0 to 1."""
    loads = [p.usage_percent for p in measures.processors if 0 <= p.usage_percent <= 100]
    return sum(loads) / len(loads) / 100 if loads else None


def sensors_in(measures: Measures) -> tuple[SensorReading, ...]:
    """All sensors, and memory and disks of which only the percentage is known."""
    percentages = (
        SensorReading("percent", area.name or area.kind, area.used_percent, "percent")
        for area in (*measures.memory_pools, *measures.storage)
        if area.size_bytes is None and area.used_percent is not None
    )
    return (*map(_sensor, measures.sensors), *percentages)[:MAX_SENSORS]


def supplies_in(measures: Measures) -> tuple[SupplyReading, ...]:
    """Consumables with their state."""
    return tuple(
        SupplyReading(
            supply.name or supply.kind, supply.kind, supply.percent, _supply_state(supply)
        )
        for supply in measures.supplies[:MAX_SUPPLIES]
    )


def _storages(areas: Iterable[Area], kind: str) -> Iterator[StorageReading]:
    for area in areas:
        size, used = area.size_bytes, area.used_bytes
        if size is not None and used is not None and 0 <= used <= size and size > 0:
            named = _MEMORY_KINDS.get(area.kind, kind) if kind == "memory" else kind
            yield StorageReading(area.name or named, named, int(size), int(used))


def _sensor(sensor: Sensor) -> SensorReading:
    return SensorReading(
        sensor.sensor_class,
        sensor.name or sensor.sensor_class,
        sensor.value,
        UNITS.get(sensor.sensor_class, ""),
        sensor.state or _state_by_limits(sensor),
        sensor.low,
        sensor.low_warning,
        sensor.high_warning,
        sensor.high,
    )


def _state_by_limits(sensor: Sensor) -> str:
    """'' without limits, and where they contradict each other (an agent that leaves them at 0)."""
    limits = (sensor.low, sensor.low_warning, sensor.high_warning, sensor.high)
    known = [limit for limit in limits if limit is not None]
    if not known or known != sorted(known) or known[0] == known[-1] == 0:
        return ""
    low, low_warning, high_warning, high = limits
    if (low is not None and sensor.value < low) or (high is not None and sensor.value > high):
        return "critical"
    below = low_warning is not None and sensor.value < low_warning
    above = high_warning is not None and sensor.value > high_warning
    return "warning" if below or above else "ok"


def _supply_state(supply: Supply) -> str:
    if supply.percent is None:
        return ""
    if supply.percent <= 0:
        return "empty"
    return "low" if supply.percent <= SUPPLY_LOW_PERCENT and supply.kind != "input" else "ok"
