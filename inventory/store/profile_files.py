"""The planners' requirement profiles in backups: files by name beside a database, in a backup by
content among its other files, with a table of a backup's own that says which is which.

No living database has that table.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from inventory.store.errors import StoreError
from inventory.store.files import FileStore, LostFile
from inventory.store.profile_names import END, named_profiles


def profile_folder(database: Path) -> Path:
    """Where the planners' profiles lie."""
    return database.with_name("profiles")


@dataclass(frozen=True, slots=True)
class ProfilesBack:
    """What a restore did. written: the files that are now as the backup has them and were not;
    kept: what was there instead, under its new name; lost: those that the backup lacks."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    lost: tuple[LostFile, ...]


def take_profiles(copy: Path, database: Path, store: FileStore) -> list[LostFile]:
    """Put the profiles beside a database into a backup's files and note their names in the copy of
    the database; those that cannot be read. Raises StoreError and sqlite3.Error."""
    lost, rows = [], []
    folder = profile_folder(database)
    for path in sorted(folder.glob(f"[!.]*{END}")) if folder.is_dir() else ():
        try:
            digest = store.put(path.read_bytes())
        except OSError:
            lost.append(LostFile("", f"profiles/{path.name}"))
            continue
        with contextlib.suppress(OSError):
            os.utime(store.folder / digest)  # it is in use: `FileStore.drop_unnamed`
        rows.append((path.name, digest))
    with contextlib.closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("DROP TABLE IF EXISTS profile_files")
        connection.execute(
            "CREATE TABLE profile_files (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL)"
        )
        connection.executemany("INSERT INTO profile_files VALUES (?, ?)", rows)
    return lost


def bring_profiles(copy: Path, database: Path, store: FileStore, stamp: str) -> ProfilesBack:
    """Write the profiles that a copy of a backup names beside a database, and forget their names
    in the copy. A file of other content keeps that under a second name with `stamp` in it; no file
    is taken away. Raises StoreError and sqlite3.Error."""
    with contextlib.closing(sqlite3.connect(copy)) as connection, connection:
        named = named_profiles(connection)
        connection.execute("DROP TABLE IF EXISTS profile_files")
    folder = profile_folder(database)
    written, kept, lost = [], [], []
    for name, digest in named:
        data = store.get(digest)
        if data is None:
            lost.append(LostFile(digest, f"profiles/{name}"))
            continue
        path = folder / name
        try:
            if path.exists() and path.read_bytes() == data:
                continue
            if path.exists():
                second = path.with_name(f"{name}.before-restore-{stamp}")
                path.replace(second)
                kept.append(second)
            _write(path, data)
        except OSError as error:
            raise StoreError("io", f"write {path}: {error.strerror or error}") from error
        written.append(path)
    return ProfilesBack(tuple(written), tuple(kept), tuple(lost))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(partial, 0o640)
        os.replace(partial, path)
    except OSError:
        Path(partial).unlink(missing_ok=True)
        raise
