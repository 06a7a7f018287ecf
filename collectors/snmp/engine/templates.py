"""Packets that look like the one before, read in one step.

A device that is asked the same question a minute later mostly answers with the same names, types
and lengths, and only the values differ. What was read once with every check is kept as a template:
the bits that must be the same again, and where the values stand between them. The packet as one
long number, less the bits that are known, is nothing but values; one bit too many, and it goes to
the strict reader. The memory of all templates together is bounded.
"""

from __future__ import annotations

import struct
from typing import NamedTuple
from weakref import WeakValueDictionary

from collectors.snmp.ber_shape import element
from collectors.snmp.engine.ber import (
    COUNTER32,
    COUNTER64,
    GAUGE32,
    INTEGER,
    IP_ADDRESS,
    OCTET_STRING,
    OPAQUE,
    SEQUENCE,
    TIME_TICKS,
    UNSIGNED32,
    enter,
    read_integer,
)
from collectors.snmp.pdu import MAX_VALUE_BYTES, Absent, Binding, Cells, Rejected, Response
from collectors.snmp.session import Oid, Value

MOST_BYTES = 128 << 20
"""Of all templates of a process: two thousand switches of 48 ports that have no two alike."""
_CELL_BYTES = 40
"""What a value takes beside the octets of its packet: a format code of Struct and a name."""

_NUMBERS = (INTEGER, COUNTER32, GAUGE32, TIME_TICKS, COUNTER64, UNSIGNED32)
_PLAIN = (OCTET_STRING, IP_ADDRESS, OPAQUE)
_SIGNED = {1: "b", 2: "h", 4: "i", 8: "q"}
_UNSIGNED = {1: "B", 2: "H", 4: "I", 8: "Q"}
_WHOLE = {(COUNTER64, 8)} | {(tag, 4) for tag in (COUNTER32, GAUGE32, TIME_TICKS, UNSIGNED32)}
"""Unsigned numbers that fill their type: the first bit is a digit, no sign."""

Known = tuple[int, Cells | None, tuple[Binding, ...]]
"""(request id, cells, what follows them)."""


class _Memory:
    """What all templates of the process take."""

    def __init__(self) -> None:
        self.octets = 0
        self.templates: WeakValueDictionary[_Looks, Template] = WeakValueDictionary()


_MEMORY = _Memory()


class _Looks(NamedTuple):
    """How a packet looks. layout: of struct; expected: the bits that must be the same again, as a
    number, all others 0; columns: those that were asked for."""

    layout: str
    expected: int
    columns: tuple[Oid, ...]


class Template:
    """One answer of one or more devices. size: octets of its packet; with v3, of the scoped PDU."""

    __slots__ = (
        "__weakref__",
        "_constants",
        "_expected",
        "_fixed",
        "_octets",
        "_unpack",
        "indexes",
        "names",
        "size",
    )

    def __init__(
        self,
        looks: _Looks,
        fixed: bytearray,
        constants: list[tuple[int, Value | Absent]],
        cells: Cells | None,
        bindings: tuple[Binding, ...],
    ) -> None:
        self.size = len(fixed)
        self.indexes = cells.indexes if cells is not None else None
        self.names = [name for name, _ in bindings]
        self._expected, self._fixed = looks.expected, int.from_bytes(fixed, "big")
        self._unpack = struct.Struct(looks.layout).unpack_from
        self._constants = constants
        self._octets = _octets_of(self.size, len(self.names) + len(self.indexes or ()))
        _MEMORY.octets += self._octets

    def __del__(self) -> None:
        _MEMORY.octets -= self._octets

    def read(self, data: bytes) -> Known | None:
        """What the packet says; None where it does not look like the one before."""
        if len(data) != self.size:
            return None
        values_alone = int.from_bytes(data, "big") ^ self._expected
        if values_alone & self._fixed:
            return None
        number, *values = self._unpack(values_alone.to_bytes(self.size, "big"))
        for position, constant in self._constants:
            values[position] = constant
        if self.indexes is None:
            return number, None, tuple(zip(self.names, values, strict=True))
        if not self.names:
            return number, Cells(self.indexes, values, True), ()
        count = len(self.indexes)
        follows = tuple(zip(self.names, values[count:], strict=True))
        del values[count:]
        return number, Cells(self.indexes, values, True), follows


def learned(
    data: bytes, number: int, response: Response, columns: tuple[Oid, ...]
) -> Template | None:
    """A template of a packet (with v3: a scoped PDU) that the strict reader has just read.

    None where it is not to be recognized by its looks, or there is no room left.
    """
    cells, bindings = response.cells, response.bindings
    values = cells.values if cells is not None else []
    count = len(values) + len(bindings)
    if response.status or response.index or not count or not (cells is None or cells.in_rows):
        return None
    if _MEMORY.octets + _octets_of(len(data), count) > MOST_BYTES:
        return None
    layout = _Layout(data)
    try:
        layout.add_number(number)
        for value in (*values, *(value for _, value in bindings)):
            layout.add_binding(value)
        layout.end()
    except (_HasNone, Rejected):
        return None
    looks = layout.looks(columns)
    template = _MEMORY.templates.get(looks)
    if template is None:
        template = Template(looks, layout.fixed, layout.constants, cells, bindings)
        _MEMORY.templates[looks] = template
    elif cells is not None and template.indexes is not None:
        cells.indexes = template.indexes
    return template


def _octets_of(size: int, count: int) -> int:
    """Memory of a template: two numbers as long as the packet, and what each value takes."""
    return 2 * size + _CELL_BYTES * count


class _HasNone(Exception):
    """A packet that only the strict reader reads rightly."""


class _Layout:
    """Where the values of a packet stand, found from its beginning to its end.

    fixed: a set bit for each that must be the same again. constants: (position, value) of values
    that must be, too.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._codes = [">"]
        self._at = 0  # the next binding
        self._filled = 0  # octets that have a code
        self._count = -1  # the request id is no value
        self.fixed = bytearray(b"\xff" * len(data))
        self.constants: list[tuple[int, Value | Absent]] = []

    def add_number(self, number: int) -> None:
        """The request id, and the way from there to the bindings."""
        data = self._data
        at = data.find(b"\x02\x04" + number.to_bytes(4, "big", signed=True)) + 2
        if at < 2:
            raise _HasNone
        self._add("I", at, at + 4)
        _, at = read_integer(data, at + 4, len(data))  # error-status
        _, at = read_integer(data, at, len(data))  # error-index
        self._at, stop = enter(SEQUENCE, data, at, len(data))
        if stop != len(data):
            raise _HasNone

    def add_binding(self, value: Value | Absent) -> None:
        """The next binding; value: what the strict reader says of it."""
        data, end = self._data, len(self._data)
        at, stop = enter(SEQUENCE, data, self._at, end)
        _, _, at = element(data, at, stop)
        tag, begin, stop = element(data, at, stop)
        self._at = stop
        length = stop - begin
        if tag in _NUMBERS:
            self._add_integer(tag, begin, stop)
        elif tag in _PLAIN and length <= MAX_VALUE_BYTES:
            self._add(f"{length}s", begin, stop)
        else:
            self.constants.append((self._count, value))
            self._add("0s", begin, begin)

    def end(self) -> None:
        """Everything was added. Raises _HasNone where something is left."""
        if self._at != len(self._data):
            raise _HasNone

    def looks(self, columns: tuple[Oid, ...]) -> _Looks:
        """How the packet looks."""
        fixed, whole = int.from_bytes(self.fixed, "big"), int.from_bytes(self._data, "big")
        return _Looks("".join(self._codes), whole & fixed, columns)

    def _add_integer(self, tag: int, begin: int, stop: int) -> None:
        """A number by the next longer code: the octets before it are fixed, so that they are 0
        when it is read."""
        length = stop - begin
        if tag == INTEGER and length in _SIGNED:
            self._add(_SIGNED[length], begin, stop)
        elif (tag, length) in _WHOLE:
            self._add(_UNSIGNED[length], begin, stop)
        elif length == 9:
            if self._data[begin]:
                raise _HasNone
            self._add("Q", begin + 1, stop)
        else:
            if self._data[begin] & 0x80:  # it lacks its leading zero, or is negative
                raise _HasNone
            width = next(width for width in _UNSIGNED if width >= length)
            self._add(_UNSIGNED[width], stop - width, stop)
            self.fixed[stop - width : begin] = b"\xff" * (width - length)
            self.fixed[begin] = 0x80

    def _add(self, code: str, begin: int, stop: int) -> None:
        gap = begin - self._filled
        self._codes.append(f"{gap}x{code}")
        self._filled = stop
        self._count += 1
        self.fixed[begin:stop] = bytes(stop - begin)
