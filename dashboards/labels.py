"""Label values that are safe to serve: what a device says of itself is untrusted text.

The library escapes quotes, backslashes and newlines; what it lets through is cleaned here. Must
not decide what a label means.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LABEL_MAX_CHARS = 256
"""Longer than any ifAlias (RFC 2863: 64) or sysName (255); a 1 MB name is cut to this."""

_JOINERS = frozenset("\u200c\u200d")
"""Zero-width (non-)joiner: invisible, but Hindi is spelt with them."""


def clean_label(value: str, max_chars: int = LABEL_MAX_CHARS) -> tuple[str, bool]:
    """A value fit to serve, and whether it had to be shortened to `max_chars`.

    Control characters, bidirectional overrides, lone surrogates and other unseen characters go;
    other blanks become a space.

    >>> clean_label("Gi0/1\\x00")
    ('Gi0/1', False)
    >>> clean_label("x" * 300) == ("x" * 256, True)
    True
    """
    shortened = len(value) > max_chars
    if shortened:
        value = value[:max_chars]
    if not value.isprintable():
        value = "".join(_seen(value))
    return value, shortened


def _seen(value: str) -> Iterable[str]:
    for character in value:
        if character in _JOINERS:
            yield character
        elif character.isspace():
            yield " "
        elif not unicodedata.category(character).startswith("C"):
            yield character
