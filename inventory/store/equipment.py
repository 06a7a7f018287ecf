"""Equipment in the database: one row for each kind of it that an asset has, as JSON."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from inventory.store.rows import EquipmentRow

EQUIPMENT_WHERE = (
    "SELECT asset_id, kind, body, at_s FROM equipment WHERE {} ORDER BY asset_id, kind"
)

EQUIPMENT_OF_KINDS = (
    "SELECT asset_id, kind, body, at_s FROM equipment WHERE {} "
    "AND kind IN (SELECT value FROM json_each(?)) ORDER BY asset_id, kind"
)


def write_equipment(connection: sqlite3.Connection, rows: Iterable[EquipmentRow]) -> None:
    """Replace rows, inside the caller's transaction."""
    connection.executemany(
        "INSERT OR REPLACE INTO equipment (asset_id, kind, body, at_s) VALUES (?,?,?,?)",
        [(row.asset_id, row.kind, row.body, row.at_s) for row in rows],
    )
