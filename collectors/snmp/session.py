"""The seam between what we want from an SNMP agent and the engine that asks for it.

Values that cross it are plain: int, bytes, OID tuples. Objects are asked for by their MIB names,
so that problems can name them. Nothing of an engine's library may leak through here.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from inventory.observation import Outcome

Oid = tuple[int, ...]
Value = int | bytes | Oid
"""INTEGER and counters; OCTET STRING, IpAddress and Opaque (at most 32 KB); OBJECT IDENTIFIER."""

Objects = Mapping[str, Oid]
"""MIB object name -> OID of its instance (`get`) or of its column (`columns`)."""

Rows = Mapping[str, Mapping[Oid, Value]]
"""MIB object name -> index -> value. Tables may be ragged: a device leaves cells out."""


class SnmpError(Exception):
    """A question that got no usable answer; outcome and reason as a CollectorError has them.

    The message is one line for people and holds no secret. permanent: a person has to change
    something first.
    """

    def __init__(
        self, outcome: Outcome, reason: str, message: str, *, permanent: bool = False
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.reason = reason
        self.message = message
        self.permanent = permanent


class NoAnswer(SnmpError):
    """Silence, or only packets that are no answer, until the time was up."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a `get` brought: name -> value, without what the agent does not have.

    problems: one line each for objects that it failed to give. round_trip_s: of the last request
    that was answered, without the waits for lost ones.
    """

    values: Mapping[str, Value]
    problems: tuple[str, ...] = ()
    round_trip_s: float | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """What a walk over columns brought. problems: one line for each part that is missing.

    fell_silent: the agent stopped answering altogether; the rest of a look would wait in vain.
    """

    rows: Rows
    problems: tuple[str, ...] = ()
    fell_silent: bool = field(default=False)


class Session(Protocol):
    """One agent. Used by one task at a time; may remember what the agent can and cannot do."""

    def open(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> None:
        """Begin to talk with the agent at this socket address. Raises SnmpError."""
        ...

    async def get(self, objects: Objects, until_s: float) -> Found:
        """The values of single objects.

        until_s: on the event loop's clock; ends before it. Raises NoAnswer when nothing at all
        was answered, SnmpError when the agent refuses us.
        """
        ...

    async def first(self, objects: Objects, until_s: float) -> Found:
        """For each object the first value below it, of those that have one.

        The quick way to see whether an agent has a table or a branch. Raises as `get` does.
        """
        ...

    async def columns(self, objects: Objects, until_s: float) -> Columns:
        """All rows of some columns, several columns a request.

        Keeps what it got when something fails on the way; raises nothing.
        """
        ...

    async def close(self) -> None:
        """Give the socket back; `open` may follow. Safe to call twice."""
        ...
