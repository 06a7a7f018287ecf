"""Consumables of Printer-MIB (RFC 3805): what is in the printer, and how much of it is left."""

from __future__ import annotations

import re

from collectors.snmp.knowledge.device import Supply
from collectors.snmp.session import Oid, Rows
from collectors.snmp.text import number, oid, text

_SUPPLIES = oid("1.3.6.1.2.1.43.11.1.1")
_INPUTS = oid("1.3.6.1.2.1.43.8.2.1")

PRINTER: dict[str, Oid] = {
    "prtMarkerSuppliesType": (*_SUPPLIES, 5),
    "prtMarkerSuppliesDescription": (*_SUPPLIES, 6),
    "prtMarkerSuppliesSupplyUnit": (*_SUPPLIES, 7),
    "prtMarkerSuppliesMaxCapacity": (*_SUPPLIES, 8),
    "prtMarkerSuppliesLevel": (*_SUPPLIES, 9),
    "prtInputMaxCapacity": (*_INPUTS, 9),
    "prtInputCurrentLevel": (*_INPUTS, 10),
    "prtInputName": (*_INPUTS, 13),
    "prtInputDescription": (*_INPUTS, 18),
}
"""The columns that are walked, together."""

_KINDS = {
    3: "toner",
    4: "waste",
    5: "ink",
    6: "ink",
    7: "ink",
    8: "waste",
    9: "drum",
    10: "developer",
    11: "fuser_oil",
    12: "wax",
    13: "wax",
    14: "waste",
    15: "fuser",
    16: "corona_wire",
    17: "fuser_oil_wick",
    18: "cleaner",
    19: "fuser_cleaner",
    20: "transfer_unit",
    21: "toner",
    22: "fuser_oiler",
    32: "staples",
}
"""PrtMarkerSuppliesTypeTC."""

_WORDS = {
    "waste": r"waste|used toner|maintenance box",
    "drum": r"drum|photoconductor|imaging unit|image unit|opc\b",
    "fuser": r"fus(?:er|ing)",
    "transfer_unit": r"transfer|belt",
    "developer": r"developer",
    "staples": r"staple",
    "toner": r"toner|cartridge",
    "ink": r"\bink\b",
}
"""Words of a description that tell the kind where the type is other(1) or unknown(2)."""

_OWN_NUMBER = re.compile(r"[;,]?\s*\bS(?:N|/N)[:. ]?\s*\w*-?$", re.IGNORECASE)
"""The cartridge's serial number at the end of its description: the next cartridge has another."""

_PERCENT = 19
"""PrtMarkerSuppliesSupplyUnitTC percent(19)."""


def supplies_of(rows: Rows) -> tuple[Supply, ...]:
    """Consumables and paper trays (kind input) in the order of the tables.

    A level below zero says that there is some (-3) or that the printer does not know (-2, -1): no
    percentage. Where neither capacity nor unit is told, a level up to 100 is taken for percent. Of
    a waste box, percent is the room that is left.
    """
    found = []
    for index, level in sorted(rows.get("prtMarkerSuppliesLevel", {}).items()):
        cell = {name: column.get(index) for name, column in rows.items()}
        capacity = number(cell["prtMarkerSuppliesMaxCapacity"])
        unit = number(cell["prtMarkerSuppliesSupplyUnit"])
        if unit in (_PERCENT, None) and (capacity or 0) <= 0:
            capacity = 100
        name = _OWN_NUMBER.sub("", text(cell["prtMarkerSuppliesDescription"]))
        kind = _kind(number(cell["prtMarkerSuppliesType"]) or 0, name)
        found.append(Supply(name, kind, _percent(number(level), capacity), capacity))
    for index, level in sorted(rows.get("prtInputCurrentLevel", {}).items()):
        cell = {name: column.get(index) for name, column in rows.items()}
        capacity = number(cell["prtInputMaxCapacity"])
        name = text(cell["prtInputName"]) or text(cell["prtInputDescription"])
        found.append(Supply(name, "input", _percent(number(level), capacity), capacity))
    return tuple(found)


def _kind(kind: int, name: str) -> str:
    if kind in _KINDS:
        return _KINDS[kind]
    words = (word for word, seen in _WORDS.items() if re.search(seen, name, re.IGNORECASE))
    return next(words, "other")


def _percent(level: int | None, capacity: int | None) -> float | None:
    if level is None or capacity is None or level < 0 or capacity <= 0:
        return None
    return min(100.0, 100.0 * level / capacity)
