"""The seam behind which an SNMP engine works: five methods, plain values, its own errors.

Nothing of a library passes through here, so that engines can be changed and compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

Oid = tuple[int, ...]


class Missing(Enum):
    """What stands in place of a value (RFC 3416 §3): nothing there, or the end of everything."""

    NO_SUCH = "no such object or instance"
    END_OF_VIEW = "end of the MIB view"


Value = int | bytes | Oid | Missing
"""INTEGER, counters, gauges and TimeTicks are int; OCTET STRING, IpAddress and Opaque bytes."""

Binding = tuple[Oid, Value]


class SnmpError(Exception):
    """A request that brought nothing home. reason: a short stable word for counting."""

    reason = "error"


class NoAnswer(SnmpError):
    """Nothing came back, however often it was asked."""

    reason = "timeout"


class PortClosed(SnmpError):
    """The machine said that nobody listens on the port (ICMP port unreachable)."""

    reason = "port_closed"


class Denied(SnmpError):
    """The agent knows us not: reason is wrong_digest, unknown_user, unsupported_level, not_in_time,
    decryption_error, authorization_error or a report's own name."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class TooBig(SnmpError):
    """The answer would not have fitted: ask for less."""

    reason = "too_big"


class BadStatus(SnmpError):
    """The agent answered with an error-status (RFC 3416 §3), such as 5 for genErr."""

    reason = "error_status"

    def __init__(self, status: int) -> None:
        super().__init__(f"the agent answered with error-status {status}")
        self.status = status


class Session(Protocol):
    """One conversation with one agent; requests go one after the other."""

    @property
    def latency_s(self) -> float | None:
        """Round trip of the last request that was answered at once, seconds."""
        ...

    async def get(self, oids: Sequence[Oid]) -> list[Binding]:
        """The values of these very variables, in order. Raises SnmpError."""
        ...

    async def get_next(self, oids: Sequence[Oid]) -> list[Binding]:
        """The variable after each of these. Raises SnmpError."""
        ...

    async def get_bulk(self, oids: Sequence[Oid], repetitions: int) -> list[Binding]:
        """The next `repetitions` variables after each of these, row by row; an agent may give
        less. Raises SnmpError."""
        ...

    async def close(self) -> None:
        """Give the socket back; safe to call twice."""
        ...
