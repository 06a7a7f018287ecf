"""What ends when and what replacing it costs: charts, tables, and the list behind each number."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from markupsafe import Markup

from dashboards.web.charts.stacked import Column, stacked
from dashboards.web.languages import Speech
from dashboards.web.plan_common import groups_of, names_of, profile_of
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from dashboards.web.words import N_
from inventory.planning.ends import Ends
from inventory.planning.forecast import MONTHS, Ending, Forecast, Span, When
from inventory.planning.present import forecast_of

MOST_LISTED = 300
"""A list with more would be too heavy for a slow line; the command has the rest."""

MOST_PARTS = 6
"""How many communes a column tells apart; the others are one part."""

KINDS = {
    Ends.LIFE: N_("end of life"),
    Ends.WARRANTY: N_("end of warranty"),
    Ends.SUPPORT: N_("end of the maker's support"),
}

WHENS = {
    When.OVERDUE: N_("over already"),
    When.AHEAD: N_("in the five years"),
    When.LATER: N_("later"),
    When.NEVER: N_("no end is set"),
    When.UNKNOWN: N_("not known"),
}

REST = N_("other communes")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. place: a commune's code or a group's id; by: year or month; kind with
    when, or with first and last: what is listed."""

    place: str = ""
    by: str = "year"
    kind: Ends | None = None
    when: When | None = None
    first: dt.date | None = None
    last: dt.date | None = None

    def asked(self, **changes: object) -> str:
        """The same as a query, with changes; a list only where one is named in them."""
        wish = replace(
            self, **{"kind": None, "when": None, "first": None, "last": None} | changes  # type: ignore[arg-type]
        )  # fmt: skip
        given = {
            "place": wish.place,
            "by": wish.by if wish.by != "year" else "",
            "kind": wish.kind.value if wish.kind else "",
            "when": wish.when.value if wish.when else "",
            "from": wish.first.isoformat() if wish.first else "",
            "to": wish.last.isoformat() if wish.last else "",
        }
        return urlencode({key: value for key, value in given.items() if value})


@dataclass(frozen=True, slots=True)
class Cell:
    """How many end, and the query that lists them."""

    count: int
    asked: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: by kind how many end and what it costs."""

    label: str
    cells: Mapping[Ends, Cell]
    life_vnd: int
    support_vnd: int


@dataclass(frozen=True, slots=True)
class CommuneLine:
    """One commune: lives that are over, what replacing them costs, and what is to come."""

    code: str
    name: str
    overdue: int
    overdue_vnd: int
    year_vnd: int
    all_vnd: int


@dataclass(frozen=True, slots=True)
class Listed:
    """The assets behind one number. more: how many are not shown."""

    kind: Ends
    when: When
    first: dt.date | None
    last: dt.date | None
    endings: Sequence[Ending]
    more: int
    cost_vnd: int


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """The whole page. lines: overdue, then years or months in which something ends; rest: later,
    never, unknown; unpriced: lives that end within sight and have no price."""

    wish: Wish
    forecast: Forecast
    names: Mapping[str, str]
    places: Sequence[tuple[str, str]]
    charts: Sequence[Markup]
    lines: Sequence[Line]
    rest: Sequence[Line]
    communes: Sequence[CommuneLine]
    listed: Listed | None
    assets: int
    overdue_vnd: int
    year_vnd: int
    all_vnd: int
    unpriced: int


def forecast_page(site: Site, visitor: Visitor, wish: Wish, speech: Speech) -> ForecastPage:
    """The page from the register as it is now."""
    names = names_of(site, visitor)
    groups = groups_of(site, names, speech.language)
    wanted = next((p.communes for p in groups if p.id == wish.place), frozenset({wish.place}))
    codes = names.keys() if not wish.place else wanted & names.keys()
    found = forecast_of(
        site.snapshot, site.settings, site.today, profile_of(site), lambda c: c in codes
    )
    spans = found.months if wish.by == "month" else found.years
    lives = [e for e in found.endings if e.kind is Ends.LIFE]
    due = [e for e in lives if e.when in (When.OVERDUE, When.AHEAD)]
    return ForecastPage(
        wish=wish,
        forecast=found,
        names=names,
        places=[*((p.id, p.name) for p in groups), *names.items()],
        charts=_charts(found, spans, {c: names[c] for c in names if c in codes}, speech),
        lines=[
            _line(found, wish, When.OVERDUE, speech),
            *(
                _span_line(span, wish, speech)
                for span in spans
                if wish.by != "month" or any(span.counts.values())
            ),
        ],
        rest=[_line(found, wish, when, speech) for when in (When.LATER, When.NEVER, When.UNKNOWN)],
        communes=_communes(found, {c: names[c] for c in names if c in codes}),
        listed=_listed(found, wish),
        assets=len(lives),
        overdue_vnd=sum(e.cost_vnd for e in found.at(When.OVERDUE, Ends.LIFE)),
        year_vnd=found.cost_vnd(Ends.LIFE, 12),
        all_vnd=found.cost_vnd(Ends.LIFE, 60),
        unpriced=sum(e.price is None for e in due),
    )


def wish_of(asked: Mapping[str, str]) -> Wish:
    """What a query asks for; what makes no sense in it is left out."""

    def day(key: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(asked.get(key, ""))
        except ValueError:
            return None

    kind, when = asked.get("kind", ""), asked.get("when", "")
    return Wish(
        place=asked.get("place", "")[:64],
        by="month" if asked.get("by") == "month" else "year",
        kind=Ends(kind) if kind in list(Ends) else None,
        when=When(when) if when in list(When) else None,
        first=day("from"),
        last=day("to"),
    )


def span_name(span: Span, speech: Speech) -> str:
    """A year or a month as a reader says it; a year that is cut says where.

    A whole year is only its number.
    """
    first, last = span.first, span.last
    if first.month == last.month:
        return f"{first.month:02}/{first.year}"
    if span.is_whole_year:
        return str(first.year)
    return f"{first.year} ({first.month:02}–{last.month:02})"


def _line(found: Forecast, wish: Wish, when: When, speech: Speech) -> Line:
    of = {kind: found.at(when, kind) for kind in Ends}
    return Line(
        speech.text(WHENS[when]),
        {k: Cell(len(all_), wish.asked(kind=k, when=when)) for k, all_ in of.items()},
        sum(e.cost_vnd for e in of[Ends.LIFE]),
        sum(e.cost_vnd for e in of[Ends.SUPPORT]),
    )


def _span_line(span: Span, wish: Wish, speech: Speech) -> Line:
    return Line(
        span_name(span, speech),
        {
            kind: Cell(
                span.counts.get(kind, 0), wish.asked(kind=kind, first=span.first, last=span.last)
            )
            for kind in Ends
        },
        span.costs_vnd.get(Ends.LIFE, 0),
        span.costs_vnd.get(Ends.SUPPORT, 0),
    )


def _charts(
    found: Forecast, spans: Sequence[Span], names: Mapping[str, str], speech: Speech
) -> list[Markup]:
    parts = [
        (Ends.LIFE.value, speech.text(N_("replacing at the end of life"))),
        (Ends.SUPPORT.value, speech.text(N_("mending the end of support"))),
    ]
    paid = (Ends.LIFE, Ends.SUPPORT)
    over = speech.text(WHENS[When.OVERDUE])
    overdue = {k.value: float(sum(e.cost_vnd for e in found.at(When.OVERDUE, k))) for k in paid}
    columns = [
        *([] if _is_month(spans) else [Column(over, overdue, speech.text(N_("before")))]),
        *(
            Column(
                span_name(span, speech),
                {k.value: float(span.costs_vnd.get(k, 0)) for k in paid},
                _tick(span),
            )
            for span in spans
        ),
    ]
    if not any(column.total for column in columns):
        return []
    head = speech.text(N_("Period"))
    how = {"head": head, "shown": speech.money, "short": speech.short_money}
    title = speech.text(N_("What ends costs, in dong of today"))
    charts = [stacked(speech, "by-kind", title, parts, columns, **how)]  # type: ignore[arg-type]
    if len(names) > 1:
        charts.append(_by_commune(found, spans, names, speech, how))
    return charts


def _by_commune(
    found: Forecast,
    spans: Sequence[Span],
    names: Mapping[str, str],
    speech: Speech,
    how: Mapping[str, object],
) -> Markup:
    costs: Counter[str] = Counter()
    lives = [e for e in found.endings if e.kind is Ends.LIFE]
    for ending in lives:
        if ending.when in (When.OVERDUE, When.AHEAD):
            costs[ending.asset.commune] += ending.cost_vnd
    named = [code for code, cost in costs.most_common() if cost]
    shown = named if len(named) <= MOST_PARTS + 1 else named[:MOST_PARTS]
    parts = [(code, names.get(code, code)) for code in shown]
    if len(shown) < len(named):
        parts.append(("", speech.text(REST)))

    def column(label: str, tick: str, endings: Sequence[Ending]) -> Column:
        found: Counter[str] = Counter()
        for ending in endings:
            found[ending.asset.commune if ending.asset.commune in shown else ""] += ending.cost_vnd
        return Column(label, {code: float(cost) for code, cost in found.items()}, tick)

    over = speech.text(WHENS[When.OVERDUE])
    columns = (
        []
        if _is_month(spans)
        else [column(over, speech.text(N_("before")), found.at(When.OVERDUE, Ends.LIFE))]
    )
    for span in spans:
        endings = found.between(span.first, span.last, Ends.LIFE)
        columns.append(column(span_name(span, speech), _tick(span), endings))
    title = speech.text(N_("Replacing at the end of life, by commune"))
    return stacked(speech, "by-commune", title, parts, columns, **how)  # type: ignore[arg-type]


def _is_month(spans: Sequence[Span]) -> bool:
    """Whether the columns are months, among which what is over would be one of sixty."""
    return len(spans) == MONTHS


def _tick(span: Span) -> str:
    """Below a column: its year; of months only January has one."""
    if span.first.month == span.last.month and span.first.month != 1:
        return ""
    return str(span.first.year)


def _communes(found: Forecast, names: Mapping[str, str]) -> list[CommuneLine]:
    lines = []
    for code, name in names.items():
        mine = found.of(commune=code)
        overdue = mine.at(When.OVERDUE, Ends.LIFE)
        lines.append(
            CommuneLine(
                code,
                name,
                len(overdue),
                sum(e.cost_vnd for e in overdue),
                mine.cost_vnd(Ends.LIFE, 12),
                mine.cost_vnd(Ends.LIFE, 60),
            )
        )
    return sorted(lines, key=lambda line: -(line.overdue_vnd + line.all_vnd))


def _listed(found: Forecast, wish: Wish) -> Listed | None:
    if wish.kind is None:
        return None
    if wish.when is not None:
        endings, when = found.at(wish.when, wish.kind), wish.when
    elif wish.first is not None and wish.last is not None:
        endings, when = found.between(wish.first, wish.last, wish.kind), When.AHEAD
    else:
        return None
    return Listed(
        wish.kind,
        when,
        wish.first,
        wish.last,
        endings[:MOST_LISTED],
        max(0, len(endings) - MOST_LISTED),
        sum(e.cost_vnd for e in endings),
    )
