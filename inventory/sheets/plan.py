"""What a sheet would do to the register: one line for each of its rows, and the steps of it all.

Nothing is written here. A blank cell is never a change; a row that cannot be taken says which
cells, what is wrong and what would be right; what is skipped has its line, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inventory.register.checks import Rules
from inventory.register.entry import Create, Edit, Entry, Step
from inventory.sheets.choice import NO_COLUMN, Choice, header_of
from inventory.sheets.fields import CUSTOM, ENDPOINT_KEYS
from inventory.sheets.header import Header
from inventory.sheets.judging import Judging
from inventory.sheets.lines import Kind, Line
from inventory.sheets.matching import Matching
from inventory.sheets.problem import SheetError
from inventory.sheets.rows import NUMBERING, RowRead, RowReader
from inventory.sheets.table import Table
from inventory.sheets.values import Reading, reading
from inventory.sheets.xlsx import column_name
from inventory.store.desk import Connection


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
        for place, one in self.columns.items():
            if one == key or (one in ENDPOINT_KEYS and key == "endpoints"):
                return column_name(place), self.titles[place]
        return "", key


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
    reader = RowReader(header, columns, how)
    reads = [reader.read(row) for row in header.body]
    Matching(entries, defaults or {}).match(reads)
    judging = Judging(rules, defaults or {}, allowed)
    for read in reads:
        judging.judge(read)
    judging.together(connection, reads)
    lines = [_line(read) for read in reads]
    if header.numbering is not None:
        lines.insert(0, Line(header.numbering.number, Kind.SKIPPED, note=NUMBERING))
    steps = [_step(read) for read in reads if _kind(read) in (Kind.NEW, Kind.CHANGED)]
    ignored = tuple(
        title for place, title in enumerate(header.titles) if title and place not in columns
    )
    return ImportPlan(
        tuple(lines), tuple(s for s in steps if s), dict(columns), header.titles, ignored
    )


def plan_of_table(
    table: Table,
    choice: Choice,
    entries: Iterable[Entry],
    rules: Rules,
    connection: Connection,
    language: str,
) -> tuple[Header, ImportPlan]:
    """The plan of a table for a command. Raises SheetError."""
    header, columns = header_of(table, choice)
    if not columns:
        raise SheetError(NO_COLUMN)
    how = reading(rules.communes, language)
    return header, plan_import(
        header, columns, entries, rules, how, connection, choice.all_defaults()
    )


def _kind(read: RowRead) -> Kind:
    if read.problems:
        return Kind.REFUSED
    if read.note:
        return Kind.SKIPPED
    if read.entry is None:
        return Kind.NEW
    return Kind.CHANGED if read.changes else Kind.SAME


def _line(read: RowRead) -> Line:
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


def _step(read: RowRead) -> Step | None:
    if read.entry is None:
        return None if read.asset is None else Create(read.asset, read.row.number)
    keys = {"custom" if c.key.startswith(CUSTOM) else c.key for c in read.changes}
    values = {key: read.values[key] for key in keys}
    return Edit(read.entry.asset.tag, values, read.entry.version, read.row.number)
