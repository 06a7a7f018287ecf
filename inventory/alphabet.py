"""The order of the Vietnamese alphabet, and texts without their marks, for lists and for searching.

A stand-in for a collation library: letters decide first (a ă â b c d đ e ê …), whole name against
whole name; only where they are the same do the tones (none, huyền, hỏi, ngã, sắc, nặng).
"""

from __future__ import annotations

import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {mark: rank for rank, mark in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}
"""Combining marks of the five tones that are written, in the order of dictionaries."""

_KEY_LENGTH = 100
"""What of a text decides its place where keys are kept: longer names differ before that."""

Key = tuple[list[tuple[int, int]], list[int], str]


def order(text: str) -> Key:
    """A key that sorts as Vietnamese does; case, and how accents are encoded, do not matter.

    >>> sorted(["Đô", "Dũng", "Ấn", "An", "Ăn", "Án"], key=order)
    ['An', 'Án', 'Ăn', 'Ấn', 'Dũng', 'Đô']
    """
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text).lower():
        rank, tone = _placed(character)
        letters.append(rank)
        tones.append(tone)
    return letters, tones, text


def sort_key(text: str) -> str:
    """`order` as a text that sorts by its code points, for lists that are sorted again and again.

    >>> sorted(["Đô", "Dũng", "Ấn", "An", "Ăn", "Án"], key=sort_key)
    ['An', 'Án', 'Ăn', 'Ấn', 'Dũng', 'Đô']
    """
    lower = unicodedata.normalize("NFC", text).lower()[:_KEY_LENGTH]
    tones = "" if lower.isascii() else lower.translate(_TONE_OF).rstrip("0")
    return f"{lower.translate(_LETTER_OF)}\x01{tones}"


def folded(text: str) -> str:
    """A text as one searches it: small letters without any marks, đ as d.

    >>> folded("Máy chủ ĐỊNH TUYẾN")
    'may chu dinh tuyen'
    """
    return text.lower() if text.isascii() else text.translate(_FOLDED)


class _Letters(dict[int, str]):
    """Character -> what stands for its letter in a sort key, worked out once for each."""

    def __missing__(self, code: int) -> str:
        (group, place), _ = _placed(chr(code))
        if group == 0:  # a control character must not end the letters
            found = chr(max(place, 0x20))
        else:
            found = chr(0x61 + place) if group == 1 else f"\u0100{chr(place)}"
        return self.setdefault(code, found)


class _Tones(dict[int, str]):
    """Character -> the digit of its tone."""

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, str(_placed(chr(code))[1]))


class _Folded(dict[int, str]):
    """Character -> itself as one searches it."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code))
        kept = "".join(c for c in plain if not unicodedata.combining(c))
        return self.setdefault(code, kept.casefold().replace("đ", "d"))


_LETTER_OF, _TONE_OF, _FOLDED = _Letters(), _Tones(), _Folded()


def _placed(character: str) -> tuple[tuple[int, int], int]:
    """The rank of a letter without its tone, and the tone."""
    decomposed = unicodedata.normalize("NFD", character)
    plain = "".join(c for c in decomposed if c not in _TONES)
    tone = max((_TONES[c] for c in decomposed if c in _TONES), default=0)
    return _rank(unicodedata.normalize("NFC", plain)), tone


def _rank(letter: str) -> tuple[int, int]:
    """Blanks and digits before letters, other scripts after them."""
    place = _ALPHABET.find(letter)
    if letter and place >= 0:
        return 1, place
    code = ord(letter[0]) if letter else 0
    return (0, code) if code < ord("a") else (2, code)
