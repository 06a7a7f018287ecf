"""Kept answers to what-if questions in SQL: added and removed, never changed. Functions over a
connection."""

from __future__ import annotations

import sqlite3
from typing import Any

_COLUMNS = "id, name, by, at_s, digest, body"

Row = tuple[int, str, str, float, str, str]
"""id, name, by, at_s, digest of the profile, body as JSON."""


def add_scenario(
    connection: sqlite3.Connection, name: str, by: str, at_s: float, digest: str, body: str
) -> int:
    """Keep one; its number."""
    row = connection.execute(
        "INSERT INTO scenarios (name, by, at_s, digest, body) VALUES (?,?,?,?,?) RETURNING id",
        (name, by, at_s, digest, body),
    ).fetchone()
    return int(row[0])


def scenarios(connection: sqlite3.Connection, id_: int | None = None) -> list[Row]:
    """Those that nobody removed, the newest first; id_: only this one."""
    sql = f"SELECT {_COLUMNS} FROM scenarios WHERE removed_at_s IS NULL"  # noqa: S608
    bound: tuple[Any, ...] = ()
    if id_ is not None:
        sql, bound = f"{sql} AND id = ?", (id_,)
    return list(connection.execute(f"{sql} ORDER BY at_s DESC, id DESC", bound))


def remove_scenario(connection: sqlite3.Connection, id_: int, at_s: float, by: str) -> bool:
    """Take one out of the list; whether it was there. Its text stays on file with who did it."""
    done = connection.execute(
        "UPDATE scenarios SET removed_at_s = ?, removed_by = ? "
        "WHERE id = ? AND removed_at_s IS NULL",
        (at_s, by, id_),
    )
    return done.rowcount > 0
