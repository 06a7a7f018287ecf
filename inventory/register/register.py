"""The register as pages, sheets, the API and commands use it; see `Register`."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from config.assets import Asset
from inventory.clock import Clock
from inventory.register.checks import Rules
from inventory.register.draft import Drafts, check, draft_steps, is_current
from inventory.register.entry import (
    Actor,
    Change,
    Create,
    Edit,
    Entry,
    Found,
    MoveStep,
    Query,
    Remove,
    Step,
)
from inventory.register.finder import Finder
from inventory.register.index import Ready, body_of
from inventory.register.moves import Move, Recorded
from inventory.register.undo import draft_undo
from inventory.register.work import Done, settle, write
from inventory.store import changes as change_sql
from inventory.store import moves as move_sql
from inventory.store import register as sql
from inventory.store.as_of import entries_as_of
from inventory.store.desk import Connection, Desk

Also = Callable[[Connection, Done], object]
"""Writes beside a batch, in its transaction; what it raises undoes the batch, too."""


def _nothing_else(connection: Connection, done: Done) -> None:
    pass


class Register:
    """What people register, on a desk. Every method raises StoreError; those that write are for
    threads, and what they wrote is on the disk when they return.

    rules: what holds now. follow: told of a change right after its commit, in the thread that
    writes, before anything else is written; changed: told then, too, and must return at once.
    """

    def __init__(
        self,
        desk: Desk,
        rules: Callable[[], Rules],
        clock: Clock,
        *,
        follow: Callable[[Mapping[str, str]], None] = lambda renamed: None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._desk = desk
        self._rules = rules
        self._clock = clock
        self._follow = follow
        self._changed = changed
        self._finder = Finder()

    def get(self, tag: str) -> Entry | None:
        """The entry that has a tag now."""
        return self._desk.read(lambda c: sql.entry_by_tag(c, tag))

    def by_id(self, id_: int) -> Entry | None:
        """An entry by its own number, removed or not."""
        return self._desk.read(lambda c: sql.entry_by_id(c, id_))

    def search(self, query: Query) -> Found:
        """One page of what a query finds. Raises ValueError for a column that is none."""
        communes = self._rules().communes
        return self._desk.read(lambda c: self._finder.find(c, query, communes))

    def get_ready(self, columns: Iterable[str], is_over: Callable[[], bool]) -> None:
        """Put columns in order before somebody waits for it, until is_over says to stop."""
        for name in columns:
            if is_over():
                return
            self.search(Query(sort=name, limit=0))

    def create(self, asset: Asset, actor: Actor, reason: str = "") -> Entry:
        """Register an asset. Raises Refused."""
        return self._one(Create(asset), actor, reason)

    def edit(
        self,
        tag: str,
        values: Mapping[str, Any],
        actor: Actor,
        *,
        version: int | None = None,
        reason: str = "",
    ) -> Entry:
        """Change fields of an asset; a blank value clears one. version: the one that was looked at.

        The same values again change nothing. Raises Refused, Stale and NotFound.
        """
        return self._one(Edit(tag, values, version), actor, reason)

    def remove(
        self, tag: str, actor: Actor, *, version: int | None = None, reason: str = ""
    ) -> None:
        """Take an asset out; what is known of it stays. Raises Refused, Stale and NotFound."""
        self._apply([Remove(tag, version)], actor, reason, numbered=False)

    def move(
        self, tag: str, move: Move, actor: Actor, *, version: int | None = None, reason: str = ""
    ) -> Entry:
        """Something happens to an asset: it is kept, and changes status, commune and custodian.

        The problems of a move name its own fields. Raises Refused, Stale and NotFound.
        """
        return self._one(MoveStep(tag, move, version), actor, reason)

    def moves(self, id_: int) -> list[Recorded]:
        """The moves of an entry, the newest first."""
        return self._desk.read(lambda c: move_sql.moves(c, id_))

    def as_of(self, before_s: float, wanted: Callable[[int, str], bool]) -> dict[int, Asset | None]:
        """Entries as they were right before a moment; see `inventory.store.as_of`."""
        return self._desk.read(lambda c: entries_as_of(c, before_s, wanted))

    def moves_between(self, first: dt.date, last: dt.date) -> list[Recorded]:
        """The moves of all between two days, both included, the newest first."""
        return self._desk.read(lambda c: move_sql.moves(c, None, first, last))

    def apply(
        self,
        steps: Sequence[Step],
        actor: Actor,
        *,
        reason: str = "",
        batch: str = "",
        also: Also = _nothing_else,
    ) -> str:
        """All of the steps or none; the id of the batch, which `undo` takes.

        also: writes what belongs to it, in the same transaction. Raises Refused with every problem
        that was found, Stale and NotFound for the first.
        """
        return self._apply(steps, actor, reason, batch, also).batch

    def undo(
        self,
        batch_or_change: str | int,
        actor: Actor,
        reason: str = "",
        *,
        also: Also = _nothing_else,
    ) -> str:
        """Undo a batch, or one change by its number; the id of the batch that does it.

        also: writes what belongs to it, in the same transaction.
        Raises Refused where what it changed has been changed again, and NotFound.
        """
        why = reason or f"undo of {batch_or_change}"
        make = partial(draft_undo, batch_or_change=batch_or_change, rules=self._rules())
        return self._commit(make, actor, why, new_batch(), also).batch

    def changes(
        self,
        subject: str | None = None,
        *,
        kind: str | None = None,
        batch: str | None = None,
        actor: str | None = None,
        before_id: int | None = None,
        limit: int | None = 100,
    ) -> list[Change]:
        """Lines of the log, the newest first; of an asset also those from under another tag."""
        return self._desk.read(
            lambda c: change_sql.changes(
                c,
                subject=subject,
                kind=kind,
                batch=batch,
                actor=actor,
                before_id=before_id,
                limit=limit,
            )
        )

    def actions_of(self, batch: str) -> dict[str, int]:
        """Action -> how many lines of a batch have it."""
        return self._desk.read(lambda c: change_sql.actions_of_batch(c, batch))

    def change(self, id_: int) -> Change | None:
        """One line of the log."""
        found = self._desk.read(lambda c: change_sql.changes(c, id_=id_))
        return found[0] if found else None

    def log(
        self,
        actor: Actor,
        action: str,
        kind: str,
        subject: str,
        *,
        title: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        batch: str = "",
        reason: str = "",
    ) -> None:
        """Add a line about something else: a user, a denied attempt, a stock-take."""
        line = (action, kind, subject, None, title, before or {}, after or {})
        at_s = self._clock.wall()
        self._desk.write(
            "write the log of changes",
            lambda c: change_sql.add_changes(c, actor, at_s, batch or new_batch(), reason, [line]),
        )

    def take_files(self, assets: Iterable[Asset]) -> list[str]:
        """Show what hatang.yaml and its files hold now, read-only, beside what is registered.

        Returns the tags that stand in both: the file's entry hides the other one.
        """
        wanted = {asset.tag: asset for asset in assets}
        known = self._desk.read(lambda c: list(sql.standing(c, "file")))
        bodies = {tag: body for _, _, tag, body in known}
        ids = {tag: id_ for id_, _, tag, _ in known}
        new = [Ready.of(asset) for tag, asset in wanted.items() if tag not in ids]
        other = [
            (ids[tag], Ready.of(asset))
            for tag, asset in wanted.items()
            if tag in ids and bodies[tag] != body_of(asset)
        ]
        gone = [(id_, tag) for tag, id_ in ids.items() if tag not in wanted]
        at_s = self._clock.wall()

        def work(connection: Connection) -> list[str]:
            sql.update(connection, gone, other, at_s, "file")
            sql.insert(connection, new, at_s, "file")
            return sql.hide_doubles(connection)

        return self._desk.write("show what the files register", work)

    def _one(self, step: Create | Edit | MoveStep, actor: Actor, reason: str) -> Entry:
        found: list[Entry | None] = []

        def look(connection: Connection, done: Done) -> None:
            found.append(sql.entry_by_id(connection, done.ids[0]))

        self._apply([step], actor, reason, also=look, numbered=False)
        entry = found[-1]
        assert entry is not None
        return entry

    def _apply(
        self,
        steps: Sequence[Step],
        actor: Actor,
        reason: str,
        batch: str = "",
        also: Also = _nothing_else,
        *,
        numbered: bool = True,
    ) -> Done:
        make = partial(
            draft_steps,
            steps=steps,
            rules=self._rules(),
            at_s=self._clock.wall(),
            numbered=numbered,
        )
        return self._commit(make, actor, reason, batch or new_batch(), also)

    def _commit(
        self,
        make: Callable[[Connection], Drafts],
        actor: Actor,
        reason: str,
        batch: str,
        also: Also,
    ) -> Done:
        """Draft on a connection that reads; write if nothing has come between, else draft anew."""
        rules = self._rules()

        def draft(connection: Connection) -> Drafts:
            made = make(connection)
            if made.problems:
                check(connection, made, rules)
            settle(made)
            return made

        drafts = self._desk.read(draft)

        def work(connection: Connection) -> Done:
            now = drafts if is_current(connection, drafts) else make(connection)
            check(connection, now, rules)
            done = write(connection, now, actor, self._clock.wall(), batch, reason)
            also(connection, done)
            return done

        done = self._desk.write(
            "change the register", work, then=lambda done: self._follow(done.renamed)
        )
        self._tell(done)
        return done

    def _tell(self, done: Done) -> None:
        if done.count:
            self._changed()


def new_batch() -> str:
    """A name for what is changed together; never all digits."""
    return f"b{secrets.token_hex(6)}"
