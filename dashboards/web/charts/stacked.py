"""Stacked columns by month or year: what a sum is made of, each part by colour and pattern."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.web.charts.frame import figure, legend, picture, table
from dashboards.web.charts.svg import axis, filled, patterns, percent, tag
from dashboards.web.languages import Speech
from dashboards.web.words import N_

TOLD = N_("{count} columns; the highest is {label} with {value}.")
SUM = N_("Sum")
NONE = N_("nothing to show")

_TOP, _PLOT, _FOOT = 16, 170, 22
_HEIGHT = _TOP + _PLOT + _FOOT
_SCALE = 62
"""Width of the scale left of the columns."""
_SHARE = 0.78
"""Of a column's place that the column fills."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. parts: part id -> value, 0 or more. tick: what stands below it, "" for nothing,
    because sixty months have no room for sixty words."""

    label: str
    parts: Mapping[str, float]
    tick: str = ""

    @property
    def total(self) -> float:
        """All parts together."""
        return sum(self.parts.values())


def stacked(
    speech: Speech,
    name: str,
    title: str,
    parts: Sequence[tuple[str, str]],
    columns: Sequence[Column],
    *,
    head: str,
    shown: Callable[[float], str],
    short: Callable[[float], str] | None = None,
) -> Markup:
    """The figure. name: unlike any other chart's of the page. parts: (id, words), the lowest
    first. head: what a column is, over the table. shown: a value in the reader's words; short:
    the same in few letters, for the scale."""
    steps = axis(max((c.total for c in columns), default=0.0))
    said = short or shown
    scale, grid = [], []
    for step in steps:
        y = _TOP + _PLOT * (1 - step / steps[-1])
        grid.append(tag("line", class_="grid", x1=0, x2="100%", y1=y, y2=y))
        scale.append(tag("text", said(step), class_="axis", x="100%", y=y + 4, text_anchor="end"))
    plot = (
        _column(name, place, len(columns), column, parts, steps[-1], shown)
        for place, column in enumerate(columns)
    )
    told = _told(speech, columns, shown)
    signs = [(_sign(name, kind), words) for kind, (_, words) in enumerate(parts)]
    return figure(
        "stacked",
        title,
        legend(signs),
        tag(
            "div",
            tag("svg", *scale, width=_SCALE, height=_HEIGHT, aria_hidden="true"),
            picture(name, title, told, _HEIGHT, patterns(name, len(parts)), *grid, *plot),
            class_="scaled",
        ),
        _table(speech, title, head, parts, columns, shown),
    )


def _column(
    name: str,
    place: int,
    count: int,
    column: Column,
    parts: Sequence[tuple[str, str]],
    high: float,
    shown: Callable[[float], str],
) -> Markup:
    left = (place + (1 - _SHARE) / 2) / count
    y, drawn = float(_TOP + _PLOT), []
    for kind, (id, _) in enumerate(parts):
        height = _PLOT * column.parts.get(id, 0.0) / high
        if height > 0:
            y -= height
            where = {"x": percent(left), "width": percent(_SHARE / count)}
            drawn.append(filled(name, kind, y=y, height=height, **where))
    words = tag("title", f"{column.label}: {shown(column.total)}")
    if column.tick:
        middle = percent((place + 0.5) / count)
        foot = _TOP + _PLOT + _FOOT - 6
        drawn.append(
            tag("text", column.tick, class_="axis", x=middle, y=foot, text_anchor="middle")
        )
    return tag("g", words, *drawn)


def _sign(name: str, kind: int) -> Markup:
    return tag(
        "svg",
        filled(name, kind, width=14, height=14),
        width=14,
        height=14,
        aria_hidden="true",
        class_="swatch",
    )


def _told(speech: Speech, columns: Sequence[Column], shown: Callable[[float], str]) -> str:
    most = max(columns, key=lambda c: c.total, default=None)
    if most is None or most.total <= 0:
        return speech.text(NONE)
    return speech.text(TOLD).format(
        count=speech.number(len(columns)), label=most.label, value=shown(most.total)
    )


def _table(
    speech: Speech,
    title: str,
    head: str,
    parts: Sequence[tuple[str, str]],
    columns: Sequence[Column],
    shown: Callable[[float], str],
) -> Markup:
    heads = [head, *(words for _, words in parts), speech.text(SUM)]
    rows = [
        [c.label, *(shown(c.parts.get(id, 0.0)) for id, _ in parts), shown(c.total)]
        for c in columns
    ]
    return table(speech, title, heads, rows)
