"""What a planner wants to know first: who lacks most, what costs most; said from the present."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.web.readiness import Gap, Row, costliest, rows_of
from dashboards.web.site import Site

LITTLE = 0.6
"""Below this share of what is asked a commune lacks most: ours, a limit of the map's bands."""

SURE = 0.5
"""Below this confidence too little is known of a commune to say what it lacks: ours."""

NAMED = 5
"""How many communes each part names."""


@dataclass(frozen=True, slots=True)
class Communes:
    """Some of the communes. named: the least ready first; more: how many are not named."""

    named: tuple[Row, ...]
    more: int


@dataclass(frozen=True, slots=True)
class InShort:
    """lacking: less than LITTLE is fulfilled, and enough is known to say so. unsure: too little is
    known. gaps: the costliest of all communes."""

    lacking: Communes
    unsure: Communes
    gaps: tuple[Gap, ...]


def in_short(site: Site, communes: frozenset[str] | None = None) -> InShort | None:
    """Of some communes or, without any named, of all; None while nothing is evaluated."""
    views = [
        view
        for code, view in list(site.snapshot.communes.items())
        if view.evaluation is not None and (communes is None or code in communes)
    ]
    if not views:
        return None
    rows = rows_of(site, views)
    return InShort(
        _some([row for row in rows if _known(row) and _ratio(row) < LITTLE]),
        _some([row for row in rows if not _known(row)]),
        costliest(site, views),
    )


def _some(rows: Sequence[Row]) -> Communes:
    return Communes(tuple(rows[:NAMED]), max(0, len(rows) - NAMED))


def _known(row: Row) -> bool:
    return row.score is not None and row.score.ratio is not None and row.score.confidence >= SURE


def _ratio(row: Row) -> float:
    return row.score.ratio or 0.0 if row.score is not None else 0.0
