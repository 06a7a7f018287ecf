"""Stock-takes as pages and phones use them; see `StockTakes`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from config.assets import Asset
from inventory.clock import Clock
from inventory.register.entry import Actor, Query
from inventory.register.problems import FieldProblem, Refused
from inventory.register.register import Register, new_batch
from inventory.stock_take.count import Count
from inventory.stock_take.opening import Opening, StockTake, book_of, problems_of_opening
from inventory.stock_take.outcome import compare
from inventory.stock_take.proposal import Proposal, ProposalState, proposals_of
from inventory.stock_take.report import Line, StockTakeReport, report_from_json, report_to_json
from inventory.stock_take.watched import View, with_evidence
from inventory.store import stock_take as sql
from inventory.store.changes import add_changes
from inventory.store.desk import Connection, Desk
from inventory.store.register import entries_by_tag

KIND = "stock_take"
"""What the log of changes calls these."""

_TRIES = 5
"""Closing reads, then writes if no count came in between; after so many it gives up."""


class Closed(Exception):
    """The stock-take is closed and is never opened again. `take` says since when."""

    def __init__(self, take: StockTake) -> None:
        self.take = take
        super().__init__(f"stock-take {take.id} is closed")


class NoStockTake(Exception):
    """There is no stock-take with this number."""


@dataclass(frozen=True, slots=True)
class Running:
    """A stock-take in a list. seen: how many of its book were counted by tag, None if closed."""

    take: StockTake
    seen: int | None


class StockTakes:
    """The stock-takes of a database. Every method raises StoreError; those that write are for
    threads, and what they wrote is on the disk when they return.

    view: the present of an asset, for evidence. residual: what an asset of the book is still worth
    on a day, in dong, None where it cannot be told.
    """

    def __init__(
        self,
        desk: Desk,
        register: Register,
        clock: Clock,
        zone: ZoneInfo,
        view: View,
        residual: Callable[[Asset, dt.date], int | None],
    ) -> None:
        self._desk = desk
        self._register = register
        self._clock = clock
        self._zone = zone
        self._view = view
        self._residual = residual

    def open(self, opening: Opening, unit: str, actor: Actor) -> StockTake:
        """Freeze the book and begin. Raises Refused."""
        now_s = self._clock.wall()
        today = self.day_of(now_s)
        problems = problems_of_opening(opening, today)
        if problems:
            raise Refused(problems)
        book = book_of(opening, self._assets_on(opening.day, today, opening.commune))
        if not book:
            raise Refused([_empty_book(opening, today)])

        def work(connection: Connection) -> int:
            id = sql.add_take(connection, opening, unit, actor.name, now_s, book)
            after = {"site": opening.site, "day": opening.day.isoformat(), "book": len(book)}
            self._log(connection, actor, now_s, "open", id, opening.title, after)
            return id

        return self.get(self._desk.write("open a stock-take", work))

    def day_of(self, at_s: float) -> dt.date:
        """The local day of a moment."""
        return dt.datetime.fromtimestamp(at_s, self._zone).date()

    def all(self) -> list[Running]:
        """All stock-takes, the newest first."""

        def work(connection: Connection) -> list[Running]:
            seen = sql.seen_in_book(connection)
            return [
                Running(take, seen.get(take.id, 0) if take.state == "open" else None)
                for take in sql.takes(connection)
            ]

        return self._desk.read(work)

    def get(self, id: int) -> StockTake:
        """A stock-take. Raises NoStockTake."""
        return self._desk.read(lambda c: _take(c, id))

    def progress(self, id: int) -> tuple[int, int]:
        """How many of the book were counted by tag, and how many it has. Raises NoStockTake."""
        return self._desk.read(lambda c: (sql.seen_in_book(c).get(id, 0), _take(c, id).book_size))

    def book(self, id: int) -> Sequence[Asset]:
        """The book as it was frozen, by site, room and tag."""
        return self._desk.read(lambda c: sql.book(c, id))

    def count(self, id: int, counts: Sequence[Count]) -> list[bool]:
        """Take counts in; for each whether it is new. One whose id is known changes nothing.

        Raises Closed and NoStockTake.
        """

        def work(connection: Connection) -> list[bool]:
            _still_open(connection, id)
            return sql.add_counts(connection, id, counts)

        return self._desk.write("take counts in", work)

    def withdraw(self, id: int, line: str, actor: Actor) -> int:
        """Let what was counted of a tag, or one count by its id, hold no more; how many did.

        A count that is sent later holds. Raises Closed and NoStockTake.
        """
        now_s = self._clock.wall()
        report = self.report(id)
        ids = [c.id for c in self._counts_of(id, report, line)]

        def work(connection: Connection) -> int:
            _still_open(connection, id)
            return sql.withdraw(connection, id, ids, actor.name, now_s)

        return self._desk.write("withdraw counts", work)

    def name_thing(self, id: int, count_id: str, named: Count, actor: Actor) -> None:
        """Say which asset a thing without a label is: its count gives way to one with the label.

        Raises Closed and NoStockTake.
        """

        def work(connection: Connection) -> None:
            _still_open(connection, id)
            if sql.withdraw(connection, id, [count_id], actor.name, named.received_at_s):
                sql.add_counts(connection, id, [named])

        self._desk.write("name a thing", work)

    def report(self, id: int) -> StockTakeReport:
        """Where it stands; of one that is closed its minutes, word for word. Raises NoStockTake."""
        return self._report(id)[0]

    def close(self, id: int, conclusion: str, actor: Actor) -> StockTakeReport:
        """Freeze the minutes and propose what follows. Raises Closed and NoStockTake."""
        for _ in range(_TRIES):
            report, mark = self._report(id)
            if mark is None:
                raise Closed(self.get(id))
            now_s = self._clock.wall()
            closed = replace(report, closed_at_s=now_s, closed_by=actor.name, conclusion=conclusion)
            if self._close(closed, mark, actor, now_s):
                return closed
        raise Refused([FieldProblem("", "counts come in without a pause; try again")])

    def _close(self, report: StockTakeReport, mark: sql.Mark, actor: Actor, now_s: float) -> bool:
        def work(connection: Connection) -> bool:
            _still_open(connection, report.id)
            if sql.mark(connection, report.id) != mark:
                return False
            tags = [line.tag for line in report.lines]
            entries = entries_by_tag(connection, tags)
            proposed = proposals_of(report.lines, entries.get)
            sql.close_take(connection, report.id, report_to_json(report), actor.name, now_s)
            sql.add_proposals(connection, report.id, proposed)
            after = {"book": report.book.quantity, "counted": report.counted.quantity}
            self._log(connection, actor, now_s, "close", report.id, report.title, after)
            return True

        return self._desk.write("close a stock-take", work)

    def proposals(self, id: int) -> list[tuple[Proposal, ProposalState]]:
        """What was proposed at the closing, and what became of it."""
        return self._desk.read(lambda c: sql.proposals(c, id))

    def apply(self, id: int, tags: Iterable[str], document: str, actor: Actor) -> str:
        """Apply what waits of these tags through the register, all or nothing; the batch's id.

        document: number of the minutes or of the decision, which each move names. Raises Refused,
        Stale and NotFound as `Register.apply` does, and NoStockTake.
        """
        take, wanted = self.get(id), set(tags)
        chosen = [
            proposal
            for proposal, state in self.proposals(id)
            if proposal.tag in wanted and state.state == "waiting" and proposal.kept == "register"
        ]
        if not chosen or take.closed_at_s is None:
            raise Refused([FieldProblem("tags", "choose at least one change that waits")])
        now_s = self._clock.wall()
        closed = self.day_of(take.closed_at_s)
        applied = [p.tag for p in chosen]
        return self._register.apply(
            [p.step(closed, document) for p in chosen],
            actor,
            reason=f"{take.opening.title} ({take.opening.day:%d/%m/%Y}, #{take.id})",
            also=lambda c, done: sql.decide(c, id, applied, done.batch, actor.name, now_s),
        )

    def _assets_on(self, day: dt.date, today: dt.date, commune: str) -> list[Asset]:
        if day == today:
            found = self._register.search(Query(communes=frozenset({commune}), limit=None))
            return [entry.asset for entry in found.entries]
        end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), self._zone)
        return self._desk.read(lambda c: sql.assets_then(c, end.timestamp(), commune))

    def _report(self, id: int) -> tuple[StockTakeReport, sql.Mark | None]:
        """The report and, while it runs, what tells whether a count came since."""

        def work(connection: Connection) -> tuple[StockTakeReport, sql.Mark | None]:
            take = _take(connection, id)
            minutes = sql.minutes(connection, id)
            if minutes is not None:
                return report_from_json(minutes), None
            lines = self._lines(connection, take)
            return _report_of(take, lines), sql.mark(connection, id)

        return self._desk.read(work)

    def _lines(self, connection: Connection, take: StockTake) -> tuple[Line, ...]:
        book = sql.book(connection, take.id)
        counts = sql.counts(connection, take.id)
        others = sql.counted_by_others(connection, take.id)
        known = {asset.tag: asset for asset in book}

        def find(label: str) -> Asset | None:
            asset = self._find(label)
            if asset is not None:
                known.setdefault(asset.tag, asset)
            return asset

        lines = compare(take.opening.scope, book, counts, find, others)
        unseen = [line.tag for line in lines if line.counted_at_s is None]
        answers = sql.last_answers(connection, unseen)
        glimpses = sql.glimpses(connection, unseen)
        worth = {tag: self._residual(asset, take.opening.day) for tag, asset in known.items()}
        return tuple(
            with_evidence(
                replace(line, residual_vnd=worth.get(line.tag)),
                take.opened_at_s,
                self._view,
                answers,
                glimpses,
            )
            for line in lines
        )

    def _find(self, label: str) -> Asset | None:
        """By tag as it is, by tag in other case, by serial number; only what is not in doubt."""
        entry = self._register.get(label)
        if entry is not None:
            return entry.asset
        for key in ("tag", "serial"):
            found = self._register.search(Query(exactly={key: label}, limit=2))
            if found.total == 1:
                return found.entries[0].asset
        return None

    def _counts_of(self, id: int, report: StockTakeReport, line: str) -> list[Count]:
        """The counts behind a line: those of a label, or the one with an id."""
        found = self._desk.read(lambda c: sql.counts(c, id))
        names = {line.casefold()}
        names |= {at.serial.casefold() for at in report.lines if at.tag == line and at.serial}
        return [c for c in found if c.id == line or (c.label and c.label.casefold() in names)]

    def _log(
        self,
        connection: Connection,
        actor: Actor,
        at_s: float,
        action: str,
        id: int,
        title: str,
        after: Mapping[str, object],
    ) -> None:
        before: Mapping[str, object] = {}
        line = (action, KIND, str(id), None, title, before, after)
        add_changes(connection, actor, at_s, new_batch(), "", [line])


def _take(connection: Connection, id: int) -> StockTake:
    found = sql.take(connection, id)
    if found is None:
        raise NoStockTake(str(id))
    return found


def _still_open(connection: Connection, id: int) -> None:
    take = _take(connection, id)
    if take.state == "closed":
        raise Closed(take)


def _report_of(take: StockTake, lines: tuple[Line, ...]) -> StockTakeReport:
    opening = take.opening
    return StockTakeReport(
        id=take.id,
        title=opening.title,
        commune=opening.commune,
        unit=take.unit,
        site=opening.site,
        day=opening.day,
        opened_at_s=take.opened_at_s,
        opened_by=take.opened_by,
        reason=opening.reason,
        members=opening.members,
        lines=lines,
    )


def _empty_book(opening: Opening, today: dt.date) -> FieldProblem:
    if opening.day != today:
        text = "nothing was registered here on {day}; take a later day"
        return FieldProblem("day", text, {"day": f"{opening.day:%d/%m/%Y}"})
    if opening.site:
        text = "nothing is registered at {site}; look how the register writes it"
        return FieldProblem("site", text, {"site": opening.site})
    return FieldProblem("commune", "nothing is registered in this commune yet")
