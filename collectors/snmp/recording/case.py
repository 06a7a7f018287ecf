"""A case: a folder with a recording and with what is found in it, for a person to correct."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from collectors.snmp.identify import learned
from collectors.snmp.knowledge.book import ProfileBook
from collectors.snmp.knowledge.offline import RecordedSession, identified
from collectors.snmp.recording.known import gathered
from collectors.snmp.recording.redact import Redaction, Redactor
from collectors.snmp.recording.rules import serials_of
from collectors.snmp.recording.shapes import Shapes
from collectors.snmp.session import Columns, Found, Objects, Oid
from collectors.snmp.simulator.snmprec import Recording, Row, format_row

RECORDING, EXPECTED = "device.snmprec", "expected.yaml"

_HEAD = "# Recorded by Hatang; names, serial numbers, MACs and public addresses are stand-ins.\n"
_PRODUCT = ("profile", "vendor", "model", "version", "os", "class", "features")
_INTERFACE_NAMES: tuple[Oid, ...] = (
    (1, 3, 6, 1, 2, 1, 2, 2, 1, 2),
    (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1),
)
_IDENTITY = ("profile", "vendor", "model", "version", "serial", "os", "class")
_CELLS = {
    "processors": ("descr", "usage"),
    "memory_pools": ("descr", "total", "percent"),
    "storage": ("descr", "size", "percent"),
    "sensors": ("class", "descr", "value", "state"),
    "supplies": ("type", "descr", "percent"),
}


class CaseError(Exception):
    """A case cannot be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """found: what Hatang identifies in the rows. done: rule -> what it replaced. changed: what of
    the product is told otherwise than before the secrets were taken out."""

    rows: Sequence[Row]
    found: Mapping[str, object]
    done: Mapping[str, Redaction]
    changed: tuple[str, ...]


async def make_case(
    rows: Sequence[Row],
    book: ProfileBook,
    secrets: Iterable[str],
    *,
    shapes: Shapes | None = None,
) -> Case:
    """A case of everything that a device said.

    secrets: the community, or user and keys, that it was asked with.
    """
    session = _Noting(Recording("device", tuple(rows)))
    before = await learned(session, book, until_s=0.0)
    given = dict.fromkeys(secrets, "secret") | dict.fromkeys(_serials(before), "serial number")
    serials = serials_of(book)
    known = gathered(rows, serials, given, _ordinary(before, rows))
    versions = [str(before[name]) for name in ("version", "model") if before[name]]
    redactor = Redactor(known, serials, versions, shapes or Shapes(), session.asked)
    freed = redactor.redacted(rows)
    after = await _found_in(freed, book)
    changed = tuple(name for name in _PRODUCT if before[name] != after[name])
    return Case(freed, after, redactor.done, changed)


async def needed(case: Case, book: ProfileBook) -> Case:
    """The case without the rows that nobody asks for to identify and measure the device."""
    session = _Noting(Recording("device", tuple(case.rows)))
    await learned(session, book, until_s=0.0)
    rows = [row for row in case.rows if _is_below(row.oid, session.asked)]
    return replace(case, rows=rows, found=await _found_in(rows, book))


def write_case(case: Case, folder: Path) -> tuple[Path, Path]:
    """Write `device.snmprec` and `expected.yaml`, as tests/collectors/snmp/devices has them.

    Raises CaseError, where they are there, too: what a person corrected is never written over.
    """
    device, expected = folder / RECORDING, folder / EXPECTED
    for path in (device, expected):
        if path.exists():
            raise CaseError(f"{path} is there already; give another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{format_row(row)}\n" for row in case.rows)
        device.write_text(_HEAD + lines, encoding="utf-8", newline="\n")
        expected.write_text(expected_text(case.found), encoding="utf-8", newline="\n")
    except OSError as error:
        raise CaseError(f"{folder}: {error.strerror or error}") from error
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


async def _found_in(rows: Iterable[Row], book: ProfileBook) -> dict[str, object]:
    return await identified(Recording("device", tuple(rows)), book)


def _is_below(row: Oid, asked: set[Oid]) -> bool:
    return any(row[:length] in asked for length in range(len(row), 2, -1))


def _shown(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _serials(found: Mapping[str, object]) -> Iterable[str]:
    members = found["members"]
    assert isinstance(members, list)
    for serial in (found["serial"], *(member["serial"] for member in members)):
        if isinstance(serial, str) and serial:
            yield serial


def _ordinary(found: Mapping[str, object], rows: Iterable[Row]) -> Iterable[str]:
    """Texts that are the product's own: a name that is in one of them tells of nobody."""
    yield from (str(found[name]) for name in _PRODUCT if found[name])
    for row in rows:
        if isinstance(row.value, bytes) and any(
            row.oid[: len(column)] == column for column in _INTERFACE_NAMES
        ):
            yield row.value.decode("utf-8", "replace")
