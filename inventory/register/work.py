"""One transaction over the register: what steps do to it, checked as a whole, then written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from config.assets import Asset
from inventory.register.checks import Changed, Gone, Rules, alone, clean, together
from inventory.register.entry import Actor, Create, Entry, MoveStep, Remove, Step
from inventory.register.moves import Move, after, completed, problems_of_move
from inventory.register.problems import FieldProblem, NotFound, Refused, Stale, problems_of
from inventory.store.desk import Connection
from inventory.store.register import (
    add_changes,
    body_of,
    changes,
    entries_by_tag,
    insert,
    insert_moves,
    last_move_days,
    rename_watched,
    take_back_moves,
    update,
    who_names,
)

KIND = "asset"
"""What the log of changes calls an asset."""


@dataclass(slots=True)
class Done:
    """What one transaction did. renamed: old tag -> new one; ids: of the entries that
    steps were about, changed or not."""

    batch: str
    renamed: dict[str, str] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    count: int = 0


@dataclass(slots=True)
class _Planned:
    """How one entry shall be. `before` is None for a new one, `after` for one that is removed."""

    before: Entry | None
    after: Asset | None
    action: str
    row: int | None
    move: Move | None = None
    undoes: int | None = None
    """The line of the log that this takes back."""


class Work:
    """One batch. `take` steps or `put` states, then `write`, which checks and writes all of it."""

    def __init__(self, connection: Connection, rules: Rules, at_s: float) -> None:
        self._connection = connection
        self._rules = rules
        self._at_s = at_s
        self._planned: dict[int, _Planned] = {}
        self._new: list[_Planned] = []
        self._problems: list[FieldProblem] = []
        self._ids: list[int] = []

    def take(self, steps: Sequence[Step], *, numbered: bool = True) -> None:
        """Plan what steps ask for; each asset is changed by one of them at most.

        numbered: whether problems say which step it was. Raises NotFound and Stale.
        """
        tags = [step.tag for step in steps if not isinstance(step, Create)]
        known = entries_by_tag(self._connection, tags)
        moving = [known[s.tag].id for s in steps if isinstance(s, MoveStep) and s.tag in known]
        last = last_move_days(self._connection, moving)
        for number, step in enumerate(steps):
            row = number if numbered and step.row is None else step.row
            if isinstance(step, Create):
                self._new.append(_Planned(None, cleaned(step.asset), "created", row))
                continue
            entry = known.get(step.tag)
            if entry is None:
                raise NotFound(f"asset {step.tag}", row)
            self._ids.append(entry.id)
            self._guard(entry, step.version, row)
            if entry.id in self._planned:
                self._wrong(row, "tag", "{tag} stands twice; keep one", tag=step.tag)
            elif isinstance(step, Remove):
                self._planned[entry.id] = _Planned(entry, None, "removed", row)
            elif isinstance(step, MoveStep):
                self._move(entry, step, row, last.get(entry.id))
            else:
                asset = self._edited(entry.asset, step.values, row)
                if asset not in (None, entry.asset):
                    self._planned[entry.id] = _Planned(entry, asset, "edited", row)

    def put(self, entry: Entry, asset: Asset | None, action: str, undoes: int) -> None:
        """Plan that an entry is `asset` again, or removed again where None; undoes: the line of
        the log that this takes back."""
        self._planned[entry.id] = _Planned(entry, asset, action, None, undoes=undoes)

    def write(self, actor: Actor, batch: str, reason: str) -> Done:
        """Check everything, write it and log it. Raises Refused."""
        done = Done(batch)
        self._renames(done)
        changed = [
            Changed(p.before.id if p.before else None, _tag_of(p.before), p.after, p.row)
            for p in (*self._planned.values(), *self._new)
            if p.after is not None
        ]
        gone = [
            Gone(p.before.id, p.before.asset.tag, p.row)
            for p in self._planned.values()
            if p.after is None and p.before is not None
        ]
        for one in changed:
            self._problems.extend(alone(one.asset, self._rules, one.row))
        self._problems.extend(together(self._connection, changed, gone, self._rules))
        if self._problems:
            raise Refused(self._problems)
        lines = list(self._lines())
        update(
            self._connection,
            [
                (p.before.id, p.before.asset)
                for p in self._planned.values()
                if p.after is None and p.before is not None
            ],
            self._at_s,
            removed_at_s=self._at_s,
        )
        update(
            self._connection,
            [
                (p.before.id, p.after)
                for p in self._planned.values()
                if p.after is not None and p.before is not None
            ],
            self._at_s,
        )
        ids = insert(self._connection, [p.after for p in self._new if p.after], self._at_s)
        lines += [
            ("created", KIND, p.after.tag, id_, p.after.name, {}, _facts(p.after))
            for id_, p in zip(ids, self._new, strict=True)
            if p.after is not None
        ]
        rename_watched(self._connection, done.renamed)
        last = add_changes(self._connection, actor, self._at_s, batch, reason, lines)
        self._record_moves(last - len(lines) + 1)
        done.ids, done.count = [*self._ids, *ids], len(lines)
        return done

    def _record_moves(self, first: int) -> None:
        """Keep the moves, and note which were taken back; first: this batch's first line."""
        numbered = list(enumerate(self._planned.items(), first))
        insert_moves(
            self._connection,
            self._at_s,
            [(id_, line, p.move) for line, (id_, p) in numbered if p.move is not None],
        )
        take_back_moves(
            self._connection,
            [(p.undoes, line) for line, (_, p) in numbered if p.undoes is not None],
        )

    def _guard(self, entry: Entry, version: int | None, row: int | None) -> None:
        if entry.origin == "file":
            self._wrong(
                row, "tag", "{tag} is kept in hatang.yaml; change it there", tag=entry.asset.tag
            )
        if version is not None and version != entry.version:
            since = changes(self._connection, entry=entry.id, limit=max(entry.version - version, 1))
            raise Stale(entry, tuple(since), row)

    def _move(self, entry: Entry, step: MoveStep, row: int | None, last: dt.date | None) -> None:
        move = completed(step.move, entry.asset)
        now = dt.datetime.fromtimestamp(self._at_s, self._rules.settings.zone)
        problems = problems_of_move(move, entry.asset, now.date(), last)
        self._problems.extend(problem.at(row) for problem in problems)
        asset = None if problems else self._edited(entry.asset, after(move, entry.asset), row)
        if asset is not None:
            self._planned[entry.id] = _Planned(entry, asset, "moved", row, move)

    def _edited(self, asset: Asset, new: Mapping[str, Any], row: int | None) -> Asset | None:
        values = json.loads(body_of(asset))
        for key, value in clean(new).items():
            if key == "custom" and isinstance(value, dict):
                value = {name: text for name, text in value.items() if text not in ("", None)}
            if value is None or value == "" or value == [] or value == {}:
                values.pop(key, None)
            else:
                values[key] = value
        try:
            return Asset.model_validate(values, by_alias=True, by_name=False)
        except ValidationError as error:
            self._problems.extend(problem.at(row) for problem in problems_of(error))
            return None

    def _renames(self, done: Done) -> None:
        """Whatever names an asset that gets another tag follows it."""
        done.renamed.update(
            {
                p.before.asset.tag: p.after.tag
                for p in self._planned.values()
                if p.before
                and p.after
                and p.before.asset.tag != p.after.tag
                and p.before.removed_at_s is None
            }
        )
        if not done.renamed:
            return
        for key in ("upstream", "parent"):
            naming = who_names(self._connection, key, done.renamed)
            entries = entries_by_tag(self._connection, [near.tag for near, _ in naming])
            for near, old in naming:
                planned = self._planned.get(near.id)
                entry = entries[near.tag]
                asset = planned.after if planned else entry.asset
                if near.origin == "file" or asset is None or getattr(asset, key) != old:
                    continue
                after = asset.model_copy(update={key: done.renamed[old]})
                if planned:
                    planned.after = after
                else:
                    self._planned[near.id] = _Planned(entry, after, "edited", None)

    def _lines(self) -> Iterable[tuple[str, str, str, int, str, dict[str, Any], dict[str, Any]]]:
        for planned in self._planned.values():
            entry = planned.before
            assert entry is not None
            asset = planned.after or entry.asset
            was = _facts(entry.asset) if entry.removed_at_s is None else {}
            now = _facts(planned.after) if planned.after else {}
            before, after = _difference(was, now) if was and now else (was, now)
            yield planned.action, KIND, asset.tag, entry.id, asset.name, before, after

    def _wrong(self, row: int | None, key: str, text: str, **values: str) -> None:
        self._problems.append(FieldProblem(key, text, values, row))


def cleaned(asset: Asset) -> Asset:
    """An asset with its texts as `clean` has them. Raises Refused."""
    values = json.loads(body_of(asset))
    fresh = clean(values)
    if fresh == values:
        return asset
    try:
        return Asset.model_validate(fresh, by_alias=True, by_name=False)
    except ValidationError as error:
        raise Refused(problems_of(error)) from error


def _facts(asset: Asset) -> dict[str, Any]:
    """What stands in an asset, by field as in hatang.yaml."""
    found: dict[str, Any] = json.loads(body_of(asset))
    return found


def _difference(
    was: Mapping[str, Any], now: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(before, after) of the fields that differ; None where nothing stood or stands."""
    keys = [
        key for key in (*now, *(k for k in was if k not in now)) if was.get(key) != now.get(key)
    ]
    return {key: was.get(key) for key in keys}, {key: now.get(key) for key in keys}


def _tag_of(entry: Entry | None) -> str | None:
    return None if entry is None or entry.removed_at_s is not None else entry.asset.tag
