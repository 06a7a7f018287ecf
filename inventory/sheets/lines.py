"""What becomes of each row of a sheet, as previews, files of errors and commands show it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from inventory.register.problems import FieldProblem


class Kind(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that would change; values as hatang.yaml has them, None for nothing."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row. problems: of a refused one everything that is wrong with it. note:
    why a row is skipped, an English sentence that pages translate. given: whether Hatang made the
    tag."""

    row: int
    kind: Kind
    tag: str = ""
    name: str = ""
    changes: tuple[FieldChange, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    note: str = ""
    given: bool = False
