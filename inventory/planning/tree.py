"""Trees of options, walked: what is the best, the cheapest or the dearest of a part, and how far
others are off.

A node stands in many branches, so whatever is found of one is kept for the walk.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inventory.planning.nodes import COST, USE, Floats, Fork, Ints, Leaf, Node

Pick = tuple[int, tuple["Pick", ...]]
"""The option of a leaf, or the branch of a fork and the picks of its parts."""


class Worths:
    """What alternatives are worth at some prices. factors: for each price (column), what one of
    each figure (row) is worth."""

    def __init__(self, factors: Floats) -> None:
        self._factors = factors
        self._known: dict[int, _Best] = {}

    def best(self, node: Node) -> Floats:
        """The most that an alternative is worth, for each price."""
        return self._best(node).worth

    def each(self, node: Node) -> Floats:
        """What each option of a leaf or branch of a fork is worth at best (row), for each price."""
        worth: Floats = node.figures @ self._factors
        if isinstance(node, Fork):
            for at, branch in enumerate(node.branches):
                for part in branch.parts:
                    worth[at] += self._best(part).worth
        return worth

    def pick(self, node: Node, price: int = 0) -> Pick:
        """The best alternative at one of the prices; the first of equal ones."""
        at = int(self._best(node).at[price])
        if isinstance(node, Leaf):
            return at, ()
        return at, tuple(self.pick(part, price) for part in node.branches[at].parts)

    def offs(self, node: Node, reach: float) -> Floats:
        """How far each alternative within reach is off the best, at the first price."""
        found: list[Floats] = []

        def walk(node: Node, off: float) -> None:
            worth = self.each(node)[:, 0]
            away = off + worth.max() - worth
            found.append(away[away <= reach])
            if isinstance(node, Fork):
                for at in np.flatnonzero(away <= reach).tolist():
                    for part in node.branches[at].parts:
                        walk(part, float(away[at]))

        walk(node, 0.0)
        return np.concatenate(found)

    def _best(self, node: Node) -> _Best:
        found = self._known.get(id(node))
        if found is None:
            worth = self.each(node)
            at = worth.argmax(axis=0)
            found = self._known[id(node)] = _Best(worth.max(axis=0), at)
        return found


class _Best(NamedTuple):
    """For each price what the best is worth, and which option or branch it is."""

    worth: Floats
    at: Ints


def figures_of(node: Node, pick: Pick) -> Floats:
    """The figures of a pick."""
    if isinstance(node, Leaf):
        row: Floats = node.figures[pick[0]]
        return row
    branch = node.branches[pick[0]]
    inner = (figures_of(p, q) for p, q in zip(branch.parts, pick[1], strict=True))
    total: Floats = sum(inner, branch.figures)
    return total


def dearest(node: Node) -> float:
    """The most that an alternative costs, each part for itself."""
    if isinstance(node, Leaf):
        return float(node.figures[:, COST].max())
    return max(
        float(branch.figures[COST]) + sum(dearest(part) for part in branch.parts)
        for branch in node.branches
    )


def highest(node: Node, column: int) -> float:
    """The most that an alternative has of a figure, whatever it costs."""
    if isinstance(node, Leaf):
        return float(node.figures[:, column].max())
    return max(
        float(branch.figures[column]) + sum(highest(part, column) for part in branch.parts)
        for branch in node.branches
    )


_Least = tuple[tuple[float, float], Pick]


def cheapest(node: Node) -> Pick:
    """What costs, and then moves, least."""
    return _cheapest(node, {})[1]


def _cheapest(node: Node, memo: dict[int, _Least]) -> _Least:
    """((cost, moves), pick) of what costs and moves least."""
    known = memo.get(id(node))
    if known is not None:
        return known
    if isinstance(node, Leaf):
        moved = np.abs(node.figures[:, USE:]).sum(axis=1)
        at = int(np.lexsort((moved, node.figures[:, COST]))[0])
        found: _Least = (float(node.figures[at, COST]), float(moved[at])), (at, ())
    else:
        each = []
        for number, branch in enumerate(node.branches):
            inner = [_cheapest(part, memo) for part in branch.parts]
            cost = float(branch.figures[COST]) + sum(cost for (cost, _), _ in inner)
            moves = float(np.abs(branch.figures[USE:]).sum()) + sum(m for (_, m), _ in inner)
            each.append(((cost, moves), (number, tuple(pick for _, pick in inner))))
        found = min(each)
    memo[id(node)] = found
    return found
