"""Which tags there are, and how many assets where; functions over a connection."""

from __future__ import annotations

import re
import sqlite3

_NUMBER_MAX_DIGITS = 9


def last_number(connection: sqlite3.Connection, prefix: str) -> tuple[int, int]:
    """(the highest number that stands behind a prefix and "-" in any tag, its number of digits);
    removed assets count, too: a label may still stick somewhere. (0, 3) where there is none."""
    start = f"{prefix}-"
    shape = re.compile(rf"{re.escape(start)}(\d{{1,{_NUMBER_MAX_DIGITS}}})")
    best, digits = 0, 3
    for (tag,) in connection.execute(
        "SELECT tag FROM register WHERE tag >= ? AND tag < ?", (start, f"{prefix}.")
    ):
        found = shape.fullmatch(tag)
        if found is not None and int(found[1]) >= best:
            best, digits = int(found[1]), len(found[1])
    return best, digits


def counts_by_commune(connection: sqlite3.Connection) -> dict[str, int]:
    """Commune's code -> how many assets are registered there."""
    return dict(
        connection.execute(
            "SELECT commune, count(*) FROM register_index WHERE NOT removed AND NOT hidden "
            "GROUP BY commune"
        )
    )
