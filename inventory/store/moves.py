"""What happened to assets, in SQL; functions over a connection, which know no rules."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable

from inventory.register.moves import Move, MoveKind, Recorded


def insert_moves(
    connection: sqlite3.Connection, at_s: float, moves: Iterable[tuple[int, int, Move]]
) -> None:
    """Keep moves; each with its entry and its line of the log."""
    connection.executemany(
        "INSERT INTO moves (entry, change, at_s, kind, day, document, from_commune, to_commune, "
        "from_person, to_person, note) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            (
                *(entry, change, at_s, move.kind.value, move.day.isoformat(), move.document),
                *(move.from_commune, move.to_commune, move.from_person, move.to_person, move.note),
            )
            for entry, change, move in moves
        ),
    )


def take_back_moves(connection: sqlite3.Connection, lines: Iterable[tuple[int, int]]) -> None:
    """lines: (the line that is undone, the line that undoes it). What that had taken back holds
    again."""
    for undone, by in lines:
        connection.execute("UPDATE moves SET undone = NULL WHERE undone = ?", (undone,))
        connection.execute("UPDATE moves SET undone = ? WHERE change = ?", (by, undone))


def moves(
    connection: sqlite3.Connection,
    entry: int | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> list[Recorded]:
    """Moves by day, the newest first: of one entry or all, between two days (both included)."""
    rows = connection.execute(
        "SELECT id, entry, change, at_s, undone IS NOT NULL, kind, day, document, from_commune, "
        "to_commune, from_person, to_person, note FROM moves WHERE entry = coalesce(?1, entry) "
        "AND day >= ?2 AND day <= ?3 ORDER BY day DESC, id DESC",
        (entry, (first or dt.date.min).isoformat(), (last or dt.date.max).isoformat()),
    )
    return [
        Recorded(
            id_,
            of,
            change,
            at_s,
            Move(MoveKind(kind), dt.date.fromisoformat(day), *rest),
            bool(undone),
        )
        for id_, of, change, at_s, undone, kind, day, *rest in rows
    ]


def last_move_days(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, dt.date]:
    """Entry -> the day of its last move that was not taken back."""
    rows = connection.execute(
        "SELECT entry, max(day) FROM moves WHERE entry IN (SELECT value FROM json_each(?)) "
        "AND undone IS NULL GROUP BY entry",
        (json.dumps(list(ids)),),
    )
    return {entry: dt.date.fromisoformat(day) for entry, day in rows}
