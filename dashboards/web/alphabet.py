"""The order of the Vietnamese alphabet, for lists that people read.

A stand-in for a collation library: letters decide first (a ă â b c d đ e ê …), whole name against
whole name; only where they are the same do the tones (none, huyền, hỏi, ngã, sắc, nặng).
"""

from __future__ import annotations

import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {mark: rank for rank, mark in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}
"""Combining marks of the five tones that are written, in the order of dictionaries."""

Key = tuple[list[tuple[int, int]], list[int], str]


def order(text: str) -> Key:
    """A key that sorts as Vietnamese does; case, and how accents are encoded, do not matter.

    >>> sorted(["Đô", "Dũng", "Ấn", "An", "Ăn", "Án"], key=order)
    ['An', 'Án', 'Ăn', 'Ấn', 'Dũng', 'Đô']
    """
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text).lower():
        decomposed = unicodedata.normalize("NFD", character)
        plain = "".join(c for c in decomposed if c not in _TONES)
        letters.append(_rank(unicodedata.normalize("NFC", plain)))
        tones.append(max((_TONES[c] for c in decomposed if c in _TONES), default=0))
    return letters, tones, text


def _rank(letter: str) -> tuple[int, int]:
    """Blanks and digits before letters, other scripts after them."""
    place = _ALPHABET.find(letter)
    if letter and place >= 0:
        return 1, place
    code = ord(letter[0]) if letter else 0
    return (0, code) if code < ord("a") else (2, code)
