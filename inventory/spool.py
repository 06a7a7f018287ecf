"""A folder beside the database in which `hatang scan` leaves its reports for a running daemon.

One file a report, moved into place whole; what cannot be read is set aside and never in the way.
Files hold addresses and names of devices, no secrets, and are the owner's alone.
"""

from __future__ import annotations

import itertools
import logging
import os
import time
from pathlib import Path

from inventory.sighting import Report, report_from_json, report_to_json
from inventory.store.errors import StoreError

log = logging.getLogger(__name__)

MOST_BYTES = 16 * 1024 * 1024
MOST_AT_ONCE = 100
_numbers = itertools.count()


class Spool:
    """See the module."""

    def __init__(self, database: Path) -> None:
        self.folder = database.with_name("inbox-spool")

    def put(self, report: Report) -> None:
        """Leave one report; it is whole on the disk when this returns. Raises StoreError (io)."""
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(_numbers)}.json"
        partial = self.folder / f".{name}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(report_to_json(report))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.folder / name)
        except OSError as error:
            raise StoreError("io", f"write {self.folder / name}: {error.strerror}") from error

    def waiting(self) -> list[Path]:
        """What has not been taken, the oldest first."""
        return sorted(self.folder.glob("[0-9]*.json"))

    def take(self) -> list[tuple[Path, Report]]:
        """Reports that wait, the oldest first; the caller unlinks each once it is committed."""
        found = []
        for path in self.waiting()[:MOST_AT_ONCE]:
            try:
                if path.stat().st_size > MOST_BYTES:
                    raise ValueError("is too large")
                found.append((path, report_from_json(path.read_bytes())))
            except FileNotFoundError:
                continue
            except (ValueError, OSError) as error:
                log.error("the report %s cannot be read and is set aside: %s", path, error)
                path.replace(path.with_suffix(".refused"))
        return found
