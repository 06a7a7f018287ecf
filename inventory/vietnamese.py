"""Text that is not UTF-8: Latin-1, Windows-1258 or TCVN3, told apart by what Vietnamese can be.

Older devices and offices write TCVN3 (the "ABC" fonts, one octet a letter) or Windows-1258
(letters with combining tone marks). Both look like odd Latin-1. A reading as Vietnamese counts only
when each word with a letter beyond ASCII is a syllable that Vietnamese can have; else it is
Latin-1, which has a letter for every octet and loses nothing.
"""

from __future__ import annotations

import re
import unicodedata

_TCVN3 = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờở",
    0xEC: "ỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
"""First octet -> letters, TCVN 5712:1993 as its fonts use it (VN3); what is not here stays."""

_TCVN3_LETTERS = {
    first + place: letter
    for first, letters in _TCVN3.items()
    for place, letter in enumerate(letters)
}

_TONES = "".join(chr(mark) for mark in (0x300, 0x301, 0x303, 0x309, 0x323))
"""Grave, acute, tilde, hook above, dot below."""

_WORD = re.compile(r"[^\W\d_]+")
_ONSET = (
    "b|c|ch|d|đ|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x|kr|pl|bl|br|đr|dr|gr|hr|kl"
)
_RHYME = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|ă|ăc|ăk|ăm|ăn|ăng|ăp|ăt|âc|âm|ân|âng|âp|ât|âu|ây"
    "|e|ec|em|en|eng|eo|ep|et|ê|êch|êm|ên|ênh|êp|êt|êu|êk"
    "|i|ia|ich|iêc|iêm|iên|iêng|iêp|iêt|iêu|im|in|inh|ip|it|iu"
    "|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oăc|oăm|oăn|oăng|oăt|oc|oe|oen|oeo|oet"
    "|oi|om|on|ong|ooc|oong|op|ot|ô|ôc|ôi|ôm|ôn|ông|ôp|ôt|ôk|ok|ak|ek|ik|uk"
    "|ơ|ơi|ơm|ơn|ơp|ơt|u|ua|uân|uâng|uât|uây|uc|uê|uêch|uênh|ui|um|un|ung|uơ|up|ut|uy|uya|uych|uyên"
    "|uyêt|uyn|uynh|uyp|uyt|uyu|uôc|uôi|uôm|uôn|uông|uôt|ư|ưa|ưc|ưi|ưm|ưn|ưng|ưt|ưu|ươc|ươi|ươm"
    "|ươn|ương|ươp|ươt|ươu|y|ych|yn|ynh|yp|yt|yu|yê|yêm|yên|yêng|yêt|yêu"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_RHYME})")
_STOPPED = re.compile("(?:c|ch|p|t|k)$")
_STOP_TONES = "\u0301\u0323"
"""A syllable that ends in a stop has one of two tones (sắc, nặng)."""


def decoded(octets: bytes) -> str:
    """The text of octets that are no UTF-8.

    >>> decoded(bytes([0x48, 0xB5, 0x20, 0x4E, 0xE9, 0x69])), decoded(b"Caf\\xe9")
    ('Hà Nội', 'Café')
    >>> decoded("Hu\u00ea\u0301".encode("cp1258"))
    'Huế'
    """
    latin = octets.decode("latin-1")
    words = _foreign_words(latin)
    looks_right = _looks_right(latin)
    if looks_right and all(map(is_syllable, words)):
        return latin
    for reading in (_windows_1258(octets), tcvn3(octets)):
        words = _foreign_words(reading)
        told = len(words) > 1 or (words and not looks_right)
        if told and all(map(is_syllable, words)) and not _SIGN_IN_WORD.search(reading):
            return reading
    return latin


def tcvn3(octets: bytes) -> str:
    """Octets read as TCVN3.

    >>> tcvn3(bytes([0xAE, 0x69, 0xD6, 0x6E]))
    'điện'
    """
    return "".join(_TCVN3_LETTERS.get(octet) or chr(octet) for octet in octets)


def is_syllable(word: str) -> bool:
    """Whether Vietnamese can have this word; of those that it can have some do not exist.

    >>> is_syllable("Thuận"), is_syllable("Đắk"), is_syllable("Café"), is_syllable("aÐn")
    (True, True, False, False)
    """
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    spelt = unicodedata.normalize("NFD", word.lower())
    tones = [letter for letter in spelt if letter in _TONES]
    bare = unicodedata.normalize("NFC", "".join(c for c in spelt if c not in _TONES))
    if len(tones) > 1 or _SYLLABLE.fullmatch(bare) is None:
        return False
    return not _STOPPED.search(bare) or not tones or tones[0] in _STOP_TONES


def _windows_1258(octets: bytes) -> str:
    return unicodedata.normalize("NFC", octets.decode("cp1258", "replace"))


def _foreign_words(reading: str) -> list[str]:
    return [word for word in _WORD.findall(reading) if not word.isascii()]


_SIGN_IN_WORD = re.compile(r"[^\W\d_][¡-¿×÷]|[¡-´¶-¿×÷][^\W\d_]")


def _looks_right(latin: str) -> bool:
    """Whether Latin-1 may be what was meant: no sign inside a word, no capital after a small
    letter, no ì or ò (tone marks of Windows-1258) after a letter that has an accent of its own,
    nothing that cannot be printed."""
    odd = re.search("[a-zß-ÿ][À-ÖØ-Þ]|[À-ÿ][ÌÒìò]", latin) or _SIGN_IN_WORD.search(latin)
    return latin.isprintable() and odd is None
