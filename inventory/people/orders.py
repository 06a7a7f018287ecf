"""How `hatang user` has a running daemon change users, by a folder of orders.

An order holds the digest of a link and never its secret.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from inventory.order_folder import OrderFolder
from inventory.people.people import People
from inventory.people.roles import Role
from inventory.register.entry import Actor

_MOST_BYTES = 100_000


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
        self._orders = OrderFolder(database, "people-spool", "users", _MOST_BYTES)

    def have_done(self, order: Order) -> str:
        """See `OrderFolder.have_done`."""
        return self._orders.have_done(asdict(order))

    def carry_out(self, people: People) -> None:
        """Do what waits, the oldest first; for threads. Raises StoreError, and then it waits on."""
        self._orders.carry_out(lambda found: carry_out(people, _order(found)))


def _order(found: dict[str, Any]) -> Order:
    order = Order(**(found | {"communes": tuple(found.get("communes", ()))}))
    if order.what not in ("add", "disable", "reset", "link"):
        raise ValueError("is no order")
    return order
