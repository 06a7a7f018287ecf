"""What follows from the minutes for the register. Only proposed: a person applies it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from config.assets import AssetStatus
from inventory.register.entry import Edit, Entry, MoveStep, Step
from inventory.register.moves import Move, MoveKind
from inventory.stock_take.count import same_words
from inventory.stock_take.opening import IN_THE_BOOK
from inventory.stock_take.outcome import place_of
from inventory.stock_take.report import Line, Place, Result

Kind = Literal["lost", "transfer", "found"]
"""Missing: lost. Seen at another place: transferred there. Said to be lost, and seen: found."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change of one asset. before: where it is registered; after: where it was seen.

    version: the entry's at the closing, so that nobody overwrites what changed since. kept: where
    the entry is kept; what is kept in a file is changed there. sure: nothing speaks against it, as
    that monitoring saw the asset in the period, or that it is in repair.
    """

    tag: str
    name: str
    kind: Kind
    before: Place
    after: Place | None
    version: int
    kept: Literal["register", "file"]
    sure: bool = True

    @property
    def leads_away(self) -> bool:
        """Whether it was seen in another commune than the one that has it."""
        return self.after is not None and self.after.commune != self.before.commune

    def step(self, day: dt.date, document: str) -> Step:
        """What the register is asked for: a move where public bodies know one, else an edit.

        day, document: of the minutes, or of the decision. One step an asset, so that the whole can
        be undone at once; the place where a moved asset was seen stands in the move's note.
        """
        if self.after is None:
            return MoveStep(self.tag, Move(MoveKind.LOST, day, document), self.version)
        place = {"site": self.after.site, "room": self.after.room}
        note = " · ".join(text for text in place.values() if text)
        if self.kind == "transfer" and self.leads_away:
            to_commune = self.after.commune
            move = Move(MoveKind.TRANSFERRED, day, document, to_commune=to_commune, note=note)
            return MoveStep(self.tag, move, self.version)
        if self.kind == "transfer":
            return Edit(self.tag, place, self.version)
        if self.leads_away:
            # It is in use and elsewhere at once, which no single move says.
            status = {"status": AssetStatus.IN_USE.value, "commune": self.after.commune}
            return Edit(self.tag, {**status, **place}, self.version)
        return MoveStep(self.tag, Move(MoveKind.FOUND, day, document, note=note), self.version)


@dataclass(frozen=True, slots=True)
class ProposalState:
    """What became of a proposal. batch: of the register's log, '' while it waits."""

    state: Literal["waiting", "applied"]
    batch: str = ""
    decided_at_s: float | None = None
    decided_by: str = ""


def proposals_of(lines: Iterable[Line], entry_of: Callable[[str], Entry | None]) -> list[Proposal]:
    """What the lines of the minutes propose. entry_of: the register's entry of a tag now.

    What the register has changed to the same end already is not proposed.
    """
    found = []
    for line in lines:
        entry = entry_of(line.tag) if line.tag and line.result is not Result.COUNTED else None
        if entry is None:
            continue
        kind = _kind(line, entry)
        if kind is None:
            continue
        found.append(
            Proposal(
                tag=entry.asset.tag,
                name=entry.asset.name,
                kind=kind,
                before=place_of(entry.asset),
                after=line.found,
                version=entry.version,
                kept=entry.origin,
                sure=_nothing_against(line, entry),
            )
        )
    return found


def _kind(line: Line, entry: Entry) -> Kind | None:
    status = entry.asset.status
    if line.result is Result.MISSING:
        return "lost" if status in IN_THE_BOOK else None
    if status is AssetStatus.LOST and line.found is not None:
        return "found"
    if line.result is Result.ELSEWHERE and line.found is not None and status in IN_THE_BOOK:
        before = place_of(entry.asset)
        moved = before.commune != line.found.commune or _other_site(before, line.found)
        return "transfer" if moved else None
    return None


def _other_site(before: Place, after: Place) -> bool:
    return bool(after.site) and same_words(after.site) != same_words(before.site)


def _nothing_against(line: Line, entry: Entry) -> bool:
    if line.result is not Result.MISSING:
        return True
    seen = line.seen is not None and line.seen.in_period
    return not seen and entry.asset.status is not AssetStatus.IN_REPAIR
