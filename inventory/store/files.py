"""Files beside a database, each named by the SHA-256 of what is in it; and their way into a backup
and back.

All backups of a folder share one folder of files, so a file is copied once, and goes when the last
backup that names it has gone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inventory.store.attachments import stored_files
from inventory.store.connect import open_for_reading
from inventory.store.errors import StoreError, store_error
from inventory.store.profile_names import named_profiles

UNUSED_FOR_S = 86_400.0
"""A file that no backup names stays this long: another backup may be about to name it."""


@dataclass(frozen=True, slots=True)
class LostFile:
    """A file that a database names and that is nowhere whole, or one beside it that cannot be read
    (digest ""). of: whose it is, for people."""

    digest: str
    of: str


class FileStore:
    """The folder of files of a database."""

    def __init__(self, database: Path) -> None:
        self.folder = database.with_name("attachments")

    def put(self, data: bytes) -> str:
        """Store, over a damaged one too; the digest. Whole on the disk when this returns.

        Raises StoreError (io).
        """
        digest = hashlib.sha256(data).hexdigest()
        target = self.folder / digest
        if self.get(digest) is not None:
            return digest
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, partial = tempfile.mkstemp(dir=self.folder, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(partial).replace(target)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(partial).unlink()
                raise
            self._sync()
        except OSError as error:
            raise StoreError("io", f"write {target}: {error.strerror or error}") from error
        return digest

    def get(self, digest: str) -> bytes | None:
        """What is stored under a digest; None where nothing is, or what is there is damaged."""
        if not _is_digest(digest):
            return None
        try:
            data = (self.folder / digest).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == digest else None

    def take_from(self, source: FileStore, named: Iterable[tuple[str, str]]) -> list[LostFile]:
        """Have every named file (digest, whose it is) here, whole; those that are whole nowhere.

        Raises StoreError (io).
        """
        lost = []
        for digest, of in named:
            if self.get(digest) is not None:
                with contextlib.suppress(OSError):
                    os.utime(self.folder / digest)  # it is in use: `drop_unnamed`
                continue
            data = source.get(digest)
            if data is None:
                lost.append(LostFile(digest, of))
            else:
                self.put(data)
        return lost

    def drop_unnamed(self, databases: Iterable[Path]) -> None:
        """Delete the files that none of some databases names. Where one of them cannot be read,
        nothing goes."""
        try:
            named = {digest for database in databases for digest in _named_by(database)}
        except StoreError:
            return
        before_s = time.time() - UNUSED_FOR_S
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                partial = path.name.startswith(".new-")
                unnamed = _is_digest(path.name) and path.name not in named
                if (partial or unnamed) and path.stat().st_mtime < before_s:
                    path.unlink(missing_ok=True)

    def _sync(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def files_of(database: Path) -> list[tuple[str, str]]:
    """Every file that a database names: digest, and whose it is. Raises StoreError."""
    try:
        with contextlib.closing(open_for_reading(database)) as connection:
            return stored_files(connection)
    except sqlite3.Error as error:
        raise store_error(error, f"read the files that {database} names") from error


def _named_by(database: Path) -> set[str]:
    """The digests of everything that a backup names. Raises StoreError."""
    try:
        with contextlib.closing(open_for_reading(database)) as connection:
            named = {digest for digest, _ in stored_files(connection)}
            return named | {digest for _, digest in named_profiles(connection)}
    except sqlite3.Error as error:
        raise store_error(error, f"read the files that {database} names") from error


def _is_digest(name: str) -> bool:
    return len(name) == 64 and set(name) <= set("0123456789abcdef")
