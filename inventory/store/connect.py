"""Opening the database: pragmas, the version check and the migrations.

A database that a newer Hatang has migrated is refused and not touched.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from inventory.store.errors import RESTORE_HINT, StoreError, store_error
from inventory.store.migrations import migrations

BUSY_TIMEOUT_S = 5.0
WAL_LIMIT_BYTES = 64 * 1024 * 1024


def open_for_writing(path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> sqlite3.Connection:
    """The one writing connection, migrated, WAL, synchronous=FULL.

    What is there is looked at first on a connection that cannot write, so that a database that is
    damaged or newer keeps every byte, its log too. Raises StoreError: newer, corrupt, busy, io,
    full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        known = path.exists() and path.stat().st_size > 0
        # Killed while the journal's mode was changed: only who may write can undo that.
        half_done = path.with_name(path.name + "-journal").exists()
    except OSError as error:
        raise StoreError("io", f"cannot open {path}: {error.strerror or error}") from error
    if known and not half_done:
        with contextlib.closing(open_for_reading(path)) as looking:
            _refuse_damaged(looking, path)
    try:
        connection = sqlite3.connect(path, timeout=busy_timeout_s, check_same_thread=False)
    except sqlite3.Error as error:
        raise store_error(error, f"cannot open {path}") from error
    try:
        if half_done:
            _refuse_newer(connection, path)
            _refuse_damaged(connection, path)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA journal_size_limit={WAL_LIMIT_BYTES}")
        connection.execute("PRAGMA foreign_keys=ON")
        migrations.apply(Database(connection))
        connection.commit()
    except sqlite3.Error as error:
        connection.close()
        raise store_error(error, f"cannot use {path}") from error
    except StoreError:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises StoreError (io, corrupt, newer, busy)."""
    if not path.exists():
        raise StoreError("io", f"there is no database at {path}; has the daemon run?")
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            check_same_thread=False,
        )
    except sqlite3.Error as error:
        raise store_error(error, f"cannot read {path}") from error
    try:
        connection.execute("PRAGMA query_only=ON")
        _refuse_newer(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise store_error(error, f"cannot read {path}") from error
    except StoreError:
        connection.close()
        raise
    return connection


def schema_version(connection: sqlite3.Connection) -> int:
    """How many migrations the database has had."""
    known = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE name = '_sqlite_migrations'"
    ).fetchone()[0]
    if not known:
        return 0
    return int(
        connection.execute(
            "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = ?", (migrations.name,)
        ).fetchone()[0]
    )


def _refuse_damaged(connection: sqlite3.Connection, path: Path) -> None:
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    except sqlite3.Error as error:
        raise store_error(error, f"cannot use {path}") from error
    if found != ["ok"]:
        raise StoreError("corrupt", f"{path} is damaged ({found[0]}); {RESTORE_HINT}")


def _refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    if not schema_version(connection):
        return
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        ours = {step.name for step in migrations.pending(Database(empty))}
    theirs = {
        row[0]
        for row in connection.execute(
            "SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (migrations.name,)
        )
    }
    if newer := sorted(theirs - ours):
        raise StoreError(
            "newer",
            f"{path} was made by a newer Hatang (it knows {newer[-1]}): update Hatang, or restore "
            "a backup from before; nothing was changed",
        )
