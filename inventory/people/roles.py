"""Roles and what each may do (DESIGN: viewer, registrar, planner, operator, administrator)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Right(StrEnum):
    """What somebody may do; see `RIGHTS`."""

    READ = "read"
    """See what is shown."""
    REGISTER = "register"
    """Edit assets, import, print labels, count stock."""
    PLAN = "plan"
    """Change what communes are held against, and declared figures."""
    OPERATE = "operate"
    """Run sweeps, set maintenance, decide on the inbox."""
    ADMIN = "admin"
    """Users, sessions and tokens of others, settings."""


class Role(StrEnum):
    """What a user is for Hatang."""

    VIEWER = "viewer"
    REGISTRAR = "registrar"
    PLANNER = "planner"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.READ}),
    Role.REGISTRAR: frozenset({Right.READ, Right.REGISTER}),
    Role.PLANNER: frozenset({Right.READ, Right.PLAN}),
    Role.OPERATOR: frozenset({Right.READ, Right.OPERATE}),
    Role.ADMINISTRATOR: frozenset(Right),
}
"""Role -> its rights, each within the communes of the user."""


def overlap(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """The communes of both; None stands for all.

    >>> overlap(None, frozenset({"22849"})), overlap(None, None)
    (frozenset({'22849'}), None)
    """
    if one is None or other is None:
        return other if one is None else one
    return one & other
