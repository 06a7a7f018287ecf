"""The one connection that writes: a batch is one transaction, committed whole or not at all.

Only the recorder's thread uses it. It also checkpoints and knows no rules: what is to be written
was decided before.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from inventory.readiness.codec import checksum, evaluation_to_json
from inventory.sighting import ScanState, Thing, Tries
from inventory.store.connect import WAL_LIMIT_BYTES, open_for_writing
from inventory.store.equipment import write_equipment
from inventory.store.errors import StoreError, store_error
from inventory.store.rows import Batch
from inventory.store.seen import forget, write_scans, write_things, write_tries
from inventory.store.traps import prune_traps, write_traps
from inventory.units import Unit

BALLAST_BYTES = 4 * 1024 * 1024
"""Kept aside so that a full disk leaves room for the deletions that make room."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on the disk: the database, and its write-ahead log."""

    database_bytes: int
    wal_bytes: int


class Writer:
    """See the module. Raises StoreError from every method."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path.with_name(path.name + ".ballast")
        self._connection = open_for_writing(path)
        self.after_crash = self._meta("running") == "yes"
        """Whether the run before this one did not end by `close(clean=True)`."""
        self.set_meta("running", "yes")
        self.restore_ballast()

    def close(self, *, clean: bool) -> None:
        """Checkpoint and close; clean: all that was known has been written. Safe to call twice."""
        try:
            if clean:
                self.set_meta("running", "no")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (StoreError, sqlite3.Error):
            pass  # the log is read at the next start
        self._connection.close()

    def reopen(self) -> None:
        """A new connection, as SQLite asks for after an error of the disk (fsync may have lost
        pages that this connection believes written)."""
        self._connection.close()
        self._connection = open_for_writing(self.path)

    def sizes(self) -> Sizes:
        """What the files take on the disk now."""
        wal = self.path.with_name(self.path.name + "-wal")
        return Sizes(_size(self.path), _size(wal))

    def write(self, batch: Batch) -> None:
        """Commit a batch and the heartbeat that goes with it."""
        self._transaction("write a batch", lambda c: _write(c, batch))

    def write_units(self, units: Iterable[Unit], digest: str) -> None:
        """Replace the table of administrative units unless it is the one with this digest."""
        if self._meta("units") == digest:
            return
        rows = [
            (
                u.code,
                u.valid_from.isoformat(),
                u.level,
                u.name,
                u.parent,
                u.valid_to.isoformat() if u.valid_to else None,
                json.dumps(u.successors),
                u.latitude,
                u.longitude,
                u.area_km2,
            )
            for u in units
        ]

        def replace(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM units")
            connection.executemany("INSERT INTO units VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('units', ?)", (digest,))

        self._transaction("write the units", replace)

    def set_meta(self, key: str, value: str) -> None:
        """Keep one word about this database (its node, its epoch)."""
        self._transaction(
            "write meta",
            lambda c: c.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (key, value)),
        )

    def _meta(self, key: str) -> str | None:
        try:
            row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,))
            found = row.fetchone()
        except sqlite3.Error as error:
            raise store_error(error, "read meta") from error
        return None if found is None else str(found[0])

    def prune(
        self,
        *,
        outages_before_s: float,
        rollups_before_s: float,
        readiness_before_s: float,
        readiness_daily_before_s: float = 0.0,
        day_offset_s: float = 0.0,
        traps_before_s: float = 0.0,
    ) -> int:
        """Delete what is older than its retention; the number of rows deleted.

        A time line keeps the interval that reaches over the limit, so it still tiles. Of each day
        (UTC plus day_offset_s) before readiness_daily_before_s the last evaluation is kept, so a
        report as of the end of a day stays exact.
        """
        deleted = 0

        def delete(connection: sqlite3.Connection) -> None:
            nonlocal deleted
            for sql, limits in (
                (
                    "DELETE FROM reachability WHERE end_s IS NOT NULL AND end_s < ?",
                    (outages_before_s,),
                ),
                ("DELETE FROM rollups WHERE hour_s < ?", (rollups_before_s,)),
                ("DELETE FROM evaluations WHERE at_s < ?", (readiness_before_s,)),
                (
                    "DELETE FROM evaluations WHERE at_s < ? AND (commune, at_s) NOT IN (SELECT "
                    "commune, max(at_s) FROM evaluations GROUP BY commune, "
                    "CAST((at_s + ?) / 86400 AS INTEGER))",
                    (readiness_daily_before_s, day_offset_s),
                ),
            ):
                deleted += connection.execute(sql, limits).rowcount
            deleted += prune_traps(connection, traps_before_s)

        self._transaction("delete what is past its retention", delete)
        return deleted

    def write_seen(
        self,
        things: Iterable[Thing],
        scans: Iterable[ScanState],
        tries: Iterable[Tries],
        *,
        scans_before_s: float,
        tries_before: str,
    ) -> None:
        """Commit rows of the inbox and what goes with them; delete sweeps and tries from before."""

        def write(connection: sqlite3.Connection) -> None:
            write_things(connection, things)
            write_scans(connection, scans)
            write_tries(connection, tries)
            forget(connection, scans_before_s, tries_before)

        self._transaction("write the inbox", write)

    def free_ballast(self) -> None:
        """Give the ballast's room back to the disk."""
        self._ballast.unlink(missing_ok=True)

    def restore_ballast(self) -> None:
        """Set the ballast aside again if there is room for it."""
        if self._ballast.exists():
            return
        try:
            self._ballast.write_bytes(bytes(BALLAST_BYTES))
        except OSError:
            self._ballast.unlink(missing_ok=True)

    def _transaction(self, doing: str, work: Callable[[sqlite3.Connection], object]) -> None:
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            work(connection)
            connection.execute("COMMIT")
        except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
            # A full disk has already rolled back; a second ROLLBACK would hide the first error.
            try:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            except sqlite3.Error:
                pass
            raise store_error(error, doing) from error
        if self.sizes().wal_bytes > WAL_LIMIT_BYTES:
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                raise store_error(error, "checkpoint") from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _write(connection: sqlite3.Connection, batch: Batch) -> None:
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
        "INSERT OR REPLACE INTO rollups VALUES (?,?,?,?,?,?,?)",
        [
            (asset_id, b.metric, b.hour_s, b.count, b.total, b.peak, json.dumps(b.histogram))
            for asset_id, b in batch.rollups
        ],
    )
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
                body := evaluation_to_json(e),
                checksum(body),
            )
            for e in batch.evaluations
        ],
    )
    many(
        "INSERT OR IGNORE INTO inbox VALUES (?,?,?,?,?)",
        [(i.key, i.kind, i.asset_id, i.at_s, i.message) for i in batch.inbox],
    )
    write_traps(connection, batch.traps)
    write_equipment(connection, batch.equipment)
    many("INSERT INTO clock_steps VALUES (?,?)", batch.clock_steps)
    connection.execute("INSERT OR REPLACE INTO heartbeat VALUES (1, ?)", (batch.at_s,))


__all__ = ["BALLAST_BYTES", "StoreError", "Writer"]
