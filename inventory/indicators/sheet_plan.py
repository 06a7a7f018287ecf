"""What a sheet would declare: a line for each row, and the entries of it all. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from inventory.indicators import sheet
from inventory.indicators.checks import Entry, Ground, check, clean
from inventory.indicators.declaration import Declaration, Standing, by_commune, standing
from inventory.indicators.definition import Definition
from inventory.indicators.values import typed, value_of
from inventory.register.problems import FieldProblem
from inventory.sheets.header import Header, columns_of, find_header
from inventory.sheets.lines import FieldChange, Kind, Line
from inventory.sheets.problem import CellError, SheetError
from inventory.sheets.table import Row, Table
from inventory.sheets.values import Reading, parse, reading, text_of
from inventory.sheets.xlsx import column_name

NO_VALUE = "no value stands in the row"
"""Why a row is skipped."""

TEXTS = (
    "has no column with the commune; write for example Mã xã",
    "has no column of an indicator, and none with a value",
    "you may declare for {known} only",
    "{text} is no indicator; write one of: {known}",
)
"""Everything that can be wrong with a sheet, for translating."""


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What a sheet would do. entries: what it would declare. columns: column (from 0) -> key;
    ignored: titles that are not taken over."""

    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]
    columns: Mapping[int, str]
    titles: tuple[str, ...]
    ignored: tuple[str, ...]
    header: Header

    def counts(self) -> dict[str, int]:
        """How many rows of each kind, all kinds."""
        found = Counter(line.kind.value for line in self.lines)
        return {kind.value: found[kind.value] for kind in Kind}

    @property
    def can_apply(self) -> bool:
        """Whether there is something to declare and nothing is wrong."""
        return bool(self.entries) and not self.counts()[Kind.REFUSED.value]

    def column_of(self, key: str) -> tuple[str, str]:
        """(letters, title) of the column of a key; ("", key) where the sheet has none."""
        for place, one in self.columns.items():
            if one == key:
                return column_name(place), self.titles[place]
        return "", key.removeprefix(sheet.OF)


@dataclass(slots=True)
class _Read:
    """One row on its way. found: (column's key, entry) of what it would declare."""

    row: Row
    code: str = ""
    found: list[tuple[str, Entry]] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)
    problems: list[FieldProblem] = field(default_factory=list)
    same: int = 0
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class _Paper:
    """What a row says of its values beside them; None where its cell is blank."""

    as_of: dt.date | None = None
    expires: dt.date | None = None
    document: str | None = None
    by: str | None = None


def plan_sheet(
    table: Table,
    ground: Ground,
    known: Sequence[Declaration],
    today: dt.date,
    language: str = "en",
    allowed: frozenset[str] | None = None,
) -> SheetPlan:
    """What the rows of a table would declare. known: what was declared of any commune. today: the
    day of values whose row gives none. allowed: communes that whoever imports may declare for.

    Raises SheetError for a table that is none of ours.
    """
    knows = sheet.knows(ground.definitions)
    header = find_header(table, knows)
    columns = columns_of(header, {}, knows)
    keys = set(columns.values())
    if sheet.COMMUNE not in keys:
        raise SheetError("has no column with the commune; write for example Mã xã")
    of_list = {sheet.NAME, sheet.VALUE} <= keys
    if not of_list and not any(key.startswith(sheet.OF) for key in keys):
        raise SheetError("has no column of an indicator, and none with a value")
    work = _Planning(columns, ground, known, today, reading(ground.names, language), allowed)
    reads = [work.read(row, of_list) for row in header.body]
    work.together(reads)
    entries = tuple(entry for read in reads for _, entry in read.found)
    ignored = tuple(t for place, t in enumerate(header.titles) if t and place not in columns)
    lines = tuple(_line(read, ground) for read in reads)
    return SheetPlan(lines, entries, columns, header.titles, ignored, header)


class _Planning:
    """One run of `plan_sheet`."""

    def __init__(
        self,
        columns: Mapping[int, str],
        ground: Ground,
        known: Sequence[Declaration],
        today: dt.date,
        how: Reading,
        allowed: frozenset[str] | None,
    ) -> None:
        self._places = {key: place for place, key in columns.items()}
        self._ground = ground
        self._known = known
        self._today = today
        self._how = how
        self._allowed = allowed
        self._by_commune = by_commune(known)
        self._standing: dict[tuple[str, dt.date], Mapping[str, Standing]] = {}
        self._names = {
            plain: name
            for name, one in ground.definitions.items()
            for plain in (name, *(one.title.text(language) for language in ("vi", "en", "hi")))
        }

    def read(self, row: Row, of_list: bool) -> _Read:
        """What a row says, each value for itself."""
        read = _Read(row)
        try:
            values = list(self._list(read) if of_list else self._matrix(read))
            if not values and not read.problems:
                return read
            self._commune(read)
            paper = self._paper(read)
        except CellError as error:
            read.problems.append(_problem(sheet.COMMUNE, error, row))
            return read
        for key, definition, value in values:
            self._take(read, key, definition, value, paper)
        return read

    def together(self, reads: Sequence[_Read]) -> None:
        """What is wrong with the entries, alone and beside each other."""
        placed = [(read, key, entry) for read in reads for key, entry in read.found]
        entries = [
            Entry(e.commune, e.name, e.value, e.as_of, e.expires, e.document, e.by, number)
            for number, (_, _, e) in enumerate(placed)
        ]
        for problem in check(entries, self._ground, self._known, self._today):
            assert problem.row is not None
            read, key, _ = placed[problem.row]
            place = key if problem.field in ("value", "name") else problem.field
            read.problems.append(FieldProblem(place, problem.text, problem.values, read.row.number))

    def _commune(self, read: _Read) -> None:
        cell = read.row.at(self._places[sheet.COMMUNE])
        code = parse("commune", cell, self._how)
        if code is None:
            raise CellError("must not be empty")
        read.code = str(code)
        if self._allowed is not None and read.code not in self._allowed:
            known = ", ".join(sorted(self._allowed))
            raise CellError("you may declare for {known} only", known=known)

    def _paper(self, read: _Read) -> _Paper:
        days: dict[str, dt.date | None] = {}
        for key in (sheet.AS_OF, sheet.EXPIRES):
            days[key] = None
            place = self._places.get(key)
            if place is None:
                continue
            try:
                found = parse("day", read.row.at(place), self._how)
                days[key] = dt.date.fromisoformat(found) if found else None
            except CellError as error:
                read.problems.append(_problem(key, error, read.row))
        texts = {
            key: clean(text_of(read.row.at(self._places[key])))
            for key in (sheet.DOCUMENT, sheet.BY)
            if key in self._places
        }
        return _Paper(
            days[sheet.AS_OF],
            days[sheet.EXPIRES],
            texts.get(sheet.DOCUMENT) or None,
            texts.get(sheet.BY) or None,
        )

    def _list(self, read: _Read) -> Iterator[tuple[str, Definition, float]]:
        cell = read.row.at(self._places[sheet.VALUE])
        if cell is None:
            return
        text = text_of(read.row.at(self._places[sheet.NAME]))
        name = self._names.get(text)
        if name is None:
            known = ", ".join(self._ground.definitions)
            error = CellError(
                "{text} is no indicator; write one of: {known}", text=text[:60], known=known
            )
            read.problems.append(_problem(sheet.NAME, error, read.row))
            return
        yield from self._value(read, sheet.VALUE, self._ground.definitions[name])

    def _matrix(self, read: _Read) -> Iterator[tuple[str, Definition, float]]:
        for name, definition in self._ground.definitions.items():
            if sheet.OF + name in self._places:
                yield from self._value(read, sheet.OF + name, definition)

    def _value(
        self, read: _Read, key: str, definition: Definition
    ) -> Iterator[tuple[str, Definition, float]]:
        try:
            value = value_of(definition.kind, read.row.at(self._places[key]))
        except CellError as error:
            read.problems.append(_problem(key, error, read.row))
            return
        if value is not None:
            yield key, definition, value

    def _take(
        self, read: _Read, key: str, definition: Definition, value: float, paper: _Paper
    ) -> None:
        now = self._said(read.code, paper.as_of or self._today).get(definition.name)
        if now is not None and _same(now, value, paper):
            read.same += 1
            return
        entry = Entry(
            read.code,
            definition.name,
            value,
            paper.as_of or self._today,
            paper.expires,
            paper.document or "",
            paper.by or "",
            read.row.number,
        )
        read.found.append((key, entry))
        old = None if now is None else typed(definition.kind, now.value, self._how.language)
        new = typed(definition.kind, value, self._how.language)
        read.changes.append(FieldChange(sheet.OF + definition.name, old, new))
        read.corrects = read.corrects or now is not None

    def _said(self, code: str, day: dt.date) -> Mapping[str, Standing]:
        """What stands for a commune on a day; asked once for the values of a row."""
        if (code, day) not in self._standing:
            entries = self._by_commune.get(code, ())
            self._standing[code, day] = standing(self._ground.commune(code), entries, day)
        return self._standing[code, day]


def _same(now: Standing, value: float, paper: _Paper) -> bool:
    """Whether a cell says what stands: what its row leaves blank is as it is."""
    return (
        now.holds
        and now.value == value
        and paper.as_of in (None, now.as_of)
        and paper.expires in (None, now.expires)
        and paper.document in (None, now.document)
        and paper.by in (None, now.by)
    )


def _problem(key: str, error: CellError, row: Row) -> FieldProblem:
    return FieldProblem(key, error.text, error.values, row.number)


def _line(read: _Read, ground: Ground) -> Line:
    note = ""
    if read.problems:
        kind = Kind.REFUSED
    elif read.found:
        kind = Kind.CHANGED if read.corrects else Kind.NEW
    elif read.same:
        kind = Kind.SAME
    else:
        kind, note = Kind.SKIPPED, NO_VALUE
    return Line(
        read.row.number,
        kind,
        read.code,
        ground.names.get(read.code, ""),
        tuple(read.changes),
        tuple(read.problems),
        note,
        False,
    )
