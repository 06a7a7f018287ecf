"""What each sum of money reaches in one commune at best: the alternatives that none other beats.

An alternative is beaten by one that costs no more and gains no less. Those that are left, the
cheapest first, answer both questions that a goal asks of a commune by itself: what is the most that
a sum gains, and what is the least that a gain costs. They are made from the parts up (label setting
with dominance), so each step only adds up what is still unbeaten.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inventory.planning.nodes import COST, SCORE, USE, Floats, Ints, Leaf, Node

_SAME = 1e-11
"""Gains that differ by less are equal."""

_WEIGHTS = np.random.default_rng(7).integers(2**60, 2**62, 64)
"""So that different uses of pools have different sums."""


def frontier(parts: Sequence[Node], acts: int, most: float) -> Leaf:
    """What can be done in a commune with so many acts, the cheapest first and rising in score.

    parts: see `Enumeration.parts`; nothing in them is used of pools. most: money there is.
    """
    total = _Points.nothing(acts, USE)
    for points in sorted(_all_points(parts, acts, most), key=lambda points: len(points.figures)):
        total = total.with_each(points, most)
    return Leaf(tuple(range(acts)), total.values, total.figures)


def in_halves(parts: Sequence[Node], acts: int, pools: int, most: float) -> tuple[Leaf, Leaf]:
    """What can be done in a commune as two lists, of each of which one option is chosen; beaten is
    only what uses the same of the pools as something else."""
    nothing = _Points.nothing(acts, USE + pools)
    heap = [(len(p.figures), n, p) for n, p in enumerate(_all_points(parts, acts, most))]
    heap += [(1, -1 - n, nothing) for n in range(max(0, 2 - len(heap)))]
    heapq.heapify(heap)
    while len(heap) > 2:
        (_, number, small), (_, _, other) = heapq.heappop(heap), heapq.heappop(heap)
        both = small.with_each(other, most)
        heapq.heappush(heap, (len(both.figures), number, both))
    every = tuple(range(acts))
    one, two = (Leaf(every, points.values, points.figures) for _, _, points in heap)
    return (one, two) if len(one.values) > len(two.values) else (two, one)


def _all_points(parts: Sequence[Node], acts: int, most: float) -> list[_Points]:
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

    return [of(part) for part in parts]


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """Alternatives, row by row: figures (see COST), and how much of each act of the commune."""

    figures: Floats
    values: Ints

    @classmethod
    def nothing(cls, acts: int, width: int) -> _Points:
        """That nothing is done."""
        return cls(np.zeros((1, width)), np.zeros((1, acts), dtype=np.int64))

    def unbeaten(self, most: float) -> _Points:
        """Those within a sum that none other beats in cost and score, the cheapest first."""
        kept = _unbeaten(self.figures[:, COST], self.figures[:, SCORE], self._uses(), most)
        return _Points(self.figures[kept], self.values[kept])

    def with_each(self, other: _Points, most: float) -> _Points:
        """Each of these with each of the others, as far as unbeaten; their acts are different."""
        cost = np.add.outer(self.figures[:, COST], other.figures[:, COST]).ravel()
        score = np.add.outer(self.figures[:, SCORE], other.figures[:, SCORE]).ravel()
        uses = np.add.outer(self._uses(), other._uses()).ravel()
        mine, its = np.divmod(_unbeaten(cost, score, uses, most), len(other.figures))
        return _Points(
            self.figures[mine] + other.figures[its], self.values[mine] + other.values[its]
        )

    def _uses(self) -> Ints:
        """One number for what is used of all pools; that of a sum is the sum of both."""
        pools = self.figures.shape[1] - USE
        found: Ints = self.figures[:, USE:].astype(np.int64) @ _WEIGHTS[:pools]
        return found


def unbeaten(cost: Floats, score: Floats) -> Ints:
    """The places of what none other beats, the cheapest first and rising in score."""
    return _unbeaten(cost, score, np.zeros(len(cost), dtype=np.int64), np.inf)


def _unbeaten(cost: Floats, score: Floats, uses: Ints, most: float) -> Ints:
    """The places of what none other beats that uses the same, the cheapest first."""
    within = np.flatnonzero(cost <= most)
    if not len(within) or (uses[within] == uses[within[0]]).all():
        order = within[np.lexsort((-score[within], cost[within]))]
        return _rising(order, score[order], 0.0)
    order = within[np.lexsort((-score[within], cost[within], uses[within]))]
    group = np.concatenate(([0.0], np.cumsum(np.diff(uses[order]) != 0)))
    # So far above each other that no group of equal uses beats the next.
    return _rising(order, score[order], group * 4)


def _rising(order: Ints, score: Floats, above: Floats | float) -> Ints:
    rising = score + above
    before = np.concatenate(([-np.inf], np.maximum.accumulate(rising)[:-1]))
    kept: Ints = order[rising > before + _SAME]
    return kept
