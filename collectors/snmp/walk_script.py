"""What a walk over some columns asked and got, to be asked again in the same words.

While a device keeps answering with the same rows, nothing of an answer but its values is new: they
are put by, and sorted into their columns at the end of the walk. The first answer that differs
ends that, and the walk goes on from where it stands as if it had never been walked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from collectors.snmp.pdu import Cells, Memory, Request
from collectors.snmp.session import Oid, Value

MOST_STEPS = 200
"""Of one walk: five thousand cells and more, which is what a chassis of 250 ports has."""
_MOST_SHARED = 50_000


class Rows(Protocol):
    """A column, as a script fills it. last: the index that the walk of it has reached."""

    last: Oid
    rows: dict[Oid, Value]


@dataclass(slots=True)
class Step:
    """One request and the columns that it asked for, by their places in the walk.

    indexes: of the cells of its last answer, the very object that the engine remembers; None
    while they were not looked at, or were no whole rows.
    """

    request: Request
    group: tuple[int, ...]
    indexes: list[Oid] | None = None
    rows: list[Oid] = field(default_factory=list)

    def seen(self, cells: Cells | None) -> None:
        """Remember an answer that was found in order."""
        self.indexes = None
        if cells is not None and cells.in_rows and cells.indexes:
            width = len(self.group)
            if len(cells.indexes) % width == 0:
                self.indexes, self.rows = cells.indexes, cells.indexes[::width]


class Put:
    """Values that are put by: whole rows of one step after the other."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Step, Sequence[Value]]] = []

    def by(self, step: Step, cells: Cells) -> bool:
        """Take an answer that has the same cells as the step's last one; else False."""
        if step.indexes is not cells.indexes:
            return False
        self._waiting.append((step, cells.values))
        return True

    def into(self, columns: Sequence[Rows]) -> None:
        """Sort everything into its columns."""
        waiting, self._waiting = self._waiting, []
        at = 0
        while at < len(waiting):
            group = waiting[at][0].group
            rows: list[Oid] = []
            values: list[Value] = []
            while at < len(waiting) and waiting[at][0].group == group:
                rows += waiting[at][0].rows
                values += waiting[at][1]
                at += 1
            for place, position in enumerate(group):
                column = columns[position]
                column.rows.update(zip(rows, values[place :: len(group)], strict=True))
                column.last = rows[-1]


class Script:
    """The steps of a walk that went well from beginning to end."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps = tuple(steps)

    @staticmethod
    def of(steps: Sequence[Step]) -> Script | None:
        """A script of these steps; None of so many that they are not worth their memory."""
        if not 0 < len(steps) <= MOST_STEPS:
            return None
        return Script(step if step.request.memory else _with_memory(step) for step in steps)


def _with_memory(step: Step) -> Step:
    request = step.request
    names, columns = shared(request.names), shared(request.columns)
    return Step(replace(request, names=names, columns=columns, memory=Memory()), step.group)


_SHARED: dict[tuple[Oid, ...], tuple[Oid, ...]] = {}


def shared(names: tuple[Oid, ...]) -> tuple[Oid, ...]:
    """The same names as one object: devices of one make are asked for the same ones."""
    if len(_SHARED) >= _MOST_SHARED:
        _SHARED.clear()
    return _SHARED.setdefault(names, names)
