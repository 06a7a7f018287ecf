"""Backups that were checked, and the way back.

A backup is a whole database in one file, made with SQLite's own backup while the daemon writes
on, and the files that it names and the planners' profiles, in a folder beside it. It counts only
after SQLite has found the database sound; a file that could not be copied whole is told.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import os
import re
import shutil
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from inventory.store.connect import open_for_reading, schema_version
from inventory.store.errors import StoreError, store_error
from inventory.store.files import FileStore, LostFile, files_of
from inventory.store.lock import StoreLock
from inventory.store.profile_files import ProfilesBack, bring_profiles, take_profiles
from inventory.store.writer import new_epoch

_NAME = re.compile(r"hatang-(\d{8}T\d{6}Z)\.db")
_STAMP = "%Y%m%dT%H%M%SZ"
_SURELY_DEAD_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Backup:
    """A new backup. lost: files that it names and that it could not copy."""

    path: Path
    lost: list[LostFile]


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a restore. kept: the database that was there, None where there was none;
    lost: files that the backup names and that are neither beside it nor beside the database;
    profiles: what became of the planners' profiles."""

    kept: Path | None
    lost: list[LostFile]
    profiles: ProfilesBack


def make_backup(database: Path, folder: Path, at_s: float, keep: int) -> Backup:
    """Copy, check, name and keep; all but the newest `keep` go, and the files only they named.

    Raises StoreError; a copy that is not sound is deleted and nothing older goes.
    """
    stamp = dt.datetime.fromtimestamp(at_s, dt.UTC).strftime(_STAMP)
    target = folder / f"hatang-{stamp}.db"
    partial = folder / f".hatang-{stamp}-{os.getpid()}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear(folder)
        _copy(database, partial)
        # Into the partial one, so that a backup without its profiles never has a name.
        unread = take_profiles(partial, database, FileStore(target))
        _refuse_unsound(partial, "the backup that was just written")
        _to_disk(partial)
        # After the database: what it names was written before it and is never deleted.
        lost = FileStore(target).take_from(FileStore(database), files_of(partial))
        partial.replace(target)
        _to_disk(folder)
    except sqlite3.Error as error:
        raise store_error(error, f"back up to {target}") from error
    except OSError as error:
        raise StoreError("io", f"back up to {target}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    for old in backups(folder)[:-keep]:
        with contextlib.suppress(OSError):
            old.unlink()
    if not (folder / database.name).exists():  # else it is where the living files are
        FileStore(target).drop_unnamed(backups(folder))
    return Backup(target, [*lost, *unread])


def _clear(folder: Path) -> None:
    """Delete what a backup that was killed has left."""
    for remains in folder.glob(".hatang-*.partial*"):
        if time.time() - remains.stat().st_mtime > _SURELY_DEAD_S:
            remains.unlink(missing_ok=True)


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


def restore(backup: Path, database: Path) -> Restored:
    """Put a backup in a database's place, and its files beside it.

    1. The backup is checked, and copied beside the database with all that its log holds; the files
       that it names are copied where they are not whole already. The planners' profiles are
       written where they are not the same already. No file is taken away.
    2. The copy calls itself another database from now on (`epoch` in its meta).
    3. What was there gets a second name, then the copy takes the first one in one step.

    Raises StoreError: locked while a daemon runs, newer, corrupt, io. At every moment there is
    a database in place, and nothing of what was there is lost.
    """
    if not backup.exists():
        raise StoreError("io", f"there is no file {backup}")
    with StoreLock(database):
        fresh = database.with_name(f".{database.name}.restoring")
        try:
            _refuse_unsound(backup, str(backup))
            fresh.unlink(missing_ok=True)
            _copy(backup, fresh)
            with contextlib.closing(sqlite3.connect(fresh)) as connection, connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                    [("epoch", new_epoch()), ("running", "no")],
                )
            lost = FileStore(database).take_from(FileStore(backup), files_of(fresh))
            stamp = dt.datetime.now(dt.UTC).strftime(_STAMP)
            profiles = bring_profiles(fresh, database, FileStore(backup), stamp)
            _to_disk(fresh)
            kept = _keep(database)
            fresh.replace(database)
            _to_disk(database.parent)
        except sqlite3.Error as error:
            raise store_error(error, f"restore {backup}") from error
        except OSError as error:
            raise StoreError("io", f"restore {backup}: {error.strerror or error}") from error
        finally:
            fresh.unlink(missing_ok=True)
    return Restored(kept, [*lost, *profiles.lost], profiles)


def _keep(database: Path) -> Path | None:
    """Give a database and its log second names and take the log away from the first; the new
    path, None where there was none."""
    if not database.exists():
        return None
    kept = _unused(database.name, database.parent)
    for suffix in ("-wal", ""):
        part = database.with_name(database.name + suffix)
        if part.exists():
            _second_name(part, kept.with_name(kept.name + suffix))
    # What is in the log goes into the file, so that it stays whole without it. With a damaged
    # one that fails, and SQLite may throw the log away; it has its second name.
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(database)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _to_disk(database.parent)
    for suffix in ("-wal", "-shm"):  # a log beside a database that is not its own spoils it
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    _to_disk(database.parent)
    return kept


def _unused(name: str, folder: Path) -> Path:
    stamp = dt.datetime.now(dt.UTC).strftime(_STAMP)
    first = folder / f"{name}.before-restore-{stamp}"
    more = (first.with_name(f"{first.name}-{n}") for n in itertools.count(2))
    # A restore that was killed may have left the second name of a log alone.
    return next(
        path
        for path in itertools.chain([first], more)
        if not path.exists() and not path.with_name(path.name + "-wal").exists()
    )


def _second_name(path: Path, name: Path) -> None:
    try:
        name.hardlink_to(path)
    except OSError:  # a file system without hard links
        shutil.copy2(path, name)
        _to_disk(name)


def _copy(database: Path, target: Path) -> None:
    with (
        contextlib.closing(open_for_reading(database)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        # In one step: in several, a commit between two of them makes SQLite begin anew, and on a
        # slow disk a copy of a database that is written every second would never end.
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")


def _refuse_unsound(path: Path, shown: str) -> None:
    try:
        with contextlib.closing(open_for_reading(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            strays = connection.execute("PRAGMA foreign_key_check").fetchall()
            version = schema_version(connection)
    except sqlite3.Error as error:
        raise store_error(error, f"check {shown}") from error
    if found != ["ok"]:
        raise StoreError("corrupt", f"{shown} is damaged: {found[0]}; take another backup")
    if strays:
        raise StoreError(
            "corrupt", f"{shown} has rows in {strays[0][0]} of no asset; take another backup"
        )
    if not version:
        raise StoreError("corrupt", f"{shown} is not a database of Hatang")


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
