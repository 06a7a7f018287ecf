"""What a sheet would do to the register: one line for each of its rows, and the steps of it all.

Nothing is written here. A blank cell is never a change; a row that cannot be taken says which
cell, what is wrong and what would be right; what is skipped has its line, too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from config.assets import Asset
from inventory.alphabet import folded
from inventory.register.checks import Changed, Rules, alone, clean, together
from inventory.register.entry import Create, Edit, Entry, Step
from inventory.register.index import body_of, key_of, serial_key
from inventory.register.problems import FieldProblem, problems_of
from inventory.sheets.fields import (
    BY_KEY,
    CUSTOM,
    ENDPOINT_KEYS,
    WARRANTY_MONTHS,
    factor_of,
)
from inventory.sheets.header import Header
from inventory.sheets.months import months_after
from inventory.sheets.problem import CellError
from inventory.sheets.table import Cell, Row
from inventory.sheets.tags import Tags
from inventory.sheets.values import Reading, parse, refuse_old_coding, text_of
from inventory.store.desk import Connection


class Kind(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that would change; values as hatang.yaml has them, None for nothing."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row. problems: of a refused one at least one. note: why a row is skipped,
    an English sentence that pages translate. given: whether Hatang made the tag."""

    row: int
    kind: Kind
    tag: str = ""
    name: str = ""
    changes: tuple[FieldChange, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    note: str = ""
    given: bool = False


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The whole. columns: column (from 0) -> key; ignored: titles that are not taken over."""

    lines: tuple[Line, ...]
    steps: tuple[Step, ...]
    columns: Mapping[int, str]
    titles: tuple[str, ...]
    ignored: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """How many rows of each kind, all kinds."""
        found = Counter(line.kind.value for line in self.lines)
        return {kind.value: found[kind.value] for kind in Kind}

    def column_of(self, key: str) -> tuple[str, str]:
        """(letters, title) of the column of a field; ("", key) where the sheet has none."""
        from inventory.sheets.xlsx import column_name

        for place, one in self.columns.items():
            if one == key or (one in ENDPOINT_KEYS and key == "endpoints"):
                return column_name(place), self.titles[place]
        return "", key


_NOTHING: Mapping[str, Any] = {"edge": False, "status": "in_use"}
"""What a field has where an asset says nothing of it."""

_TOTALS = ("tong cong", "cong", "tong", "total", "sum", "nguoi lap", "ke toan", "thu truong")
"""What lines below a list begin with: sums and signatures."""

_NEEDED = ("name", "class", "commune")


@dataclass(slots=True)
class _Read:
    """One row on its way."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    id: int | None = None
    entry: Entry | None = None
    problems: list[FieldProblem] = field(default_factory=list)
    note: str = ""
    given: bool = False
    asset: Asset | None = None
    changes: tuple[FieldChange, ...] = ()

    def wrong(self, key: str, text: str, /, **values: str) -> None:
        self.problems.append(FieldProblem(key, text, values, self.row.number))


def plan_import(
    header: Header,
    columns: Mapping[int, str],
    entries: Iterable[Entry],
    rules: Rules,
    how: Reading,
    connection: Connection,
    defaults: Mapping[str, str] | None = None,
    allowed: frozenset[str] | None = None,
) -> ImportPlan:
    """What the rows below a header would do.

    entries: everything that stands in the register. defaults: what a new asset has where its row
    says nothing. connection: for what the rest of the register forbids. allowed: the communes that
    whoever imports may register in, None for all.
    """
    work = _Planning(header, columns, entries, rules, how, defaults or {}, allowed)
    reads = [work.read(row) for row in header.body]
    work.match(reads)
    for read in reads:
        work.judge(read)
    work.together(connection, reads)
    lines = [_line(read) for read in reads]
    if header.numbering is not None:
        lines.insert(0, Line(header.numbering.number, Kind.SKIPPED, note=_NUMBERING))
    steps = [_step(read) for read in reads if _kind(read) in (Kind.NEW, Kind.CHANGED)]
    ignored = tuple(
        title for place, title in enumerate(header.titles) if title and place not in columns
    )
    return ImportPlan(
        tuple(lines), tuple(s for s in steps if s), dict(columns), header.titles, ignored
    )


_NUMBERING = "numbers of the columns"
_HEADING = "a heading: only one cell is filled"
_SUM = "a sum or signature below the list"
_EMPTY = "nothing stands in the columns that are taken over"
NOTES = (_NUMBERING, _HEADING, _SUM, _EMPTY)
"""Why a row is skipped."""


class _Planning:
    """One run of `plan_import`."""

    def __init__(
        self,
        header: Header,
        columns: Mapping[int, str],
        entries: Iterable[Entry],
        rules: Rules,
        how: Reading,
        defaults: Mapping[str, str],
        allowed: frozenset[str] | None,
    ) -> None:
        self._allowed = allowed
        self._columns = [
            (
                place,
                key,
                BY_KEY[key].what if key in BY_KEY else _what_of(key),
                replace(how, factor=factor_of(header.titles[place])),
            )
            for place, key in columns.items()
        ]
        self._rules = rules
        self._defaults = defaults
        self._by_tag: dict[str, Entry] = {}
        self._by_id: dict[int, Entry] = {}
        self._by_serial: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_tag[entry.asset.tag] = entry
            if entry.id:
                self._by_id[entry.id] = entry
            if key := serial_key(entry.asset.serial):
                self._by_serial.setdefault(key, []).append(entry)
        self._tags = Tags(self._by_tag)

    def read(self, row: Row) -> _Read:
        """The values of a row."""
        read = _Read(row)
        read.note = self._note(row)
        if read.note:
            return read
        for place, key, what, how in self._columns:
            cell = row.at(place)
            try:
                value = _parsed(what, cell, how)
            except CellError as error:
                read.problems.append(FieldProblem(key, error.text, error.values, row.number))
                continue
            if value is None:
                continue
            if key == "id":
                read.id = int(value)
            elif key.startswith(CUSTOM):
                read.values.setdefault("custom", {})[key.removeprefix(CUSTOM)] = value
            else:
                read.values[key] = value
        self._combine(read)
        read.values = clean(read.values)
        return read

    def _note(self, row: Row) -> str:
        filled = [place for place, cell in enumerate(row.cells) if cell is not None]
        known = {key for place, key, _, _ in self._columns if row.at(place) is not None}
        if not known:
            return _EMPTY if len(filled) > 1 else _HEADING
        if known & {"tag", "id", "serial"}:
            return ""
        first = folded(text_of(row.at(filled[0]))).strip(" .:")
        if first.startswith(_TOTALS) and not known & {"class", "commune"}:
            return _SUM
        return _HEADING if len(filled) == 1 else ""

    def _combine(self, read: _Read) -> None:
        """Columns that together say one thing."""
        months = read.values.pop(WARRANTY_MONTHS, None)
        bought = read.values.get("purchased")
        if months and bought and "warranty_until" not in read.values:
            read.values["warranty_until"] = months_after(bought, months)
        endpoints = []
        for kind in ENDPOINT_KEYS:
            value = read.values.pop(kind, None)
            if kind == "ping" and value:
                endpoints.append({"kind": kind})
            elif kind == "tcp" and value:
                endpoints.append({"kind": kind, "port": value})
            elif kind in ("snmp", "http") and value:
                endpoints.append({"kind": kind, ("credential" if kind == "snmp" else "url"): value})
        if endpoints:
            read.values.setdefault("endpoints", endpoints)

    def match(self, reads: Iterable[_Read]) -> None:
        """Find what each row is about, and give tags to new assets that have none."""
        about: dict[int, int] = {}
        tags: dict[str, int] = {}
        new: list[_Read] = []
        for read in reads:
            if read.note:
                continue
            read.entry = self._entry(read)
            tag = read.values.get("tag")
            if read.entry is not None:
                first = about.setdefault(id(read.entry), read.row.number)
                if first != read.row.number:
                    read.wrong(
                        "tag",
                        "row {row} is about {tag}, too; keep one of the two",
                        row=str(first),
                        tag=read.entry.asset.tag,
                    )
            elif tag is None:
                new.append(read)
            if tag is not None:
                first = tags.setdefault(tag, read.row.number)
                if first != read.row.number and not read.problems:
                    read.wrong(
                        "tag",
                        "row {row} has the tag {tag}, too; give one of the two another",
                        row=str(first),
                        tag=tag,
                    )
        self._tags.taken(tags)
        for read in new:
            asset_class = read.values.get("class", self._defaults.get("class", ""))
            commune = read.values.get("commune", self._defaults.get("commune", ""))
            if asset_class and commune and not any(p.field == "tag" for p in read.problems):
                read.values["tag"] = self._tags.next(str(commune), str(asset_class))
                read.given = True

    def _entry(self, read: _Read) -> Entry | None:
        tag = read.values.get("tag")
        by_tag = self._by_tag.get(tag) if tag is not None else None
        if read.id is not None:
            entry = self._by_id.get(read.id)
            if entry is None:
                read.wrong(
                    "id",
                    "there is no asset {number}; leave the cell empty for a new one",
                    number=str(read.id),
                )
            elif by_tag is not None and by_tag is not entry:
                read.wrong(
                    "tag",
                    "{tag} is another asset than number {number}; correct one of the two",
                    tag=str(tag),
                    number=str(read.id),
                )
            return entry
        if tag is not None:
            return by_tag
        key = serial_key(str(read.values.get("serial", "")))
        found = self._by_serial.get(key, []) if key else []
        maker = key_of("vendor", str(read.values.get("vendor", "")))
        if maker:
            found = [e for e in found if key_of("vendor", e.asset.vendor) in (maker, "")]
        if len(found) > 1:
            read.wrong(
                "serial",
                "several assets have this serial number: {tags}; write the tag of the one",
                tags=", ".join(e.asset.tag for e in found[:5]),
            )
        return found[0] if len(found) == 1 else None

    def judge(self, read: _Read) -> None:
        """What a row would make of its asset, and what is wrong with that alone."""
        if read.note:
            return
        if read.entry is None:
            values = {**self._defaults, **read.values}
            missing = [key for key in _NEEDED if values.get(key) in (None, "")]
            had = {problem.field for problem in read.problems}
            for key in missing:
                if key not in had:
                    read.wrong(key, "must not be empty")
            if missing or read.problems:
                return
            body: dict[str, Any] = {}
            read.values = values
            read.changes = _changes(body, values)
        else:
            body = json.loads(body_of(read.entry.asset))
            values = read.values
            if "custom" in values:
                values = {**values, "custom": {**body.get("custom", {}), **values["custom"]}}
                read.values = values
            read.changes = _changes(body, values)
            if not read.changes or read.problems:
                return
            if read.entry.origin == "file":
                for change in read.changes:
                    read.wrong(
                        change.key,
                        "{tag} is kept in hatang.yaml; change it there",
                        tag=read.entry.asset.tag,
                    )
                return
        for change in read.changes:  # what stands in the register already may look as it likes
            try:
                refuse_old_coding(change.new)
            except CellError as error:
                read.wrong(change.key, error.text, **error.values)
        if read.problems:
            return
        try:
            read.asset = Asset.model_validate(body | values, by_alias=True, by_name=False)
        except ValidationError as error:
            read.problems += [p.at(read.row.number) for p in problems_of(error)]
            return
        read.problems += alone(read.asset, self._rules, read.row.number)
        before = {read.entry.asset.commune} if read.entry else set()
        if self._allowed is not None and not {read.asset.commune, *before} <= self._allowed:
            read.wrong(
                "commune",
                "you may register in {known} only",
                known=", ".join(f"{c} {self._rules.communes.get(c, '')}" for c in self._allowed),
            )

    def together(self, connection: Connection, reads: Iterable[_Read]) -> None:
        """What the register says to all of it at once."""
        by_row = {read.row.number: read for read in reads}
        changed = [
            Changed(
                read.entry.id if read.entry else None,
                read.entry.asset.tag if read.entry else None,
                read.asset,
                read.row.number,
            )
            for read in by_row.values()
            if read.asset is not None and not read.problems
        ]
        for problem in together(connection, changed, [], self._rules):
            if problem.row in by_row:
                by_row[problem.row].problems.append(problem)


def _parsed(what: str, cell: Cell, how: Reading) -> Any:
    try:
        return parse(what, cell, how)
    except CellError:
        refuse_old_coding(cell)  # which is why it is not known
        raise


def _what_of(key: str) -> str:
    if key == "ping":
        return "flag"
    return "years" if key in (WARRANTY_MONTHS, "tcp") else "text"


def _changes(body: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    was = clean(body)
    found = []
    for key, new in values.items():
        old = was.get(key, _NOTHING.get(key))
        if key == "custom":
            before = old or {}
            found += [
                FieldChange(CUSTOM + name, before.get(name), text)
                for name, text in new.items()
                if before.get(name, "") != text
            ]
        elif old != new:
            found.append(FieldChange(key, old, new))
    return tuple(found)


def _kind(read: _Read) -> Kind:
    if read.problems:
        return Kind.REFUSED
    if read.note:
        return Kind.SKIPPED
    if read.entry is None:
        return Kind.NEW
    return Kind.CHANGED if read.changes else Kind.SAME


def _line(read: _Read) -> Line:
    entry = read.entry
    tag = read.values.get("tag") or (entry.asset.tag if entry else "")
    name = read.values.get("name") or (entry.asset.name if entry else "")
    kind = _kind(read)
    return Line(
        read.row.number,
        kind,
        str(tag),
        str(name),
        read.changes,
        tuple(read.problems),
        read.note,
        read.given,
    )


def _step(read: _Read) -> Step | None:
    if read.entry is None:
        return None if read.asset is None else Create(read.asset, read.row.number)
    keys = {"custom" if c.key.startswith(CUSTOM) else c.key for c in read.changes}
    values = {key: read.values[key] for key in keys}
    return Edit(read.entry.asset.tag, values, read.entry.version, read.row.number)
