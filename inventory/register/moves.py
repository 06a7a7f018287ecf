"""Moves as public bodies know them: each has a day, a document and people, and changes the asset.

What a move changes: where the asset stands in its life, its commune, who keeps it. The words are
those of the forms of DOMAIN §6 (biên bản giao nhận, điều chuyển, thanh lý, tiêu huỷ).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from config.assets import Asset, AssetStatus
from inventory.register.problems import FieldProblem

_S = AssetStatus


class MoveKind(StrEnum):
    """What happened."""

    RECEIVED = "received"
    HANDED_OVER = "handed_over"
    TRANSFERRED = "transferred"
    TO_REPAIR = "to_repair"
    FROM_REPAIR = "from_repair"
    LOST = "lost"
    FOUND = "found"
    LIQUIDATED = "liquidated"
    DESTROYED = "destroyed"


_HERE = frozenset({_S.IN_USE, _S.IN_STOCK})
_FROM: Mapping[MoveKind, frozenset[AssetStatus]] = {
    MoveKind.RECEIVED: frozenset({_S.PLANNED, _S.IN_STOCK, _S.IN_USE}),
    MoveKind.HANDED_OVER: _HERE,
    MoveKind.TRANSFERRED: _HERE | {_S.IN_REPAIR},
    MoveKind.TO_REPAIR: _HERE,
    MoveKind.FROM_REPAIR: frozenset({_S.IN_REPAIR}),
    MoveKind.LOST: _HERE | {_S.IN_REPAIR},
    MoveKind.FOUND: frozenset({_S.LOST}),
    MoveKind.LIQUIDATED: _HERE | {_S.IN_REPAIR, _S.LOST},
    MoveKind.DESTROYED: _HERE | {_S.IN_REPAIR, _S.LOST},
}
_TO: Mapping[MoveKind, AssetStatus] = {
    MoveKind.HANDED_OVER: _S.IN_USE,
    MoveKind.TO_REPAIR: _S.IN_REPAIR,
    MoveKind.FROM_REPAIR: _S.IN_USE,
    MoveKind.LOST: _S.LOST,
    MoveKind.FOUND: _S.IN_USE,
    MoveKind.LIQUIDATED: _S.RETIRED,
    MoveKind.DESTROYED: _S.RETIRED,
}
_GIVES = frozenset(
    {
        MoveKind.RECEIVED,
        MoveKind.HANDED_OVER,
        MoveKind.TRANSFERRED,
        MoveKind.FROM_REPAIR,
        MoveKind.FOUND,
    }
)
"""Moves whose receiver keeps the asset from then on."""

NEEDS_DOCUMENT = frozenset({MoveKind.TRANSFERRED, MoveKind.LIQUIDATED, MoveKind.DESTROYED})
"""What happens by a decision only, so that its number must be given."""

_PEOPLE_MAX = 500
FIRST_DAY = dt.date(1950, 1, 1)


@dataclass(frozen=True, slots=True)
class Move:
    """One move of one asset. from_commune, from_person: as the register has them where blank."""

    kind: MoveKind
    day: dt.date
    document: str = ""
    from_commune: str = ""
    to_commune: str = ""
    from_person: str = ""
    to_person: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A move in the register. change: its line in the log; undone: it was taken back."""

    id: int
    entry: int
    change: int
    at_s: float
    move: Move
    undone: bool


def kinds_for(status: AssetStatus) -> tuple[MoveKind, ...]:
    """What can happen to an asset that stands there."""
    return tuple(kind for kind in MoveKind if status in _FROM[kind])


def completed(move: Move, asset: Asset) -> Move:
    """A move with its texts trimmed and the place that it starts from."""
    texts = {
        name: getattr(move, name).strip()
        for name in ("document", "from_commune", "to_commune", "from_person", "to_person", "note")
    }
    texts["from_commune"] = texts["from_commune"] or asset.commune
    texts["from_person"] = texts["from_person"] or asset.custodian
    if move.kind is not MoveKind.TRANSFERRED:
        texts["to_commune"] = texts["to_commune"] or asset.commune
    return replace(move, **texts)


def problems_of_move(
    move: Move, asset: Asset, today: dt.date, last: dt.date | None
) -> list[FieldProblem]:
    """What is wrong with a completed move; last: the day of the asset's last one."""
    found: list[FieldProblem] = []

    def wrong(key: str, text: str, **values: str) -> None:
        found.append(FieldProblem(key, text, values))

    if asset.status not in _FROM[move.kind]:
        wrong(
            "kind",
            "cannot happen to {tag} as it stands: {status}",
            tag=asset.tag,
            status=asset.status.value,
        )
    if not FIRST_DAY <= move.day <= today:
        wrong(
            "day",
            "{day} is not between {first} and today",
            day=_shown(move.day),
            first=_shown(FIRST_DAY),
        )
    elif last is not None and move.day < last:
        wrong(
            "day",
            "{day} is before the last move of {tag} on {last}",
            day=_shown(move.day),
            tag=asset.tag,
            last=_shown(last),
        )
    if move.kind in NEEDS_DOCUMENT and not move.document:
        wrong("document", "must not be empty")
    if move.kind is MoveKind.HANDED_OVER and not move.to_person:
        wrong("to_person", "must not be empty")
    if move.from_commune != asset.commune:
        wrong("from_commune", "{tag} is in {commune}", tag=asset.tag, commune=asset.commune)
    moves_away = move.to_commune != asset.commune
    if move.kind is MoveKind.TRANSFERRED and not (move.to_commune and moves_away):
        wrong("to_commune", "must be another commune than {commune}", commune=asset.commune)
    if move.kind is not MoveKind.TRANSFERRED and moves_away:
        wrong("to_commune", "only a transfer leads to another commune")
    for key in ("document", "from_person", "to_person"):
        if len(getattr(move, key)) > _PEOPLE_MAX:
            wrong(key, "must have at most {most} characters", most=str(_PEOPLE_MAX))
    return found


def after(move: Move, asset: Asset) -> dict[str, Any]:
    """What a completed move changes: values of the asset by field, a blank clears."""
    values: dict[str, Any] = {}
    if move.kind is MoveKind.RECEIVED and asset.status is not _S.IN_USE:
        values["status"] = (_S.IN_USE if move.to_person else _S.IN_STOCK).value
    elif move.kind in _TO:
        values["status"] = _TO[move.kind].value
    if move.kind is MoveKind.TRANSFERRED:
        # Its place, and what it stands behind, are those of the commune that it leaves.
        values |= {"commune": move.to_commune, "site": "", "room": "", "custodian": ""}
        values |= {"upstream": "", "edge": None}
    if move.to_person and move.kind in _GIVES:
        values["custodian"] = move.to_person
    return values


def _shown(day: dt.date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
