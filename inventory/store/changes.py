"""The log of changes in SQL; functions over a connection, which know no rules."""

# ruff: noqa: S608  names of columns are our own, values are always bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inventory.register.entry import Actor, Change

_CHANGE = (
    "id, at_s, actor, via, address, action, kind, subject, title, before, after, batch, reason"
)


Facts = Mapping[str, Any] | str
"""Values by field, or those as JSON."""


Line = tuple[str, str, str, int | None, str, Facts, Facts]
"""A line of the log: action, kind, subject, entry, title, before and after."""


def add_changes(
    connection: sqlite3.Connection,
    actor: Actor,
    at_s: float,
    batch: str,
    reason: str,
    lines: Iterable[Line],
) -> int:
    """Add to the log; the id of the last line."""
    connection.executemany(
        "INSERT INTO changes (at_s, actor, via, address, action, kind, subject, entry, title, "
        "before, after, batch, reason) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            (
                *(at_s, actor.name, actor.via, actor.address, action, kind, subject, entry, title),
                *(_as_json(before), _as_json(after), batch, reason),
            )
            for action, kind, subject, entry, title, before, after in lines
        ),
    )
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()[0])


def _as_json(facts: Facts) -> str:
    return facts if isinstance(facts, str) else json.dumps(dict(facts), ensure_ascii=False)


def changes(
    connection: sqlite3.Connection,
    *,
    subject: str | None = None,
    kind: str | None = None,
    entry: int | None = None,
    batch: str | None = None,
    actor: str | None = None,
    id_: int | None = None,
    before_id: int | None = None,
    after_id: int | None = None,
    limit: int | None = 100,
) -> list[Change]:
    """Lines of the log, the newest first. subject: of an asset what was logged under its other
    tags, too."""
    parts: list[str] = []
    bound: list[object] = []
    if subject is not None:
        # The tag may have been another asset's before: of those that had it, the last one.
        entry_of = connection.execute(
            "SELECT entry FROM changes WHERE subject=? AND entry IS NOT NULL "
            "ORDER BY id DESC LIMIT 1",
            (subject,),
        ).fetchone()
        parts.append("(subject = ? AND entry IS NULL OR entry = ?)")
        bound += [subject, entry_of[0] if entry_of else None]
    for column, value in (
        ("kind = ?", kind),
        ("entry = ?", entry),
        ("batch = ?", batch),
        ("actor = ?", actor),
        ("id = ?", id_),
        ("id < ?", before_id),
        ("id > ?", after_id),
    ):
        if value is not None:
            parts.append(column)
            bound.append(value)
    where = f"WHERE {' AND '.join(parts)}" if parts else ""
    rows = connection.execute(
        f"SELECT {_CHANGE} FROM changes {where} ORDER BY id DESC LIMIT ?",
        (*bound, -1 if limit is None else limit),
    )
    return [_change(row) for row in rows]


def actions_of_batch(connection: sqlite3.Connection, batch: str) -> dict[str, int]:
    """Action -> how many lines of a batch have it."""
    return dict(
        connection.execute(
            "SELECT action, count(*) FROM changes WHERE batch=? GROUP BY action", (batch,)
        )
    )


def entries_of_batch(connection: sqlite3.Connection, batch: str) -> dict[int, int]:
    """Change id -> entry id, of the assets' lines of a batch."""
    return dict(
        connection.execute(
            "SELECT id, entry FROM changes WHERE batch=? AND entry IS NOT NULL", (batch,)
        )
    )


def _change(row: Sequence[Any]) -> Change:
    before, after, batch, reason = json.loads(row[9]), json.loads(row[10]), row[11], row[12]
    id_, at_s, actor, via, address, action, kind, subject, title = row[:9]
    who = (at_s, actor, via, address)
    return Change(id_, *who, action, kind, subject, title, before, after, batch, reason)
