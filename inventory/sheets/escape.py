"""Texts that a spreadsheet would take for something else, so written that it does not.

In .xlsx a text is a cell of type text and stays one; only characters that XML cannot carry are
written as _xHHHH_ (ECMA-376 part 1, 22.9.2.19). In .csv nothing tells a text from a formula, so
one that could be a formula gets an apostrophe, which reading takes away again.
"""

from __future__ import annotations

import re

_STARTS = "=+-@\t\r\n＝＋－＠"
"""What a formula, or a command to another program, begins with (OWASP, CSV injection)."""

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def guarded(text: str) -> str:
    """A text for a CSV file.

    >>> guarded("=1+1"), guarded("'=1"), guarded("Máy in")
    ("'=1+1", "''=1", 'Máy in')
    """
    return f"'{text}" if text.startswith(("'", *_STARTS)) else text


def unguarded(text: str) -> str:
    """The inverse of `guarded`; an apostrophe before anything else stays.

    >>> unguarded("'=1+1"), unguarded("''=1"), unguarded("'90s")
    ('=1+1', "'=1", "'90s")
    """
    return text[1:] if text[:1] == "'" and text[1:].startswith(("'", *_STARTS)) else text


def in_xml(text: str) -> str:
    """A text for a part of an .xlsx file, before < > and & are replaced.

    >>> in_xml("a\\x01"), in_xml("_x0041_")
    ('a_x0001_', '_x005F_x0041_')
    """
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def out_of_xml(text: str) -> str:
    """The inverse of `in_xml`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def is_like_formula(text: str) -> bool:
    """Whether a spreadsheet may take it for a formula when somebody types it again."""
    return text.startswith(("'", *_STARTS))
