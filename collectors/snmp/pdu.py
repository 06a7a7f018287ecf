"""Requests and responses as an engine exchanges them, independent of how they are encoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Protocol

from collectors.snmp.session import Oid, Value

MAX_VALUE_BYTES = 32_768
"""A longer string is cut: no object that we ask for needs more, and devices lie."""


class Kind(Enum):
    """The three questions a manager asks."""

    GET = "get"
    GET_NEXT = "get-next"
    GET_BULK = "get-bulk"


class Absent(Enum):
    """What stands in a binding instead of a value (RFC 3416 §3)."""

    NOTHING = "no such object or instance"
    END_OF_VIEW = "end of MIB view"


class Status(IntEnum):
    """Error statuses that we act on (RFC 3416 §3); agents send others, too."""

    NO_ERROR = 0
    TOO_BIG = 1
    NO_SUCH_NAME = 2
    GEN_ERR = 5
    NO_ACCESS = 6
    AUTHORIZATION_ERROR = 16


Binding = tuple[Oid, Value | Absent]


class KnownAnswer(Protocol):
    """How an answer looked."""

    def read(self, data: bytes) -> tuple[int, Cells | None, tuple[Binding, ...]] | None:
        """(request id, cells, bindings after them); None where the octets do not look like that."""
        ...


class Memory:
    """What an engine keeps with a question.

    asked: the octets before and after its request id. template: how the last answer looked.
    """

    __slots__ = ("asked", "template")

    def __init__(self) -> None:
        self.asked: tuple[bytes, bytes] | None = None
        self.template: KnownAnswer | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A question. repetitions: rows wanted of each name by GET_BULK.

    columns: those that the names are in, one for each name, where cells are wanted as Cells.
    memory: of a question that is asked again and again. tagged: the answer is to tell the tags of
    its values, which takes bindings, not cells.
    """

    kind: Kind
    names: tuple[Oid, ...]
    repetitions: int = 1
    columns: tuple[Oid, ...] = ()
    memory: Memory | None = field(default=None, compare=False)
    tagged: bool = False

    @property
    def most_bindings(self) -> int:
        """How many bindings an answer may hold."""
        return len(self.names) * max(1, self.repetitions)


@dataclass(slots=True)
class Cells:
    """The first bindings of an answer, each in the column of the name whose turn it was.

    indexes: below their columns. in_rows: each row's cells have all the index of its first one.
    """

    indexes: list[Oid]
    values: list[Value]
    in_rows: bool


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; status 0 is success, index counts the request's names from 1.

    size: bytes of the packet it came in. cells: the beginning of the bindings, where an engine
    gives it in this form; `bindings` then has only what follows. tags: the BER tag of each value of
    `bindings`, where they were asked for.
    """

    status: int
    index: int
    bindings: tuple[Binding, ...]
    size: int
    cells: Cells | None = None
    tags: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What an SNMPv3 engine says instead of answering; reason is a word of our own."""

    reason: str


class Rejected(Exception):
    """A packet that is thrown away; the reason is a label of snmp_rejected."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def status_text(status: int) -> str:
    """The name that RFC 3416 gives an error status.

    >>> status_text(5), status_text(77)
    ('genErr', 'error status 77')
    """
    names = {1: "tooBig", 2: "noSuchName", 5: "genErr", 6: "noAccess", 16: "authorizationError"}
    return names.get(status, f"error status {status}")
