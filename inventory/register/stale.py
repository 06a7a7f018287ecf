"""What an edit is told that came too late."""

from __future__ import annotations

from inventory.register.entry import Change, Entry


class Stale(Exception):
    """Somebody changed the asset since the version that was given: nothing was changed.

    entry: as it is now. changes: those since that version, the newest first.
    """

    def __init__(self, entry: Entry, changes: tuple[Change, ...], row: int | None = None) -> None:
        self.entry, self.changes, self.row = entry, changes, row
        super().__init__(f"{entry.asset.tag} has been changed since; it is at {entry.version} now")
