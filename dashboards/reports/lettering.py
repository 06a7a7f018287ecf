"""Liberation Serif, which is as wide as Times New Roman and has every Vietnamese letter, and Noto
Serif Devanagari for Hindi, whose letters are shaped (joined and put in order) by HarfBuzz.

Decree 30/2020/NĐ-CP asks for Times New Roman, which may not be shipped; these fonts may
(`fonts/LICENSE`). What they lack becomes □.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, shapeStr

from dashboards.labels import clean_label

PLAIN, BOLD, ITALIC = (f"LiberationSerif-{kind}" for kind in ("Regular", "Bold", "Italic"))

_DEVANAGARI, _DEVANAGARI_BOLD = (f"NotoSerifDevanagari-{kind}" for kind in ("Regular", "Bold"))
_BESIDE = {PLAIN: _DEVANAGARI, BOLD: _DEVANAGARI_BOLD, ITALIC: _DEVANAGARI}
"""Font -> the one for Devanagari beside it; Devanagari has no italics."""

_HINDI = re.compile("([\u0900-\u097f]+)")

LONGEST = 600
"""Characters of one text; what a person wrote may be longer."""

_INSTEAD = str.maketrans({"✓": "√", "✗": "×", "\u202f": "\u00a0", "−": "–"})
_FOLDER = Path(__file__).parent / "fonts"


@cache
def register_fonts() -> frozenset[int]:
    """Make the fonts known to the PDF library; the characters that they have together."""
    found = [_letters(name) for name in (PLAIN, BOLD, ITALIC)]
    pdfmetrics.registerFontFamily(PLAIN, PLAIN, BOLD, ITALIC, BOLD)
    hindi = {code for code in _with_devanagari() if _HINDI.match(chr(code))}
    return frozenset.intersection(*found) | hindi


@cache
def _with_devanagari() -> frozenset[int]:
    """The characters of the fonts for Devanagari, which are made known; with digits and signs."""
    plain, bold = _DEVANAGARI, _DEVANAGARI_BOLD
    found = [_letters(name) for name in (plain, bold)]
    pdfmetrics.registerFontFamily(plain, plain, bold, plain, bold)
    return frozenset.intersection(*found)


def _letters(name: str) -> frozenset[int]:
    """Make one font known; its characters.

    The library gives a joined letter, which no character stands for, a number when it is first
    set. All get theirs here, or a report would be other bytes after another report.
    """
    font: Any = TTFont(name, str(_FOLDER / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    known = frozenset(font.face.charToGlyph)
    shaper = font.hbFont(10)
    for glyph in range(font.face.numGlyphs):
        if glyph not in font.face.glyphToChar:
            across = shaper.get_glyph_h_advance(glyph)
            font.hbAddPrivate(shaper.glyph_to_string(glyph), glyph, across)
    return known


def printable(text: str) -> str:
    """A text as the fonts can show it: composed, without control and bidirectional characters.

    >>> printable("Ma\u0301y \u2713 \U0001f5a8")
    'Máy √ □'
    """
    known = register_fonts()
    text = unicodedata.normalize("NFC", text[: 2 * LONGEST]).translate(_INSTEAD)
    # A no-break space is a blank like others to what serves labels.
    clean = "\u00a0".join(clean_label(part, 2 * LONGEST)[0] for part in text.split("\u00a0"))
    cut = "…" if len(clean) > LONGEST else ""
    return "".join(c if ord(c) in known else "□" for c in clean[:LONGEST]) + cut


def needs_shaping(text: str) -> bool:
    """Whether letters of a text change with those beside them."""
    return _HINDI.search(text) is not None


def marked_up(text: str, font: str = PLAIN) -> str:
    """The same for a paragraph in a font, in which < and & mean something."""
    return "".join(
        escape(part) if of == font else f'<font name="{of}">{escape(part)}</font>'
        for of, part in _runs(printable(text), font)
    )


def shaped(text: str, font: str, size: float) -> list[tuple[str, str, float]]:
    """The pieces of a line: (font, letters as they are set, width in points)."""
    return [
        (of, letters, _width(letters, of, size))
        for of, part in _runs(printable(text), font)
        for letters in (part if of == font else shapeStr(part, of, size),)
    ]


def wide(text: str, font: str, size: float) -> float:
    """How wide a text is, in points."""
    return sum(width for _, _, width in shaped(text, font, size))


def _width(letters: str, font: str, size: float) -> float:
    placed = getattr(letters, "__shapeData__", None)
    if placed is None:
        return float(pdfmetrics.stringWidth(letters, font, size))
    return float(sum(one.x_advance for one in placed) * size / 1000)


def _runs(text: str, font: str) -> Iterator[tuple[str, str]]:
    """(font, part of a text), in order.

    A word is of one font, because the PDF library shapes a word by the font of its first letter;
    one that neither has whole is set as several.
    """
    words = [part for word in text.split(" ") for part in _parts(word, font)]
    runs = [(of, [w for _, w in group]) for of, group in groupby(words, key=lambda part: part[0])]
    for at, (of, found) in enumerate(runs, 1):
        yield of, " ".join([*found, ""] if at < len(runs) else found)


def _parts(word: str, font: str) -> list[tuple[str, str]]:
    if not _HINDI.search(word):
        return [(font, word)]
    if all(ord(c) in _with_devanagari() for c in word):
        return [(_BESIDE[font], word)]
    parts = _HINDI.split(word)  # every second one is Devanagari
    return [(_BESIDE[font] if at % 2 else font, p) for at, p in enumerate(parts) if p]
