"""One daemon a database: an advisory lock on a file beside it that names its holder.

The kernel gives a lock back when its holder dies, however it dies; the file stays and says nothing
by being there.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from inventory.store.errors import StoreError


class StoreLock:
    """Held from `acquire` to `release`; also a context manager.

    purpose: a lock of its own beside the daemon's, for what may happen once at a time.
    """

    def __init__(self, database: Path, purpose: str = "") -> None:
        self._taken = f"{database} is in use by another {purpose or 'daemon'}"
        self._path = database.with_name(f"{database.name}{purpose and '.'}{purpose}.lock")
        self._handle: int | None = None

    def __enter__(self) -> StoreLock:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def acquire(self) -> None:
        """Take the lock. Raises StoreError: locked (with the holder's pid), or io."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise StoreError("io", f"cannot open {self._path}: {error.strerror}") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 32).decode("ascii", "replace").strip()
            os.close(handle)
            raise StoreError(
                "locked",
                f"{self._taken}, pid {holder or 'unknown'}; stop that one first",
            ) from error
        except OSError as error:
            os.close(handle)
            raise StoreError("io", f"cannot lock {self._path}: {error.strerror}") from error
        self._handle = handle
        self._name_holder(f"{os.getpid()}\n")

    def release(self) -> None:
        """Give the lock back; safe to call twice."""
        if self._handle is not None:
            self._name_holder("")
            os.close(self._handle)
            self._handle = None

    def _name_holder(self, name: str) -> None:
        """For people only: the lock holds on a full disk, too, where the pid cannot be written."""
        assert self._handle is not None
        with contextlib.suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, name.encode(), 0)
