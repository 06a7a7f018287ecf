"""Backups that were checked, and the way back.

A backup is a whole database in one file, made with SQLite's own backup while the daemon writes
on. It counts only after SQLite has found it sound.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import secrets
import shutil
import sqlite3
from pathlib import Path

from inventory.store.connect import open_for_reading, schema_version
from inventory.store.errors import StoreError, store_error
from inventory.store.lock import StoreLock

_NAME = re.compile(r"hatang-(\d{8}T\d{6}Z)\.db")
_STAMP = "%Y%m%dT%H%M%SZ"
_PAGES_AT_ONCE = 256


def make_backup(database: Path, folder: Path, at_s: float, keep: int) -> Path:
    """Copy, check, name and keep: the path of the new backup; all but the newest `keep` go.

    Raises StoreError; a copy that is not sound is deleted and nothing older goes.
    """
    stamp = dt.datetime.fromtimestamp(at_s, dt.UTC).strftime(_STAMP)
    target, partial = folder / f"hatang-{stamp}.db", folder / f".hatang-{stamp}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy(database, partial)
        _refuse_unsound(partial, "the backup that was just written")
        _to_disk(partial)
        partial.replace(target)
        _to_disk(folder)
    except sqlite3.Error as error:
        raise store_error(error, f"back up to {target}") from error
    except OSError as error:
        raise StoreError("io", f"back up to {target}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    for old in backups(folder)[:-keep]:
        old.unlink(missing_ok=True)
    return target


def backups(folder: Path) -> list[Path]:
    """The backups in a folder, oldest first."""
    return sorted(path for path in folder.glob("hatang-*.db") if _NAME.fullmatch(path.name))


def newest_backup_s(folder: Path) -> float:
    """When the newest backup was made, seconds since 1970; 0 where there is none."""
    found = backups(folder)
    if not found:
        return 0.0
    stamp = _NAME.fullmatch(found[-1].name)
    assert stamp is not None
    return dt.datetime.strptime(stamp[1], _STAMP).replace(tzinfo=dt.UTC).timestamp()


def restore(backup: Path, database: Path) -> Path | None:
    """Put a backup in a database's place; where what was there is kept, or None.

    Raises StoreError, having changed nothing: locked while a daemon runs, newer, corrupt, io. The
    restored database says in its meta that it is another one now (`epoch`).
    """
    if not backup.exists():
        raise StoreError("io", f"there is no file {backup}")
    with StoreLock(database):
        _refuse_unsound(backup, str(backup))
        fresh = database.with_name(f".{database.name}.restoring")
        try:
            shutil.copyfile(backup, fresh)
            with contextlib.closing(sqlite3.connect(fresh)) as connection, connection:
                connection.execute(
                    "INSERT OR REPLACE INTO meta VALUES ('epoch', ?)", (secrets.token_hex(8),)
                )
            _to_disk(fresh)
            kept = _set_aside(database)
            fresh.replace(database)
            _to_disk(database.parent)
        except sqlite3.Error as error:
            raise store_error(error, f"restore {backup}") from error
        except OSError as error:
            raise StoreError("io", f"restore {backup}: {error.strerror or error}") from error
        finally:
            fresh.unlink(missing_ok=True)
    return kept


def _set_aside(database: Path) -> Path | None:
    """Move a database and what belongs to it out of the way; its new path."""
    if not database.exists():
        return None
    stamp = dt.datetime.now(dt.UTC).strftime(_STAMP)
    kept = database.with_name(f"{database.name}.before-restore-{stamp}")
    for suffix in ("-wal", "-shm", ""):  # the log first: without it the file is an older one
        part = database.with_name(database.name + suffix)
        if part.exists():
            part.replace(kept.with_name(kept.name + suffix))
    return kept


def _copy(database: Path, target: Path) -> None:
    with (
        contextlib.closing(open_for_reading(database)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy, pages=_PAGES_AT_ONCE)
        copy.execute("PRAGMA journal_mode=DELETE")


def _refuse_unsound(path: Path, shown: str) -> None:
    try:
        with contextlib.closing(open_for_reading(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            version = schema_version(connection)
    except sqlite3.Error as error:
        raise store_error(error, f"check {shown}") from error
    if found != ["ok"]:
        raise StoreError("corrupt", f"{shown} is damaged: {found[0]}; take another backup")
    if not version:
        raise StoreError("corrupt", f"{shown} is not a database of Hatang")


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
