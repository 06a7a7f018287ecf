"""Answers of the API to requests with an Idempotency-Key, in SQL."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands under a key. status: None while the request is not finished."""

    digest: str
    status: int | None
    headers: str
    body: bytes


def begin(
    connection: sqlite3.Connection,
    owner: str,
    key: str,
    digest: str,
    now_s: float,
    before_s: float,
) -> Kept | None:
    """Take a key for a request, None; or what stands under it already. Forgets what is older than
    `before_s`."""
    connection.execute("DELETE FROM api_answers WHERE at_s < ?", (before_s,))
    row = connection.execute(
        "SELECT digest, status, headers, body FROM api_answers WHERE owner=? AND key=?",
        (owner, key),
    ).fetchone()
    if row is not None:
        return Kept(*row)
    connection.execute(
        "INSERT INTO api_answers (owner, key, at_s, digest, headers, body) VALUES (?,?,?,?,'',x'')",
        (owner, key, now_s, digest),
    )
    return None


def keep(
    connection: sqlite3.Connection, owner: str, key: str, status: int, headers: str, body: bytes
) -> None:
    """Put the answer under its key."""
    connection.execute(
        "UPDATE api_answers SET status=?, headers=?, body=? WHERE owner=? AND key=?",
        (status, headers, body, owner, key),
    )


def forget(connection: sqlite3.Connection, owner: str, key: str) -> None:
    """Free a key: its request changed nothing."""
    connection.execute("DELETE FROM api_answers WHERE owner=? AND key=?", (owner, key))
