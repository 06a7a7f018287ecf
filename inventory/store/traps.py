"""SNMP traps in the database: a row each, deleted by age and, of one asset, by number."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from inventory.store.rows import TrapRow

MOST_OF_AN_ASSET = 1000
"""Newest traps that are kept of one asset: one with a loose plug sends thousands a day."""

_COLUMNS = "asset_id, at_s, kind, oid, version, sender, uptime_s, bindings"

TRAPS_OF = (
    f"SELECT {_COLUMNS} FROM traps WHERE asset_id = (SELECT id FROM assets WHERE tag = ?) "  # noqa: S608
    "ORDER BY at_s DESC, id DESC LIMIT ?"
)
"""Newest first; parameters: tag, how many."""


def write_traps(connection: sqlite3.Connection, rows: Iterable[TrapRow]) -> None:
    """Add traps, inside the caller's transaction."""
    connection.executemany(
        f"INSERT INTO traps ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)",  # noqa: S608
        [
            (
                row.asset_id,
                row.at_s,
                row.kind,
                row.oid,
                row.version,
                row.sender,
                row.uptime_s,
                json.dumps(row.bindings, ensure_ascii=False),
            )
            for row in rows
        ],
    )


def trap_row(found: Sequence[Any]) -> TrapRow:
    """The row that `TRAPS_OF` selected."""
    asset_id, at_s, kind, trap_oid, version, sender, uptime_s, bindings = found
    pairs = tuple((oid, text) for oid, text in json.loads(bindings))
    return TrapRow(asset_id, at_s, kind, trap_oid, version, sender, uptime_s, pairs)


def prune_traps(connection: sqlite3.Connection, before_s: float) -> int:
    """Delete older ones and each asset's beyond the newest 1,000; how many went."""
    old = connection.execute("DELETE FROM traps WHERE at_s < ?", (before_s,)).rowcount
    many = connection.execute(
        "DELETE FROM traps WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION "
        "BY asset_id ORDER BY at_s DESC, id DESC) n FROM traps) WHERE n > ?)",
        (MOST_OF_AN_ASSET,),
    ).rowcount
    return old + many
