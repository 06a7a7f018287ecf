"""The register as it was at a moment, from the log of changes and what was recorded of the files.

Functions over a connection.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from config.assets import Asset


def assets_as_of(connection: sqlite3.Connection, before_s: float) -> list[Asset]:
    """Everything that was registered right before a moment, as it was then, in no order.

    Of the database: what stands now, with each later change taken back. Of the files: what the
    daemon read last before that moment.
    """
    found = {asset.tag: asset for asset in _of_files(connection, before_s)}
    for body in _of_register(connection, before_s):
        asset = Asset.model_validate(body, by_alias=True, by_name=False)
        found.setdefault(asset.tag, asset)
    return list(found.values())


def _of_register(connection: sqlite3.Connection, before_s: float) -> list[dict[str, Any]]:
    bodies: dict[int, dict[str, Any] | None] = {}
    for id_, body, removed_at_s in connection.execute(
        "SELECT id, body, removed_at_s FROM register WHERE origin='register' AND created_at_s < ?",
        (before_s,),
    ):
        bodies[id_] = json.loads(body) if removed_at_s is None else None
    for entry, before, after in connection.execute(
        "SELECT entry, before, after FROM changes WHERE at_s >= ? AND entry IS NOT NULL "
        "AND kind='asset' ORDER BY id DESC",
        (before_s,),
    ):
        if entry not in bodies:
            continue
        was, became = json.loads(before), json.loads(after)
        now = bodies[entry]
        if not was:  # it was put (back) into the register by this change
            bodies[entry] = None
        elif not became or now is None:
            bodies[entry] = was
        else:
            bodies[entry] = {k: v for k, v in (now | was).items() if v is not None}
    return [body for body in bodies.values() if body is not None]


def _of_files(connection: sqlite3.Connection, before_s: float) -> list[Asset]:
    """Assets that were only ever kept in the files; of those that came into the register since,
    the time before."""
    rows = connection.execute(
        "SELECT registered FROM (SELECT h.registered, a.tag, a.gone_at_s, row_number() OVER "
        "(PARTITION BY h.asset_id ORDER BY h.at_s DESC) n FROM register_history h "
        "JOIN assets a ON a.id = h.asset_id WHERE h.at_s < ?) WHERE n = 1 "
        "AND (gone_at_s IS NULL OR gone_at_s >= ?) AND registered <> '{}' "
        "AND tag NOT IN (SELECT tag FROM register WHERE origin='register')",
        (before_s, before_s),
    )
    return [Asset.model_validate_json(row[0]) for row in rows]
