"""The list of assets: what is asked for in the address, and the page of what was found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from starlette.datastructures import QueryParams

from config.assets import AssetClass, AssetStatus
from dashboards.web.asset_fields import COLUMNS, FIRST_COLUMNS
from dashboards.web.forms import number
from dashboards.web.site import Site
from inventory.alphabet import order
from inventory.register.entry import SORTS, Entry, Query
from inventory.uptime import State

SIZES = (25, 50, 100, 200)
"""Assets on a page that one may choose; more would be too heavy for a slow line."""

COLUMNS_COOKIE = "hatang_columns"
FILTERS_COOKIE = "hatang_filters"
"""Chosen columns and saved filters are kept in the reader's own browser."""

MOST_FILTERS = 12
_MOST_NAME = 40
_MOST_FILTER = 250


@dataclass(frozen=True, slots=True)
class Wish:
    """What an address of the list asks for."""

    text: str = ""
    communes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    exactly: tuple[tuple[str, str], ...] = ()
    sort: str = "tag"
    descending: bool = False
    page: int = 1
    size: int = 50
    removed: bool = False

    def address(self, **changes: Any) -> str:
        """The list's address with something else asked for."""
        asked = replace(self, **changes).asked()
        return f"/assets?{asked}" if asked else "/assets"

    def asked(self) -> str:
        """As in an address, without what goes without saying."""
        pairs = [("q", self.text)] if self.text else []
        for name in ("commune", "class", "status", "state"):
            pairs += [(name, value) for value in getattr(self, _PLURALS[name])]
        pairs += self.exactly
        pairs += [("sort", self.sort)] if self.sort != "tag" else []
        pairs += [("desc", "1")] if self.descending else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        pairs += [("size", str(self.size))] if self.size != 50 else []
        pairs += [("removed", "1")] if self.removed else []
        return urlencode(pairs)

    @property
    def narrowed(self) -> bool:
        """Whether it asks for less than everything."""
        return bool(self.text or self.exactly) or any(
            getattr(self, name) for name in _PLURALS.values()
        )


_PLURALS = {
    "commune": "communes",
    "class": "classes",
    "status": "statuses",
    "state": "states",
}
_EXACT = ("vendor", "model", "parent", "site", "room", "custodian")


def wish_of(params: QueryParams) -> Wish:
    """What an address asks for; what makes no sense in it is left out."""

    def known(name: str, allowed: Iterable[str] | None) -> tuple[str, ...]:
        given = dict.fromkeys(v.strip()[:64] for v in params.getlist(name))
        return tuple(v for v in given if v and (allowed is None or v in allowed))

    sort = params.get("sort", "tag")
    size = number(params.get("size", "")) or 50
    page = number(params.get("page", "")) or 1
    return Wish(
        " ".join(params.get("q", "").split())[:200],
        known("commune", None)[:200],
        known("class", list(AssetClass)),
        known("status", list(AssetStatus)),
        known("state", list(State)),
        tuple((name, params[name][:500]) for name in _EXACT if params.get(name)),
        sort if sort in SORTS else "tag",
        params.get("desc") == "1",
        min(page, 1_000_000),
        size if size in SIZES else 50,
        params.get("removed") == "1",
    )


def query_of(wish: Wish, site: Site, scope: frozenset[str] | None) -> Query:
    """What the register is asked. scope: communes that the reader may see, None for all."""
    communes = frozenset(wish.communes) if wish.communes else None
    if scope is not None:
        communes = scope if communes is None else communes & scope
    tags = None
    if wish.states:
        tags = frozenset(
            view.tag
            for view in list(site.snapshot.assets.values())
            if view.endpoints and view.state in wish.states
        )
    return Query(
        text=wish.text,
        communes=communes,
        classes=tuple(AssetClass(value) for value in wish.classes),
        statuses=tuple(AssetStatus(value) for value in wish.statuses),
        exactly=dict(wish.exactly),
        tags=tags,
        sort=wish.sort,
        descending=wish.descending,
        offset=(wish.page - 1) * wish.size,
        limit=wish.size,
        removed=wish.removed,
    )


@dataclass(frozen=True, slots=True)
class ListPage:
    """The whole page. counts: status -> how many of what was found; first, last: their places
    among all; filters: saved name -> address."""

    wish: Wish
    entries: Sequence[Entry]
    total: int
    counts: Mapping[str, int]
    states: Mapping[str, State]
    communes: Sequence[tuple[str, str]]
    columns: Sequence[str]
    filters: Mapping[str, str]
    pages: int
    empty: bool

    @property
    def first(self) -> int:
        """The place of the first one that is shown, from 1."""
        return (self.wish.page - 1) * self.wish.size + 1

    @property
    def names(self) -> dict[str, str]:
        """Code -> name of each commune."""
        return dict(self.communes)


def list_page(
    site: Site,
    wish: Wish,
    scope: frozenset[str] | None,
    columns: Sequence[str],
    filters: Mapping[str, str],
) -> ListPage:
    """The page that an address asks for. Raises StoreError."""
    query = query_of(wish, site, scope)
    found = site.register.search(query)
    pages = max(1, -(-found.total // wish.size))
    if wish.page > pages:
        wish = replace(wish, page=pages)
        found = site.register.search(replace(query, offset=(pages - 1) * wish.size))
    entries, total = found.entries, found.total
    assets = site.snapshot.assets
    states = {
        tag: assets[tag].state
        for tag in (entry.asset.tag for entry in entries)
        if tag in assets and assets[tag].endpoints
    }
    return ListPage(
        wish,
        entries,
        total,
        {s: found.statuses[s] for s in AssetStatus if s in found.statuses},
        states,
        communes_of(site, scope),
        columns,
        filters,
        pages,
        not total and not wish.narrowed and not wish.removed,
    )


def communes_of(site: Site, scope: frozenset[str] | None) -> list[tuple[str, str]]:
    """(code, name) of the communes that somebody may see, as the language sorts them."""
    found = [
        (code, view.unit.name)
        for code, view in list(site.snapshot.communes.items())
        if scope is None or code in scope
    ]
    return sorted(found, key=lambda pair: order(pair[1]))


def columns_of(asked: Sequence[str], cookie: str) -> tuple[str, ...]:
    """The columns to show: asked for, else remembered, else the usual ones.

    >>> columns_of([], "serial.room.nonsense"), columns_of(["name"], "serial")
    (('room', 'serial'), ('name',))
    """
    for wished in (asked, cookie.split(".")):
        found = tuple(name for name in COLUMNS if name in wished and name != "tag")
        if found:
            return found
    return FIRST_COLUMNS


def filters_of(cookie: str) -> dict[str, str]:
    """Saved name -> what stands in the list's address; nothing of a cookie that is not ours."""
    try:
        kept = json.loads(unquote(cookie)) if cookie else {}
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    return {
        name[:_MOST_NAME]: wish_of(QueryParams(text[:_MOST_FILTER])).asked()
        for name, text in list(kept.items())[:MOST_FILTERS]
        if isinstance(text, str) and name.strip()
    }


def with_filter(kept: Mapping[str, str], name: str, asked: str) -> dict[str, str] | None:
    """The saved filters and another one; None where there is no room."""
    wish = replace(wish_of(QueryParams(parse_qsl(asked[:2000]))), page=1)
    name = " ".join(name.split())[:_MOST_NAME]
    text = wish.asked()
    found = {**kept, name: text}
    fits = name and len(text) <= _MOST_FILTER and len(found) <= MOST_FILTERS
    return found if fits and len(filters_cookie(found)) <= 3_500 else None


def filters_cookie(filters: Mapping[str, str]) -> str:
    """The cookie that keeps filters."""
    return quote(json.dumps(filters, ensure_ascii=False))
