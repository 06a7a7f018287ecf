"""The one connection that writes: a batch is one transaction, committed whole or not at all.

Only the recorder's thread uses it. It also checkpoints and knows no rules: what is to be written
was decided before.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from inventory.sighting import ScanState, Thing, Tries
from inventory.store.connect import BUSY_TIMEOUT_S, WAL_LIMIT_BYTES, open_for_writing
from inventory.store.errors import StoreError, store_error
from inventory.store.rows import Batch
from inventory.store.seen import forget, write_scans, write_things, write_tries
from inventory.store.statements import write_batch
from inventory.store.traps import prune_traps
from inventory.units import Unit

T = TypeVar("T")

BALLAST_BYTES = 4 * 1024 * 1024
"""Kept aside so that a full disk leaves room for the deletions that make room."""

ROOM_BESIDE_BYTES = 1024 * 1024
"""Free beside the ballast before it is set aside again."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on the disk: the database, and its write-ahead log."""

    database_bytes: int
    wal_bytes: int


class Writer:
    """See the module. Raises StoreError from every method."""

    def __init__(self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        self._busy_timeout_s = busy_timeout_s
        self._ballast = path.with_name(path.name + ".ballast")
        try:
            self._open()
        except StoreError as error:
            # Where there is no room for its index, SQLite calls a full disk an error of the disk.
            if error.kind not in ("full", "io") or not self._ballast.exists():
                raise
            # Looking and alerting must be able to begin on a full disk, too.
            self.free_ballast()
            self._open()
            return
        self.restore_ballast()

    def _open(self) -> None:
        self._connection = open_for_writing(self.path, busy_timeout_s=self._busy_timeout_s)
        try:
            self.after_crash = self._meta("running") == "yes"
            """Whether the run before this one did not end by `close(clean=True)`."""
            if self._meta("epoch") is None:
                self.set_meta("epoch", new_epoch())
            self.set_meta("running", "yes")
        except StoreError:
            self._connection.close()
            raise

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
        self._connection = open_for_writing(self.path, busy_timeout_s=self._busy_timeout_s)

    def sizes(self) -> Sizes:
        """What the files take on the disk now."""
        wal = self.path.with_name(self.path.name + "-wal")
        return Sizes(_size(self.path), _size(wal))

    def write(self, batch: Batch) -> None:
        """Commit a batch and the heartbeat that goes with it."""
        self.transact("write a batch", lambda c: write_batch(c, batch))

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

        self.transact("write the units", replace)

    def set_meta(self, key: str, value: str) -> None:
        """Keep one word about this database (its node, its epoch)."""
        self.transact(
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

        self.transact("delete what is past its retention", delete)
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

        self.transact("write the inbox", write)

    def free_ballast(self) -> None:
        """Give the ballast's room back to the disk."""
        with contextlib.suppress(OSError):
            self._ballast.unlink(missing_ok=True)

    def restore_ballast(self) -> bool:
        """Set the ballast aside if there is room for it and more; whether it is there now."""
        if _size(self._ballast) == BALLAST_BYTES:
            return True
        try:
            disk = os.statvfs(self.path.parent)
            # With no more room than its own it would fill the very disk that it was freed for.
            if disk.f_bavail * disk.f_frsize < BALLAST_BYTES + ROOM_BESIDE_BYTES:
                return False
            self._ballast.write_bytes(bytes(BALLAST_BYTES))
        except OSError:
            self.free_ballast()
            return False
        return True

    def transact(self, doing: str, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction, committed when this returns; what it raises undoes it."""
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = work(connection)
            connection.execute("COMMIT")
        except Exception as error:
            # A full disk has already rolled back; a second ROLLBACK would hide the first error.
            with contextlib.suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error | UnicodeEncodeError | OverflowError):
                raise store_error(error, doing) from error
            raise
        if self.sizes().wal_bytes > WAL_LIMIT_BYTES:
            self._shrink_log()
        return result

    def _shrink_log(self) -> None:
        """Move the log into the database unless a reader still needs it; waits for nobody.

        What was committed stays committed: an error here is left to the next write.
        """
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA busy_timeout=0")
            try:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                wait_ms = int(self._busy_timeout_s * 1000)
                self._connection.execute(f"PRAGMA busy_timeout={wait_ms}")


def new_epoch() -> str:
    """A word that no other database, copy or restored backup calls itself by."""
    return secrets.token_hex(8)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
