"""Liberation Serif, which is as wide as Times New Roman and has every Vietnamese letter.

Decree 30/2020/NĐ-CP asks for Times New Roman, which may not be shipped; these fonts may
(`fonts/LICENSE`). They have no Devanagari. What they lack becomes □.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from dashboards.labels import clean_label

PLAIN, BOLD, ITALIC = (f"LiberationSerif-{kind}" for kind in ("Regular", "Bold", "Italic"))

LONGEST = 600
"""Characters of one text; what a person wrote may be longer."""

_INSTEAD = str.maketrans({"✓": "√", "✗": "×", "\u202f": "\u00a0", "−": "–"})
_FOLDER = Path(__file__).parent / "fonts"


@cache
def register_fonts() -> frozenset[int]:
    """Make the fonts known to the PDF library; the characters that they have."""
    fonts = [TTFont(name, str(_FOLDER / f"{name}.ttf")) for name in (PLAIN, BOLD, ITALIC)]
    for font in fonts:
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(PLAIN, PLAIN, BOLD, ITALIC, BOLD)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))


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


def marked_up(text: str) -> str:
    """The same for a paragraph, in which < and & mean something."""
    return escape(printable(text))


def wide(text: str, font: str, size: float) -> float:
    """How wide a text is, in points."""
    register_fonts()
    return float(pdfmetrics.stringWidth(printable(text), font, size))
