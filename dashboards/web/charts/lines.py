"""Values over time: lines that break where nothing is known, never drawn through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from dashboards.web.charts.frame import figure, legend, picture, table
from dashboards.web.charts.svg import at, axis, percent, shape, tag
from dashboards.web.languages import Speech
from dashboards.web.words import N_

TOLD = N_("{label}: from {first} to {last}; lowest {low}, highest {high}.")
NOTHING = N_("{label}: no data.")
WHEN = N_("When")

_TOP, _PLOT, _FOOT = 16, 150, 22
_LEFT, _RIGHT = 0.05, 0.98
"""Of the width, where lines begin and end: the words of the scale stand left of them."""
_MOST_MARKS = 40
"""Points of a line that are drawn one by one; of more only the ends, or it is all marks."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line: (moment in seconds, value); a value of None, or a step of more than `gap_s` of the
    chart, breaks it. Points rise in time."""

    label: str
    points: Sequence[tuple[float, float | None]]


def lines(
    speech: Speech,
    name: str,
    title: str,
    series: Sequence[Series],
    *,
    when: Callable[[float], str],
    shown: Callable[[float], str],
    high: float | None = None,
    gap_s: float | None = None,
) -> Markup:
    """The figure. name: unlike any other chart's of the page. when, shown: a moment and a value in
    the reader's words. high: the top of the scale, else what the values need; its foot is 0.
    gap_s: longer than that without a point and nothing is known in between."""
    times = [t for one in series for t, _ in one.points]
    values = [v for one in series for _, v in one.points if v is not None]
    steps = axis(high if high is not None else max(values, default=0.0))
    top = high if high is not None else steps[-1]
    first, last = min(times, default=0.0), max(times, default=0.0)
    scale = _Scale(first, max(last - first, 1.0), top)
    drawn = [_grid(step, scale, shown) for step in steps if step <= top * (1 + 1e-9)]
    drawn += [_line(kind, one, scale, gap_s) for kind, one in enumerate(series)]
    if times:
        drawn += _ends(first, last, when)
    told = " ".join(_told(speech, one, shown) for one in series)
    signs = [(_sign(kind), one.label) for kind, one in enumerate(series)]
    return figure(
        "lines",
        title,
        legend(signs) if len(signs) > 1 else "",
        picture(name, title, told, _TOP + _PLOT + _FOOT, *drawn),
        _table(speech, title, series, when, shown),
    )


def sparkline(
    speech: Speech,
    name: str,
    title: str,
    points: Sequence[tuple[float, float | None]],
    *,
    shown: Callable[[float], str],
    high: float = 1.0,
    gap_s: float | None = None,
) -> Markup:
    """A line as small as a word, for a row of a table; what it says is its text."""
    times = [t for t, _ in points]
    first, last = min(times, default=0.0), max(times, default=0.0)
    scale = _Scale(first, max(last - first, 1.0), high, 2, 20)
    one = Series(title, points)
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", _told(speech, one, shown), id=f"{name}-desc"),
        tag("line", class_="grid", x1=0, x2="100%", y1=22, y2=22),
        _line(0, one, scale, gap_s, marks=False),
        class_="spark",
        width=96,
        height=24,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: float
    span: float
    high: float
    top: float = _TOP
    plot: float = _PLOT

    def x(self, moment: float) -> str:
        return percent(_LEFT + (_RIGHT - _LEFT) * (moment - self.first) / self.span)

    def y(self, value: float) -> float:
        return self.top + self.plot * (1 - min(1.0, max(0.0, value / (self.high or 1.0))))


def _grid(step: float, scale: _Scale, shown: Callable[[float], str]) -> Markup:
    y = scale.y(step)
    words = tag("text", shown(step), class_="axis", x=0, y=y - 3)
    return tag("g", tag("line", class_="grid", x1=0, x2="100%", y1=y, y2=y), words)


def _ends(first: float, last: float, when: Callable[[float], str]) -> list[Markup]:
    y = _TOP + _PLOT + _FOOT - 6
    found = [tag("text", when(first), class_="axis", x=percent(_LEFT), y=y)]
    if when(last) != when(first):
        found.append(
            tag("text", when(last), class_="axis", x=percent(_RIGHT), y=y, text_anchor="end")
        )
    return found


def _line(
    kind: int, one: Series, scale: _Scale, gap_s: float | None, *, marks: bool = True
) -> Markup:
    known = [(t, v) for t, v in one.points if v is not None]
    parts = []
    for (t1, v1), (t2, v2) in pairwise(one.points):
        if v1 is None or v2 is None or (gap_s is not None and t2 - t1 > gap_s):
            continue
        y1, y2 = scale.y(v1), scale.y(v2)
        parts.append(tag("line", x1=scale.x(t1), y1=y1, x2=scale.x(t2), y2=y2))
    lone = known if len(known) <= _MOST_MARKS else [known[0], known[-1]]
    if not marks:
        lone = known[-1:]
    size = 3.5 if marks else 2.5
    parts += [at(scale.x(t), scale.y(v), shape(kind, size)) for t, v in lone]
    return tag("g", *parts, class_=f"line l{kind % 6}")


def _sign(kind: int) -> Markup:
    return tag(
        "svg",
        tag("g", tag("line", x1=0, y1=7, x2=28, y2=7), at("50%", 7, shape(kind, 3.5)),
            class_=f"line l{kind % 6}"),
        width=28, height=14, aria_hidden="true", class_="swatch",
    )  # fmt: skip


def _told(speech: Speech, one: Series, shown: Callable[[float], str]) -> str:
    known = [v for _, v in one.points if v is not None]
    if not known:
        return speech.text(NOTHING).format(label=one.label)
    return speech.text(TOLD).format(
        label=one.label,
        first=shown(known[0]),
        last=shown(known[-1]),
        low=shown(min(known)),
        high=shown(max(known)),
    )


def _table(
    speech: Speech,
    title: str,
    series: Sequence[Series],
    when: Callable[[float], str],
    shown: Callable[[float], str],
) -> Markup:
    values = [dict(one.points) for one in series]
    moments = sorted({t for one in values for t in one}, reverse=True)

    def said(value: float | None) -> str:
        return "–" if value is None else shown(value)

    heads = [speech.text(WHEN), *(one.label for one in series)]
    rows = [[when(t), *(said(one.get(t)) for one in values)] for t in moments]
    return table(speech, title, heads, rows)
