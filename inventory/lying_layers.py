"""For which days each layer lies on the profiles: those of the settings, and those that were
chosen, which take the place of one of the same name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.profile import LayerFile
from inventory.profile_choice import Chosen

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LyingLayer:
    """A layer that counts from `since` to before `until`, as far as it is valid then; None: since
    ever, from then on."""

    file: LayerFile
    since: dt.date | None = None
    until: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether it counts on a day."""
        return (
            self.file.layer.holds_on(day)
            and (self.since is None or self.since <= day)
            and (self.until is None or day < self.until)
        )

    def begins(self) -> set[dt.date]:
        """The days from which it may count, or no longer."""
        layer = self.file.layer
        days = {layer.valid_from, self.since, self.until}
        if layer.valid_to is not None:
            days.add(layer.valid_to + _DAY)
        return {day for day in days if day is not None}


def lying_layers(files: Iterable[LayerFile], chosen: Sequence[Chosen]) -> list[LyingLayer]:
    """The layers of the settings until the first choice of the same name, and each choice until the
    next one. chosen: in the order of their days."""
    by_name: dict[str, list[Chosen]] = {}
    for one in chosen:
        if one.choice.layer:
            by_name.setdefault(one.choice.name, []).append(one)
    found = []
    for file in files:
        mine = by_name.get(file.source.path.stem)
        found.append(LyingLayer(file, until=mine[0].choice.since if mine else None))
    for mine in by_name.values():
        ends = [*(one.choice.since for one in mine[1:]), None]
        found += [
            LyingLayer(one.layer, one.choice.since, end)
            for one, end in zip(mine, ends, strict=True)
            if one.layer is not None
        ]
    return found
