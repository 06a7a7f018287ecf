"""Custom fields in SQL; functions over a connection, which know no rules."""

# ruff: noqa: S608  names of columns are our own, values are always bound

from __future__ import annotations

import json
import sqlite3
from typing import Any

from config.assets import AssetClass
from inventory.custom_field import Field, FieldKind

_ROW = "id, name, kind, classes, choices"


def fields(connection: sqlite3.Connection) -> list[Field]:
    """All that were not removed, by name."""
    rows = connection.execute(
        f"SELECT {_ROW} FROM custom_fields WHERE removed_at_s IS NULL ORDER BY name"
    )
    return [_field(row) for row in rows]


def field_by_id(connection: sqlite3.Connection, id_: int, *, removed: bool = False) -> Field | None:
    """One that stands, or one that was removed."""
    word = "NOT NULL" if removed else "NULL"
    row = connection.execute(
        f"SELECT {_ROW} FROM custom_fields WHERE id=? AND removed_at_s IS {word}", (id_,)
    ).fetchone()
    return None if row is None else _field(row)


def add_field(connection: sqlite3.Connection, field: Field) -> int:
    """Keep a new field; its id."""
    row = connection.execute(
        "INSERT INTO custom_fields (name, kind, classes, choices) VALUES (?,?,?,?) RETURNING id",
        (
            field.name,
            field.kind.value,
            json.dumps([c.value for c in field.classes]),
            json.dumps(field.choices, ensure_ascii=False),
        ),
    ).fetchone()
    return int(row[0])


def set_removed(connection: sqlite3.Connection, id_: int, at_s: float | None) -> None:
    """A field is removed since a moment, or not any more."""
    connection.execute("UPDATE custom_fields SET removed_at_s=? WHERE id=?", (at_s, id_))


def _field(row: tuple[Any, ...]) -> Field:
    id_, name, kind, classes, choices = row
    return Field(
        name,
        FieldKind(kind),
        tuple(AssetClass(c) for c in json.loads(classes)),
        tuple(json.loads(choices)),
        id_,
    )
