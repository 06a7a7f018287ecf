"""What the books of a unit say of its assets beside what they are: how they came and left.

An asset stands in the books of the commune that has it, from the day on which it came into use or
was transferred there until it is transferred, liquidated or destroyed. What is lost stays in them
until somebody decides; what is only planned is not in them yet.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from config.assets import Asset, AssetStatus
from inventory.money import Kind, Worth, begins, kind_of, worth
from inventory.register.entry import Query
from inventory.register.moves import FIRST_DAY, Move, MoveKind
from inventory.register.register import Register

ENDS = frozenset({MoveKind.LIQUIDATED, MoveKind.DESTROYED})
"""Moves by which an asset leaves the books of all."""

_NEEDED = ("price_vnd", "in_use_since")
"""Without these an asset cannot stand in a book of fixed assets."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """How an asset left the books of a unit: day, number of the document, why (liquidated,
    transferred …, in the reader's words)."""

    day: dt.date
    document: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Coming:
    """How an asset came from another unit."""

    day: dt.date
    document: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """An asset in the books of a unit. gone: None while it stands there. came: None for what the
    unit itself put into use."""

    asset: Asset
    gone: Leaving | None = None
    came: Coming | None = None

    @property
    def since(self) -> dt.date | None:
        """The day from which it stands in these books, None where nobody knows."""
        return self.came.day if self.came is not None else begins(self.asset)

    def stood_in(self, year: int) -> bool:
        """Whether it was in the books on any day of a year; where nobody knows when it came, it
        was."""
        start = self.since
        came = start is None or start.year <= year
        return came and (self.gone is None or self.gone.day.year >= year)

    def worth(self, day: dt.date) -> Worth:
        """What it is worth at the end of a day; see `inventory.money.worth`."""
        return worth(self.asset, day, self.gone.day if self.gone is not None else None)

    def missing(self, day: dt.date) -> tuple[str, ...]:
        """Fields without which it cannot stand in a book of fixed assets: price_vnd,
        in_use_since; none for a tool."""
        if self.asset.price_vnd is None:
            return ("price_vnd",)
        tool = kind_of(self.asset, day) is Kind.TOOL
        return () if tool or begins(self.asset) is not None else ("in_use_since",)


def by_age(booked: Iterable[Booked]) -> list[Booked]:
    """In the order in which they came, those of an unknown day last; of one day by tag."""
    return sorted(booked, key=lambda b: (b.since or dt.date.max, b.asset.tag))


def books_of(
    register: Register,
    commune: str,
    reason: Callable[[Move], str],
    files: Iterable[Asset] = (),
    before_s: float | None = None,
) -> list[Booked]:
    """Whatever stands or ever stood in the books of a commune, by the moves that were not taken
    back. reason: how a move by which something left is called. files: assets that the register may
    not have taken yet. before_s: each asset as it was registered right before this moment (see
    `_then`); None for now.

    An asset that came back after a transfer is there once for each time. Raises StoreError.
    """
    moves: dict[int, list[Move]] = defaultdict(list)
    for recorded in reversed(register.moves_between(FIRST_DAY, dt.date.max)):
        if not recorded.undone:
            moves[recorded.entry].append(recorded.move)
    here = register.search(Query(communes=frozenset({commune}), limit=None)).entries
    known = {entry.id: entry.asset for entry in here}
    for id_, of_one in moves.items():
        if id_ not in known and any(move.from_commune == commune for move in of_one):
            entry = register.by_id(id_)
            if entry is not None and entry.removed_at_s is None:
                known[id_] = entry.asset
    if before_s is not None:
        known = _then(register, commune, known, moves, before_s)
    tags = {entry.asset.tag for entry in here}
    new = [asset for asset in files if asset.commune == commune and asset.tag not in tags]
    stays = [
        booked
        for id_, asset in known.items()
        for booked in _stays(asset, moves[id_], commune, reason)
    ]
    found = (*stays, *map(Booked, new))
    return [booked for booked in found if booked.asset.status is not AssetStatus.PLANNED]


def _then(
    register: Register,
    commune: str,
    now: Mapping[int, Asset],
    moves: Mapping[int, list[Move]],
    before_s: float,
) -> dict[int, Asset]:
    """The assets of the books as they were registered right before a moment, also those that were
    removed since. What was entered later is as it is now, because a book of those years held it
    without us; so are price and first day of use where nobody had given them."""
    left = {id_ for id_, of_one in moves.items() if any(m.from_commune == commune for m in of_one)}
    then = register.as_of(before_s, lambda id_, code: code == commune or id_ in left)
    found = {id_: asset for id_, asset in now.items() if id_ not in then}
    for id_, asset in then.items():
        if asset is not None:
            later = now.get(id_)
            blank = [key for key in _NEEDED if getattr(asset, key) is None]
            more = {key: getattr(later, key) for key in blank} if later is not None else {}
            found[id_] = asset.model_copy(update=more)
    return found


def year_ends_s(year: int, today: dt.date, zone: dt.tzinfo) -> float | None:
    """The moment right before which a book of a year holds what it does: its end; None while the
    year goes on."""
    if year >= today.year:
        return None
    return dt.datetime(year + 1, 1, 1, tzinfo=zone).timestamp()


def _stays(
    asset: Asset, moves: list[Move], commune: str, reason: Callable[[Move], str]
) -> Iterator[Booked]:
    """The times that an asset was in the books of a commune; moves: of the asset, oldest first."""
    transfers = [move for move in moves if move.kind is MoveKind.TRANSFERRED]
    at = transfers[0].from_commune if transfers else asset.commune
    came: Coming | None = None
    for move in moves:
        if move.kind is not MoveKind.TRANSFERRED and move.kind not in ENDS:
            continue
        if at == commune:
            yield Booked(asset, Leaving(move.day, move.document, reason(move)), came)
        if move.kind in ENDS:
            return
        at, came = move.to_commune, Coming(move.day, move.document)
    if at == commune:
        yield Booked(asset, None, came)
