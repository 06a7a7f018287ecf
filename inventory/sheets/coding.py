"""Vietnamese text of the time before Unicode (TCVN3 or "ABC" fonts, VNI, VPS), recognised.

Such a text looks right only in its own font; to everybody else it is odd Latin. It is never
taken over: whoever has the font converts it, for example with UniKey.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from inventory.vietnamese import is_syllable, tcvn3

_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~]+")
"""Everything between blanks, digits and the signs of ASCII: in old codings signs are letters."""

_LONGEST = 40
"""Letters of a word that is looked at: no Vietnamese one has so many, and words are remembered."""

_SHORTEST = 2
"""Letters of a word that can tell: a lone sign may be anything."""

_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
_VNI_LETTERS |= {"î": "ỵ"}
_VNI_MARKS = {
    "ù": "\u0301",
    "ø": "\u0300",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
"""VNI-Windows: a letter, then a sign for its marks; some letters have signs of their own."""

_VPS = dict(
    zip(
        bytes.fromhex(
            "e1e0e4e3e5e6a1a2a3a4a5e2c3c0c4c5c6c7e9e8c8ebcbea898a8bcd8ceeedeccc"
            "eff3f2d5f586f4d3d2b087b6d6a7a9aaabaefaf9fbdbf8dcd9d8babbbf9aff9bcf9c"
        ).decode("cp1252"),
        "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệịíìỉĩóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ",
        strict=True,
    )
)


def coding_of(text: str) -> str | None:
    """In which old coding a text seems to be, or None where nothing speaks for one.

    >>> coding_of("M¸y chñ"), coding_of("Maùy chuû"), coding_of("Máy chủ"), coding_of("Café")
    ('TCVN3 (ABC)', 'VNI', None, None)
    """
    if text.isascii():
        return None
    words = [word for word in _WORD.findall(text) if not word.isascii()][:200]
    odd = [word for word in words if not _may_stand(word[:_LONGEST])]
    if not odd or max(map(len, odd)) < _SHORTEST:
        return None
    for name, converted in _CODINGS:
        fits = sum(is_syllable(converted(word)) for word in words)
        if fits == len(words) or (len(words) > 4 and fits >= 0.9 * len(words)):
            return name
    return None


@lru_cache(maxsize=20_000)
def _may_stand(word: str) -> bool:
    """Whether a word may be what somebody meant, in Vietnamese or in another language."""
    if is_syllable(unicodedata.normalize("NFC", word)):
        return True
    signs = any(not letter.isalpha() for letter in word if not letter.isascii())
    capital_inside = re.search(r"[^\W\d_](?=[A-ZÀ-ÖØ-Þ])(?<![A-ZÀ-ÖØ-Þ])", word) is not None
    return not signs and not capital_inside and not _VNI_PAIR.search(word)


_VNI_PAIR = re.compile("[aeouyôöAEOUYÔÖ][ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]")


def _from_tcvn3(word: str) -> str:
    return tcvn3(word.encode("cp1252", "replace"))


def _from_vni(word: str) -> str:
    found = ""
    for letter in word:
        small = letter.lower()
        if found and found[-1].lower() in "aeouyơưâêô" and small in _VNI_MARKS:
            found += _VNI_MARKS[small]
        else:
            other = _VNI_LETTERS.get(small, small)
            found += other.upper() if letter.isupper() else other
    return unicodedata.normalize("NFC", found)


def _from_vps(word: str) -> str:
    return "".join(_VPS.get(letter, letter) for letter in word)


_CODINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("TCVN3 (ABC)", _from_tcvn3),
    ("VNI", _from_vni),
    ("VPS", _from_vps),
)
