"""Undoing: each asset of a batch is put back to what it was, unless it was changed again since."""

from __future__ import annotations

import json
from typing import Any

from config.assets import Asset
from inventory.register.entry import Change, Entry
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.work import KIND, Work
from inventory.store.desk import Connection
from inventory.store.register import body_of, changes, entries_of_batch, entry_by_id

_CAME = frozenset({"created", "restored"})
_WENT = frozenset({"removed"})


def plan_undo(connection: Connection, batch_or_change: str | int, work: Work) -> None:
    """Plan the undoing of a batch, or of one change by its number. Raises Refused, NotFound."""
    if str(batch_or_change).isdecimal():
        lines = changes(connection, id_=int(batch_or_change))
    else:
        lines = changes(connection, batch=str(batch_or_change), limit=None)
    if not lines:
        raise NotFound(f"change {batch_or_change}")
    owners = entries_of_batch(connection, lines[0].batch)
    problems = []
    for line in lines:
        id_ = owners.get(line.id)
        entry = entry_by_id(connection, id_) if id_ is not None and line.kind == KIND else None
        if entry is None:
            text = "what was done to {subject} cannot be undone here"
            problems.append(FieldProblem("", text, {"subject": line.subject}))
        elif (problem := _changed_since(connection, entry, line)) is not None:
            problems.append(problem)
        else:
            _plan(entry, line, work)
    if problems:
        raise Refused(problems)


def _plan(entry: Entry, line: Change, work: Work) -> None:
    if line.action in _CAME:
        work.put(entry, None, "removed", line.id)
        return
    gone = line.action in _WENT
    values = line.before if gone else _with(_facts(entry.asset), line.before)
    asset = Asset.model_validate(values, by_alias=True, by_name=False)
    work.put(entry, asset, "restored" if gone else "edited", line.id)


def _changed_since(connection: Connection, entry: Entry, line: Change) -> FieldProblem | None:
    """What speaks against undoing: the values that a change gave are not there any more."""
    facts = _facts(entry.asset) if entry.removed_at_s is None else {}
    if line.action in _CAME or line.action in _WENT:
        differs = facts != line.after
    else:
        differs = not facts or any(facts.get(key) != value for key, value in line.after.items())
    if not differs:
        return None
    last = changes(connection, entry=entry.id, limit=1)[0]
    text = "{tag} has been changed since by {actor}; undo that first"
    return FieldProblem("", text, {"tag": entry.asset.tag, "actor": last.actor})


def _facts(asset: Asset) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body_of(asset))
    return found


def _with(facts: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Facts with those of before in their place; None: there was nothing."""
    return {key: value for key, value in (facts | before).items() if value is not None}
