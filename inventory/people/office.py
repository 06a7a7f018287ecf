"""What users, logins and tokens have in common: the desk, the rules, and the log of changes."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from config.people import People as Rules
from inventory.clock import Clock
from inventory.people.throttle import Rate
from inventory.register.entry import Actor
from inventory.store.changes import add_changes
from inventory.store.desk import Connection, Desk
from inventory.store.errors import StoreError

SECRET_BYTES = 16
"""128 random bits in the id of a session, a link and a token (ASVS 5.0 7.2.3)."""

_DENIED_A_MINUTE = 20

TOUCH_EVERY_S = 60.0
"""When a session or token is used, that is written so often at most."""


class Office:
    """See `People`. Whatever changes users, sessions or tokens stands in the log of changes in the
    same transaction."""

    def __init__(self, desk: Desk, rules: Callable[[], Rules], clock: Clock) -> None:
        self._desk, self._rules, self._clock = desk, rules, clock
        self._rate = Rate(_DENIED_A_MINUTE)

    def denied(self, actor: Actor, what: str, why: str) -> None:
        """Log an attempt that was denied; beyond 20 a minute from one address they are not."""
        if not self._rate.lets(actor.address, self._clock.monotonic()):
            return
        with contextlib.suppress(StoreError):
            self._desk.write(
                "log a denied attempt",
                lambda c: self._log(c, actor, "denied", what[:200], {}, {}, why, kind="access"),
            )

    def _log(
        self,
        c: Connection,
        actor: Actor,
        action: str,
        subject: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        reason: str = "",
        kind: str = "user",
    ) -> None:
        batch = f"b{secrets.token_hex(6)}"
        line = (action, kind, subject, None, "", before, after)
        add_changes(c, actor, self._clock.wall(), batch, reason, [line])


def new_secret() -> str:
    """A random id of a session, link or token that nobody guesses."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> str:
    """What is kept of a random secret; it is long enough to need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def known_as(name: str) -> str:
    """A user's name as it is kept: case and spaces around it do not matter."""
    return name.strip().lower()
