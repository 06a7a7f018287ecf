"""What results of readiness rest on beside themselves: the profiles' content, groups of communes.

Both are kept for good, and only when they differ from what is there: a profile that was edited has
another digest, and what an old result was judged by stays as it was.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

from inventory.store.rows import ProfileRow

BODIES = "SELECT digest, body FROM readiness_profiles WHERE digest = ?"

NAMED = (
    "SELECT digest, body FROM readiness_profiles WHERE id = ? AND version = ? "
    "ORDER BY at_s, digest LIMIT 1"
)
"""The first content that was kept under an id and a version."""

GROUPS = "SELECT body FROM readiness_groups WHERE at_s <= ? ORDER BY at_s DESC LIMIT 1"
"""The groups of a moment, as JSON."""


def write_frozen(
    connection: sqlite3.Connection, profiles: Iterable[ProfileRow], groups: str, at_s: float
) -> None:
    """Keep profiles that are not kept yet, and the groups where they changed.

    Raises sqlite3.Error.
    """
    connection.executemany(
        "INSERT OR IGNORE INTO readiness_profiles VALUES (?,?,?,?,?)",
        [(p.digest, p.id, p.version, p.body, at_s) for p in profiles],
    )
    if groups:
        connection.execute(
            "INSERT OR REPLACE INTO readiness_groups SELECT ?, ? WHERE ? IS NOT "
            "(SELECT body FROM readiness_groups ORDER BY at_s DESC LIMIT 1)",
            (at_s, groups, groups),
        )


def checked_body(digest: str, body: str) -> str:
    """A profile's content as it was read. Raises ValueError where it is not what was written."""
    if hashlib.sha256(body.encode()).hexdigest() != digest:
        raise ValueError("its digest differs")
    return body
