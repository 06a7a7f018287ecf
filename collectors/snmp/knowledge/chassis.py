"""The chassis in ENTITY-MIB (RFC 6933): what a device says of its own case and, in a stack, of each
member."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.snmp.knowledge.device import Module
from collectors.snmp.session import Objects, Oid, Rows, Value
from collectors.snmp.text import number, oid, text
from inventory.identity import is_junk
from inventory.observation import Claim, ClaimKind

_ENTRY = oid("1.3.6.1.2.1.47.1.1.1.1")

CLASSES: dict[str, Oid] = {"entPhysicalClass": (*_ENTRY, 5)}
"""Walked first, because a large switch has hundreds of entities and one chassis."""

_CELLS = {
    "descr": 2,
    "name": 7,
    "hardware": 8,
    "firmware": 9,
    "software": 10,
    "serial": 11,
    "maker": 12,
    "model": 13,
}
_CHASSIS, _STACK = 3, 11
_MOST_ROWS = 12
"""A stack has nine members at most, and a stack row of its own."""


def rows_to_ask(classes: Rows) -> list[Oid]:
    """Indexes of the chassis rows, lowest first; without one, of the first rows that there are
    (some agents call everything a module)."""
    found = classes.get("entPhysicalClass", {})
    chassis = sorted(index for index, kind in found.items() if number(kind) in (_CHASSIS, _STACK))
    return (chassis or sorted(found)[:1])[:_MOST_ROWS]


def cells_of(indexes: list[Oid]) -> Objects:
    """What to ask of these rows; labels are `cell.INDEX`."""
    return {
        _label(cell, index): (*_ENTRY, column, *index)
        for index in indexes
        for cell, column in _CELLS.items()
    }


def members_of(indexes: list[Oid], values: Mapping[str, Value]) -> tuple[Module, ...]:
    """The chassis that have a serial number."""
    found = (_texts(index, values) for index in indexes)
    return tuple(
        Module(index[-1], texts["name"] or texts["descr"], texts["model"], texts["serial"])
        for index, texts in zip(indexes, found, strict=True)
        if _is_serial(texts["serial"])
    )


def best_of(indexes: list[Oid], values: Mapping[str, Value]) -> dict[str, str]:
    """The cells of the first chassis with a serial number, else of the first with a model, else of
    the first.

    In a stack every member is a chassis; the lowest number is its first member, and stays so.
    """
    rows = [_texts(index, values) for index in indexes]
    with_serial = [row for row in rows if _is_serial(row["serial"])]
    with_model = [row for row in rows if row["model"]]
    return next(iter(with_serial or with_model or rows), {})


def _texts(index: Oid, values: Mapping[str, Value]) -> dict[str, str]:
    return {cell: text(values.get(_label(cell, index))) for cell in _CELLS}


def _is_serial(found: str) -> bool:
    return not is_junk(Claim(ClaimKind.SERIAL, found))


def _label(cell: str, index: Oid) -> str:
    return ".".join((cell, *map(str, index)))
