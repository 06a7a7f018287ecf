"""What is known of users, sessions and tokens; none of it holds a secret."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.people.roles import RIGHTS, Right, Role


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in. communes: None for all. Times are seconds since 1970.

    password: an argon2id hash; "" until the first password has been set.
    """

    id: int
    name: str
    full_name: str
    role: Role
    communes: frozenset[str] | None
    language: str
    password: str
    password_at_s: float | None
    created_at_s: float
    disabled_at_s: float | None
    used_at_s: float | None

    def __repr__(self) -> str:
        return f"User({self.name!r}, {self.role.value})"

    @property
    def state(self) -> str:
        """disabled, invited (no password yet) or active."""
        if self.disabled_at_s is not None:
            return "disabled"
        return "active" if self.password else "invited"

    def may(self, right: Right, commune: str | None = None) -> bool:
        """Whether the role has the right, and the scope the commune if one is given."""
        return right in RIGHTS[self.role] and (
            commune is None or self.communes is None or commune in self.communes
        )


@dataclass(frozen=True, slots=True)
class Session:
    """One login that holds. user: the name. browser: what it calls itself."""

    id: int
    user: str
    created_at_s: float
    used_at_s: float
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Token:
    """A key of a program, which acts for its user within `rights` and `communes` (None: all)."""

    id: int
    user: str
    name: str
    rights: frozenset[Right]
    communes: frozenset[str] | None
    created_at_s: float
    ends_at_s: float
    used_at_s: float | None
