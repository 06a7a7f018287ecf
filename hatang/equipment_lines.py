"""Parts and surroundings that a look brought home, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from hatang.output import percent
from inventory.equipment import SensorReading, UpsReading
from inventory.observation import Reading

_MOST = 20
"""Lines of one table; `--format json` has all."""

_UNITS = {"celsius": "°C", "percent": "%", "volts": "V", "amperes": "A", "watts": "W"}


def equipment_lines(reading: Reading) -> Iterator[tuple[str, str]]:
    """(what, value); of long tables the first rows and how many more there are."""
    if reading.ups is not None:
        yield "ups", _ups(reading.ups)
    tables = (
        ("sensor", [_sensor(sensor) for sensor in reading.sensors or ()]),
        (
            "supply",
            [
                f"{s.name}: " + (f"{s.percent:.0f} %" if s.percent is not None else "not known")
                for s in reading.supplies or ()
            ],
        ),
        (
            "poe",
            [
                f"source {p.group}: {p.used_watts or 0:g} of {p.budget_watts or 0:g} W"
                for p in reading.poe or ()
            ],
        ),
        (
            "neighbour",
            [
                f"{n.local_port}: {n.name or n.chassis_id} {n.port} {n.address}".rstrip()
                for n in reading.neighbours or ()
            ],
        ),
        (
            "address",
            [
                a.address + (f"/{a.prefix}" if a.prefix is not None else "")
                for a in reading.addresses or ()
            ],
        ),
        (
            "part",
            [
                " ".join(filter(None, (f"{m.name}:", m.model, m.serial))).removesuffix(":")
                for m in reading.modules or ()
            ],
        ),
        ("vlan", [f"{v.number} {v.name}".rstrip() for v in reading.vlans or ()]),
    )
    for name, rows in tables:
        yield from ((name, row) for row in rows[:_MOST])
        if len(rows) > _MOST:
            yield name, f"and {len(rows) - _MOST} more"
    if reading.programs:
        running = sum(program.running for program in reading.programs)
        yield "programs", f"{len(reading.programs)} known, {running} of them running"
    if reading.stations:
        yield "seen", f"{len(reading.stations)} MAC addresses"


def _sensor(sensor: SensorReading) -> str:
    if sensor.kind == "state":
        return f"{sensor.name}: {sensor.state or sensor.value:}"
    unit = _UNITS.get(sensor.unit, sensor.unit)
    state = f" ({sensor.state})" if sensor.state not in ("", "ok") else ""
    return f"{sensor.name} {sensor.kind}: {sensor.value:g} {unit}".rstrip() + state


def _ups(ups: UpsReading) -> str:
    source = {True: "on battery", False: "on mains", None: "source not known"}[ups.on_battery]
    parts = [source]
    if ups.charge_ratio is not None:
        parts.append(f"charge {percent(ups.charge_ratio)}")
    if ups.load_ratio is not None:
        parts.append(f"load {percent(ups.load_ratio)}")
    if ups.runtime_s is not None:
        parts.append(f"would last {ups.runtime_s / 60:.0f} min")
    return ", ".join(parts)
