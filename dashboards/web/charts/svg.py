"""The pieces that charts are made of: elements, shapes, patterns and round numbers for an axis."""

from __future__ import annotations

import math
from collections.abc import Iterable

from markupsafe import Markup, escape

from dashboards.labels import clean_label

LONGEST = 300
"""Characters of any one text in a chart; what came from a sheet or a device may be longer."""

KINDS = 6
"""How many series or parts a chart can tell apart; more than people can."""


def tag(name: str, *inside: object, **attributes: object) -> Markup:
    """An element; text inside is escaped, `class_` is class, `_` in a name is -, None is left out.

    >>> tag("text", "a < b", class_="axis", text_anchor="end", x=1.50, y=None)
    Markup('<text class="axis" text-anchor="end" x="1.5">a &lt; b</text>')
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    body = joined(inside)
    return Markup(f"<{name}{written}>{body}</{name}>")  # noqa: S704 - every part is escaped


def joined(parts: Iterable[object]) -> Markup:
    """Parts in a row: Markup as it is, anything else as clean, escaped text."""
    return Markup("").join(p if isinstance(p, Markup) else clean(p) for p in parts)


def clean(text: object) -> str:
    """A text without control characters and of bounded length."""
    return clean_label(str(text), LONGEST)[0] if text != "" else ""


def percent(share: float) -> str:
    """A share as SVG has it.

    >>> percent(0.12345)
    '12.35%'
    """
    return f"{round(share * 100, 2):g}%"


def _plain(value: object) -> str:
    """An attribute's value; `d` of a large shape is long and ours, so it is not cut."""
    if isinstance(value, float):
        return f"{round(value, 2):g}"
    return clean_label(str(value), 10**7)[0]


def axis(high: float, steps: int = 4) -> list[float]:
    """Round numbers from 0 to at least `high`, in about `steps` steps of 1, 2 or 5 by tens.

    >>> axis(7.3), axis(0)
    ([0.0, 2.0, 4.0, 6.0, 8.0], [0.0, 1.0])
    """
    if high < 1e-9 or not math.isfinite(high):
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(high / steps))
    step = next(power * s for s in (1, 2, 5, 10) if power * s * steps >= high * (1 - 1e-9))
    count = math.ceil(high / step - 1e-9)
    return [round(step * n, 10) for n in range(count + 1)]


def shape(kind: int, size: float = 4.0) -> Markup:
    """A mark around (0, 0) by its number: circle, square, triangle, diamond, cross, bar."""
    s = size
    match kind % KINDS:
        case 0:
            return tag("circle", r=s)
        case 1:
            return tag("rect", x=-s, y=-s, width=2 * s, height=2 * s)
        case 2:
            return tag("path", d=f"M0 {-s * 1.2:g}L{s * 1.1:g} {s * 0.8:g}H{-s * 1.1:g}Z")
        case 3:
            return tag("path", d=f"M0 {-s * 1.3:g}L{s * 1.3:g} 0L0 {s * 1.3:g}L{-s * 1.3:g} 0Z")
        case 4:
            cross = f"M{-s:g} {-s:g}L{s:g} {s:g}M{-s:g} {s:g}L{s:g} {-s:g}"
            return tag("path", class_="open", d=cross)
        case _:
            return tag("rect", x=-s * 1.3, y=-s * 0.5, width=s * 2.6, height=s)


def at(x: str, y: float, *inside: object, **attributes: object) -> Markup:
    """Something drawn in pixels around a place that is a per cent of the width."""
    return tag("svg", *inside, x=x, y=y, overflow="visible", **attributes)


_PATTERNS = (
    "",
    "M-1 1L1 -1M0 8L8 0M7 9L9 7",
    "M2 2h2v2h-2zM6 6h2v2h-2z",
    "M0 2H8M0 6H8",
    "M0 4H8M4 0V8",
    "M2 0V8M6 0V8",
)


def patterns(name: str, kinds: int) -> Markup:
    """Patterns that lie over a colour, as url(#NAME-KIND); kind 0 is plain and has none."""
    return tag(
        "defs",
        *(
            tag(
                "pattern",
                tag("path", d=_PATTERNS[kind], class_="hatch"),
                id=f"{name}-{kind}",
                width=8,
                height=8,
                patternUnits="userSpaceOnUse",
            )
            for kind in range(1, min(kinds, KINDS))
        ),
    )


def filled(name: str, kind: int, **attributes: object) -> Markup:
    """A rectangle in the colour of a kind and, over it, its pattern."""
    kind %= KINDS
    colour = tag("rect", class_=f"k{kind}", **attributes)
    if kind == 0:
        return colour
    return Markup("").join(
        (colour, tag("rect", class_="over", fill=f"url(#{name}-{kind})", **attributes))
    )
