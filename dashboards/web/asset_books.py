"""What the register adds to the page of an asset: what may be done, money, moves, changes, and what
is like it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.web.change_log import ON_A_PAGE
from dashboards.web.site import Site
from dashboards.web.visitor import Right, Visitor
from inventory.money import Worth, worth
from inventory.register.entry import Change, Entry, Query
from inventory.register.moves import Recorded
from inventory.store.errors import StoreError

_SIMILAR = 6

DONE = ("created", "saved", "moved", "stale")
"""What a page can be told to say at its top."""


@dataclass(frozen=True, slots=True)
class Books:
    """entry: None where the database cannot be read. similar: others of the same maker and model;
    more_similar: how many are not named; parts: what names this one as its parent."""

    entry: Entry | None
    may_edit: bool
    worth: Worth | None = None
    moves: Sequence[Recorded] = ()
    changes: Sequence[Change] = ()
    more_changes: bool = False
    similar: Sequence[Entry] = ()
    more_similar: int = 0
    parts: Sequence[Entry] = ()
    names: Mapping[str, str] | None = None


def books(site: Site, entry: Entry | None, visitor: Visitor) -> Books:
    """The additions for one reader; of another's commune nothing is named."""
    if entry is None:
        return Books(None, False)
    asset = entry.asset
    may_edit = entry.origin == "register" and visitor.may(Right.REGISTER, asset.commune)
    today = dt.datetime.fromtimestamp(site.clock.wall(), site.settings.zone).date()
    similar: Sequence[Entry] = ()
    total = 0
    try:
        if asset.vendor and asset.model:
            same = {"vendor": asset.vendor, "model": asset.model}
            query = Query(exactly=same, communes=visitor.communes, limit=_SIMILAR + 1)
            found = site.register.search(query)
            similar = [e for e in found.entries if e.id != entry.id][:_SIMILAR]
            total = found.total - 1
        parts = site.register.search(
            Query(exactly={"parent": asset.tag}, communes=visitor.communes, limit=100)
        ).entries
        moves = site.register.moves(entry.id)
        changes = site.register.changes(asset.tag, kind="asset", limit=ON_A_PAGE // 2 + 1)
    except StoreError:
        return Books(entry, may_edit, worth(asset, today))
    return Books(
        entry,
        may_edit,
        worth(asset, today),
        moves,
        changes[: ON_A_PAGE // 2],
        len(changes) > ON_A_PAGE // 2,
        similar,
        max(0, total - len(similar)),
        parts,
        {code: view.unit.name for code, view in list(site.snapshot.communes.items())},
    )
