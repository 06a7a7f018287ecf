"""Consumables of Printer-MIB (RFC 3805): what is in the printer, and how much of it is left."""

from __future__ import annotations

import re

from collectors.snmp.knowledge.device import Supply
from collectors.snmp.session import Oid, Rows, Value
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
    "prtGeneralCurrentLocalization": oid("1.3.6.1.2.1.43.5.1.1.2"),
    "prtLocalizationCharacterSet": oid("1.3.6.1.2.1.43.7.1.1.4"),
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

_CHARSETS = {
    4: "latin-1",
    5: "iso8859-2",
    17: "shift_jis",
    18: "euc_jp",
    38: "euc_kr",
    113: "gbk",
    1013: "utf-16-be",
    1014: "utf-16-le",
    1015: "utf-16",
    2004: "hp_roman8",
    2025: "gb2312",
    2026: "big5",
    2250: "cp1250",
    2251: "cp1251",
    2252: "cp1252",
    2258: "cp1258",
    2259: "tis_620",
}
"""IANACharset (RFC 3808) -> Python's name; ASCII and UTF-8 need none."""

_PERCENT = 19
"""PrtMarkerSuppliesSupplyUnitTC percent(19)."""


def supplies_of(rows: Rows) -> tuple[Supply, ...]:
    """Consumables and paper trays (kind input) in the order of the tables.

    A level below zero says that there is some (-3) or that the printer does not know (-2, -1): no
    percentage. Where neither capacity nor unit is told, a level up to 100 is taken for percent. Of
    a waste box, percent is the room that is left.
    """
    found = []
    charset = _charset(rows)
    for index, level in sorted(rows.get("prtMarkerSuppliesLevel", {}).items()):
        cell = {name: rows.get(name, {}).get(index) for name in PRINTER}
        capacity = number(cell["prtMarkerSuppliesMaxCapacity"])
        unit = number(cell["prtMarkerSuppliesSupplyUnit"])
        if unit in (_PERCENT, None) and (capacity or 0) <= 0:
            capacity = 100
        name = _OWN_NUMBER.sub("", _words(cell["prtMarkerSuppliesDescription"], charset))
        kind = _kind(number(cell["prtMarkerSuppliesType"]) or 0, name)
        found.append(Supply(name, kind, _percent(number(level), capacity), capacity))
    for index, level in sorted(rows.get("prtInputCurrentLevel", {}).items()):
        cell = {name: rows.get(name, {}).get(index) for name in PRINTER}
        capacity = number(cell["prtInputMaxCapacity"])
        name = _words(cell["prtInputName"], charset)
        name = name or _words(cell["prtInputDescription"], charset)
        found.append(Supply(name, "input", _percent(number(level), capacity), capacity))
    return tuple(found)


def _charset(rows: Rows) -> str:
    """Of the localisation that the printer is set to, else of its only one; '' where it needs
    none or tells none."""
    sets = rows.get("prtLocalizationCharacterSet", {})
    for device, current in rows.get("prtGeneralCurrentLocalization", {}).items():
        if (chosen := number(sets.get((*device, number(current) or 0)))) is not None:
            return _CHARSETS.get(chosen, "")
    return _CHARSETS.get(number(next(iter(sets.values()))) or 0, "") if len(sets) == 1 else ""


def _words(value: Value | None, charset: str) -> str:
    """A text in the printer's character set. UTF-8 that is some is believed over what is declared:
    firmware is translated more often than this object is set."""
    is_wide = charset.startswith("utf-16")
    if isinstance(value, bytes) and charset and is_wide == (b"\0" in value):
        try:
            if is_wide:
                return text(value.decode(charset).encode())
            value.decode()
        except UnicodeDecodeError:
            return text(value.decode(charset, errors="replace").encode())
    return text(value)


def _kind(kind: int, name: str) -> str:
    if kind in _KINDS:
        return _KINDS[kind]
    words = (word for word, seen in _WORDS.items() if re.search(seen, name, re.IGNORECASE))
    return next(words, "other")


def _percent(level: int | None, capacity: int | None) -> float | None:
    if level is None or capacity is None or level < 0 or capacity <= 0:
        return None
    return min(100.0, 100.0 * level / capacity)
