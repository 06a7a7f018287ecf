"""Which files of a backup are the planners' profiles, in SQL; a function over a connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

END = ".yaml"
"""What the name of a profile's file ends in."""


def named_profiles(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The profiles of a backup: name of the file and digest. None in a living database, and none
    whose name leads elsewhere."""
    known = connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'profile_files'"
    ).fetchone()
    if known is None:
        return []
    rows: Iterable[tuple[str, str]] = connection.execute(
        "SELECT name, sha256 FROM profile_files ORDER BY name"
    )
    return [
        (name, digest)
        for name, digest in rows
        if Path(name).name == name and name.endswith(END) and not name.startswith(".")
    ]
