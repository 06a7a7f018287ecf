"""What steps or an undoing would make of the register, worked out before anything is written.

Most of the work of a large batch is done here, on a connection that only reads, so that the one
that writes is held for as short as possible. `is_current` says whether it still holds.
"""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from config.assets import Asset
from inventory.register.checks import Changed, Gone, Rules, alone, clean, together
from inventory.register.entry import Create, Entry, MoveStep, Remove, Step
from inventory.register.index import Ready, body_of
from inventory.register.moves import Move, after, completed, problems_of_move
from inventory.register.problems import FieldProblem, NotFound, Refused, problems_of
from inventory.register.stale import Stale
from inventory.store.changes import Line, changes
from inventory.store.desk import Connection
from inventory.store.moves import last_move_days
from inventory.store.near import who_names
from inventory.store.register import entries_by_tag, versions


@dataclass(slots=True)
class Draft:
    """How one entry shall be: `before` is None for a new one, `ready` for one that is removed.

    undoes: the line of the log that this takes back.
    """

    before: Entry | None
    ready: Ready | None
    action: str
    row: int | None = None
    move: Move | None = None
    undoes: int | None = None
    line: Line | None = None
    """What is logged of it, once it is settled."""


@dataclass(slots=True)
class Drafts:
    """A batch. about: the entries that steps were about, changed or not; renamed: old tag -> new
    one."""

    new: list[Draft] = field(default_factory=list)
    of: dict[int, Draft] = field(default_factory=dict)
    about: list[Entry] = field(default_factory=list)
    problems: list[FieldProblem] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)

    def wrong(self, row: int | None, key: str, text: str, **values: str) -> None:
        """Note a problem."""
        self.problems.append(FieldProblem(key, text, values, row))


def draft_steps(
    connection: Connection, steps: Sequence[Step], rules: Rules, at_s: float, *, numbered: bool
) -> Drafts:
    """What steps ask for; each asset is changed by one of them at most.

    numbered: whether problems say which step it was. Raises NotFound and Stale.
    """
    drafts = Drafts()
    known = entries_by_tag(connection, [s.tag for s in steps if not isinstance(s, Create)])
    moving = [known[s.tag].id for s in steps if isinstance(s, MoveStep) and s.tag in known]
    last = last_move_days(connection, moving)
    today = dt.datetime.fromtimestamp(at_s, rules.settings.zone).date()
    for number, step in enumerate(steps):
        row = number if numbered and step.row is None else step.row
        if isinstance(step, Create):
            drafts.new.append(Draft(None, _ready(step.asset, drafts, row), "created", row))
            continue
        entry = known.get(step.tag)
        if entry is None:
            raise NotFound(f"asset {step.tag}", row)
        drafts.about.append(entry)
        _guard(connection, entry, step.version, row, drafts)
        if entry.id in drafts.of:
            drafts.wrong(row, "tag", "{tag} stands twice; keep one", tag=step.tag)
        elif isinstance(step, Remove):
            drafts.of[entry.id] = Draft(entry, None, "removed", row)
        elif isinstance(step, MoveStep):
            move = completed(step.move, entry.asset)
            problems = problems_of_move(move, entry.asset, today, last.get(entry.id))
            drafts.problems.extend(problem.at(row) for problem in problems)
            values = {} if problems else after(move, entry.asset)
            asset = edited(entry.asset, values, row, drafts)
            if asset is not None:
                drafts.of[entry.id] = Draft(entry, Ready.of(asset), "moved", row, move)
        else:
            asset = edited(entry.asset, step.values, row, drafts)
            if asset is not None and asset != entry.asset:
                drafts.of[entry.id] = Draft(entry, Ready.of(asset), "edited", row)
    complete(connection, drafts, rules)
    return drafts


def complete(connection: Connection, drafts: Drafts, rules: Rules) -> None:
    """Let what names an asset follow its tag, and check each asset for itself."""
    drafts.renamed = {
        d.before.asset.tag: d.ready.asset.tag
        for d in drafts.of.values()
        if d.before is not None
        and d.before.removed_at_s is None
        and d.ready is not None
        and d.before.asset.tag != d.ready.asset.tag
    }
    if drafts.renamed:
        for key in ("upstream", "parent"):
            _follow(connection, drafts, key)
    for draft in (*drafts.of.values(), *drafts.new):
        if draft.ready is not None:
            drafts.problems.extend(alone(draft.ready.asset, rules, draft.row))


def check(connection: Connection, drafts: Drafts, rules: Rules) -> None:
    """Check the assets among each other and beside the rest. Raises Refused with all problems."""
    changed = [
        Changed(d.before.id if d.before else None, _tag_before(d), d.ready.asset, d.row)
        for d in (*drafts.of.values(), *drafts.new)
        if d.ready is not None
    ]
    gone = [
        Gone(d.before.id, d.before.asset.tag, d.row)
        for d in drafts.of.values()
        if d.ready is None and d.before is not None
    ]
    problems = [*drafts.problems, *together(connection, changed, gone, rules)]
    if problems:
        raise Refused(problems)


def is_current(connection: Connection, drafts: Drafts) -> bool:
    """Whether every entry that the batch is about is as it was when it was drafted."""
    entries = {entry.id: entry.version for entry in drafts.about}
    entries |= {i: d.before.version for i, d in drafts.of.items() if d.before is not None}
    return versions(connection, entries) == entries


def edited(asset: Asset, new: Mapping[str, Any], row: int | None, drafts: Drafts) -> Asset | None:
    """An asset with other values, or None when they do not fit it; a blank clears."""
    values = json.loads(body_of(asset))
    for key, value in clean(new).items():
        if key == "custom" and isinstance(value, dict):
            value = {name: text for name, text in value.items() if text not in ("", None)}
        if value is None or value in ("", [], {}):
            values.pop(key, None)
        else:
            values[key] = value
    return _valid(values, row, drafts)


def _ready(asset: Asset, drafts: Drafts, row: int | None) -> Ready | None:
    """A new asset with its texts as `clean` has them."""
    if not all(map(_is_clean, asset.__dict__.values())):
        found = _valid(clean(json.loads(body_of(asset))), row, drafts)
        if found is None:
            return None
        asset = found
    return Ready.of(asset)


def _is_clean(value: object) -> bool:
    if not value:
        return True
    if isinstance(value, str):
        if value.isascii():
            return not (value[0].isspace() or value[-1].isspace())
        return value == value.strip() and unicodedata.is_normalized("NFC", value)
    if isinstance(value, dict):
        return all(_is_clean(inner) for pair in value.items() for inner in pair)
    return not isinstance(value, tuple) or all(map(_is_clean, value))


def _valid(values: Mapping[str, Any], row: int | None, drafts: Drafts) -> Asset | None:
    try:
        return Asset.model_validate(values, by_alias=True, by_name=False)
    except ValidationError as error:
        drafts.problems.extend(problem.at(row) for problem in problems_of(error))
        return None


def _guard(
    connection: Connection, entry: Entry, version: int | None, row: int | None, drafts: Drafts
) -> None:
    if entry.origin == "file":
        tag = entry.asset.tag
        drafts.wrong(row, "tag", "{tag} is kept in hatang.yaml; change it there", tag=tag)
    if version is not None and version != entry.version:
        since = changes(connection, entry=entry.id, limit=max(entry.version - version, 1))
        raise Stale(entry, tuple(since), row)


def _follow(connection: Connection, drafts: Drafts, key: str) -> None:
    naming = who_names(connection, key, drafts.renamed)
    entries = entries_by_tag(connection, [near.tag for near, _ in naming])
    for near, old in naming:
        draft = drafts.of.get(near.id)
        ready = Ready.of(entries[near.tag].asset) if draft is None else draft.ready
        if near.origin == "file" or ready is None or getattr(ready.asset, key) != old:
            continue
        ready = Ready.of(ready.asset.model_copy(update={key: drafts.renamed[old]}))
        if draft is None:
            drafts.of[near.id] = Draft(entries[near.tag], ready, "edited")
        else:
            draft.ready = ready


def _tag_before(draft: Draft) -> str | None:
    entry = draft.before
    return None if entry is None or entry.removed_at_s is not None else entry.asset.tag
