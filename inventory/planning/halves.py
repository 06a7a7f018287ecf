"""All that can be done in one commune as two lists, of each of which one option is chosen: small
enough to be kept whole where assets move, and quickly searched under a bound on the commune.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from inventory.planning.frontier import unbeaten
from inventory.planning.nodes import Floats, Ints, Leaf

_MATRIX = 300_000
"""Pairs that are looked at one by one."""

_NEVER = 1e15
"""Of what must not be, far below all that can be."""

Pair = tuple[int, int]
"""An option of the first list and one of the second."""


@dataclass(frozen=True, slots=True, eq=False)
class Halves:
    """One option of each list is chosen, and each pair is possible."""

    commune: str
    pools: tuple[Hashable, ...]
    one: Leaf
    other: Leaf

    def figures(self, pair: Pair) -> Floats:
        """The figures of a pair."""
        found: Floats = self.one.figures[pair[0]] + self.other.figures[pair[1]]
        return found

    def values(self, pair: Pair) -> Ints:
        """How much of each act a pair does."""
        found: Ints = self.one.values[pair[0]] + self.other.values[pair[1]]
        return found

    def highest(self, column: int) -> float:
        """The most of a figure."""
        return float(self.one.figures[:, column].max() + self.other.figures[:, column].max())

    def reached(self, column: int, factors: Floats) -> tuple[Floats, Floats]:
        """(so much of a figure, rising; what is worth most of the pairs with at least that)."""
        found = []
        for leaf in (self.one, self.other):
            worth, has = leaf.figures @ factors, leaf.figures[:, column]
            kept = unbeaten(-worth, has)
            found.append((worth[kept], has[kept]))
        worth, has = (np.add.outer(*sides).ravel() for sides in zip(*found, strict=True))
        kept = unbeaten(-worth, has)
        return has[kept], worth[kept]


class Limited:
    """The pairs of a commune with at least so much of a figure (at most, where times is -1)."""

    def __init__(self, halves: Halves, column: int, times: float, least: float) -> None:
        self.halves = halves
        own = times * halves.one.figures[:, column]
        its = times * halves.other.figures[:, column]
        self._order = np.argsort(its, kind="stable")
        first = np.searchsorted(its[self._order], least - own)
        self._mine = np.flatnonzero(first < len(its))
        self._first = first[self._mine]

    def best(
        self, factors: Floats, most: int, without: Sequence[int] = ()
    ) -> tuple[float, list[Pair]]:
        """(what the best pair is worth, the best pairs, at most so many). without: figures of which
        both must have none."""
        if not len(self._mine):
            return -np.inf, []
        worth, its = self._each(factors, without)
        count = min(most, len(worth))
        top = np.argpartition(-worth, count - 1)[:count]
        top = top[np.argsort(-worth[top], kind="stable")]
        pairs = zip(self._mine[top].tolist(), its[top].tolist(), strict=True)
        return float(worth[top[0]]), list(pairs)

    def near(self, factors: Floats, reach: float, most: int) -> tuple[list[Pair], bool]:
        """(pairs that are off the best by no more than reach, whether these are all)."""
        worth, _ = self._each(factors)
        least = worth.max() - reach
        mine = np.flatnonzero(worth >= least)
        if len(mine) * len(self._order) > _MATRIX:
            return self.best(factors, most)[1], False
        own = (self.halves.one.figures @ factors)[self._mine[mine]]
        its = (self.halves.other.figures @ factors)[self._order]
        total = np.add.outer(own, its)
        total[np.arange(len(its)) < self._first[mine][:, None]] = -np.inf
        rows, places = np.nonzero(total >= least)
        if len(rows) > most:
            kept = np.argpartition(-total[rows, places], most)[:most]
            rows, places = rows[kept], places[kept]
        pairs = zip(self._mine[mine][rows].tolist(), self._order[places].tolist(), strict=True)
        return list(pairs), len(rows) < most

    def _each(self, factors: Floats, without: Sequence[int] = ()) -> tuple[Floats, Ints]:
        """For each option of the first list that can be: (the worth of it with the best of the
        second, that one)."""
        mine, its = (
            leaf.figures @ factors
            - _NEVER * leaf.figures[:, without].any(axis=1).astype(np.float64)
            if without
            else leaf.figures @ factors
            for leaf in (self.halves.one, self.halves.other)
        )
        own, its = mine[self._mine], its[self._order][::-1]
        best = np.maximum.accumulate(its)
        at = np.maximum.accumulate(np.where(its == best, np.arange(len(its)), 0))
        place = len(its) - 1 - self._first
        return own + best[place], self._order[len(its) - 1 - at[place]]
