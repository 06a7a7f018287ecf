"""How a batch becomes rows: plain executemany in the transaction of whoever calls.

Rows that are written again replace what they were before, so a batch may be written twice; of
what is only ever added (traps, steps of the clock) nothing depends on the number.
"""

from __future__ import annotations

import sqlite3

from inventory.readiness.codec import checksum, packed
from inventory.store.equipment import write_equipment
from inventory.store.frozen import write_frozen
from inventory.store.rows import Batch, rollup_values
from inventory.store.traps import write_traps

INBOX_OF_ONE_ASSET = 50
"""A device that says another serial number at every look fills no disk."""


def write_batch(connection: sqlite3.Connection, batch: Batch) -> None:
    """Write all rows of a batch; an asset before what hangs on it. Raises sqlite3.Error."""
    many = connection.executemany
    many(
        "INSERT INTO assets VALUES (?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
        "commune=excluded.commune, registered=excluded.registered, gone_at_s=excluded.gone_at_s, "
        "booted_at_s=excluded.booted_at_s, reboots=excluded.reboots",
        [
            (
                a.id,
                a.tag,
                a.commune,
                a.registered,
                a.registered_at_s,
                a.gone_at_s,
                a.booted_at_s,
                a.reboots,
            )
            for a in batch.assets
        ],
    )
    many(
        "INSERT OR IGNORE INTO register_history SELECT ?,?,? WHERE ? IS NOT (SELECT registered "
        "FROM register_history WHERE asset_id=? ORDER BY at_s DESC LIMIT 1)",
        [(a.id, batch.at_s, a.registered, a.registered, a.id) for a in batch.assets],
    )
    many(
        "INSERT OR REPLACE INTO endpoints VALUES (?,?,?,?,?,?,?,?,?,?)",
        [
            (
                e.id,
                e.asset_id,
                e.kind,
                e.epoch,
                e.last_seq,
                e.outcome,
                e.reason,
                e.message,
                e.last_look_at_s,
                e.last_answer_at_s,
            )
            for e in batch.endpoints
        ],
    )
    many(
        "INSERT OR REPLACE INTO facts VALUES (?,?,?,?,?)",
        [(f.asset_id, f.name, f.source, f.value, f.at_s) for f in batch.facts],
    )
    many(
        "INSERT OR REPLACE INTO interfaces VALUES (?,?,?,?,?,?,?,?,?)",
        [
            (
                i.asset_id,
                i.if_index,
                i.name,
                i.alias,
                i.mac,
                i.speed_bps,
                i.admin_up,
                i.oper_up,
                i.seen_at_s,
            )
            for i in batch.interfaces
        ],
    )
    for asset_id, timeline in batch.timelines.items():
        connection.execute(
            "DELETE FROM reachability WHERE asset_id=? AND start_s>=?",
            (asset_id, timeline[0].start_s),
        )
        many(
            "INSERT INTO reachability VALUES (?,?,?,?,?)",
            [(asset_id, i.start_s, i.end_s, i.state.value, i.behind) for i in timeline],
        )
    many(
        "INSERT OR REPLACE INTO rollups VALUES (?,?,?,?,?,?,?,?)",
        [rollup_values(asset_id, bucket) for asset_id, bucket in batch.rollups],
    )
    write_frozen(connection, batch.profiles, batch.groups, batch.at_s)
    many(
        "INSERT OR REPLACE INTO evaluations VALUES (?,?,?,?,?,?,?,?)",
        [
            (
                e.commune,
                e.at_s,
                e.profile,
                e.profile_version,
                e.total.ratio,
                e.total.confidence,
                body := packed(e),
                checksum(body),
            )
            for e in batch.evaluations
        ],
    )
    many(
        "INSERT OR IGNORE INTO inbox SELECT ?,?,?,?,? WHERE "
        "(SELECT count(*) FROM inbox WHERE asset_id=?) < ?",
        [
            (i.key, i.kind, i.asset_id, i.at_s, i.message, i.asset_id, INBOX_OF_ONE_ASSET)
            for i in batch.inbox
        ],
    )
    write_traps(connection, batch.traps)
    write_equipment(connection, batch.equipment)
    many("INSERT INTO clock_steps VALUES (?,?)", batch.clock_steps)
    if batch.heartbeat:
        connection.execute("INSERT OR REPLACE INTO heartbeat VALUES (1, ?)", (batch.at_s,))
