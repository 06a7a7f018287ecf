"""The rows of the table of metrics for equipment: sensors, consumables, UPS, power over Ethernet.

Base units as Prometheus asks for them, one metric for each unit as node_exporter's hwmon collector
has them (node_hwmon_temp_celsius, node_hwmon_fan_rpm), with the sensor's name as a label; what
has a percentage is a ratio.
"""

from __future__ import annotations

from inventory.metric import Metric

_ASSET = ("commune", "asset")
_INTERFACE = (*_ASSET, "interface")
_SENSOR = (*_ASSET, "sensor")

EQUIPMENT: tuple[Metric, ...] = (
    Metric("hatang_sensor_celsius", "gauge", "celsius", _SENSOR, "A temperature."),
    Metric("hatang_sensor_rpm", "gauge", "rpm", _SENSOR, "Speed of a fan, turns a minute."),
    Metric("hatang_sensor_volts", "gauge", "volts", _SENSOR, "A voltage."),
    Metric("hatang_sensor_amperes", "gauge", "amperes", _SENSOR, "A current."),
    Metric("hatang_sensor_watts", "gauge", "watts", _SENSOR, "A power, real or apparent."),
    Metric("hatang_sensor_hertz", "gauge", "hertz", _SENSOR, "A frequency."),
    Metric("hatang_sensor_dbm", "gauge", "dbm", _SENSOR, "Power of light or radio, dB of 1 mW."),
    Metric(
        "hatang_sensor_ratio", "gauge", "ratio", (*_SENSOR, "class"),
        "What a sensor gives in percent (class humidity, charge, load, percent), 0 to 1.",
    ),
    Metric(
        "hatang_sensor_value", "gauge", "", (*_SENSOR, "class"),
        "A sensor of another class, in the unit of the device.",
    ),
    Metric(
        "hatang_sensor_state", "gauge", "", (*_SENSOR, "class"),
        "What the device or its limits say of a sensor: 0 good, 1 warning, 2 critical.",
    ),
    Metric(
        "hatang_supply_ratio", "gauge", "ratio", (*_ASSET, "supply", "kind"),
        "Share that is left of a consumable (kind toner, ink, drum, input ...).",
    ),
    Metric(
        "hatang_ups_on_battery", "gauge", "", _ASSET,
        "1 while the load of a UPS hangs on its battery, else 0.",
    ),
    Metric(
        "hatang_ups_battery_low", "gauge", "", _ASSET,
        "1 when the UPS says that its battery is low or depleted, else 0.",
    ),
    Metric("hatang_ups_charge_ratio", "gauge", "ratio", _ASSET, "Charge of the battery, 0 to 1."),
    Metric(
        "hatang_ups_load_ratio", "gauge", "ratio", _ASSET,
        "Load of a UPS over what it can bear, of the busiest phase.",
    ),
    Metric(
        "hatang_ups_runtime_seconds", "gauge", "seconds", _ASSET,
        "How long the battery would last at the present load.",
    ),
    Metric(
        "hatang_poe_budget_watts", "gauge", "watts", (*_ASSET, "group"),
        "What a source of power over Ethernet can give.",
    ),
    Metric(
        "hatang_poe_consumption_watts", "gauge", "watts", (*_ASSET, "group"),
        "What a source of power over Ethernet gives.",
    ),
    Metric(
        "hatang_interface_poe_delivering", "gauge", "", _INTERFACE,
        "1 while a port gives power over Ethernet, else 0; absent where it cannot.",
    ),
    Metric(
        "hatang_interface_full_duplex", "gauge", "", _INTERFACE,
        "1 when an interface sends and receives at once (dot3StatsDuplexStatus), 0 when not.",
    ),
    Metric(
        "hatang_interface_stations", "gauge", "", _INTERFACE,
        "MAC addresses that a switch has learned behind a port.",
    ),
    Metric(
        "hatang_asset_neighbours", "gauge", "", _ASSET,
        "Devices that answer at the other end of a port (LLDP, CDP).",
    ),
)  # fmt: skip
