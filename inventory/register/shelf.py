"""The assets of the register as they stand in the database, parsed once for each version."""

from __future__ import annotations

from pathlib import Path

from config.assets import Asset
from inventory.store.desk import read_once
from inventory.store.register import asset_of, has_register, standing


class Shelf:
    """What was read is kept, so that reading again costs what has changed."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, Asset]] = {}

    def read(self, database: Path) -> list[Asset]:
        """What is registered now, by tag; nothing where there is no database yet.

        Raises StoreError.
        """
        if not database.exists():
            return []
        rows = read_once(
            database, lambda c: list(standing(c, "register")) if has_register(c) else []
        )
        known = self._known
        self._known = {}
        for id_, version, _, body in rows:
            kept = known.get(id_)
            asset = kept[1] if kept and kept[0] == version else asset_of(id_, body)
            self._known[id_] = (version, asset)
        return [asset for _, asset in self._known.values()]
