"""PDUs of answers in one pass over their octets (RFC 3416 §3), without an object for each element.

Cells of the columns that were asked for are read by `_cells`, which knows them by the octets of
their names and stops at the first binding that is anything else; `read_bindings` reads that and all
others. Both are strict: each length is checked against what holds it.
"""

from __future__ import annotations

from collections.abc import Container

from collectors.snmp.ber_shape import element
from collectors.snmp.engine.ber import (
    COUNTER32,
    COUNTER64,
    GAUGE32,
    INTEGER,
    IP_ADDRESS,
    OBJECT_ID,
    OCTET_STRING,
    OPAQUE,
    SEQUENCE,
    TIME_TICKS,
    UNSIGNED32,
    enter,
    read_integer,
    read_oid,
)
from collectors.snmp.engine.names import Names
from collectors.snmp.pdu import (
    MAX_VALUE_BYTES,
    Absent,
    Binding,
    Cells,
    Rejected,
    Request,
    Response,
)
from collectors.snmp.session import Oid, Value

RESPONSE, REPORT = 0xA2, 0xA8
NAMES = Names()

_UNSIGNED_BYTES = {COUNTER32: 5, GAUGE32: 5, TIME_TICKS: 5, UNSIGNED32: 5, COUNTER64: 9}
_LONGEST_NUMBER = {tag: 2 + most for tag, most in _UNSIGNED_BYTES.items()} | {INTEGER: 11}
"""Octets of elements whose body is a number that needs no second look where it is positive."""
_ABSENT = {0x05: Absent.NOTHING, 0x80: Absent.NOTHING, 0x81: Absent.NOTHING}
_END_OF_VIEW = 0x82
_SPARE_BINDINGS = 8
"""Some agents send a row too many, which is no harm; a crowd is."""


def read_response(
    data: bytes, at: int, end: int, request_ids: Container[int], request: Request, size: int
) -> tuple[int, int, Response]:
    """(tag of the PDU, request id, response) of the PDU at `at`; size: of the whole packet.

    Raises Rejected: malformed, oversize, or no_request where the id is in none of `request_ids`.
    """
    tag, at, end = element(data, at, end)
    if tag not in (RESPONSE, REPORT):
        raise Rejected("malformed")
    request_id, at = read_integer(data, at, end)
    if tag == RESPONSE and request_id not in request_ids:
        raise Rejected("no_request")
    status, at = read_integer(data, at, end)
    index, at = read_integer(data, at, end)
    at, stop = enter(SEQUENCE, data, at, end)
    if stop != end:
        raise Rejected("malformed")
    most = request.most_bindings + _SPARE_BINDINGS
    cells = None
    if request.columns and tag == RESPONSE:
        try:
            cells, at = _cells(data, at, end, request.columns, most)
        except IndexError:  # the data end within an element, or a length is in its longer form
            cells = Cells([], [], True)
        most -= len(cells.values)
    bindings = _bindings(data, at, end, most) if at < end else ()
    tags = _tags(data, at, end) if request.tagged else ()
    return tag, request_id, Response(status, index, bindings, size, cells, tags)


def _cells(
    data: bytes, at: int, end: int, columns: tuple[Oid, ...], most: int
) -> tuple[Cells, int]:
    """(cells from `at` on as long as each is of the column whose turn it is, where they end).

    Raises Rejected, and IndexError where the data end within an element.
    """
    known = [(column, column.indexes.get) for column in map(NAMES.column, columns)]
    indexes: list[Oid] = []
    values: list[Value] = []
    add_index, add_value = indexes.append, values.append
    number = int.from_bytes
    longest_of = _LONGEST_NUMBER.get
    in_rows = True
    row: Oid | None = None
    while at < end:
        for column, index_of in known:
            if at >= end:
                break
            value_at = at + 4 + data[at + 3]
            stop = at + 2 + (length := data[at + 1])
            # A name and a value within less than 128 octets, the value up to the very end.
            if length > 127 or data[at] != SEQUENCE or value_at + 2 + data[value_at + 1] != stop:
                return Cells(indexes, values, in_rows), at
            index = index_of(data[at + 2 : value_at])
            if index is None:
                index = NAMES.learn(column, data[at + 2 : value_at])
                if index is None:
                    return Cells(indexes, values, in_rows), at
            tag = data[value_at]
            if tag == OCTET_STRING:
                value: Value = data[value_at + 2 : stop]
            elif tag == INTEGER and value_at + 3 == stop and data[value_at + 2] < 0x80:
                value = data[value_at + 2]
            elif value_at + 2 < stop <= value_at + longest_of(tag, 0) and data[value_at + 2] < 0x80:
                value = number(data[value_at + 2 : stop])
            else:
                plain = _value(tag, data[value_at + 2 : stop])
                if isinstance(plain, Absent):
                    return Cells(indexes, values, in_rows), at
                value = plain
            add_index(index)
            add_value(value)
            at = stop
            if index is not row:
                if column is known[0][0]:
                    row = index
                else:
                    in_rows = False
        if len(values) > most:
            raise Rejected("oversize")
    if at != end:
        raise Rejected("malformed")
    return Cells(indexes, values, in_rows), at


def _bindings(data: bytes, at: int, end: int, most: int) -> tuple[Binding, ...]:
    """All bindings up to `end`. Raises Rejected."""
    found: list[Binding] = []
    while at < end:
        if len(found) >= most:
            raise Rejected("oversize")
        begin, stop = enter(SEQUENCE, data, at, end)
        begin, name_end = enter(OBJECT_ID, data, begin, stop)
        tag, value_at, value_end = element(data, name_end, stop)
        if value_end != stop:
            raise Rejected("malformed")
        found.append((read_oid(data[begin:name_end]), _value(tag, data[value_at:stop])))
        at = stop
    return tuple(found)


def _tags(data: bytes, at: int, end: int) -> tuple[int, ...]:
    """The tag of each value in bindings that `_bindings` has read."""
    found = []
    while at < end:
        begin, at = enter(SEQUENCE, data, at, end)
        _, value_at = enter(OBJECT_ID, data, begin, at)
        found.append(data[value_at])
    return tuple(found)


def _value(tag: int, body: bytes) -> Value | Absent:
    """A value of any type. Raises Rejected.

    An unsigned number with its first bit set lacks the leading zero octet that RFC 3417 §8 wants;
    some agents leave it out, and it costs no more than itself.
    """
    if tag == INTEGER:
        if not 1 <= len(body) <= 9:
            raise Rejected("malformed")
        return int.from_bytes(body, "big", signed=True)
    most_bytes = _UNSIGNED_BYTES.get(tag)
    if most_bytes is not None:
        if not 1 <= len(body) <= most_bytes:
            raise Rejected("malformed")
        mask = (1 << 8 * (most_bytes - 1)) - 1
        number = int.from_bytes(body, "big", signed=True)
        return number if number >= 0 else number & mask
    if tag in (OCTET_STRING, IP_ADDRESS, OPAQUE):
        return body[:MAX_VALUE_BYTES]
    if tag == OBJECT_ID:
        return read_oid(body)
    if body:
        raise Rejected("malformed")
    if tag == _END_OF_VIEW:
        return Absent.END_OF_VIEW
    absent = _ABSENT.get(tag)
    if absent is None:
        raise Rejected("malformed")
    return absent
