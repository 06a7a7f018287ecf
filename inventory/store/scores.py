"""How ready communes were over time: the figures of stored evaluations, without their bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

STEPS_OF = (
    "SELECT e.commune, e.at_s, e.ratio, e.confidence FROM (SELECT commune, max(at_s) AS at_s "
    "FROM evaluations WHERE commune IN (SELECT value FROM json_each(?)) AND at_s >= ? "
    "AND at_s <= ? GROUP BY commune, CAST((at_s + ?) / ? AS INTEGER)) n "
    "JOIN evaluations e ON e.commune = n.commune AND e.at_s = n.at_s ORDER BY e.commune, e.at_s"
)
"""The last evaluation of each step of time; the grouping reads the key alone."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One evaluation of a commune: ratio None where nothing was known; both 0 to 1."""

    at_s: float
    ratio: float | None
    confidence: float


def moments(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Moment]]:
    """Commune -> its evaluations in the order of time."""
    found: dict[str, list[Moment]] = defaultdict(list)
    for commune, at_s, ratio, confidence in rows:
        found[commune].append(Moment(at_s, ratio, confidence))
    return dict(found)
