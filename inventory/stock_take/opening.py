"""What a stock-take is opened with, and what it is while it runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from config.assets import Asset, AssetStatus
from inventory.register.problems import FieldProblem
from inventory.stock_take.outcome import in_scope, place_of
from inventory.stock_take.report import Member, MemberRole, Place

TITLE_MAX = 200
NAME_MAX = 100
REASON_MAX = 1_000
MEMBERS_MAX = 30

IN_THE_BOOK = frozenset({AssetStatus.IN_USE, AssetStatus.IN_STOCK, AssetStatus.IN_REPAIR})
"""What ought to be there: what is planned has not come, what is lost or retired has gone."""

State = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Opening:
    """What whoever opens a stock-take says. site: '' for all of the commune. day: as of the end of
    which the book is taken. reason: why (end of year, merger, change of the head)."""

    commune: str
    site: str
    day: dt.date
    title: str
    reason: str = ""
    members: tuple[Member, ...] = ()

    @property
    def scope(self) -> Place:
        """What is counted."""
        return Place(self.commune, self.site)


@dataclass(frozen=True, slots=True)
class StockTake:
    """One stock-take. unit: the commune's name when it was opened. Times in seconds since 1970."""

    id: int
    opening: Opening
    unit: str
    opened_at_s: float
    opened_by: str
    closed_at_s: float | None = None
    closed_by: str = ""
    book_size: int = 0

    @property
    def state(self) -> State:
        """Whether counts are still taken."""
        return "open" if self.closed_at_s is None else "closed"


def book_of(opening: Opening, assets: Iterable[Asset]) -> list[Asset]:
    """The assets that ought to be found, in the order of site, room and tag."""
    book = [
        asset
        for asset in assets
        if asset.status in IN_THE_BOOK and in_scope(opening.scope, place_of(asset))
    ]
    return sorted(book, key=lambda a: (a.site, a.room, a.tag))


def problems_of_opening(opening: Opening, today: dt.date) -> list[FieldProblem]:
    """What is wrong with what was said. The book itself is looked at by whoever opens."""
    found = []
    if not opening.title:
        found.append(FieldProblem("title", "must not be empty"))
    if opening.day > today:
        found.append(FieldProblem("day", "is still to come; take today or a day before"))
    for key, most in (("title", TITLE_MAX), ("site", TITLE_MAX), ("reason", REASON_MAX)):
        if len(getattr(opening, key)) > most:
            text = "must have at most {most} characters"
            found.append(FieldProblem(key, text, {"most": str(most)}))
    if len(opening.members) > MEMBERS_MAX:
        found.append(
            FieldProblem("members", "name at most {most} members", {"most": str(MEMBERS_MAX)})
        )
    for member in opening.members:
        if len(member.name) > NAME_MAX or len(member.title) > NAME_MAX:
            text = "a name and an office have at most {most} characters"
            found.append(FieldProblem("members", text, {"most": str(NAME_MAX)}))
            break
    if sum(member.role is MemberRole.CHAIR for member in opening.members) > 1:
        found.append(FieldProblem("members", "a board has one head"))
    return found
