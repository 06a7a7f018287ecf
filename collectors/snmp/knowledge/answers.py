"""What a device has answered so far, looked up by OID: single instances and columns alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from collectors.snmp.knowledge.schema import Where
from collectors.snmp.session import Oid, Value
from collectors.snmp.text import dotted, text


@dataclass(slots=True)
class Answers:
    """instances: OID -> value. columns: OID -> index -> value. chassis: the best row of ENTITY-MIB
    by the names of terms.EntityField."""

    object_id: Oid = ()
    descr: str = ""
    sys_name: str = ""
    instances: dict[Oid, Value] = field(default_factory=dict)
    columns: dict[Oid, Mapping[Oid, Value]] = field(default_factory=dict)
    chassis: Mapping[str, str] = field(default_factory=dict)

    def rows(self, oid: Oid) -> Iterator[tuple[Oid, Value]]:
        """The rows of a column in index order; an instance is one row with an empty index."""
        if oid in self.instances:
            yield (), self.instances[oid]
        else:
            yield from sorted(self.columns.get(oid, {}).items())

    def cell(self, oid: Oid, index: Oid) -> Value | None:
        """The value of a column at an index, else at the longest beginning of it that has one.

        So a name that belongs to a module serves the module's four sensors.
        """
        if oid in self.instances:
            return self.instances[oid]
        column = self.columns.get(oid, {})
        for length in range(len(index), -1, -1):
            if index[:length] in column:
                return column[index[:length]]
        return None

    def fulfils(self, index: Oid, conditions: tuple[Where, ...]) -> bool:
        """Whether the row with this index is one that is asked for."""
        for condition in conditions:
            value = self.cell(condition.object, index)
            if value is None or not searched(condition.like, words(value)):
                return False
        return True


def searched(pattern: str, value: str) -> str | None:
    """What a pattern finds: its group, else the whole match; None without a match."""
    match = re.search(pattern, value, re.IGNORECASE | re.DOTALL)
    if match is None:
        return None
    return (match.group(1) or "") if match.re.groups else match.group()


def words(value: Value | None) -> str:
    """A value as text: a string, a number, or an OID in dots."""
    if isinstance(value, bytes):
        return text(value)
    if isinstance(value, tuple):
        return dotted(value)
    return "" if value is None else str(value)
