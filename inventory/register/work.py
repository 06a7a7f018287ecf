"""Writing what was drafted and checked, with its lines in the log; nothing is decided here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.register.draft import Draft, Drafts
from inventory.register.entry import Actor
from inventory.register.index import body_of
from inventory.store.changes import Line, add_changes
from inventory.store.desk import Connection
from inventory.store.moves import insert_moves, take_back_moves
from inventory.store.register import insert, rename_watched, update

KIND = "asset"
"""What the log of changes calls an asset."""


@dataclass(slots=True)
class Done:
    """What one transaction did. renamed: old tag -> new one; ids: of the entries that steps were
    about, changed or not, new ones last."""

    batch: str
    renamed: dict[str, str] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    count: int = 0


def write(
    connection: Connection, drafts: Drafts, actor: Actor, at_s: float, batch: str, reason: str
) -> Done:
    """Write a batch that was checked."""
    settle(drafts)
    lines = [draft.line for draft in drafts.of.values() if draft.line is not None]
    gone = [(i, d.before.asset.tag) for i, d in drafts.of.items() if d.ready is None and d.before]
    update(connection, gone, [], at_s)
    here = [(id_, draft.ready) for id_, draft in drafts.of.items() if draft.ready is not None]
    update(connection, [], here, at_s)
    new = [draft.ready for draft in drafts.new if draft.ready is not None]
    ids = insert(connection, new, at_s)
    lines += [
        ("created", KIND, r.asset.tag, id_, r.asset.name, "{}", r.body)
        for id_, r in zip(ids, new, strict=True)
    ]
    rename_watched(connection, drafts.renamed)
    last = add_changes(connection, actor, at_s, batch, reason, lines)
    _moves(connection, drafts, at_s, last - len(lines) + 1)
    about = [*dict.fromkeys(entry.id for entry in drafts.about)]
    return Done(batch, drafts.renamed, [*about, *ids], len(lines))


def settle(drafts: Drafts) -> None:
    """Work out what is logged, unless that is done: a large batch has it done before it holds the
    writer."""
    for id_, draft in drafts.of.items():
        draft.line = draft.line or _line(id_, draft)


def _moves(connection: Connection, drafts: Drafts, at_s: float, first: int) -> None:
    """Keep the moves, and note which were taken back; first: the batch's first line."""
    numbered = list(enumerate(drafts.of.items(), first))
    insert_moves(
        connection,
        at_s,
        [(id_, line, d.move) for line, (id_, d) in numbered if d.move is not None],
    )
    take_back_moves(
        connection, [(d.undoes, line) for line, (_, d) in numbered if d.undoes is not None]
    )


def _line(id_: int, draft: Draft) -> Line:
    entry = draft.before
    assert entry is not None
    was = body_of(entry.asset) if entry.removed_at_s is None else "{}"
    now = draft.ready.body if draft.ready is not None else "{}"
    if was != "{}" and now != "{}":
        was, now = _difference(json.loads(was), json.loads(now))
    asset = draft.ready.asset if draft.ready is not None else entry.asset
    return draft.action, KIND, asset.tag, id_, asset.name, was, now


def _difference(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, str]:
    """(before, after) of the fields that differ; null where nothing stood or stands."""
    keys = [key for key in _all(was, now) if was.get(key) != now.get(key)]
    return (
        json.dumps({key: was.get(key) for key in keys}, ensure_ascii=False),
        json.dumps({key: now.get(key) for key in keys}, ensure_ascii=False),
    )


def _all(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    yield from now
    yield from (key for key in was if key not in now)
