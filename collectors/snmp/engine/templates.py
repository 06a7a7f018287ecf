"""Packets that look like the one before, read in one step.

A device that is asked the same question a minute later mostly answers with the same names, types
and lengths, and only the values differ. What was read once with every check is kept as a template:
the octets that must be the same again, and where the values stand between them. One unpacking and
one comparison then do what the strict reader does octet by octet, and whatever does not fit to the
last octet goes to that reader. The memory of all templates together is bounded.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from operator import itemgetter

from collectors.snmp.engine.ber import (
    COUNTER32,
    COUNTER64,
    GAUGE32,
    INTEGER,
    IP_ADDRESS,
    OCTET_STRING,
    OPAQUE,
    TIME_TICKS,
    UNSIGNED32,
)
from collectors.snmp.pdu import Cells
from collectors.snmp.session import Oid, Value

MOST_BYTES = 128 << 20
"""Of all templates of a process: two thousand switches of 48 ports."""
_CELL_BYTES = 80
"""What one cell of a template takes: two format codes of Struct and two places in tuples."""
_MOST_HEADS = 200_000

_PLAIN = (OCTET_STRING, IP_ADDRESS, OPAQUE)
_NUMBERS = (INTEGER, COUNTER32, GAUGE32, TIME_TICKS, COUNTER64, UNSIGNED32)
_SIGNED = {1: "b", 2: "h", 4: "i", 8: "q"}
_WHOLE = {(COUNTER64, 8): "Q"} | {
    (tag, 4): "I" for tag in (COUNTER32, GAUGE32, TIME_TICKS, UNSIGNED32)
}
"""Unsigned numbers that fill their type: the first bit is a digit, no sign."""

Read = Callable[[bytes], Value]
Readers = Callable[[int, int], Read]
"""(tag, length in octets) -> what reads a value of that kind, which has passed every check."""


class _Memory:
    """What all templates of the process take, and the octets that many of them share."""

    def __init__(self) -> None:
        self.cells = 0
        self._heads: dict[bytes, bytes] = {}

    def has_room(self, cells: int) -> bool:
        return (self.cells + cells) * _CELL_BYTES <= MOST_BYTES

    def shared(self, head: bytes) -> bytes:
        """The same octets as one object, however many devices send them."""
        if len(self._heads) >= _MOST_HEADS:
            self._heads.clear()
        return self._heads.setdefault(head, head)


_MEMORY = _Memory()


class Template:
    """The cells at the beginning of one answer. size: octets that they take."""

    __slots__ = ("_heads", "_indexes", "_numbers", "_reads", "_shorter", "_unpack", "size")

    def __init__(
        self,
        layout: struct.Struct,
        heads: list[bytes],
        indexes: list[Oid],
        reads: list[tuple[int, Read]],
        numbers: list[tuple[int, int]],
        shorter: list[int],
    ) -> None:
        self._unpack = layout.unpack_from
        self._heads = tuple(heads)
        self._indexes = indexes
        self._reads = reads
        self._numbers = numbers
        self._shorter = itemgetter(*shorter, *shorter[:1]) if shorter else None
        self.size = layout.size
        _MEMORY.cells += len(heads)

    def __del__(self) -> None:
        _MEMORY.cells -= len(self._heads)

    def read(self, data: bytes, at: int, end: int) -> Cells | None:
        """The cells at `at`; None where they do not look like the ones before."""
        if end - at < self.size:
            return None
        found = self._unpack(data, at)
        if found[::2] != self._heads:
            return None
        values = list(found[1::2])
        if self._shorter is not None and min(self._shorter(values)) < 0:
            return None  # a number without its leading zero is the strict reader's
        for position, limit in self._numbers:
            number = int.from_bytes(values[position], "big")
            if number >= limit:
                return None
            values[position] = number
        for position, read in self._reads:
            values[position] = read(values[position])
        return Cells(self._indexes, values, True)


def learned(data: bytes, at: int, cells: Cells, reader: Readers) -> Template | None:
    """A template of cells that the strict reader has just read at `at`; None where there is
    nothing in it, or no room left."""
    count = len(cells.values)
    if not count or not cells.in_rows or not _MEMORY.has_room(count):
        return None
    codes: list[str] = [">"]
    heads: list[bytes] = []
    reads: list[tuple[int, Read]] = []
    numbers: list[tuple[int, int]] = []
    shorter: list[int] = []
    for position in range(count):
        value_at = at + 4 + data[at + 3]
        stop = at + 2 + data[at + 1]
        head = data[at : value_at + 2]
        heads.append(_MEMORY.shared(head))
        tag, length = data[value_at], stop - value_at - 2
        code = _WHOLE.get((tag, length))
        if code is None and tag in _NUMBERS:
            code = _SIGNED.get(length)
            if code is not None and tag != INTEGER:
                shorter.append(position)
        if code is None and tag in _NUMBERS and tag != INTEGER:
            numbers.append((position, 1 << 8 * length - 1))
        elif code is None and tag not in _PLAIN:
            reads.append((position, reader(tag, length)))
        codes.append(f"{len(head)}s{code or f'{length}s'}")
        at = stop
    return Template(struct.Struct("".join(codes)), heads, cells.indexes, reads, numbers, shorter)
