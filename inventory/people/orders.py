"""How `hatang user` has a running daemon change users: a folder of orders beside the database.

One file an order, moved into place whole, the owner's alone. It holds the digest of a link and
never its secret. The daemon removes what it has done and says of the rest why not.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from inventory.people.people import People
from inventory.people.roles import Role
from inventory.register.entry import Actor
from inventory.register.problems import Refused
from inventory.store.errors import StoreError

log = logging.getLogger(__name__)

EVERY_S = 1.0
"""How often a daemon looks for orders."""

_MOST_BYTES = 100_000
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Order:
    """One change. digest: of the link for what makes one. by: who orders it on this machine."""

    what: Literal["add", "disable", "reset", "link"]
    name: str
    by: str
    digest: str = ""
    role: str = ""
    full_name: str = ""
    communes: tuple[str, ...] = ()
    language: str = ""


def carry_out(people: People, order: Order) -> None:
    """Do what is ordered. Raises Refused and StoreError."""
    actor = Actor(order.by, "cli")
    if order.what == "disable":
        people.disable(order.name, actor)
        return
    if order.what == "add":
        people.add(
            order.name,
            Role(order.role),
            actor,
            full_name=order.full_name,
            communes=frozenset(order.communes) or None,
            language=order.language,
        )
    people.set_link(order.name, order.digest, actor, reset=order.what == "reset")


class Orders:
    """The folder; see the module."""

    def __init__(self, database: Path) -> None:
        self.folder = database.with_name("people-spool")

    def put(self, order: Order) -> Path:
        """Leave an order; where it waits. Raises StoreError (io)."""
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(_numbers)}.json"
        partial = self.folder / f".{name}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(order), file)
            partial.replace(self.folder / name)
        except OSError as error:
            raise StoreError("io", f"write {self.folder / name}: {error.strerror}") from error
        return self.folder / name

    def carry_out(self, people: People) -> None:
        """Do what waits, the oldest first; for threads. Raises StoreError, and then it waits on."""
        for path in sorted(self.folder.glob("[0-9]*.json")):
            try:
                if path.stat().st_size > _MOST_BYTES:
                    raise ValueError("is too large")
                carry_out(people, _read(path))
            except FileNotFoundError:
                continue  # whoever ordered it did not want to wait
            except (Refused, ValueError, TypeError, OSError) as error:
                log.warning("an order for users was refused: %s", ascii(str(error)))
                self._refuse(path, str(error))
            else:
                path.unlink(missing_ok=True)

    def _refuse(self, path: Path, why: str) -> None:
        try:
            answer_of(path).write_text(why, encoding="utf-8")
            path.unlink(missing_ok=True)
        except OSError as error:
            log.error("%s cannot be answered: %s", path, error)


def answer_of(path: Path) -> Path:
    """Where it is said why an order was refused."""
    return path.with_suffix(".refused")


def _read(path: Path) -> Order:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError("is no order")
    order = Order(**(found | {"communes": tuple(found.get("communes", ()))}))
    if order.what not in ("add", "disable", "reset", "link"):
        raise ValueError("is no order")
    return order
