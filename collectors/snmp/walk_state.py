"""What is known while columns are walked, and what is remembered of an agent between walks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from collectors.snmp.session import Oid, Value
from collectors.snmp.walk_script import Put, Script, Step

FIRST_ROWS = 4
FIRST_BINDING_BYTES = 20.0
MOST_NAMES, MOST_BINDINGS = 24, 120
_HEARTENED_BY = 4
_FORGIVEN_AFTER = 30


@dataclass(slots=True)
class Limits:
    """What one agent was found to stand, remembered between looks and forgiven after some.

    names: objects in one request. bindings: variables in one answer. bulk: it answers GETBULK.
    """

    names: int = MOST_NAMES
    bindings: int = MOST_BINDINGS
    bulk: bool = True
    looks: int = 0

    def next_look(self) -> bool:
        """Agents are updated and lines mended: now and then everything is tried again. Says
        whether this is such a time."""
        at_first = (MOST_NAMES, MOST_BINDINGS, True)
        self.looks = self.looks + 1 if (self.names, self.bindings, self.bulk) != at_first else 0
        if self.looks > _FORGIVEN_AFTER:
            self.names, self.bindings, self.bulk = at_first
            self.looks = 0
            return True
        return False


class Mode(IntEnum):
    """How a column is asked for: with others; by itself, since something failed; row by row."""

    TOGETHER = 0
    ALONE = 1
    STEPS = 2


@dataclass(slots=True)
class Column:
    """last: the index that the walk of it has reached."""

    label: str
    oid: Oid
    place: int
    last: Oid = ()
    mode: Mode = Mode.TOGETHER
    rows: dict[Oid, Value] = field(default_factory=dict)
    done: bool = False


@dataclass(slots=True)
class Shape:
    """What some columns were like when they were last walked: the first question of the next walk
    can fill a packet, and the last one need not ask for rows that are not there."""

    rows: int | None = None
    most_rows: int = FIRST_ROWS
    binding_bytes: float = FIRST_BINDING_BYTES
    room: int = MOST_BINDINGS
    script: Script | None = None
    empty: frozenset[int] = frozenset()


@dataclass(slots=True)
class Walk:
    """One walk under way. most_rows: of the next request; it doubles up to row_limit.

    room: bindings that the agent puts into an answer; width: columns that are asked for at once,
    None while that is not decided.
    in_doubt: the last question stayed without an answer, and a smaller one is being tried.
    is_smooth: no question had to be asked in another way.
    """

    columns: list[Column]
    steps: list[Step] = field(default_factory=list)
    put: Put = field(default_factory=Put)
    empty: frozenset[int] = frozenset()
    expected_rows: int | None = None
    most_names: int = 64
    most_rows: int = FIRST_ROWS
    row_limit: int = 64
    room: int = MOST_BINDINGS
    width: int | None = None
    size: int = 0
    binding_bytes: float = FIRST_BINDING_BYTES
    answers: int = 0
    in_doubt: bool = False
    is_smooth: bool = True
    fell_silent: bool = False
    failures: dict[str, list[str]] = field(default_factory=dict)
    aborted: set[str] = field(default_factory=set)

    def take_heart(self) -> None:
        """After an answer: what was lost may have been no more than that, so ask for more again
        by and by."""
        self.in_doubt = False
        self.answers += 1
        if self.answers % _HEARTENED_BY == 0:
            self.most_names *= 2

    def left(self) -> list[Column]:
        """The columns that have not ended."""
        return [column for column in self.columns if not column.done]

    def fail(self, columns: Iterable[Column], why: str) -> None:
        """These columns end here, incomplete."""
        for column in columns:
            column.done = True
            self.failures.setdefault(why, []).append(column.label)

    def end(self, columns: Iterable[Column], reason: str) -> None:
        """A guard ends these columns."""
        self.aborted.add(reason)
        self.fail(columns, f"ended early: {reason.replace('_', ' ')}")
