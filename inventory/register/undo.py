"""Undoing: each asset of a batch is put back to what it was, unless it was changed again since."""

from __future__ import annotations

from typing import Any

from config.assets import Asset
from inventory.register.checks import Rules
from inventory.register.draft import Draft, Drafts, complete
from inventory.register.entry import Change, Entry
from inventory.register.index import Ready, facts_of
from inventory.register.problems import FieldProblem, NotFound
from inventory.register.work import KIND
from inventory.store.changes import changes, entries_of_batch
from inventory.store.desk import Connection
from inventory.store.register import entries_by_id

_CAME = frozenset({"created", "restored"})
_WENT = frozenset({"removed"})


def draft_undo(connection: Connection, batch_or_change: str | int, rules: Rules) -> Drafts:
    """The undoing of a batch, or of one change by its number. Raises NotFound."""
    if str(batch_or_change).isdecimal():
        lines = changes(connection, id_=int(batch_or_change))
    else:
        lines = changes(connection, batch=str(batch_or_change), limit=None)
    if not lines:
        raise NotFound(f"change {batch_or_change}")
    owners = entries_of_batch(connection, lines[0].batch)
    entries = entries_by_id(connection, owners.values())
    drafts = Drafts()
    for line in lines:
        entry = entries.get(owners.get(line.id, 0)) if line.kind == KIND else None
        if entry is None:
            text = "what was done to {subject} cannot be undone here"
            drafts.problems.append(FieldProblem("", text, {"subject": line.subject}))
        elif (problem := _changed_since(connection, entry, line)) is not None:
            drafts.problems.append(problem)
        else:
            drafts.about.append(entry)
            drafts.of[entry.id] = _draft(entry, line)
    complete(connection, drafts, rules)
    return drafts


def _draft(entry: Entry, line: Change) -> Draft:
    if line.action in _CAME:
        return Draft(entry, None, "removed", undoes=line.id)
    gone = line.action in _WENT
    values = line.before if gone else _with(facts_of(entry.asset), line.before)
    ready = Ready.of(Asset.model_validate(values, by_alias=True, by_name=False))
    return Draft(entry, ready, "restored" if gone else "edited", undoes=line.id)


def _changed_since(connection: Connection, entry: Entry, line: Change) -> FieldProblem | None:
    """What speaks against undoing: the values that a change gave are not there any more."""
    facts = facts_of(entry.asset) if entry.removed_at_s is None else {}
    if line.action in _CAME or line.action in _WENT:
        differs = facts != line.after
    else:
        differs = not facts or any(facts.get(key) != value for key, value in line.after.items())
    if not differs:
        return None
    last = changes(connection, entry=entry.id, limit=1)[0]
    text = "{tag} has been changed since by {actor}; undo that first"
    return FieldProblem("", text, {"tag": entry.asset.tag, "actor": last.actor})


def _with(facts: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Facts with those of before in their place; None: there was nothing."""
    return {key: value for key, value in (facts | before).items() if value is not None}
