"""The chassis in ENTITY-MIB (RFC 6933): serial number, model and software of the whole device."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.snmp.session import Objects, Oid, Value
from collectors.snmp.text import number, oid, text
from collectors.snmp.vendors import vendor_in
from inventory.identity import is_junk
from inventory.observation import Claim, ClaimKind

_ENTRY = oid("1.3.6.1.2.1.47.1.1.1.1")

ENTITY_CLASS: dict[str, Oid] = {"entPhysicalClass": (*_ENTRY, 5)}
"""Walked first, because a large switch has hundreds of entities and one chassis."""

_CELLS = {
    "entPhysicalSoftwareRev": 10,
    "entPhysicalSerialNum": 11,
    "entPhysicalMfgName": 12,
    "entPhysicalModelName": 13,
}
_CHASSIS = 3
_MOST_CHASSIS = 9
"""No stack has more members."""

_FACTS = {
    "os_version": "entPhysicalSoftwareRev",
    "serial": "entPhysicalSerialNum",
    "vendor": "entPhysicalMfgName",
    "model": "entPhysicalModelName",
}


def chassis_in(classes: Mapping[Oid, Value]) -> list[Oid]:
    """Indexes of the chassis rows, lowest first, of index -> entPhysicalClass."""
    rows = [index for index, kind in classes.items() if number(kind) == _CHASSIS]
    return sorted(rows)[:_MOST_CHASSIS]


def chassis_objects(chassis: list[Oid]) -> Objects:
    """What to ask of these rows; names are `OBJECT.INDEX`."""
    return {
        _name(cell, index): (*_ENTRY, column, *index)
        for index in chassis
        for cell, column in _CELLS.items()
    }


def facts_of_chassis(chassis: list[Oid], values: Mapping[str, Value]) -> dict[str, str]:
    """os_version, serial, vendor and model of the first chassis that has a serial number, else of
    the first one. What a maker left unfilled (`To be filled by O.E.M.`) is not there.

    In a stack every member is a chassis; the lowest number is its first member, and stays so.
    """
    best: dict[str, str] = {}
    for index in chassis:
        facts = {}
        for fact, cell in _FACTS.items():
            found = text(values.get(_name(cell, index)))
            if found and not is_junk(Claim(ClaimKind.SERIAL, found)):
                facts[fact] = vendor_in(found) if fact == "vendor" else found
        facts = {fact: found for fact, found in facts.items() if found}
        if "serial" in facts:
            return facts
        best = best or facts
    return best


def _name(cell: str, index: Oid) -> str:
    return ".".join((cell, *map(str, index)))
