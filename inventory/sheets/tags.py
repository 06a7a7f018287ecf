"""Tags for assets that a sheet has without one: COMMUNE-CLASS-NUMBER, in the order of the rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inventory.tag_prefixes import PREFIXES


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

        >>> Tags(["22849-PC-0007"]).next("22849", "desktop")
        '22849-PC-0008'
        """
        prefix = f"{commune}-{PREFIXES.get(asset_class, PREFIXES['other'])}-"
        number = self._last.get(prefix, 0) + 1
        self._last[prefix] = number
        return f"{prefix}{number:04}"
