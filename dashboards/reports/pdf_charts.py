"""Charts of a report as vectors, legible in black and white: figures stand beside every bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.graphics.shapes import DirectDraw, Drawing, Group, Line, Rect, Shape, String
from reportlab.lib.colors import Color, HexColor

from dashboards.reports.lettering import BOLD, PLAIN, needs_shaping, printable, shaped, wide
from dashboards.reports.phrases import Phrases
from dashboards.reports.words import VERDICTS
from inventory.readiness.result import RequirementResult

MOST = 30
"""Bars of one chart; the tables have all."""

_BAR, _STEP, _SIZE = 10.0, 15.0, 10.0
_NAMES = 0.32
_INK, _PAPER, _READY = HexColor("#000000"), HexColor("#ffffff"), HexColor("#3b6ea5")
_FILLS = {
    "met": HexColor("#2f6f4f"),
    "partly": HexColor("#d9b44a"),
    "unmet": HexColor("#b5443c"),
    "unknown": _PAPER,
    "exempt": HexColor("#d0d0d0"),
}
_STRIPES = {"partly": 4.0, "unmet": 2.5}
"""Distance of the lines that tell one grey from another on paper."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A commune, or a pillar of one: its name, its readiness, None where nothing is known, and its
    results."""

    name: str
    ratio: float | None
    results: Sequence[RequirementResult]


def readiness_bars(bars: Sequence[Bar], phrases: Phrases, room: float) -> Drawing:
    """A bar for each readiness, in the order given."""
    shown = bars[:MOST]
    height = _STEP * len(shown) + 14
    drawing = Drawing(room, height)
    left, long = room * _NAMES, room * (1 - _NAMES) - 70
    for at, bar in enumerate(shown):
        y = height - _STEP * (at + 1)
        drawing.add(_name(bar.name, left, y))
        ratio = bar.ratio
        drawing.add(_box(left, y, long, _BAR, _PAPER))
        if ratio is not None:
            drawing.add(_box(left, y, long * ratio, _BAR, _READY))
        drawing.add(_text(left + long + 4, y + 1.5, phrases.ratio(ratio), BOLD))
    for share in (0.25, 0.5, 0.75):
        x = left + long * share
        dashes = [1, 2]
        drawing.add(
            Line(x, 8, x, height, strokeColor=_INK, strokeWidth=0.3, strokeDashArray=dashes)
        )
        drawing.add(_text(x - 9, 0, f"{share * 100:.0f} %", PLAIN, 8))
    return drawing


def verdict_bars(bars: Sequence[Bar], phrases: Phrases, room: float) -> Drawing:
    """How many requirements each meets, meets in part, does not meet, and of how many nothing is
    known."""
    shown = bars[:MOST]
    height = _STEP * (len(shown) + 1) + 6
    drawing = Drawing(room, height)
    left, long = room * _NAMES, room * (1 - _NAMES)
    _legend(drawing, phrases, left, height - _STEP)
    for at, bar in enumerate(shown):
        y = height - _STEP * (at + 2) - 4
        drawing.add(_name(bar.name, left, y))
        results = bar.results
        x = left
        for verdict in VERDICTS:
            count = sum(r.verdict.value == verdict for r in results)
            if not count:
                continue
            width = long * count / len(results)
            drawing.add(_part(x, y, width, _BAR, verdict))
            _count(drawing, x, y, width, count)
            x += width
    return drawing


def _box(x: float, y: float, width: float, height: float, fill: Color, line: float = 0.4) -> Rect:
    box = Rect(x, y, width, height)
    box.fillColor, box.strokeColor, box.strokeWidth = fill, _INK if line else None, line
    return box


def _legend(drawing: Drawing, phrases: Phrases, left: float, y: float) -> None:
    x = left
    for verdict, word in VERDICTS.items():
        if verdict == "exempt":
            continue
        said = phrases.say(word)
        drawing.add(_part(x, y, _BAR, _BAR, verdict))
        drawing.add(_text(x + _BAR + 3, y + 1.5, said, PLAIN, 9))
        x += _BAR + 13 + wide(said, PLAIN, 9)


def _part(x: float, y: float, width: float, height: float, verdict: str) -> Group:
    """A piece of a bar with stripes of its own."""
    group = Group(_box(x, y, width, height, _FILLS[verdict]))
    if step := _STRIPES.get(verdict):
        at = step
        while at < width + height:
            low, high = max(0.0, at - width), min(height, at)
            group.add(
                Line(
                    x + at - low, y + low, x + at - high, y + high,
                    strokeColor=_PAPER, strokeWidth=0.5,
                )
            )  # fmt: skip
            at += step
    return group


def _count(drawing: Drawing, x: float, y: float, width: float, count: int) -> None:
    said = str(count)
    room = wide(said, BOLD, 8) + 3
    if room > width:
        return
    middle = x + width / 2
    drawing.add(_box(middle - room / 2, y + 1, room, _BAR - 2, _PAPER, 0))
    drawing.add(_text(middle - room / 2 + 1.5, y + 2.2, said, BOLD, 8))


def _name(name: str, left: float, y: float) -> Shape:
    room, said = left - 6, printable(name)
    while said and wide(said, PLAIN, _SIZE) > room:
        said = said[:-2].rstrip() + "…" if len(said) > 2 else ""
    if needs_shaping(said):
        return _Shaped(left - 4 - wide(said, PLAIN, _SIZE), y + 1.5, said, PLAIN, _SIZE)
    return String(
        left - 4, y + 1.5, said, fontName=PLAIN, fontSize=_SIZE, textAnchor="end", fillColor=_INK
    )


def _text(x: float, y: float, said: str, font: str, size: float = _SIZE) -> Shape:
    if needs_shaping(said):
        return _Shaped(x, y, said, font, size)
    return String(x, y, printable(said), fontName=font, fontSize=size, fillColor=_INK)


class _Shaped(DirectDraw):
    """A line of text whose letters change with those beside them; `String` sets each alone."""

    def __init__(self, x: float, y: float, said: str, font: str, size: float) -> None:
        self._x, self._y, self._said, self._font, self._size = x, y, said, font, size

    def copy(self) -> _Shaped:
        """Another one like it."""
        return _Shaped(self._x, self._y, self._said, self._font, self._size)

    def getBounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top."""
        right = self._x + wide(self._said, self._font, self._size)
        return self._x, self._y, right, self._y + self._size

    def drawDirectly(self, canvas: Any) -> None:
        """Draw it. canvas: what renders the drawing."""
        line = canvas._canvas.beginText(self._x, self._y)
        line.setFillColor(_INK)
        at = self._x
        for font, letters, width in shaped(self._said, self._font, self._size):
            line.setTextOrigin(at, self._y)
            line.setFont(font, self._size)
            line.textOut(letters)
            at += width
        canvas._canvas.drawText(line)
