"""A map of communes: shapes where somebody gave them, else a mark at the middle of each.

A band of values is a tone, a pattern or shape, and a sign in the legend; each place bears its
number in the table beside, so the map is read without colours. It is no survey: latitude and
longitude are drawn with one scale for the middle of what is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.web.charts.frame import figure, legend
from dashboards.web.charts.svg import clean, patterns, shape, tag
from dashboards.web.languages import Speech
from dashboards.web.words import N_

TOLD = N_("{count} communes, {known} of them with data; the table beside says the same.")

Ring = Sequence[tuple[float, float]]
"""(longitude, latitude) of each corner of an outline."""

_WIDTH, _MARGIN = 400.0, 26.0
_TALLEST = 400.0
_LETTER, _LINE = 5.6, 11.0
"""Of a label, in the map's own units: how wide a letter is about, how high a line."""
_MOST_NAMES, _MOST_NUMBERS = 24, 200


@dataclass(frozen=True, slots=True)
class Place:
    """One commune. number: its number in the table beside. band: of `bands`, None where nothing
    is known. rings: its outlines, else it is a mark at (longitude, latitude)."""

    number: int
    label: str
    shown: str
    band: int | None
    href: str = ""
    longitude: float | None = None
    latitude: float | None = None
    rings: tuple[Ring, ...] = ()

    @property
    def middle(self) -> tuple[float, float] | None:
        """Where its number stands, None where nobody knows where it lies."""
        if self.longitude is not None and self.latitude is not None:
            return self.longitude, self.latitude
        if not self.rings:
            return None
        ring = max(self.rings, key=len)
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


def map_of(
    speech: Speech,
    name: str,
    title: str,
    places: Sequence[Place],
    bands: Sequence[str],
    nothing: str,
) -> Markup:
    """The figure. bands: words of each band, the worst first, at most five; nothing: those of a
    place without data. Places of which nobody knows where they lie are only in the table."""
    drawn = [place for place in places if place.middle is not None]
    frame = _Frame.around(point for place in drawn for point in _points(place))
    shapes = [_drawing(name, place, frame) for place in drawn]
    drawn_as = (any(not p.rings for p in drawn), any(p.rings for p in drawn))
    signs = [(_sign(name, kind, *drawn_as), words) for kind, words in enumerate(bands)]
    told = speech.text(TOLD).format(
        count=speech.number(len(places)),
        known=speech.number(sum(place.band is not None for place in places)),
    )
    return figure(
        "map",
        title,
        legend([*signs, (_sign(name, None, *drawn_as), nothing)]),
        tag(
            "svg",
            tag("title", title, id=f"{name}-title"),
            tag("desc", told, id=f"{name}-desc"),
            patterns(name, len(bands) + 1),
            *(area for area, _ in shapes),
            *(words for _, words in shapes),
            *_names(drawn, frame),
            viewBox=f"0 0 {_WIDTH:g} {frame.height:g}",
            role="group",
            aria_labelledby=f"{name}-title {name}-desc",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """How degrees become places on the map."""

    west: float
    north: float
    across: float
    scale: float
    height: float
    left: float

    @staticmethod
    def around(points: Iterable[tuple[float, float]]) -> _Frame:
        found = list(points) or [(0.0, 0.0)]
        west, east = min(x for x, _ in found), max(x for x, _ in found)
        south, north = min(y for _, y in found), max(y for _, y in found)
        across = math.cos(math.radians((south + north) / 2)) or 1.0
        wide, tall = max((east - west) * across, 1e-6), max(north - south, 1e-6)
        room = _WIDTH - 2 * _MARGIN
        scale = min(room / wide, (_TALLEST - 2 * _MARGIN) / tall, room / 0.02)
        left = (_WIDTH - (east - west) * across * scale) / 2
        return _Frame(west, north, across, scale, (north - south) * scale + 2 * _MARGIN, left)

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        x = self.left + (point[0] - self.west) * self.across * self.scale
        return round(x, 1), round(_MARGIN + (self.north - point[1]) * self.scale, 1)


def _points(place: Place) -> Iterable[tuple[float, float]]:
    if place.rings:
        return (point for ring in place.rings for point in ring)
    return () if place.middle is None else (place.middle,)


def _drawing(name: str, place: Place, frame: _Frame) -> tuple[Markup, Markup]:
    """(the place itself, its number over it)."""
    assert place.middle is not None
    x, y = frame.place(place.middle)
    words = tag("title", f"{place.number}. {place.label}: {place.shown}")
    kind = "none" if place.band is None else f"b{place.band}"
    if place.rings:
        path = "".join(_path(ring, frame) for ring in place.rings)
        inside = [tag("path", d=path, class_=f"area {kind}")]
        if place.band:
            inside.append(tag("path", d=path, class_="over", fill=f"url(#{name}-{place.band})"))
    else:
        inside = [
            tag("g", _mark(place.band), class_=f"spot {kind}", transform=f"translate({x} {y})")
        ]
    number = Markup("")
    if place.rings and place.number <= _MOST_NUMBERS:
        number = tag("text", place.number, class_="number", x=x, y=y + 4, text_anchor="middle")
    area = tag("g", words, *inside)
    if not place.href:
        return area, number
    # Not by Tab: the table beside has the same links in its order.
    linked = tag("a", area, href=place.href, tabindex=-1, aria_label=clean(place.label))
    return linked, number


def _path(ring: Ring, frame: _Frame) -> str:
    """An outline; corners that fall on one place are one corner."""
    corners: list[tuple[float, float]] = []
    for point in ring:
        corner = frame.place(point)
        if not corners or corner != corners[-1]:
            corners.append(corner)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z"


def _mark(band: int | None) -> Markup:
    """Worst first: triangle, diamond, square, circle, bar; a cross where nothing is known."""
    return shape(4 if band is None else (2, 3, 1, 0, 5)[band], 6.0)


def _sign(name: str, band: int | None, spots: bool, areas: bool) -> Markup:
    """What stands for a band in the legend, as it is drawn on the map."""
    kind = "none" if band is None else f"b{band}"
    parts: list[Markup] = []
    if spots:
        parts.append(tag("g", _mark(band), class_=f"spot {kind}", transform="translate(8 8)"))
    if areas:
        box = {"x": 20 if spots else 1, "y": 1, "width": 14, "height": 14}
        parts.append(tag("rect", class_=f"area {kind}", **box))
        if band:
            parts.append(tag("rect", class_="over", fill=f"url(#{name}-{band})", **box))
    wide = 36 if spots and areas else 16
    return tag("svg", *parts, width=wide, height=16, aria_hidden="true", class_="swatch")


def _names(places: Sequence[Place], frame: _Frame) -> list[Markup]:
    """Numbers and, while there are few, names beside marks, each where it covers no other; one
    without room is left to the table."""
    marks = [place for place in places if not place.rings]
    if len(marks) > _MOST_NUMBERS:
        return []
    taken: list[tuple[float, float, float, float]] = []
    for place in marks:
        assert place.middle is not None
        x, y = frame.place(place.middle)
        taken.append((x - 7, y - 7, x + 7, y + 7))
    found = []
    for place in marks:
        assert place.middle is not None
        x, y = frame.place(place.middle)
        full = f"{place.number}. {clean(place.label)}"
        for words in (
            (full, str(place.number)) if len(marks) <= _MOST_NAMES else (str(place.number),)
        ):
            spot = _free(x, y, len(words) * _LETTER, frame.height, taken)
            if spot is not None:
                taken.append(spot)
                found.append(tag("text", words, class_="name", x=spot[0], y=spot[3] - 2.5))
                break
    return found


def _free(
    x: float,
    y: float,
    width: float,
    height: float,
    taken: Sequence[tuple[float, float, float, float]],
) -> tuple[float, float, float, float] | None:
    """A box for words beside a mark: to its right, left, below, above, or None."""
    for left, top in (
        (x + 9, y - _LINE / 2),
        (x - 9 - width, y - _LINE / 2),
        (x - width / 2, y + 8),
        (x - width / 2, y - 8 - _LINE),
    ):
        box = (left, top, left + width, top + _LINE)
        inside = box[0] >= 0 and box[2] <= _WIDTH and box[1] >= 0 and box[3] <= height
        if inside and not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in taken
        ):
            return box
    return None
