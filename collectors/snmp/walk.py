"""Tables, several columns at a time, from agents that may be slow, broken or lying.

Columns of one table go in one GETBULK, so that a switch takes a few round trips. What an agent
cannot do is learned and kept in Manners: smaller requests, one column at a time, GETNEXT. A walk
ends where its columns end, or where a guard says that the agent is not to be believed; what came
before that is kept (RELIABILITY: repeated, falling or endless OIDs; too many rows or bytes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from collectors.snmp.session import (
    BadStatus,
    Binding,
    Missing,
    NoAnswer,
    Oid,
    Session,
    TooBig,
    Value,
)
from inventory.metrics import Instruments

MAX_ROWS = 20_000
MAX_BYTES = 4_000_000
BINDINGS_A_MESSAGE = 60
"""About what fits into one Ethernet frame; an agent sends less where it is more."""


@dataclass(slots=True)
class Manners:
    """What one agent was found to stand. bindings: how many variables one answer may hold."""

    bindings: int = BINDINGS_A_MESSAGE
    bulk: bool = True
    bulk_has_worked: bool = False


@dataclass(slots=True)
class Table:
    """Column -> (index -> value), filled as the answers come; problems: why parts are missing."""

    columns: dict[Oid, dict[Oid, Value]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    rows: int = 0
    size: int = 0

    def column(self, oid: Oid) -> Mapping[Oid, Value]:
        """One column, empty where there is none."""
        return self.columns.get(oid, {})


class Walker:
    """Walks one agent's tables."""

    def __init__(self, session: Session, manners: Manners, instruments: Instruments) -> None:
        self._session = session
        self._manners = manners
        self._instruments = instruments

    async def walk(self, name: str, columns: Sequence[Oid], table: Table) -> None:
        """Fill `table` with the columns. Raises SnmpError when the agent falls silent; a column
        that the agent cannot give becomes a problem and the others go on."""
        cursors = {column: column for column in columns}
        for column in columns:
            table.columns.setdefault(column, {})
        while cursors:
            asked = list(cursors)
            try:
                found = await self._next([cursors[column] for column in asked])
            except (BadStatus, TooBig) as error:
                await self._one_by_one(name, cursors, table, error)
                return
            if not found:
                self._abort(name, "empty", table)
                return
            reason = self._take(asked, cursors, found, table)
            if reason:
                self._abort(name, reason, table)
                return

    async def _one_by_one(
        self, name: str, cursors: dict[Oid, Oid], table: Table, error: BadStatus | TooBig
    ) -> None:
        """Together they failed: each column by itself, and the one that fails is named."""
        if len(cursors) == 1:
            (column,) = cursors
            table.problems.append(f"{name} column {column[-1]}: {error}")
            return
        for column, cursor in cursors.items():
            await self._rest_of_column(name, column, cursor, table)

    async def _rest_of_column(self, name: str, column: Oid, cursor: Oid, table: Table) -> None:
        cursors = {column: cursor}
        while cursors:
            try:
                found = await self._next([cursors[column]])
            except (BadStatus, TooBig) as error:
                table.problems.append(f"{name} column {column[-1]}: {error}")
                return
            reason = self._take([column], cursors, found, table) if found else "empty"
            if reason:
                self._abort(name, reason, table)
                return

    async def _next(self, after: Sequence[Oid]) -> list[Binding]:
        """The variables after these, many rows at once where the agent can."""
        manners = self._manners
        could_bulk = manners.bulk
        while manners.bulk:
            repetitions = max(1, manners.bindings // len(after))
            try:
                found = await self._session.get_bulk(after, repetitions)
            except TooBig:
                if repetitions == 1:
                    raise
                manners.bindings = max(len(after), repetitions * len(after) // 2)
            except NoAnswer:
                if manners.bulk_has_worked:
                    if repetitions == 1:
                        raise
                    # A long answer may be lost where a short one is not (fragments dropped).
                    manners.bindings = max(len(after), repetitions * len(after) // 2)
                    manners.bulk_has_worked = False
                else:
                    manners.bulk = False
            else:
                manners.bulk_has_worked = True
                return found
        try:
            return await self._session.get_next(after)
        except NoAnswer:
            manners.bulk = could_bulk  # it is silent to everything: nothing was learned
            raise

    def _take(
        self, asked: Sequence[Oid], cursors: dict[Oid, Oid], found: Sequence[Binding], table: Table
    ) -> str:
        """Put one answer into the table; why the walk must end, or ''."""
        ended: set[Oid] = set()
        for at, (oid, value) in enumerate(found):
            column = asked[at % len(asked)]
            if column in ended:
                continue
            if value is Missing.END_OF_VIEW or oid[: len(column)] != column:
                if value is not Missing.END_OF_VIEW and oid <= cursors[column]:
                    return "not_increasing"
                ended.add(column)
                continue
            if oid <= cursors[column]:
                return "not_increasing"
            cursors[column] = oid
            if value is Missing.NO_SUCH:
                continue
            table.columns[column][oid[len(column) :]] = value
            table.rows += 1
            table.size += len(oid) + (len(value) if isinstance(value, bytes | tuple) else 8)
            if table.rows > MAX_ROWS:
                return "too_many_rows"
            if table.size > MAX_BYTES:
                return "too_many_bytes"
        for column in ended:
            del cursors[column]
        return ""

    def _abort(self, name: str, reason: str, table: Table) -> None:
        self._instruments.snmp_walk_aborted.labels(reason).inc()
        table.problems.append(f"{name}: the walk was ended: {reason.replace('_', ' ')}")
