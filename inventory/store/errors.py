"""What can go wrong with the store, told apart by what a person would do about it."""

from __future__ import annotations

import sqlite3

RESTORE_HINT = "stop the daemon and run `hatang restore BACKUP`"
"""What to do about a damaged database."""


class StoreError(Exception):
    """kind: full (make space), io (the disk), busy (somebody else holds it), corrupt (restore a
    backup), newer (update Hatang), locked (another daemon) or other."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


_KINDS = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_CANTOPEN: "io",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
}


def store_error(error: Exception, doing: str) -> StoreError:
    """The StoreError of an error of SQLite: by its primary result code (the low byte). What SQLite
    cannot even take (a lone surrogate, an integer of more than 64 bits) is `other`."""
    code = getattr(error, "sqlite_errorcode", None)
    kind = "other" if code is None else _KINDS.get(code & 0xFF, "other")
    if code is None and isinstance(error, sqlite3.OperationalError):
        kind = "corrupt"  # it could read the bytes of a text, which are no text any more
    hint = f"; {RESTORE_HINT}" if kind == "corrupt" else ""
    return StoreError(kind, f"{doing}: {error}{hint}")
