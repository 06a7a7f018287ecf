"""A folder beside the database in which commands leave orders for a running daemon.

One JSON file an order, moved into place whole, the owner's alone. The daemon removes what it has
done and says of the rest why not.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from inventory.register.problems import Refused
from inventory.store.errors import StoreError

log = logging.getLogger(__name__)

EVERY_S = 1.0
"""How often a daemon looks for orders."""

TAKEN_WITHIN_S = 30.0
"""How long a command waits for the daemon."""

_numbers = itertools.count()


class OrderFolder:
    """The orders about one thing. about: what they are for, in the log. most_bytes: of one."""

    def __init__(self, database: Path, name: str, about: str, most_bytes: int) -> None:
        self.folder = database.with_name(name)
        self._about = about
        self._most_bytes = most_bytes

    def put(self, order: Mapping[str, Any]) -> Path:
        """Leave an order; where it waits. Raises StoreError (io)."""
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(_numbers)}.json"
        partial = self.folder / f".{name}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(order, file)
            partial.replace(self.folder / name)
        except OSError as error:
            raise StoreError("io", f"write {self.folder / name}: {error.strerror}") from error
        return self.folder / name

    def have_done(self, order: Mapping[str, Any]) -> str:
        """Leave an order and wait until the daemon has looked at it; "" once it is done, else why
        it was refused. Raises StoreError; where the daemon does not take it, nothing was changed.
        """
        path = self.put(order)
        ends_s = time.monotonic() + TAKEN_WITHIN_S
        while path.exists():
            if time.monotonic() > ends_s:
                path.unlink(missing_ok=True)
                said = "the daemon has not taken it; nothing was changed, try again"
                raise StoreError("busy", said)
            time.sleep(0.1)
        answer = _answer_of(path)
        if not answer.exists():
            return ""
        why = answer.read_text(encoding="utf-8")
        answer.unlink(missing_ok=True)
        return why

    def carry_out(self, do: Callable[[dict[str, Any]], object]) -> None:
        """Do what waits, the oldest first; for threads. Raises StoreError, and then it waits on.

        do: raises Refused, ValueError or TypeError for what is not to be done.
        """
        for path in sorted(self.folder.glob("[0-9]*.json")):
            try:
                if path.stat().st_size > self._most_bytes:
                    raise ValueError("is too large")
                do(_read(path))
            except FileNotFoundError:
                continue  # whoever ordered it did not want to wait
            except (Refused, ValueError, TypeError, OSError) as error:
                log.warning("an order for %s was refused: %s", self._about, ascii(str(error)))
                self._refuse(path, str(error))
            else:
                path.unlink(missing_ok=True)

    def _refuse(self, path: Path, why: str) -> None:
        try:
            _answer_of(path).write_text(why, encoding="utf-8")
            path.unlink(missing_ok=True)
        except OSError as error:
            log.error("%s cannot be answered: %s", path, error)


def _answer_of(path: Path) -> Path:
    """Where it is said why an order was refused."""
    return path.with_suffix(".refused")


def _read(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError("is no order")
    return found
