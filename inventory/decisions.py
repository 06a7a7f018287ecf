"""What people decided about identity, as plain values: each with what spoke for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was decided."""

    MERGE = "merge"
    """Two entries were one thing; `entry` stayed, `others` went."""
    REPLACE = "replace"
    """A new box took the place of an old one: `entry` is the old one, `others` the new one."""
    SPLIT = "split"
    """One entry was several things: `others` are its parts."""
    SWAP = "swap"
    """Two assets stood at each other's address."""
    ATTACH = "attach"
    """A thing that was seen is a registered asset."""
    ACCEPT = "accept"
    """What was measured is right."""
    KEEP = "keep"
    """What was typed is right, whatever is measured."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    entry, others: own numbers of entries of the register. why: the kind of claim that spoke for it
    ("serial", "base_mac" …), "person" where a person said so. thing: the row of the inbox it was
    about. field, value: of a conflict, and what was measured. batch: what `Register.undo` takes.
    """

    id: int
    at_s: float
    kind: Kind
    actor: str
    batch: str
    entry: int
    others: tuple[int, ...] = ()
    thing: int | None = None
    field: str = ""
    value: str = ""
    why: str = "person"
    reason: str = ""
    undone_at_s: float | None = None
