"""A folder beside the database in which a command leaves an import for a running daemon.

One file a job, moved into place whole, and one for its result beside it; the owner's alone. The
daemon writes everything in one transaction, so a job is done or it is not.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inventory.indicators.checks import Entry
from inventory.indicators.indicators import Indicators
from inventory.register.entry import Actor, Step
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.register import Register
from inventory.register.stale import Stale
from inventory.sheets.codec import (
    problems_from_json,
    problems_to_json,
    steps_from_json,
    steps_to_json,
)
from inventory.store.errors import StoreError

log = logging.getLogger(__name__)

MOST_BYTES = 512 * 1024 * 1024
LOST_AFTER_S = 3600.0
"""A result that nobody has fetched by then is thrown away."""

CHANGED = "the register has changed meanwhile; import the sheet again"


class Handover:
    """See the module."""

    def __init__(self, database: Path) -> None:
        self.folder = database.with_name("import-spool")

    def put(self, steps: Sequence[Step], actor: Actor, reason: str) -> str:
        """Leave a job; its name. Raises StoreError (io)."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        job = {"actor": actor.name, "reason": reason, "steps": steps_to_json(steps)}
        self._write(f"{name}.job", job)
        return name

    def put_entries(self, entries: Sequence[Entry], actor: Actor, reason: str) -> str:
        """Leave figures and indicators to declare; the job's name. Raises StoreError (io)."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        job = {
            "actor": actor.name,
            "reason": reason,
            "entries": [
                {
                    **asdict(one),
                    "as_of": one.as_of.isoformat(),
                    "expires": one.expires.isoformat() if one.expires else None,
                }
                for one in entries
            ],
        }
        self._write(f"{name}.job", job)
        return name

    def result(self, name: str) -> str | None:
        """The batch that a job became, or None while nobody has done it.

        Raises Refused as the register did, and StoreError.
        """
        path = self.folder / f"{name}.result"
        try:
            found = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StoreError("io", f"read {path}: {error}") from error
        path.unlink(missing_ok=True)
        if "failed" in found:
            raise StoreError("io", str(found["failed"]))
        if "problems" in found:
            raise Refused(problems_from_json(found["problems"]))
        return str(found["batch"])

    def withdraw(self, name: str) -> bool:
        """Take a job back; False when somebody has begun it."""
        try:
            (self.folder / f"{name}.job").unlink()
        except FileNotFoundError:
            return False
        return True

    def work_off(self, register: Register, indicators: Indicators) -> int:
        """Do every job that waits, the oldest first; how many there were."""
        waiting = sorted(self.folder.glob("[0-9]*.job"))
        for path in waiting:
            begun = path.with_suffix(".begun")
            try:
                path.replace(begun)
            except FileNotFoundError:
                continue  # taken back
            self._write(f"{path.stem}.result", self._done(begun, register, indicators))
            begun.unlink(missing_ok=True)
        self._tidy()
        return len(waiting)

    def _done(self, path: Path, register: Register, indicators: Indicators) -> dict[str, Any]:
        try:
            if path.stat().st_size > MOST_BYTES:
                raise ValueError("it is too large")
            job = json.loads(path.read_bytes())
            entries = None if "steps" in job else [_entry(one) for one in job["entries"]]
            steps = [] if entries is not None else steps_from_json(job["steps"])
            actor, reason = Actor(str(job["actor"]), "cli"), str(job["reason"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("the import %s cannot be read: %s", path.name, error)
            return {"failed": "the daemon could not read the job"}
        try:
            if entries is not None:
                return {"batch": indicators.declare(entries, actor, reason)}
            return {"batch": register.apply(steps, actor, reason=reason)}
        except Refused as refused:
            return {"problems": problems_to_json(refused.problems)}
        except (Stale, NotFound) as error:
            return {"problems": problems_to_json([FieldProblem("tag", CHANGED, {}, error.row)])}
        except StoreError as error:
            return {"failed": str(error)}

    def _tidy(self) -> None:
        """What a killed command or daemon left; jobs that were begun are not begun again."""
        ends_s = time.time() - LOST_AFTER_S
        for pattern in ("*.result", "*.begun", ".*.part"):
            for path in self.folder.glob(pattern):
                try:
                    if path.stat().st_mtime < ends_s:
                        path.unlink(missing_ok=True)
                except FileNotFoundError:
                    continue

    def _write(self, name: str, content: dict[str, Any]) -> None:
        partial = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.folder / name)
        except OSError as error:
            raise StoreError("io", f"write {self.folder / name}: {error.strerror}") from error


def _entry(found: dict[str, Any]) -> Entry:
    """Raises KeyError, TypeError, ValueError."""
    expires = found.pop("expires")
    return Entry(
        **found
        | {
            "as_of": dt.date.fromisoformat(found["as_of"]),
            "expires": dt.date.fromisoformat(expires) if expires else None,
        }
    )
