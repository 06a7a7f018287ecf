"""Assets of the files and of the database as one register, checked together.

What stands in the files must be right, or nothing is used. What stands in the database was right
when it was entered; where the settings have changed since, it is used without the part that does
not fit any more, so that no slip in a file keeps the daemon from starting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from config.assets import Asset
from config.cross_rules import RULES, Entry, Whole, Wrong
from config.errors import Path_
from config.sections import Settings


@dataclass(frozen=True, slots=True)
class Dropped:
    """What of a registered asset is not used. field: "tag" or "commune" for the whole of it."""

    tag: str
    field: str
    text: str

    def __str__(self) -> str:
        what = "is left out" if self.field in _WHOLE else f"is used without {self.field}"
        return f"{self.tag} {what}: {self.text}"


_WHOLE = frozenset({"tag", "commune"})
_WITHOUT: dict[str, object] = {"endpoints": (), "upstream": None, "edge": False}


def joined(
    settings: Settings, files: tuple[Entry, ...], wrong: Wrong, registered: Iterable[Asset]
) -> tuple[Settings, tuple[Dropped, ...]]:
    """Settings with all assets, the files' first; what is wrong in the files is noted there."""
    dropped: dict[tuple[str, str], Dropped] = {}
    by_tag = {asset.tag: asset for asset in registered}
    own = [Entry(asset, _noting(asset, dropped)) for asset in by_tag.values()]
    entries = (*files, *own)
    assets = tuple(entry.asset for entry in entries)
    whole = Whole(settings.model_copy(update={"assets": assets}), entries, wrong)
    for rule in RULES:
        rule(whole)
    if not dropped:
        return whole.settings, ()
    left_out = {tag for tag, field in dropped if field in _WHOLE}
    for tag, field in dropped:
        if field in _WITHOUT:
            by_tag[tag] = by_tag[tag].model_copy(update={field: _WITHOUT[field]})
    assets = (
        *(entry.asset for entry in files),
        *(asset for tag, asset in by_tag.items() if tag not in left_out),
    )
    found = tuple(d for d in dropped.values() if d.field in _WHOLE or d.tag not in left_out)
    return settings.model_copy(update={"assets": assets}), found


def _noting(asset: Asset, dropped: dict[tuple[str, str], Dropped]) -> Callable[[Path_, str], None]:
    def wrong(path: Path_, text: str) -> None:
        field = str(path[0])
        dropped.setdefault((asset.tag, field), Dropped(asset.tag, field, text))

    return wrong
