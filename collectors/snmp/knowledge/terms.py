"""The words that a device profile may use: kinds of devices, classes of sensors, parts."""

from __future__ import annotations

from typing import Literal

DeviceClass = Literal[
    "router",
    "switch",
    "firewall",
    "wireless",
    "server",
    "hypervisor",
    "bmc",
    "nas",
    "workstation",
    "printer",
    "ups",
    "pdu",
    "camera",
    "phone",
    "olt",
    "onu",
    "sensor",
    "appliance",
    "other",
]

SensorClass = Literal[
    "temperature",
    "fanspeed",
    "voltage",
    "current",
    "power",
    "energy",
    "frequency",
    "humidity",
    "charge",
    "load",
    "runtime",
    "dbm",
    "signal",
    "percent",
    "power_factor",
    "airflow",
    "waterflow",
    "pressure",
    "snr",
    "bitrate",
    "cooling",
    "delay",
    "quality_factor",
    "chromatic_dispersion",
    "ber",
    "eer",
    "loss",
    "count",
    "state",
]
"""Units: degrees Celsius, rpm, volts, amperes, watts (or volt-amperes), watt-hours, hertz, percent,
percent, percent, minutes, dBm, dBm, percent, and so on; `state` has words."""

Part = Literal[
    "model",
    "version",
    "serial",
    "features",
    "base_mac",
    "processors",
    "memory_pools",
    "storage",
    "sensors",
    "supplies",
]

EntityField = Literal[
    "model", "serial", "software", "firmware", "hardware", "name", "descr", "maker"
]

State = Literal["ok", "warning", "critical", "unknown"]
"""What a value of class state means."""
