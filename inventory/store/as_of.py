"""The register as it was at a moment, from the log of changes and what was recorded of the files.

Functions over a connection.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from config.assets import Asset


def assets_as_of(connection: sqlite3.Connection, before_s: float) -> list[Asset]:
    """Everything that was registered right before a moment, as it was then, in no order.

    Of the database: what stands now, with each later change taken back. Of the files: what the
    daemon read last before that moment.
    """
    found = {asset.tag: asset for asset in _of_files(connection, before_s)}
    for body in _of_register(connection, before_s).values():
        if body is not None:
            asset = Asset.model_validate(body, by_alias=True, by_name=False)
            found.setdefault(asset.tag, asset)
    return list(found.values())


def entries_as_of(
    connection: sqlite3.Connection, before_s: float, wanted: Callable[[int, str], bool]
) -> dict[int, Asset | None]:
    """The entries that were made before a moment, by number: as they were then; None where they
    were not registered then, or are not wanted (number, code of the commune then).

    Of what the files hold, those that were read before that moment.
    """
    found: dict[int, Asset | None] = {}
    for id_, body in _of_register(connection, before_s).items():
        known = body is not None and wanted(id_, body["commune"])
        found[id_] = Asset.model_validate(body, by_alias=True, by_name=False) if known else None
    ids = dict(connection.execute("SELECT tag, id FROM register WHERE origin <> 'register'"))
    for number, asset in enumerate(_of_files(connection, before_s), 1):
        id_ = ids.get(asset.tag, -number)
        found[id_] = asset if wanted(id_, asset.commune) else None
    return found


def _of_register(
    connection: sqlite3.Connection, before_s: float
) -> dict[int, dict[str, Any] | None]:
    """Entry -> its body then, None where it was not registered then."""
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
    return bodies


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
