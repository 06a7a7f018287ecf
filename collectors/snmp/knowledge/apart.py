"""Names that tell the sensors and supplies of one device apart: they are what a row is known by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from collectors.snmp.knowledge.device import Sensor, Supply

_R = TypeVar("_R", Sensor, Supply)


def sensors_apart(rows: Iterable[tuple[str, Sensor]]) -> tuple[Sensor, ...]:
    """The sensors, no two of one class with one name. rows: index (dotted) and sensor.

    >>> fans = [("1", Sensor("fanspeed", "Fan", 900.0)), ("2", Sensor("fanspeed", "Fan", 950.0))]
    >>> [fan.name for fan in sensors_apart(fans)]
    ['Fan 1', 'Fan 2']

    Where the index does not help either, they are counted:

    >>> [fan.name for fan in sensors_apart(("", fan) for _, fan in fans)]
    ['Fan', 'Fan (2)']
    """
    return _apart(list(rows), lambda sensor: sensor.sensor_class)


def supplies_apart(supplies: Iterable[Supply]) -> tuple[Supply, ...]:
    """The same for supplies of one kind."""
    return _apart([("", supply) for supply in supplies], lambda supply: supply.kind)


def _apart(rows: Sequence[tuple[str, _R]], kind: Callable[[_R], str]) -> tuple[_R, ...]:
    indexes: dict[tuple[str, str], Counter[str]] = {}
    for index, row in rows:
        indexes.setdefault((kind(row), row.name), Counter())[index] += 1
    used: Counter[tuple[str, str]] = Counter()
    found = []
    for index, row in rows:
        seen = indexes[kind(row), row.name]
        name = row.name
        if seen.total() > 1 and max(seen.values()) == 1:
            name = f"{name} {index}".strip()
        used[kind(row), name] += 1
        if (times := used[kind(row), name]) > 1:
            name = f"{name} ({times})".strip()
        found.append(row if name == row.name else replace(row, name=name))
    return tuple(found)
