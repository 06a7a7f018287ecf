"""Which lines of the log somebody with some communes may see, in SQL: those of the assets that are
there now, and what they did themselves.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

_MANY = 500


def visible_ids(
    connection: sqlite3.Connection,
    communes: Iterable[str],
    own: str,
    *,
    kind: str | None = None,
    subject: str | None = None,
    actor: str | None = None,
    batch: str | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> list[int]:
    """Ids of lines, the newest first. own: the name of who asks."""
    parts = ["(i.commune IN (SELECT value FROM json_each(?)) OR (c.entry IS NULL AND c.actor = ?))"]
    bound: list[object] = [json.dumps(sorted(communes)), own]
    for column, value in (
        ("c.kind = ?", kind),
        ("c.subject = ?", subject),
        ("c.actor = ?", actor),
        ("c.batch = ?", batch),
        ("c.id < ?", before_id),
    ):
        if value is not None:
            parts.append(column)
            bound.append(value)
    rows = connection.execute(
        "SELECT c.id FROM changes c LEFT JOIN register_index i ON i.id = c.entry "  # noqa: S608
        f"WHERE {' AND '.join(parts)} ORDER BY c.id DESC LIMIT ?",
        (*bound, limit),
    )
    return [row[0] for row in rows]


def communes_of(connection: sqlite3.Connection, change_ids: Iterable[int]) -> dict[int, str | None]:
    """Change's id -> the commune that its asset is in now; None where it is about no asset."""
    found: dict[int, str | None] = {}
    wanted = list(change_ids)
    for at in range(0, len(wanted), _MANY):
        part = wanted[at : at + _MANY]
        found |= dict(
            connection.execute(
                "SELECT c.id, i.commune FROM changes c LEFT JOIN register_index i "
                "ON i.id = c.entry WHERE c.id IN (SELECT value FROM json_each(?))",
                (json.dumps(part),),
            )
        )
    return found
