"""Sensors of ENTITY-SENSOR-MIB (RFC 3433), and of makers' tables that are laid out like it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from collectors.snmp.knowledge.apart import sensors_apart
from collectors.snmp.knowledge.device import Sensor
from collectors.snmp.session import Objects, Oid, Rows, Value
from collectors.snmp.text import number, oid, text

STANDARD = oid("1.3.6.1.2.1.99.1.1.1")
"""entPhySensorEntry."""

_CELLS = {"Type": 1, "Scale": 2, "Precision": 3, "Value": 4, "OperStatus": 5}
_CLASSES = {
    3: "voltage",
    4: "voltage",
    5: "current",
    6: "power",
    7: "frequency",
    8: "temperature",
    9: "humidity",
    10: "fanspeed",
    11: "airflow",
    12: "state",
    14: "dbm",
}
"""EntitySensorDataType; 14 is Cisco's (CISCO-ENTITY-SENSOR-MIB)."""

_UNITS_SCALE = 9
_TRUE_VALUES = {1: "ok", 2: "critical"}
_ENTITY = oid("1.3.6.1.2.1.47.1.1.1.1")
_NAME, _DESCR = (*_ENTITY, 7), (*_ENTITY, 2)


def sensor_columns(tables: tuple[Oid, ...]) -> Objects:
    """What to walk for these tables; labels are `OID.cell`."""
    return {
        f"{'.'.join(map(str, table))}.{cell}": (*table, column)
        for table in tables
        for cell, column in _CELLS.items()
    }


def sensors_of(tables: tuple[Oid, ...], rows: Rows) -> dict[int, Sensor]:
    """entPhysicalIndex -> sensor, still without its name, of all that work and have a value."""
    sensors: dict[int, Sensor] = {}
    for table in tables:
        label = ".".join(map(str, table))
        cells = {cell: rows.get(f"{label}.{cell}", {}) for cell in _CELLS}
        for index, value in cells["Value"].items():
            sensor = _sensor({cell: column.get(index) for cell, column in cells.items()}, value)
            if sensor is not None and len(index) == 1:
                sensors.setdefault(index[0], sensor)
    return sensors


def sensor_names(sensors: Mapping[int, Sensor]) -> Objects:
    """What to ask ENTITY-MIB for, to know what the sensors are called."""
    return {
        f"{cell}.{index}": (*column, index)
        for index in sensors
        for cell, column in (("name", _NAME), ("descr", _DESCR))
    }


def named(sensors: Mapping[int, Sensor], values: Mapping[str, Value]) -> tuple[Sensor, ...]:
    """The sensors with their names, in the order of the table: entPhysicalDescr, or where more than
    one has the same, entPhysicalName."""
    descrs = {index: text(values.get(f"descr.{index}")) for index in sensors}
    times = Counter(descrs.values())
    rows = []
    for index, sensor in sorted(sensors.items()):
        descr, name = descrs[index], text(values.get(f"name.{index}"))
        chosen = descr if descr and (times[descr] == 1 or not name) else name
        rows.append((str(index), replace(sensor, name=chosen)))
    return sensors_apart(rows)


def _sensor(cells: Mapping[str, Value | None], raw: Value) -> Sensor | None:
    sensor_class = _CLASSES.get(number(cells["Type"]) or 0)
    value = number(raw)
    status = number(cells["OperStatus"])
    if sensor_class is None or value is None or status not in (None, 1):
        return None
    if sensor_class == "state":
        return Sensor("state", "", float(value), _TRUE_VALUES.get(value, "unknown"))
    scale, precision = number(cells["Scale"]), number(cells["Precision"])
    power = 3 * ((scale or _UNITS_SCALE) - _UNITS_SCALE)
    if not -24 <= power <= 24 or not -8 <= (precision or 0) <= 9 or abs(value) >= 1_000_000_000:
        return None
    return Sensor(sensor_class, "", value * 10.0 ** (power - (precision or 0)))
