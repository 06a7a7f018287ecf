"""Tags for assets that a sheet has without one: CLASS-COMMUNE-NUMBER, in the order of the rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inventory.tag_prefixes import stem


class Tags:
    """Gives tags that nobody has; the same register and rows give the same ones."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._last: dict[str, int] = {}
        self.taken(taken)

    def taken(self, tags: Iterable[str]) -> None:
        """Numbers of these tags are not given any more."""
        for tag in tags:
            found = re.fullmatch(r"(.+-)([0-9]{1,9})", tag)
            if found is not None:
                self._last[found[1]] = max(self._last.get(found[1], 0), int(found[2]))

    def next(self, commune: str, asset_class: str) -> str:
        """The next free tag of a commune and class.

        >>> Tags(["PC-22849-007"]).next("22849", "desktop")
        'PC-22849-008'
        """
        prefix = f"{stem(asset_class, commune)}-"
        number = self._last.get(prefix, 0) + 1
        self._last[prefix] = number
        return f"{prefix}{number:03}"
