"""Horizontal bars, one a row under its words, with a mark where the threshold is.

Each row is text first and a drawing second, so it needs no table: who cannot see the bar reads the
row. A row of which nothing is known has a dotted track and says so; it is never an empty bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.web.charts.frame import figure
from dashboards.web.charts.svg import at, percent, tag
from dashboards.web.languages import Speech
from dashboards.web.words import N_

NO_DATA = N_("no data")
MARK = N_("the mark is at {value}")

_HEIGHT = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. value: None where nothing is known. shown: the value in the reader's words. mark:
    the threshold on the same scale, with its words. href: where the label leads. note: what stands
    below the label. tone: good, warn, bad or "" beside whatever the words say."""

    label: str
    value: float | None
    shown: str
    mark: float | None = None
    mark_shown: str = ""
    href: str = ""
    note: str = ""
    tone: str = ""


def bars(speech: Speech, title: str, rows: Sequence[Bar], *, most: float | None = None) -> Markup:
    """The figure. most: the value of a full bar, else the largest value or mark."""
    values = [v for row in rows for v in (row.value, row.mark) if v is not None]
    full = most if most is not None else max(values, default=0.0)
    return figure("bars", title, tag("ul", *(_row(speech, row, full) for row in rows)))


def _row(speech: Speech, row: Bar, full: float) -> Markup:
    label = tag("a", row.label, href=row.href) if row.href else tag("span", row.label)
    words = row.shown if row.value is not None else speech.text(NO_DATA)
    heard = ""
    if row.mark_shown:
        told = speech.text(MARK).format(value=row.mark_shown)
        heard = tag("span", f" ({told})", class_="heard")
    return tag(
        "li",
        tag("span", label, tag("small", " ", row.note) if row.note else "", class_="what"),
        tag("span", words, heard, class_="value" if row.value is not None else "value none"),
        _drawing(row, full),
    )


def _drawing(row: Bar, full: float) -> Markup:
    known = row.value is not None
    parts = [
        tag(
            "rect",
            class_="track" if known else "track nothing",
            width="100%",
            height=_HEIGHT,
            rx=3,
        )
    ]
    if row.value is not None and full > 0:
        share = min(1.0, max(0.0, row.value / full))
        tone = f"fill {row.tone}".strip()
        parts.append(tag("rect", class_=tone, width=percent(share), height=_HEIGHT, rx=3))
    if row.mark is not None and full > 0:
        place = percent(min(1.0, max(0.0, row.mark / full)))
        parts.append(at(place, 0, tag("path", d=f"M-1 -3H1V{_HEIGHT + 3}H-1Z", class_="mark-line")))
    return tag("svg", *parts, width="100%", height=_HEIGHT, overflow="visible", aria_hidden="true")
