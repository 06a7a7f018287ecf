"""What the pages of figures and indicators show: matrix, what needs a look, one row, one cell."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from babel import numbers
from fastapi import Request

from config.profile import Text
from dashboards.web.languages import Speech
from dashboards.web.site import Site
from dashboards.web.visitor import Right, Visitor, require, visitor_of
from dashboards.web.words import N_
from inventory.alphabet import folded, order
from inventory.indicators.attention import Attention, attention
from inventory.indicators.checks import Ground
from inventory.indicators.declaration import Declaration, Standing
from inventory.indicators.definition import Definition, Kind, definitions
from inventory.indicators.indicators import CommuneRow, Indicators, ground_of

ON_A_PAGE = 50
"""Communes of the matrix on one page."""
INPUTS = 200
"""Communes of the form of one indicator on one page."""
MOST_LISTED = 500
"""Cells of one list of what needs a look."""
COLUMNS = 7
"""Indicators beside each other in one table."""

ATTENTION: Mapping[Attention, str] = {
    "missing": N_("never declared"),
    "expired": N_("expired"),
    "soon": N_("expires soon"),
    "old": N_("too old"),
    "not_yet": N_("not yet in force"),
}
"""Each as words, in the order of the page."""

HINTS: Mapping[Kind, str] = {
    "count": N_("a whole number"),
    "share": N_("per cent, for example 85 %"),
    "ratio": N_("a number"),
    "hours": N_("hours, for example 8 h"),
    "seconds": N_("a time, for example 30 s or 15 min"),
    "bps": N_("with its unit, for example 200 Mbps"),
    "yes": N_("yes or no"),
}
"""What an input takes."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure or indicator of one commune on a day. age_days: on that day, None where it has no
    day. late: whether it was entered after that day."""

    commune: str
    commune_name: str
    definition: Definition
    said: Standing | None
    attention: Attention
    age_days: int | None
    late: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What an address of the matrix asks for. then: as it was known on the day."""

    day: dt.date
    then: bool = False
    text: str = ""
    show: Attention = ""
    first: int = 0


@dataclass(frozen=True, slots=True)
class Matrix:
    """The page. tables: the columns, in groups that fit beside each other. counts: how many cells
    need a look, by why. listed: those of one kind, where it is asked for; more: how many of them
    are not shown. total: how many communes; names: code -> name of those that may be entered."""

    wish: Wish
    today: dt.date
    rows: Sequence[tuple[str, str, Mapping[str, Cell]]]
    tables: Sequence[Sequence[Definition]]
    counts: Mapping[Attention, int]
    listed: Sequence[Cell]
    more: int
    total: int
    size: int = ON_A_PAGE

    def asked(self, first: int = 0, show: str = "") -> str:
        """As in an address."""
        wish = self.wish
        pairs = {
            "day": wish.day.isoformat() if wish.day != self.today else "",
            "known": "then" if wish.then else "",
            "q": wish.text,
            "show": show,
            "first": first or "",
        }
        return urlencode({key: value for key, value in pairs.items() if value})


@dataclass(frozen=True, slots=True)
class Input:
    """A value that can be typed: of one commune and indicator. key: of the form."""

    key: str
    label: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class EntryPage:
    """A form of values. address: where it is sent; history: of a single value everything that was
    ever entered, the last first; more: how many communes have no input on this page."""

    title: str
    address: str
    inputs: Sequence[Input]
    history: Sequence[Declaration] = ()
    definition: Definition | None = None
    commune: str = ""
    commune_name: str = ""
    first: int = 0
    total: int = 0
    size: int = INPUTS


def site_ground(site: Site) -> Ground:
    """What can be declared, and of which communes."""
    names = {code: view.unit.name for code, view in site.snapshot.communes.items()}
    by_name = dict(sorted(names.items(), key=lambda pair: order(pair[1])))
    known = definitions([site.profile, *site.profiles.on(_today(site))])
    return ground_of(site.settings.communes, by_name, known, site.settings.zone)


def indicators_of(site: Site) -> Indicators:
    """Figures and indicators of a site."""
    return Indicators(site.desk, site.clock, lambda: site_ground(site), site.reconsider)


def may_declare(visitor: Visitor, commune: str | None = None) -> bool:
    """Whether somebody may declare, of a commune where one is given: whoever registers or plans."""
    return visitor.may(Right.REGISTER, commune) or visitor.may(Right.PLAN, commune)


def require_declare(request: Request, commune: str | None = None) -> Visitor:
    """Who asks, if they may declare. Raises LoginNeeded and Denied."""
    visitor = visitor_of(request)
    return visitor if may_declare(visitor, commune) else require(request, Right.PLAN, commune)


def sees(site: Site, visitor: Visitor) -> list[str]:
    """The codes of the communes that somebody sees."""
    return [c for c in site.snapshot.communes if visitor.communes is None or c in visitor.communes]


def matrix(site: Site, visitor: Visitor, wish: Wish) -> Matrix:
    """See Matrix. Raises StoreError."""
    indicators = indicators_of(site)
    known_at_s = end_of_day_s(wish.day, site.settings.zone) if wish.then else None
    rows = indicators.rows(sees(site, visitor), wish.day, known_at_s)
    words = folded(wish.text).split()
    rows = [row for row in rows if all(w in folded(f"{row.name} {row.code}") for w in words)]
    columns = list(indicators.definitions.values())
    cells = {row.code: _cells(row, columns, wish.day, site.settings.zone) for row in rows}
    looks = Counter(cell.attention for one in cells.values() for cell in one.values())
    listed = [c for one in cells.values() for c in one.values() if c.attention == wish.show]
    if wish.show == "":
        listed = []
    listed.sort(key=_when)
    first = max(0, min(wish.first, max(len(rows) - 1, 0))) // ON_A_PAGE * ON_A_PAGE
    figures = [one for one in columns if one.figure]
    others = [one for one in columns if not one.figure]
    return Matrix(
        replace(wish, first=first),
        indicators.today(),
        [(row.code, row.name, cells[row.code]) for row in rows[first : first + ON_A_PAGE]],
        [
            part[at : at + COLUMNS]
            for part in (figures, others)
            for at in range(0, len(part), COLUMNS)
        ],
        {why: looks[why] for why in ATTENTION},
        listed[:MOST_LISTED],
        max(0, len(listed) - MOST_LISTED),
        len(rows),
    )


def commune_entry(site: Site, code: str, words: Speech) -> EntryPage | None:
    """The form of all values of one commune; None for one that is not watched."""
    row = _row(site, code)
    if row is None:
        return None
    cells = _cells(row, indicators_of(site).definitions.values(), _today(site), site.settings.zone)
    inputs = [
        Input(name, cell.definition.title.text(words.language), cell)
        for name, cell in cells.items()
    ]
    return EntryPage(
        row.name, f"/indicators/communes/{code}", inputs, commune=code, commune_name=row.name
    )


def name_entry(
    site: Site, name: str, visitor: Visitor, words: Speech, first: int = 0
) -> EntryPage | None:
    """The form of one indicator for a row of communes; None for one that there is not."""
    indicators = indicators_of(site)
    definition = indicators.definitions.get(name)
    if definition is None:
        return None
    rows = indicators.rows(sees(site, visitor))
    first = max(0, min(first, max(len(rows) - 1, 0))) // INPUTS * INPUTS
    inputs = [
        Input(
            row.code,
            row.name,
            _cells(row, [definition], indicators.today(), site.settings.zone)[name],
        )
        for row in rows[first : first + INPUTS]
        if may_declare(visitor, row.code)
    ]
    return EntryPage(
        definition.title.text(words.language),
        f"/indicators/names/{name}",
        inputs,
        definition=definition,
        first=first,
        total=len(rows),
    )


def cell_entry(site: Site, code: str, name: str, words: Speech) -> EntryPage | None:
    """One value with its history; None for a commune or indicator that there is not.

    One that no profile asks for any more is shown where it has a history.
    """
    indicators = indicators_of(site)
    row = _row(site, code)
    definition = indicators.definitions.get(name)
    history = indicators.history(code, name)
    if row is None or (definition is None and not history):
        return None
    known = definition or Definition(name, Text(vi=name, en=name), "ratio", 0.0)
    cell = _cells(row, [known], indicators.today(), site.settings.zone)[name]
    title = known.title.text(words.language)
    return EntryPage(
        f"{title}: {row.name}",
        f"/indicators/communes/{code}/{name}",
        [Input(name, title, cell)] if definition else [],
        history,
        known,
        code,
        row.name,
    )


def shown(kind: Kind, value: float, speech: Speech) -> str:
    """A value as a page says it."""
    if kind == "share":
        return numbers.format_decimal(value * 100, "0.##", locale=speech.language) + "%"
    if kind in ("count", "ratio"):
        return speech.number(value)
    return speech.quantity(value, kind)


def _when(cell: Cell) -> dt.date:
    """When a cell ends, else for which day it is: what needs a look first comes first."""
    said = cell.said
    return (said.expires or said.as_of or dt.date.min) if said else dt.date.min


def _row(site: Site, code: str) -> CommuneRow | None:
    return next(iter(indicators_of(site).rows([code])), None)


def _today(site: Site) -> dt.date:
    return dt.datetime.fromtimestamp(site.clock.wall(), site.settings.zone).date()


def end_of_day_s(day: dt.date, zone: dt.tzinfo) -> float:
    """The last moment of a day, seconds since 1970."""
    following = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    return following.timestamp() - 0.001


def _cells(
    row: CommuneRow, columns: Iterable[Definition], day: dt.date, zone: dt.tzinfo
) -> dict[str, Cell]:
    found = {}
    for one in columns:
        said = row.said.get(one.name)
        age = (day - said.as_of).days if said and said.as_of else None
        late = False
        if said and said.declaration:
            entered = dt.datetime.fromtimestamp(said.declaration.entered_at_s, zone).date()
            late = entered > day
        found[one.name] = Cell(row.code, row.name, one, said, attention(said, one, day), age, late)
    return found
