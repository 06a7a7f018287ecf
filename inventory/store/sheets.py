"""Imports and remembered maps of columns in SQL. Functions over a connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

_IMPORT = (
    "id, at_s, actor, file, state, choice, counts, problem, batch, undone_in, changed_at_s, rows"
)


def add_import(
    connection: sqlite3.Connection, id_: str, at_s: float, actor: str, file: str
) -> None:
    """A file that was handed in."""
    connection.execute(
        f"INSERT INTO imports ({_IMPORT}) VALUES (?,?,?,?,'reading','{{}}','{{}}','','','',?,0)",  # noqa: S608
        (id_, at_s, actor, file, at_s),
    )


def set_import(
    connection: sqlite3.Connection, id_: str, at_s: float, values: Mapping[str, Any]
) -> None:
    """Other values of an import; what is no text or number is kept as JSON."""
    for key, value in values.items():
        if key not in ("state", "choice", "counts", "problem", "batch", "undone_in", "rows"):
            raise ValueError(f"an import has no {key}")
        kept = value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
        connection.execute(
            f"UPDATE imports SET {key}=?, changed_at_s=? WHERE id=?",  # noqa: S608  checked above
            (kept, at_s, id_),
        )


def imports(connection: sqlite3.Connection, limit: int = 100) -> list[tuple[Any, ...]]:
    """The newest imports first, in the order of the columns of `_IMPORT`."""
    rows = connection.execute(
        f"SELECT {_IMPORT} FROM imports ORDER BY at_s DESC, id LIMIT ?",  # noqa: S608
        (limit,),
    )
    return list(rows)


def one_import(connection: sqlite3.Connection, id_: str) -> tuple[Any, ...] | None:
    """One import, or None."""
    row = connection.execute(
        f"SELECT {_IMPORT} FROM imports WHERE id=?",  # noqa: S608
        (id_,),
    ).fetchone()
    return None if row is None else tuple(row)


def remember_map(
    connection: sqlite3.Connection,
    name: str,
    signature: str,
    choice: Mapping[str, Any],
    at_s: float,
    actor: str,
) -> None:
    """Remember what columns were taken for; name: one that a person gave, or the signature."""
    connection.execute(
        "INSERT OR REPLACE INTO sheet_maps VALUES (?,?,?,?,?)",
        (name, signature, json.dumps(choice, ensure_ascii=False), at_s, actor),
    )


def remembered(connection: sqlite3.Connection) -> list[tuple[str, str, dict[str, Any]]]:
    """(name, signature, choice) of every remembered map, the newest first."""
    has = connection.execute("SELECT 1 FROM sqlite_master WHERE name='sheet_maps'").fetchone()
    if has is None:
        return []
    rows = connection.execute(
        "SELECT name, signature, choice FROM sheet_maps ORDER BY at_s DESC, name"
    )
    return [(name, signature, json.loads(choice)) for name, signature, choice in rows]
