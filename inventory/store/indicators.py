"""Declarations in SQL: entered, withdrawn, never overwritten. Functions over a connection."""

# ruff: noqa: S608  names of columns are our own, values are always bound

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from inventory.indicators.declaration import Declaration

_ROW = (
    "commune, name, value, as_of, expires, document, answers, entered_by, entered_at_s, id, batch, "
    "withdrawn_at_s, withdrawn_by"
)


def declarations(
    connection: sqlite3.Connection,
    *,
    communes: Iterable[str] | None = None,
    name: str | None = None,
    made_in: str | None = None,
    withdrawn_in: str | None = None,
    id_: int | None = None,
) -> list[Declaration]:
    """Every entry that fits, withdrawn ones too, in the order in which they were entered."""
    parts: list[str] = ["1"]
    bound: list[object] = []
    if communes is not None:
        parts.append("commune IN (SELECT value FROM json_each(?))")
        bound.append(json.dumps(list(communes)))
    for column, value in (
        ("name", name),
        ("batch", made_in),
        ("withdrawn_in", withdrawn_in),
        ("id", id_),
    ):
        if value is not None:
            parts.append(f"{column} = ?")
            bound.append(value)
    rows = connection.execute(
        f"SELECT {_ROW} FROM declarations WHERE {' AND '.join(parts)} ORDER BY id", bound
    )
    return [_declaration(row) for row in rows]


def add_declarations(
    connection: sqlite3.Connection, entries: Iterable[Declaration]
) -> list[Declaration]:
    """Keep entries; the same with their numbers."""
    kept = []
    for one in entries:
        row = connection.execute(
            "INSERT INTO declarations (commune, name, value, as_of, expires, document, answers, "
            "entered_by, entered_at_s, batch) VALUES (?,?,?,?,?,?,?,?,?,?) RETURNING id",
            (
                *(one.commune, one.name, one.value, one.as_of.isoformat()),
                one.expires.isoformat() if one.expires else None,
                *(one.document, one.by, one.entered_by, one.entered_at_s, one.batch),
            ),
        ).fetchone()
        kept.append(replace(one, id=int(row[0])))
    return kept


def withdraw(
    connection: sqlite3.Connection, ids: Iterable[int], at_s: float, by: str, batch: str
) -> None:
    """Entries that no longer stand."""
    connection.executemany(
        "UPDATE declarations SET withdrawn_at_s=?, withdrawn_by=?, withdrawn_in=? "
        "WHERE id=? AND withdrawn_at_s IS NULL",
        [(at_s, by, batch, id_) for id_ in ids],
    )


def _declaration(row: tuple[Any, ...]) -> Declaration:
    commune, name, value, as_of, expires, *rest = row
    return Declaration(
        commune,
        name,
        value,
        dt.date.fromisoformat(as_of),
        dt.date.fromisoformat(expires) if expires else None,
        *rest,
    )
