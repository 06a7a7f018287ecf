"""What each sum of money reaches in one commune at best: the alternatives that none other beats.

An alternative is beaten by one that costs no more and gains no less. Those that are left, the
cheapest first, answer both questions that a goal asks of a commune by itself: what is the most that
a sum gains, and what is the least that a gain costs. They are made from the parts up (label setting
with dominance), so each step only adds up what is still unbeaten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inventory.planning.nodes import COST, SCORE, USE, Floats, Ints, Leaf, Node

_SAME = 1e-12
"""Gains that differ by less are equal."""


def frontier(parts: Sequence[Node], acts: int, most: float) -> Leaf:
    """What can be done in a commune with so many acts, the cheapest first and rising in score.

    parts: see `Enumeration.parts`; nothing in them is used of pools. most: money there is.
    """
    memo: dict[int, _Points] = {}

    def of(node: Node) -> _Points:
        found = memo.get(id(node))
        if found is None:
            found = memo[id(node)] = made(node)
        return found

    def made(node: Node) -> _Points:
        if isinstance(node, Leaf):
            values = np.zeros((len(node.values), acts), dtype=np.int64)
            values[:, list(node.acts)] = node.values
            return _Points(node.figures, values).unbeaten(most)
        branches = []
        for branch in node.branches:
            values = np.zeros((1, acts), dtype=np.int64)
            values[0, node.act] = branch.value
            points = _Points(branch.figures[None], values)
            for part in branch.parts:
                points = points.with_each(of(part), most)
            branches.append(points)
        return _Points(
            np.concatenate([points.figures for points in branches]),
            np.concatenate([points.values for points in branches]),
        ).unbeaten(most)

    total = _Points(np.zeros((1, USE)), np.zeros((1, acts), dtype=np.int64))
    for points in sorted(map(of, parts), key=lambda points: len(points.figures)):
        total = total.with_each(points, most)
    return Leaf(tuple(range(acts)), total.values, total.figures)


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """Alternatives, row by row: figures (see COST), and how much of each act of the commune."""

    figures: Floats
    values: Ints

    def unbeaten(self, most: float) -> _Points:
        """Those within a sum that none other beats in cost and score, the cheapest first."""
        kept = _unbeaten(self.figures[:, COST], self.figures[:, SCORE], most)
        return _Points(self.figures[kept], self.values[kept])

    def with_each(self, other: _Points, most: float) -> _Points:
        """Each of these with each of the others, as far as unbeaten; their acts are different."""
        cost = np.add.outer(self.figures[:, COST], other.figures[:, COST]).ravel()
        score = np.add.outer(self.figures[:, SCORE], other.figures[:, SCORE]).ravel()
        mine, its = np.divmod(_unbeaten(cost, score, most), len(other.figures))
        return _Points(
            self.figures[mine] + other.figures[its], self.values[mine] + other.values[its]
        )


def _unbeaten(cost: Floats, score: Floats, most: float) -> Ints:
    """The places of what none other beats, the cheapest first."""
    order = np.lexsort((-score, cost))
    order = order[: np.searchsorted(cost[order], most, side="right")]
    rising = score[order]
    before = np.concatenate(([-np.inf], np.maximum.accumulate(rising)[:-1]))
    kept: Ints = order[rising > before + _SAME]
    return kept
