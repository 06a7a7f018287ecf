"""What stands around a chart: its title, its legend, and the same in words as a table."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dashboards.web.charts.svg import clean, tag
from dashboards.web.languages import Speech
from dashboards.web.words import N_

TABLE = N_("The same as a table")

Cell = str | Markup


def figure(kind: str, title: str, *inside: object) -> Markup:
    """A chart of a kind with its title above it."""
    return tag("figure", tag("figcaption", title), *inside, class_=f"chart {kind}")


def picture(name: str, title: str, told: str, height: float, *inside: object) -> Markup:
    """A drawing as wide as its place; read out as its title and what is told of it."""
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", told, id=f"{name}-desc"),
        *inside,
        width="100%",
        height=height,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def legend(rows: Sequence[tuple[Markup, str]]) -> Markup:
    """(sign, words) of each kind of thing."""
    return tag("ul", *(tag("li", sign, " ", words) for sign, words in rows), class_="legend signs")


def table(
    speech: Speech, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> Markup:
    """The same in words, folded: the first column names the row, the others are figures."""
    head = tag("thead", tag("tr", *(tag("th", h, scope="col") for h in heads)))
    body = tag(
        "tbody",
        *(
            tag(
                "tr",
                tag("th", row[0], scope="row"),
                *(
                    tag("td", cell, class_="r", data_label=clean(heads[n]))
                    for n, cell in enumerate(row[1:], 1)
                ),
            )
            for row in rows
        ),
    )
    summary = tag("summary", tag("span", speech.text(TABLE), class_="what"))
    inner = tag("table", tag("caption", title), head, body, class_="cards")
    return tag("details", summary, tag("div", inner, class_="inside"))
