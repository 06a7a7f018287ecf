"""One alternative of each part, the best for all communes together: a mixed-integer program.

1. The program without whole numbers is solved by making alternatives where they pay (column
   generation); its worth is a bound on every answer.
2. The program in whole numbers is solved with the alternatives that the prices of 1. leave in
   reach: one variable for each option of a leaf and each branch of a fork.
3. An alternative that is further off its part's best than the bound is from the best answer so far
   is in no better one. While the gap is too wide, more of the others are taken in and the program
   is solved again: with all of them the answer is exact.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from inventory.planning.bounds import Task
from inventory.planning.nodes import Floats, Flow, Part
from inventory.planning.program import NoSolution, maximize
from inventory.planning.table import Table
from inventory.planning.tree import Pick, Worths, cheapest, dearest, figures_of

_FIRST = 200
"""Alternatives in the first program in whole numbers that are not the best of their part."""

_ALL = 150_000
"""Such alternatives that a program can have; beyond, the bound of step 1 has to do."""

_WIDER = 3
"""How many times as many the next program has, where a gap is allowed."""

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Choice:
    """The pick of each part and how much of each flow, what they are worth, and what no choice
    exceeds. level: the value of the level. proven: whether the gap asked for was reached."""

    picks: tuple[Pick, ...]
    flows: tuple[int, ...]
    worth: float
    bound: float
    level: float
    proven: bool


class Master:
    """See the module."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def best(self, gap: float, until: float, start: Choice | None = None) -> Choice:
        """The best choice within a relative gap, or by a moment of the monotonic clock.

        start: a choice that is possible. Raises NoSolution.
        """
        base = start.picks if start else [cheapest(part.node) for part in self._task.parts]
        bound, prices = self._prices(until, base)
        worths = [(part, Worths(factors)) for part, factors in self._task.priced(prices)]
        size = _FIRST
        reach = _reach(worths, 3 * gap * abs(bound) + _EPSILON, size)
        try:
            found = self._whole(worths, reach, gap, until, base, bound)
        except NoSolution:
            if start is None or self._task.profit is None:
                raise
            return self._started(start, bound)
        while not found.proven and time.monotonic() < until:
            size = min(_WIDER * size, _ALL) if gap else _ALL
            further = _reach(worths, bound - found.worth + _EPSILON, size)
            if further <= reach:
                break
            reach = further
            try:
                wider = self._whole(worths, reach, gap, until, found.picks, bound)
            except NoSolution:
                break  # a wider program may find nothing in the time that is left
            found = _better(found, wider, gap)
        return found

    def _started(self, start: Choice, bound: float) -> Choice:
        """The choice that was begun with, where none other was found in time."""
        profit = self._task.profit
        assert profit is not None
        worth = worth_of(self._task.parts, self._task.flows, start, profit)
        return Choice(start.picks, start.flows, worth, max(worth, bound), 0.0, False)

    # The program without whole numbers

    def _prices(self, until: float, base: Sequence[Pick]) -> tuple[float, Floats]:
        """(a bound, the prices of the bounds it stands on)."""
        columns: list[dict[Pick, Floats]] = [
            {pick: figures_of(part.node, pick)}
            for part, pick in zip(self._task.parts, base, strict=True)
        ]
        self._seed(columns)
        while True:
            prices, worth, own = self._relaxed(columns, until)
            added, above = False, 0.0
            for at, (part, factors) in enumerate(self._task.priced(prices)):
                worths = Worths(factors)
                extra = float(worths.best(part.node)[0]) - own[at]
                above += max(0.0, extra)
                pick = worths.pick(part.node)
                if extra > _EPSILON and pick not in columns[at]:
                    columns[at][pick] = figures_of(part.node, pick)
                    added = True
            if not added or above < 1e-5 * abs(worth) or time.monotonic() > until:
                return worth + above, prices

    def _seed(self, columns: Sequence[dict[Pick, Floats]]) -> None:
        """What pays at some prices of money: more than enough to begin with."""
        most = max(1.0, *(dearest(part.node) for part in self._task.parts))
        rates = np.array([0.0, *np.geomspace(1e-4, 10.0, 12) / most])
        for at, part in enumerate(self._task.parts):
            worths = Worths(self._task.lured(part, rates))
            for price in range(len(rates)):
                pick = worths.pick(part.node, price)
                columns[at].setdefault(pick, figures_of(part.node, pick))

    def _relaxed(
        self, columns: Sequence[dict[Pick, Floats]], until: float
    ) -> tuple[Floats, float, Floats]:
        """(prices of the bounds, worth, price of each part)."""
        table = Table(self._task)
        for at, some in enumerate(columns):
            table.one_of(at, np.vstack(list(some.values())), None)
        found = maximize(table.program(whole=False), time_s=until - time.monotonic())
        parts = len(self._task.parts)
        return found.prices[parts:], found.worth, found.prices[:parts]

    # The program in whole numbers

    def _whole(
        self,
        worths: Sequence[tuple[Part, Worths]],
        reach: float,
        gap: float,
        until: float,
        base: Sequence[Pick],
        bound: float,
    ) -> Choice:
        """reach: alternatives further off than this are left out, but for those of `base`."""
        table = Table(self._task)
        for at, (part, its) in enumerate(worths):
            table.tree(at, part.node, its, reach, base[at])
        program = table.program(whole=True)
        found = maximize(program, gap=gap / 2, time_s=until - time.monotonic())
        picks = table.picks(found.values)
        level = float(found.values[-1]) if self._task.profit is None else 0.0
        # Whoever uses an alternative out of reach is worth at most `bound - reach`.
        limit = float(max(found.worth, min(bound, max(found.bound, bound - reach))))
        near = _is_near(found.worth, limit, gap)
        return Choice(picks, table.flows(found.values), found.worth, limit, level, near)


def _better(one: Choice, other: Choice, gap: float) -> Choice:
    """What is worth more of two choices, bounded by what bounds both."""
    best = other if other.worth >= one.worth else one
    bound = max(best.worth, min(one.bound, other.bound))
    return replace(best, bound=bound, proven=_is_near(best.worth, bound, gap))


def _is_near(worth: float, bound: float, gap: float) -> bool:
    return bool(bound - worth <= max(gap * abs(worth), 1e-6))


def worth_of(parts: Sequence[Part], flows: Sequence[Flow], choice: Choice, column: int) -> float:
    """What a choice has of a figure in all."""
    picks = zip(parts, choice.picks, strict=True)
    of_parts = sum(float(figures_of(part.node, pick)[column]) for part, pick in picks)
    counts = zip(flows, choice.flows, strict=True)
    return of_parts + sum(float(flow.figures[column]) * count for flow, count in counts)


def _reach(worths: Sequence[tuple[Part, Worths]], most: float, size: int) -> float:
    """How far off its part's best an alternative is of which so many that are not the best
    themselves are no further off; `most` where there are fewer."""
    off = np.concatenate([its.offs(part.node, most) for part, its in worths])
    further = off[off > _EPSILON]
    return float(np.partition(further, size)[size]) if len(further) > size else most
