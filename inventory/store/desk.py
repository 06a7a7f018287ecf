"""How everybody beside the recorder reads and writes the database: one transaction at a time.

In a daemon the recorder's thread does the writing, so that there is one writing connection; a
command that runs alone takes the store's lock and a writer of its own.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Protocol, TypeVar

from inventory.store.connect import open_for_reading
from inventory.store.errors import StoreError, store_error
from inventory.store.lock import StoreLock
from inventory.store.writer import Writer

Connection = sqlite3.Connection
"""What SQL of this room is run on; other rooms only hand it on."""

T = TypeVar("T")


class Desk(Protocol):
    """See the module."""

    def write(
        self,
        what: str,
        work: Callable[[Connection], T],
        then: Callable[[T], object] = lambda _: None,
    ) -> T:
        """Run `work` in one transaction, which is on the disk when this returns.

        what: what is being done, for the error. then: run with the result right after the commit,
        before anything else is written. Whatever `work` raises undoes all of it and comes out
        here. Raises StoreError.
        """
        ...

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a connection that cannot write, within one state of the database.

        Raises StoreError.
        """
        ...


class Recording(Protocol):
    """The part of a recorder that a desk needs."""

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Run in the recorder's thread."""
        ...


class RecorderDesk:
    """The desk of a daemon. For threads: in the event loop `write` would hold up everything."""

    def __init__(self, recorder: Recording, writer: Writer) -> None:
        self._recorder = recorder
        self._writer = writer

    def write(
        self,
        what: str,
        work: Callable[[Connection], T],
        then: Callable[[T], object] = lambda _: None,
    ) -> T:
        """See Desk.write."""

        def both() -> T:
            result = self._writer.transact(what, work)
            then(result)
            return result

        try:
            return self._recorder.submit(both).result()
        except CancelledError:
            raise StoreError("io", f"{what}: Hatang is stopping; try again") from None

    def read(self, work: Callable[[Connection], T]) -> T:
        """See Desk.read."""
        return read_once(self._writer.path, work)


class DirectDesk:
    """The desk of a command that runs alone; its threads write one after the other."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._turn = threading.Lock()

    def write(
        self,
        what: str,
        work: Callable[[Connection], T],
        then: Callable[[T], object] = lambda _: None,
    ) -> T:
        """See Desk.write."""
        with self._turn:
            result = self._writer.transact(what, work)
            then(result)
            return result

    def read(self, work: Callable[[Connection], T]) -> T:
        """See Desk.read."""
        return read_once(self._writer.path, work)


class ReadingDesk:
    """The desk of a command that only reads, whether or not a daemon runs."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def write(
        self,
        what: str,
        work: Callable[[Connection], T],
        then: Callable[[T], object] = lambda _: None,
    ) -> T:
        """Refused: raises StoreError (io)."""
        raise StoreError("io", f"{what}: this desk only reads")

    def read(self, work: Callable[[Connection], T]) -> T:
        """See Desk.read."""
        return read_once(self._database, work)


@contextlib.contextmanager
def direct_desk(database: Path) -> Iterator[DirectDesk]:
    """A desk with the store's lock. Raises StoreError; of kind "locked" while a daemon runs."""
    with StoreLock(database):
        writer = Writer(database)
        try:
            yield DirectDesk(writer)
        finally:
            writer.close(clean=not writer.after_crash)


def read_once(database: Path, work: Callable[[Connection], T]) -> T:
    """See Desk.read."""
    with contextlib.closing(open_for_reading(database)) as connection:
        try:
            connection.execute("BEGIN")
            return work(connection)
        except sqlite3.Error as error:
            raise store_error(error, f"read {database}") from error
