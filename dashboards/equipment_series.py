"""Sensors, consumables, UPS and power over Ethernet of one asset as Prometheus series.

Names that a device gives are labels here, so their number is bounded, and two of one name are told
apart by their place in the table.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from dashboards.labels import LABEL_MAX_CHARS, clean_label
from inventory.equipment import PortReading, SensorReading
from inventory.snapshot import AssetView

SENSORS_MAX = 500
"""Sensors served per asset: a chassis with an optic in each port has four for each."""
SUPPLIES_MAX = 100
POE_MAX = 16

FRESH_S = 900.0
"""What is older than this at the last look (three times the rate of measures) is not served: the
table can no longer be read, and an old temperature would look like a good one."""

_BY_UNIT = MappingProxyType(
    {
        "celsius": "hatang_sensor_celsius",
        "rpm": "hatang_sensor_rpm",
        "volts": "hatang_sensor_volts",
        "amperes": "hatang_sensor_amperes",
        "watts": "hatang_sensor_watts",
        "hertz": "hatang_sensor_hertz",
        "dbm": "hatang_sensor_dbm",
    }
)
_STATES = MappingProxyType({"ok": 0, "warning": 1, "critical": 2})
_ROOM_FOR_PLACE = LABEL_MAX_CHARS - len("#99999")

_Taken = dict[str, int]
"""Name -> how many have it."""

Put = Callable[[str, tuple[str, ...], float | bool | None], None]
"""(metric, labels, value) -> None; a value of None is left out."""


def put_equipment(put: Put, asset: AssetView) -> int:
    """Serve an asset's equipment; how many series a cap left out."""
    key = (asset.registered.commune, asset.tag)
    known = asset.equipment
    dropped = 0
    if known.ups is not None and _is_fresh(asset, "ups"):
        ups = known.ups
        put("hatang_ups_on_battery", key, ups.on_battery)
        put("hatang_ups_charge_ratio", key, ups.charge_ratio)
        put("hatang_ups_load_ratio", key, ups.load_ratio)
        put("hatang_ups_runtime_seconds", key, ups.runtime_s)
        if ups.battery:
            put("hatang_ups_battery_low", key, ups.battery in ("low", "depleted"))
    if _is_fresh(asset, "sensors"):
        dropped += _put_sensors(put, key, known.sensors)
    if _is_fresh(asset, "supplies"):
        taken: _Taken = {}
        for supply in known.supplies[:SUPPLIES_MAX]:
            if supply.percent is not None:
                name = _own_name(supply.name, taken)
                put("hatang_supply_ratio", (*key, name, supply.kind), supply.percent / 100)
        dropped += max(0, len(known.supplies) - SUPPLIES_MAX)
    if _is_fresh(asset, "poe"):
        for source in known.poe[:POE_MAX]:
            group = (*key, str(source.group))
            put("hatang_poe_budget_watts", group, source.budget_watts)
            put("hatang_poe_consumption_watts", group, source.used_watts)
        dropped += max(0, len(known.poe) - POE_MAX)
    if "neighbours" in known.read_at_s:
        put("hatang_asset_neighbours", key, len(known.neighbours))
    return dropped


def put_port(put: Put, key: tuple[str, ...], port: PortReading) -> None:
    """Serve what is known of an interface beside its counters."""
    if port.poe:
        put("hatang_interface_poe_delivering", key, port.poe == "delivering")
    if port.duplex:
        put("hatang_interface_full_duplex", key, port.duplex == "full")
    put("hatang_interface_stations", key, port.macs)


def _put_sensors(put: Put, key: tuple[str, ...], sensors: tuple[SensorReading, ...]) -> int:
    taken: dict[str, _Taken] = {}
    for sensor in sensors[:SENSORS_MAX]:
        labels = (*key, _own_name(sensor.name, taken.setdefault(sensor.kind, {})))
        of_class = (*labels, sensor.kind)
        if sensor.unit in _BY_UNIT:
            put(_BY_UNIT[sensor.unit], _apart(labels, sensor, taken), sensor.value)
        elif sensor.unit == "percent":
            put("hatang_sensor_ratio", of_class, sensor.value / 100)
        elif sensor.kind != "state":
            put("hatang_sensor_value", of_class, sensor.value)
        put("hatang_sensor_state", of_class, _STATES.get(sensor.state))
    return max(0, len(sensors) - SENSORS_MAX)


def _apart(
    labels: tuple[str, ...], sensor: SensorReading, taken: dict[str, _Taken]
) -> tuple[str, ...]:
    """Two classes may share a unit (dbm of light and of radio), and then a name."""
    return (*labels[:-1], _own_name(labels[-1], taken.setdefault(f"in {sensor.unit}", {})))


def _own_name(text: str, taken: _Taken) -> str:
    """The name as a label; a second one of that name gets its place behind it."""
    name, _ = clean_label(text)
    own = name
    while own in taken:
        taken[name] += 1
        own = f"{name[:_ROOM_FOR_PLACE]}#{taken[name]}"
    taken[own] = 1
    return own


def _is_fresh(asset: AssetView, kind: str) -> bool:
    read_at_s = asset.equipment.read_at_s.get(kind)
    looks = [e.last_look_at_s for e in asset.endpoints if e.last_look_at_s is not None]
    return read_at_s is not None and max(looks, default=read_at_s) - read_at_s <= FRESH_S
