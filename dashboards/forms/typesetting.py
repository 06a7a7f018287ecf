"""Text that never leaves its box: fonts with every Vietnamese letter, sizes, line breaks.

DejaVu Sans Condensed is shipped with Hatang (`fonts/LICENSE`), because the fonts that PDF readers
have of their own lack Vietnamese. It has no Devanagari: what a font lacks becomes □. Sizes are
points.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from dashboards.labels import clean_label

PLAIN = "DejaVuSansCondensed"
BOLD = "DejaVuSansCondensed-Bold"

LEADING = 1.2
"""Height of a line in sizes: Ẫ of one line does not touch ậ of the line above."""

ASCENT = 0.97
"""From a line's upper edge to its foot, in sizes."""

_LONGEST = 300
_STEP = 0.25
_FOLDER = Path(__file__).parent / "fonts"


@cache
def _font(name: str) -> TTFont:
    font = TTFont(name, str(_FOLDER / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines in one size. whole: whether nothing was left out; what was is shown by …"""

    size: float
    lines: tuple[str, ...]
    whole: bool

    @property
    def height(self) -> float:
        """Of all lines together."""
        return len(self.lines) * self.size * LEADING


def printable(text: str, font: str = PLAIN) -> str:
    """A text as the font can show it: composed (NFC), without control and bidirectional characters.

    >>> printable("Ma\u0301y\u202e \U0001f5a8")
    'Máy □'
    """
    clean = clean_label(unicodedata.normalize("NFC", text[: 2 * _LONGEST]), _LONGEST)[0]
    known = _font(font).face.charToGlyph
    return " ".join("".join(c if ord(c) in known else "□" for c in clean).split())


def width(text: str, font: str, size: float) -> float:
    """How wide a text is."""
    _font(font)
    return float(pdfmetrics.stringWidth(text, font, size))


def fit(text: str, font: str, room: tuple[float, float], biggest: float, smallest: float) -> Fitted:
    """A text as large as fits into room = (width, height), in as many lines as it takes.

    What does not fit in the smallest size is cut and ends in …; no line is ever wider than the
    room. Without height for a line in the smallest size there are no lines.
    """
    said, (across, down) = printable(text, font), room
    if not said:
        return Fitted(smallest, (), True)
    size = biggest
    while size >= smallest:
        most = int(down / (size * LEADING) + 1e-6)
        lines = list(itertools.islice(_lines(said, font, size, across), most + 1))
        # Better a smaller size than a word that is torn.
        torn = size > smallest and any(width(word, font, size) > across for word in said.split())
        if len(lines) <= most and not torn:
            return Fitted(size, tuple(lines), True)
        size -= _STEP
    most = int(down / (smallest * LEADING) + 1e-6)
    lines = list(itertools.islice(_lines(said, font, smallest, across), most + 1))
    if len(lines) <= most:
        return Fitted(smallest, tuple(lines), True)
    kept = lines[:most]
    if kept:
        kept[-1] = _cut(kept[-1], font, smallest, across)
    return Fitted(smallest, tuple(kept), False)


def _lines(text: str, font: str, size: float, across: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if width(joined, font, size) <= across:
            line = joined
            continue
        if line:
            yield line
        line = word
        while width(line, font, size) > across:
            count = _fitting(line, font, size, across)
            yield line[:count]
            line = line[count:]
    if line:
        yield line


def _fitting(word: str, font: str, size: float, across: float) -> int:
    """How many characters go on a line; one at least, so that a loop over them ends."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if width(word[:middle], font, size) <= across:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(line: str, font: str, size: float, across: float) -> str:
    while line and width(line + "…", font, size) > across:
        line = line[:-1]
    return line.rstrip() + "…"
