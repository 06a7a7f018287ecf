"""What a field of one's own is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from config.assets import AssetClass


class FieldKind(StrEnum):
    """What may stand in a field."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. classes: which assets have it, all of them where empty. choices: of a choice."""

    name: str
    kind: FieldKind = FieldKind.TEXT
    classes: tuple[AssetClass, ...] = ()
    choices: tuple[str, ...] = ()
    id: int | None = None
