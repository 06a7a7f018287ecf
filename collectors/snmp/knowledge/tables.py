"""Rows of a profile's tables: processors, memory, disks, consumables, sensors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from collectors.snmp.knowledge.answers import Answers, searched, words
from collectors.snmp.knowledge.apart import sensors_apart
from collectors.snmp.knowledge.device import Area, Processor, Sensor, Supply
from collectors.snmp.knowledge.schema import (
    AreaTable,
    ProcessorTable,
    SensorTable,
    SupplyTable,
    Table,
)
from collectors.snmp.session import Oid, Value
from collectors.snmp.text import dotted

MAX_ROWS = 2_000
"""Of one kind; more is a device that invents rows."""

_SIZES = ("total", "used", "free")
_HALF = 2**31
_SENTINELS = 1_000
"""Sizes from 2^31 on run into the negative of an INTEGER; small negatives mean `not known`."""

_HEX_DIGITS = frozenset("0123456789abcdef")
_T = TypeVar("_T", bound=Table)
_R = TypeVar("_R")


def processors_in(tables: Iterable[ProcessorTable], answers: Answers) -> tuple[Processor, ...]:
    """Processors with a usable percentage."""
    return _rows(tables, lambda table: _processors(table, answers))


def areas_in(tables: Iterable[AreaTable], answers: Answers) -> tuple[Area, ...]:
    """Memory pools or disks that have a size or a percentage."""
    return _rows(tables, lambda table: _areas(table, answers))


def supplies_in(tables: Iterable[SupplyTable], answers: Answers) -> tuple[Supply, ...]:
    """Consumables, without what is known better of others (`of`)."""
    return _rows((t for t in tables if t.of is None), lambda table: _supplies(table, answers))


def known_better(
    supplies: tuple[Supply, ...], tables: Iterable[SupplyTable], answers: Answers
) -> tuple[Supply, ...]:
    """The supplies, with what tables with `of` know of those whose percentage is unknown."""
    found = list(supplies)
    for table in tables:
        left = next((s.percent for s in _supplies(table, answers)), None) if table.of else None
        for at, supply in enumerate(found):
            is_meant = table.of and searched(table.of, supply.name) is not None
            if left is not None and is_meant and supply.percent is None:
                found[at] = replace(supply, percent=left)
    return tuple(found)


def sensors_in(tables: Iterable[SensorTable], answers: Answers) -> tuple[Sensor, ...]:
    """Sensors with a value; `fallback` looks at sensors of the same class only."""
    found: list[tuple[str, Sensor]] = []
    for table in tables:
        if table.fallback and any(s.sensor_class == table.class_ for _, s in found):
            continue
        found.extend(_sensors(table, answers))
    return sensors_apart(found[:MAX_ROWS])


def objects_of(tables: Sequence[Table]) -> Iterator[Oid]:
    """Every OID that must be asked for these tables."""
    for table in tables:
        for part in (table, getattr(table, "limits", None)):
            for name in type(part).model_fields if part is not None else ():
                value = getattr(part, name)
                if name != "skip" and name != "range" and _is_oid(value):
                    yield value
        for condition in table.where:
            yield condition.object


def number_in(value: Value | None, pattern: str | None = None) -> float | None:
    """A number that a device gave as a number, or wrote as text; None for anything else.

    >>> number_in(b"23.5 C", r"[0-9.]+"), number_in(b"-7"), number_in(b"warm")
    (23.5, -7.0, None)
    """
    if isinstance(value, int) and pattern is None:
        return float(value)
    found: str | None = words(value)
    if pattern is not None and found is not None:
        found = searched(pattern, found)
    try:
        number = float(found or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_oid(value: object) -> bool:
    return isinstance(value, tuple) and len(value) > 5 and all(isinstance(v, int) for v in value)


def _rows(tables: Iterable[_T], read: Callable[[_T], Iterator[_R]]) -> tuple[_R, ...]:
    found: list[_R] = []
    for table in tables:
        if not (table.fallback and found):
            found.extend(read(table))
    return tuple(found[:MAX_ROWS])


def _usable(table: Table, oid: Oid, answers: Answers) -> Iterator[tuple[Oid, Value]]:
    """The rows of a column that are there and asked for."""
    for index, value in answers.rows(oid):
        if isinstance(value, int) and value in table.skip:
            continue
        if table.index is not None and searched(table.index, dotted(index)) is None:
            continue
        if table.unless is not None and answers.cell(table.unless, index) is not None:
            continue
        if answers.fulfils(index, table.where):
            yield index, value


def _name(table: Table, index: Oid, answers: Answers) -> str:
    if isinstance(table.name, str):
        return table.name.replace("{}", dotted(index)).strip()
    return table.label.replace("{}", words(answers.cell(table.name, index))).strip()


def _number(source: Oid | float | None, index: Oid, answers: Answers) -> float | None:
    if source is None or isinstance(source, int | float):
        return source
    return number_in(answers.cell(source, index))


def _processors(table: ProcessorTable, answers: Answers) -> Iterator[Processor]:
    column = table.usage or table.idle or ()
    for index, value in _usable(table, column, answers):
        percent = number_in(value, table.pattern)
        if percent is None:
            continue
        percent *= table.scale
        percent = percent if table.idle is None else 100.0 - percent
        if 0 <= percent <= 100:
            yield Processor(_name(table, index, answers), percent)


def _areas(table: AreaTable, answers: Answers) -> Iterator[Area]:
    for index in _area_indexes(table, answers):
        parts = {
            part: _area_number(table, part, index, answers)
            for part in ("total", "used", "free", "percent", "percent_free")
        }
        area = _area(table, index, answers, parts)
        if area is not None:
            yield area


def _area_indexes(table: AreaTable, answers: Answers) -> Iterator[Oid]:
    """By the first column that has rows: a device that gives no `used` may give `free`."""
    for part in ("used", "free", "percent", "percent_free", "total"):
        column = getattr(table, part)
        if isinstance(column, tuple):
            rows = [index for index, _ in _usable(table, column, answers)]
            if rows:
                yield from rows
                return


def _area_number(table: AreaTable, part: str, index: Oid, answers: Answers) -> float | None:
    source = getattr(table, part)
    if not isinstance(source, tuple):
        return None if source is None else float(source)
    value = answers.cell(source, index)
    if isinstance(value, int) and value in table.skip:
        return None
    number = number_in(value, table.pattern)
    if number is not None and part in _SIZES and -_HALF <= number < -_SENTINELS:
        number += 2 * _HALF
    return number if number is None or number >= 0 else None


def _area(
    table: AreaTable, index: Oid, answers: Answers, parts: dict[str, float | None]
) -> Area | None:
    unit = _number(table.unit, index, answers) or 0.0
    total, used, free = (
        None if (found := parts[part]) is None else found * unit
        for part in ("total", "used", "free")
    )
    percent = None if parts["percent"] is None else parts["percent"] * table.scale
    if percent is None and (percent_free := parts["percent_free"]) is not None:
        percent = 100.0 - percent_free * table.scale
    if total is None and used is not None and free is not None:
        total = used + free
    if used is None and total is not None and free is not None:
        used = total - free
    if used is None and total is not None and percent is not None:
        used = total * percent / 100
    if total and used is not None:
        if not 0 <= used <= total:
            return None
        percent = 100.0 * used / total
    if (percent is None or not 0 <= percent <= 100) or (total is not None and total <= 0):
        return None
    if total is not None and not math.isfinite(total):
        return None
    return Area(_name(table, index, answers), table.kind, total, used, percent)


def _supplies(table: SupplyTable, answers: Answers) -> Iterator[Supply]:
    column = table.percent or table.level or ()
    for index, value in _usable(table, column, answers):
        level = _level(table, value)
        capacity = _number(table.capacity, index, answers)
        percent = level
        if table.percent is None:
            is_known = level is not None and level >= 0 and capacity is not None and capacity > 0
            percent = 100.0 * level / capacity if is_known and level and capacity else level
            percent = percent if is_known else None
        if percent is not None and not 0 <= percent <= 100:
            percent = None
        yield Supply(_name(table, index, answers), table.kind, percent, capacity)


def _level(table: SupplyTable, value: Value) -> float | None:
    if table.octets is None:
        number = number_in(value)
    else:
        digits = searched(table.octets, value.hex()) if isinstance(value, bytes) else None
        number = float(int(digits, 16)) if digits and set(digits) <= _HEX_DIGITS else None
    return None if number is None else number * table.scale


def _sensors(table: SensorTable, answers: Answers) -> Iterator[tuple[str, Sensor]]:
    for index, raw in _usable(table, table.value, answers):
        name = _name(table, index, answers)
        if table.bits is not None:
            if isinstance(raw, bytes):
                yield dotted(index), _bits(name, raw, table.bits)
            continue
        number = number_in(raw, table.pattern)
        if table.class_ == "state":
            key = words(raw).strip()
            state = (table.states or {}).get(key, "unknown")
            if number is not None or key in (table.states or {}):
                told = number if number is not None else 0.0
                yield dotted(index), Sensor("state", name, told, state)
            continue
        if number is None:
            continue
        exponent = _number(table.exponent, index, answers) or 0.0
        exponent -= _number(table.decimals, index, answers) or 0.0
        if abs(exponent) > 30:
            continue
        factor = table.scale * 10.0**exponent
        value = _scaled(table, number, factor)
        if value is None:
            continue
        if table.range is not None and not table.range[0] <= value <= table.range[1]:
            continue
        low, low_warning, high_warning, high = (
            None
            if (limit := _number(edge, index, answers)) is None
            else _scaled(table, limit, factor)
            for edge in (
                table.limits.low,
                table.limits.low_warning,
                table.limits.high_warning,
                table.limits.high,
            )
        )
        limits = low, low_warning, high_warning, high
        yield dotted(index), Sensor(table.class_, name, value, "", *limits)


def _scaled(table: SensorTable, number: float, factor: float) -> float | None:
    """In the unit of the class; None for a power of which there is no dBm, and for what no number
    holds. Nine digits are more than any sensor has, and fewer than what a factor of 0.1 spoils."""
    value = number * factor + table.offset
    if table.convert == "dbm":
        if value <= 0:
            return None
        value = 10.0 * math.log10(value)
    return float(f"{value:.9g}") if math.isfinite(value) else None


def _bits(name: str, octets: bytes, meanings: Mapping[str, str]) -> Sensor:
    """The worst of the set bits, of which the first is the highest of the first octet; value: how
    many of them are bad."""
    bits = [at for at in range(min(8 * len(octets), 256)) if octets[at // 8] & (0x80 >> at % 8)]
    found = [meanings.get(str(at), "unknown") for at in bits]
    state = next((word for word in ("critical", "warning") if word in found), "ok")
    return Sensor("state", name, float(sum(word != "ok" for word in found)), state)
