"""How `hatang profile use` has a running daemon keep a choice, by a folder of orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from config.errors import ConfigError
from inventory.order_folder import OrderFolder
from inventory.profile_choice import Choice, Choices
from inventory.register.entry import Actor

_MOST_BYTES = 1_000_000


class ProfileOrders:
    """The folder; see the module."""

    def __init__(self, database: Path) -> None:
        self._orders = OrderFolder(database, "profile-spool", "profiles", _MOST_BYTES)

    def have_done(self, choice: Choice) -> str:
        """See `OrderFolder.have_done`."""
        return self._orders.have_done(asdict(choice) | {"since": choice.since.isoformat()})

    def carry_out(self, choices: Choices, chosen_anew: Callable[[], None]) -> None:
        """Keep what waits, the oldest first; for threads. Raises StoreError, and then it waits
        on. chosen_anew: told after each."""

        def make(found: dict[str, Any]) -> None:
            choice = Choice(**(found | {"since": dt.date.fromisoformat(found.get("since", ""))}))
            try:
                choices.make(choice, Actor(choice.by, "cli"))
            except ConfigError as error:
                raise ValueError(error.problems[0]) from None
            chosen_anew()

        self._orders.carry_out(make)
