"""Walks a whole device and writes what it says as a case: a recording, and what is found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from collectors.snmp.identify import learned
from collectors.snmp.knowledge.book import ProfileBook
from collectors.snmp.knowledge.offline import RecordedSession
from collectors.snmp.session import Columns, Found, Objects, Oid, Session, Value
from collectors.snmp.simulator.ber import (
    COUNTER64,
    GAUGE32,
    INTEGER,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    TIME_TICKS,
)
from collectors.snmp.simulator.snmprec import Recording, Row, format_row
from collectors.snmp.text import dotted, oid
from collectors.snmp.vendors import VENDORS

_MIB_2 = oid("1.3.6.1.2.1")
_MODULES = 260
"""IANA has given numbers below mib-2 up to about 250."""
_ENTERPRISES = oid("1.3.6.1.4.1")
_AGENTS = (89, 2021, 4413, 8072)
"""Numbers of agents' and chips' makers, beside those of devices' makers."""
_OTHERS = (oid("1.0.8802"), oid("1.2.840"))
"""LLDP-MIB; the IEEE's other MIBs."""

_TICKS = (oid("1.3.6.1.2.1.1.3"), oid("1.3.6.1.2.1.25.1.1"))
_SIGNED, _UNSIGNED = 2**31, 2**32
_CELLS = {
    "processors": ("descr", "usage"),
    "memory_pools": ("descr", "total", "percent"),
    "storage": ("descr", "size", "percent"),
    "sensors": ("class", "descr", "value", "state"),
    "supplies": ("type", "descr", "percent"),
}
_IDENTITY = ("profile", "vendor", "model", "version", "serial", "os", "class")


@dataclass(frozen=True, slots=True)
class Walked:
    """All that a device gave, and what it failed to give."""

    rows: Mapping[Oid, Value]
    problems: tuple[str, ...]


async def walk_whole(session: Session, object_id: Value | None, until_s: float) -> Walked:
    """Everything below mib-2, the makers' numbers and the IEEE's MIBs, branch by branch.

    object_id: sysObjectID, for a maker that is in no list. Raises SnmpError when the device stops
    answering before it has shown a branch.
    """
    numbers = {*VENDORS, *_AGENTS}
    if isinstance(object_id, tuple) and object_id[:6] == _ENTERPRISES and len(object_id) > 6:
        numbers.add(object_id[6])
    branches = [(*_MIB_2, module) for module in range(1, _MODULES)]
    branches += [(*_ENTERPRISES, number) for number in sorted(numbers)]
    branches += _OTHERS
    shown = await session.first({dotted(branch): branch for branch in branches}, until_s)
    rows: dict[Oid, Value] = {}
    problems: list[str] = [*shown.problems]
    for name in shown.values:
        found = await session.columns({name: oid(name)}, until_s)
        rows.update(
            {(*oid(name), *index): cell for index, cell in found.rows.get(name, {}).items()}
        )
        problems.extend(found.problems)
        if found.fell_silent:
            break
    return Walked(rows, tuple(problems))


def recorded(rows: Mapping[Oid, Value]) -> Recording:
    """The rows as a recording. Of numbers a session keeps no type: it is taken by size."""
    return Recording(
        "device", tuple(Row(row, _tag(row, rows[row]), rows[row]) for row in sorted(rows))
    )


async def what_is_found(recording: Recording, book: ProfileBook) -> dict[str, object]:
    """What is found in a recording, as `hatang identify` gives it. Raises SnmpError."""
    return await learned(RecordedSession(recording), book, until_s=0.0)


async def what_is_needed(recording: Recording, book: ProfileBook) -> Recording:
    """The recording without the rows that nobody asks for to identify and measure the device."""
    session = _Noting(recording)
    await learned(session, book, until_s=0.0)
    rows = tuple(row for row in recording.rows if _is_below(row.oid, session.asked))
    return Recording(recording.name, rows)


def write_case(
    folder: Path, recording: Recording, found: Mapping[str, object]
) -> tuple[Path, Path]:
    """Write `device.snmprec` and `expected.yaml`, as tests/collectors/snmp/devices has them.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    device, expected = folder / "device.snmprec", folder / "expected.yaml"
    device.write_text("".join(f"{format_row(row)}\n" for row in recording.rows), encoding="utf-8")
    expected.write_text(expected_text(found), encoding="utf-8")
    return device, expected


def expected_text(found: Mapping[str, object]) -> str:
    """The `expected.yaml` of what is found: identity, and every measured row."""
    lines = [yaml.safe_dump({key: found.get(key)}, allow_unicode=True) for key in _IDENTITY]
    for part, cells in _CELLS.items():
        rows = found.get(part)
        if not isinstance(rows, list) or not rows:
            continue
        lines.append(f"{part}:\n")
        for row in rows:
            kept = {cell: _shown(row[cell]) for cell in cells if row.get(cell) is not None}
            if kept.get("class") == "state":
                kept.pop("value", None)
            line = yaml.safe_dump(
                kept, default_flow_style=True, sort_keys=False, width=1000, allow_unicode=True
            )
            lines.append(f"  - {line}")
    return "".join(lines)


class _Noting(RecordedSession):
    """A recorded device that remembers what it was asked."""

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording)
        self.asked: set[Oid] = set()

    async def get(self, objects: Objects, until_s: float) -> Found:
        """See Session."""
        self.asked.update(objects.values())
        return await super().get(objects, until_s)

    async def first(self, objects: Objects, until_s: float) -> Found:
        """See Session."""
        found = await super().first(objects, until_s)
        self.asked.update(objects[name] for name in found.values)
        return found

    async def columns(self, objects: Objects, until_s: float) -> Columns:
        """See Session."""
        self.asked.update(objects.values())
        return await super().columns(objects, until_s)


def _is_below(row: Oid, asked: set[Oid]) -> bool:
    return any(row[:length] in asked for length in range(len(row), 2, -1))


def _shown(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _tag(row: Oid, value: Value) -> int:
    if isinstance(value, bytes):
        return OCTET_STRING
    if isinstance(value, tuple):
        return OBJECT_IDENTIFIER
    if row[: len(_TICKS[0])] in _TICKS or row[: len(_TICKS[1])] in _TICKS:
        return TIME_TICKS
    if -_SIGNED <= value < _SIGNED:
        return INTEGER
    return GAUGE32 if 0 <= value < _UNSIGNED else COUNTER64
