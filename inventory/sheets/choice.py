"""What a person chose for a sheet: which columns are what, and what new assets have where the sheet
says nothing. It is remembered by the names of the columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from inventory.sheets.fields import CUSTOM, TARGETS, field_of, plain
from inventory.sheets.header import Header, columns_of, find_header, header_at
from inventory.sheets.maps import READY
from inventory.sheets.problem import SheetError
from inventory.sheets.table import Table

DEFAULTS = ("commune", "class", "status", "site")
"""What can be chosen for all new assets at once."""

NO_COLUMN = "has no column that is known; say which column is what"


@dataclass(frozen=True, slots=True)
class Choice:
    """map: a ready one's name, or "". columns: title -> key, "" leaves one out. row: where the
    header is, 0 where it is looked for."""

    map: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    row: int = 0

    def as_json(self) -> dict[str, Any]:
        """For keeping."""
        return asdict(self)

    def knows(self) -> Callable[[str], str | None]:
        """What says which field a title names."""
        ready = READY.get(self.map)
        return ready.knows() if ready else field_of

    def all_defaults(self) -> dict[str, str]:
        """Key -> what a new asset has where its row says nothing."""
        ready = READY.get(self.map)
        chosen = {key: value for key, value in self.defaults.items() if value}
        return {**(ready.defaults if ready else {}), **chosen}


def choice_of(values: Mapping[str, Any]) -> Choice:
    """The inverse of `Choice.as_json`; what is not known is left out."""
    columns = {
        str(title): str(key)
        for title, key in dict(values.get("columns", {})).items()
        if key in ("", *TARGETS) or (str(key).startswith(CUSTOM) and len(str(key)) > len(CUSTOM))
    }
    defaults = {
        key: str(value)
        for key, value in dict(values.get("defaults", {})).items()
        if key in DEFAULTS
    }
    ready = str(values.get("map", ""))
    row = values.get("row", 0)
    return Choice(
        ready if ready in READY else "", columns, defaults, row if isinstance(row, int) else 0
    )


def header_of(table: Table, choice: Choice) -> tuple[Header, dict[int, str]]:
    """The header of a table and what its columns are taken for. Raises SheetError.

    No column is known only in a row that somebody has pointed at: they can say what is what.
    """
    knows = choice.knows()

    def named(title: str) -> str | None:
        return choice.columns.get(title) or knows(title)

    header = header_at(table, choice.row) if choice.row else find_header(table, named)
    columns = columns_of(header, choice.columns, knows)
    if not columns and not choice.row:
        raise SheetError(NO_COLUMN)
    return header, columns


def signature_of(titles: tuple[str, ...]) -> str:
    """The same for sheets with the same columns, in any order."""
    names = sorted({plain(title) for title in titles if title})
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:16]
