"""Which profile counts from which day on, as people chose, in SQL: added, never changed.

Functions over a connection.
"""

from __future__ import annotations

import sqlite3

Row = tuple[int, str, int, str, str, str, str, float, str]
"""id, name, whether it is a layer, since (ISO), version, content, by, at_s, reason."""


def add_choice(
    connection: sqlite3.Connection,
    name: str,
    layer: bool,
    since: str,
    version: str,
    content: str,
    by: str,
    at_s: float,
    reason: str,
) -> int:
    """Keep one; its number."""
    row = connection.execute(
        "INSERT INTO profile_choices (name, layer, since, version, content, by, at_s, reason) "
        "VALUES (?,?,?,?,?,?,?,?) RETURNING id",
        (name, int(layer), since, version, content, by, at_s, reason),
    ).fetchone()
    return int(row[0])


def choices(connection: sqlite3.Connection) -> list[Row]:
    """All that were ever made, in the order in which they were; of a database that an older Hatang
    wrote, none."""
    known = connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'profile_choices'"
    ).fetchone()
    if known is None:
        return []
    return list(
        connection.execute(
            "SELECT id, name, layer, since, version, content, by, at_s, reason "
            "FROM profile_choices ORDER BY id"
        )
    )
