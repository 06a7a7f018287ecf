"""Hand-over minutes of moves: one paper for all assets that moved by the same document."""

from __future__ import annotations

import datetime as dt

from dashboards.forms.hand_over import HandOver, Party
from dashboards.forms.words import MOVES
from dashboards.web.site import Site
from inventory.register.entry import Entry
from inventory.register.moves import Move, MoveKind, Recorded

KINDS = frozenset(
    {
        MoveKind.RECEIVED,
        MoveKind.HANDED_OVER,
        MoveKind.TRANSFERRED,
        MoveKind.TO_REPAIR,
        MoveKind.FROM_REPAIR,
    }
)
"""Moves in which somebody gives and somebody takes."""


def hand_over_of(site: Site, entry: Entry, move_id: int) -> HandOver | None:
    """The minutes of a move of an asset; None where it has no such move, it was taken back, or it
    is none in which anything changes hands. Raises StoreError.

    Other assets that moved on the same day by the same document between the same people stand in
    the same minutes.
    """
    found = next((r for r in site.register.moves(entry.id) if r.id == move_id), None)
    if found is None or found.undone or found.move.kind not in KINDS:
        return None
    move = found.move
    together = [found]
    if move.document:
        day = site.register.moves_between(move.day, move.day)
        together += [r for r in reversed(day) if r.entry != entry.id and _same(r, move)]
    entries = (site.register.by_id(recorded.entry) for recorded in together)
    assets = tuple(e.asset for e in entries if e is not None)
    inner = move.kind in (MoveKind.HANDED_OVER, MoveKind.TRANSFERRED)
    comes = move.kind in (MoveKind.RECEIVED, MoveKind.FROM_REPAIR)
    giver = Party(
        unit_name(site, move.from_commune, move.day) if inner or not comes else "",
        "" if comes and not inner else move.from_person,
        outside=entry.asset.supplier if move.kind is MoveKind.RECEIVED else "",
    )
    taker = Party(
        unit_name(site, move.to_commune, move.day) if inner or comes else "", move.to_person
    )
    by = unit_name(site, move.from_commune, move.day)
    return HandOver(move.day, by, giver, taker, assets, move.document, MOVES[move.kind], move.note)


def unit_name(site: Site, code: str, day: dt.date) -> str:
    """What a commune is called on a day; its code where nobody knows."""
    unit = site.units.at(code, day)
    return unit.name if unit is not None else code


def _same(recorded: Recorded, move: Move) -> bool:
    other = recorded.move
    keys = ("kind", "document", "from_commune", "to_commune", "from_person", "to_person")
    return not recorded.undone and all(getattr(other, k) == getattr(move, k) for k in keys)
