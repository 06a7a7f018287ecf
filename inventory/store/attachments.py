"""Attachments in SQL; functions over a connection, which know no rules. Files lie beside it."""

# ruff: noqa: S608  names of columns are our own, values are always bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from inventory.attachment import Attachment, AttachmentKind

_ROW = "id, entry, kind, sha256, media_type, name, bytes, added_at_s, actor, removed_at_s"


def add_attachment(connection: sqlite3.Connection, attachment: Attachment) -> int:
    """Keep an attachment (its id is given here, which comes back)."""
    row = connection.execute(
        "INSERT INTO attachments (entry, kind, sha256, media_type, name, bytes, added_at_s, actor) "
        "VALUES (?,?,?,?,?,?,?,?) RETURNING id",
        (
            attachment.entry,
            attachment.kind.value,
            attachment.digest,
            attachment.media_type,
            attachment.name,
            attachment.bytes,
            attachment.added_at_s,
            attachment.actor,
        ),
    ).fetchone()
    return int(row[0])


def attachment_by_id(connection: sqlite3.Connection, id_: int) -> Attachment | None:
    """One attachment, removed or not."""
    row = connection.execute(f"SELECT {_ROW} FROM attachments WHERE id=?", (id_,)).fetchone()
    return None if row is None else Attachment(row[0], row[1], AttachmentKind(row[2]), *row[3:])


def attachments_of(connection: sqlite3.Connection, entries: Sequence[int]) -> list[Attachment]:
    """Those of some entries, removed ones too, the newest first."""
    rows = connection.execute(
        f"SELECT {_ROW} FROM attachments WHERE entry IN (SELECT value FROM json_each(?)) "
        "ORDER BY id DESC",
        (json.dumps(list(entries)),),
    )
    return [Attachment(row[0], row[1], AttachmentKind(row[2]), *row[3:]) for row in rows]


def set_removed(connection: sqlite3.Connection, id_: int, at_s: float | None) -> None:
    """An attachment is removed since a moment, or not any more."""
    connection.execute("UPDATE attachments SET removed_at_s=? WHERE id=?", (at_s, id_))


def stored_files(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The digest of every stored file, also of removed attachments, and whose it is: the asset's
    tag and the file's name, or the model. Empty in a database from before there were any."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    found: dict[str, str] = {}
    if "attachments" in tables:
        found |= connection.execute(
            "SELECT a.sha256, r.tag || ': ' || a.name FROM attachments a "
            "JOIN register r ON r.id = a.entry ORDER BY a.id DESC"
        ).fetchall()
    if "models" in tables:
        found |= connection.execute(
            "SELECT picture, vendor || ' ' || model FROM models WHERE picture <> '' ORDER BY id"
        ).fetchall()
    return list(found.items())
