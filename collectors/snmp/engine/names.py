"""Names of objects and their BER, remembered: the same ones come and go with every poll.

A column's cells are known again by the octets of their whole name, which is one look into a
dictionary where a decoder would go octet by octet. The memory is bounded, whatever devices send.
"""

from __future__ import annotations

import functools

from collectors.snmp.engine.ber import NULL, OBJECT_ID, SEQUENCE, oid_body, read_oid, tlv
from collectors.snmp.pdu import Rejected
from collectors.snmp.session import Oid

_MOST_NAMES = 200_000
"""Names of cells in all columns; some 50 MB."""


class Column:
    """One column. indexes: octets of a cell's name, a whole element -> the cell's index."""

    __slots__ = ("indexes", "oid")

    def __init__(self, oid: Oid) -> None:
        self.oid = oid
        self.indexes: dict[bytes, Oid] = {}


class Names:
    """What is known of the names of cells, for all devices together."""

    def __init__(self, most: int = _MOST_NAMES) -> None:
        self._most = most
        self._count = 0
        self._columns: dict[Oid, Column] = {}
        self._indexes: dict[Oid, Oid] = {}

    def column(self, oid: Oid) -> Column:
        """The memory of one column."""
        found = self._columns.get(oid)
        if found is None:
            found = self._columns[oid] = Column(oid)
            self._count += 1
        return found

    def learn(self, column: Column, name: bytes) -> Oid | None:
        """The index in a name that was not known yet, None where it is outside the column.

        The same object for the same index in every column, so that rows compare by identity.
        Raises Rejected where it is no name.
        """
        if len(name) < 2 or name[0] != OBJECT_ID or name[1] != len(name) - 2:
            raise Rejected("malformed")
        oid = read_oid(name[2:])
        depth = len(column.oid)
        if oid[:depth] != column.oid:
            return None
        if self._count >= self._most:
            self._forget()
        self._count += 1
        index = self._indexes.setdefault(oid[depth:], oid[depth:])
        column.indexes[name] = index
        return index

    def _forget(self) -> None:
        for column in self._columns.values():
            column.indexes.clear()
        self._columns.clear()
        self._indexes.clear()
        self._count = 0


@functools.lru_cache(maxsize=65536)
def asked_binding(oid: Oid) -> bytes:
    """The binding by which an object is asked for: its name and NULL."""
    return tlv(SEQUENCE, tlv(OBJECT_ID, oid_body(oid)) + bytes((NULL, 0)))
