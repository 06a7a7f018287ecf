"""How high the lowest commune can come where assets move: the least that a level costs, and so the
highest level that the money reaches.

The least that a level costs is found over whole communes (`columns`): every commune is that high or
as near as it can come, money is left over, and the more of it the better. At any prices of what
moves, what a commune costs at least is looked up for every level; so each such program says which
level no answer exceeds, and the next one is asked there.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from inventory.planning.bounds import Bound
from inventory.planning.columns import Columns, Picked
from inventory.planning.halves import Halves, Limited, Pair
from inventory.planning.nodes import COST, SCORE, USE, Floats, Flow
from inventory.planning.program import NoSolution

_LOST = 1e-7
"""How much of a level may be lost to rounding."""

_LEAST = 0.01
"""Of a level that hardly gains anything, how much is looked below it."""

_LENT_VND = 100_000_000
"""More than what could move is worth to anybody."""

_ROUNDED = 1e-6
"""The part of a program's worth that may be lost to rounding."""

_DOWN = (0.3, 0.8, 2.0, 5.0, 12.0, 30.0, 80.0, 200.0)
"""How far below what no choice exceeds a choice is looked for, in gaps."""

_TIMES = 12
"""So often is a lower level asked for at most."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """The choice, and of the level: the one reached and the one that no choice exceeds; gained and
    most: the same above the lowest commune that is not at its top."""

    picked: Picked
    level: float
    gained: float
    most: float


class Lift:
    """before: the scores of those communes that have one. money: the bound of the money, in units
    of its scale; pools: of what moves."""

    def __init__(
        self,
        communes: Sequence[Halves],
        flows: Sequence[Flow],
        before: Mapping[str, float],
        money: Bound,
        pools: Sequence[Bound],
    ) -> None:
        self._communes, self._flows, self._before = communes, flows, before
        self._money, self._pools = money, pools
        self._tops = {
            one.commune: before[one.commune] + one.highest(SCORE)
            for one in communes
            if one.commune in before
        }

    def best(self, gap: float, until: float) -> Lifted:
        """The best within a gap, or as near as is found in time, and of that level the highest mean
        score. Raises NoSolution where none is found."""
        most, known = self._most(gap, until)
        lowest = self._lowest(most)
        step = gap * max(most - lowest, _LEAST)
        best: tuple[float, Picked] | None = None
        failed, down = most, (step * times for times in _DOWN)
        half = (time.monotonic() + until) / 2
        while time.monotonic() < until:
            if best is not None:
                until = half  # the rest of the time is for other ways
            if best is None:
                level = max(most - next(down, math.inf), min(self._before.values()))
                if level >= failed and failed < most:
                    break
            elif failed - best[0] > step and most - best[0] > step:
                level = (failed + best[0]) / 2
            else:
                break
            try:
                picked = self._picked(level, known, gap, until)
            except NoSolution:
                failed = level
                continue
            best = (min(most, max(level, self._reached_by(picked))), picked)
        if best is None:
            raise NoSolution("the lowest")
        return Lifted(best[1], best[0], best[0] - lowest, most - lowest)

    def _picked(
        self, level: float, known: Sequence[dict[Pair, Floats]], gap: float, until: float
    ) -> Picked:
        """The highest mean score at a level. Raises NoSolution."""
        bounds = [self._money, *self._pools]
        columns = Columns(self._at(level), self._flows, bounds, SCORE)
        columns.begin(known)
        relaxed = columns.relaxed(lambda worth: gap / 10 * abs(worth), until)
        return columns.whole(relaxed, gap, until)

    def _reached_by(self, picked: Picked) -> float:
        """The level that a choice reaches."""
        found = math.inf
        for one, pair in zip(self._communes, picked.pairs, strict=True):
            if one.commune in self._tops:
                height = self._before[one.commune] + float(one.figures(pair)[SCORE])
                if height < self._tops[one.commune] - _LOST:
                    found = min(found, height)
        return found

    def _lowest(self, level: float) -> float:
        """The lowest score now of those that a level does not leave at their top."""
        others = [self._before[code] for code, top in self._tops.items() if top > level + _LOST]
        return min(others, default=level)

    def _at(self, level: float) -> list[Limited]:
        """The communes at a level, or as near as each can come."""
        found = []
        for one in self._communes:
            top = self._tops.get(one.commune)
            least = -1.0 if top is None else min(level, top) - self._before[one.commune] - _LOST
            found.append(Limited(one, SCORE, 1.0, least))
        return found

    def _most(self, gap: float, until: float) -> tuple[float, Sequence[dict[Pair, Floats]]]:
        """(a level that no choice exceeds, pairs that come near it)."""
        # What is maximized is the money that is left, and so much more that it is never below 0.
        scale = self._money.scale
        more = 1.0 + sum(one.highest(COST) + _LENT_VND for one in self._communes) * scale
        money = replace(self._money, upper=self._money.upper + more, level=1.0)

        def close(worth: float) -> float:
            """The further the level is from what the money reaches, the less it matters."""
            return max(0.02 * gap * self._money.upper, 0.05 * abs(worth - more))

        flows = [*self._flows, *self._lent()]
        most, known = max(self._tops.values()), None
        for _ in range(_TIMES):
            at = self._at(most)
            columns = Columns(at, flows, [money, *self._pools], None)
            columns.begin(known)
            relaxed, known = columns.relaxed(close, until), columns.known
            # What rounding may have taken of the money counts as left.
            left = relaxed.bound - more * (1 - _ROUNDED)
            if left >= 0:
                break
            now = self._reached(columns.factors(relaxed), at, left)
            lower, most = most - now, now
            if lower < 0.05 * gap * (most - self._lowest(most)):
                break
        assert known is not None
        return most, known

    def _lent(self) -> Iterator[Flow]:
        """What could be lent or left for much money, so that the program of a level that is too
        high has an answer, too; more can be done with it, so what it does not exceed holds."""
        for bound in self._pools:
            for used in (1.0, -1.0):
                if bound.upper == 0:
                    figures = np.zeros(USE + 1)
                    figures[COST], figures[USE] = _LENT_VND, used
                    yield Flow("", -1, 10_000, figures, (bound.pool,))

    def _reached(self, factors: Sequence[Floats], at: Sequence[Limited], left: float) -> float:
        """The highest level for which money is left at some prices. left: how much there is for a
        level, `at`, that is too high."""
        worth, each = 0.0, []
        for limited, its in zip(at, factors, strict=True):
            one = limited.halves
            worth += limited.best(its, 1)[0]
            before = self._before.get(one.commune)
            gains, worths = one.reached(SCORE, its)
            each.append((gains, worths, before, self._tops.get(one.commune)))
        heights = np.unique(
            np.concatenate([gains + before for gains, _, before, _ in each if before is not None])
        )

        def short(height: float) -> float:
            """How much is lacking for a level."""
            found = 0.0
            for gains, worths, before, top in each:
                place = 0
                if before is not None and top is not None:
                    place = int(np.searchsorted(gains, min(height, top) - before - _LOST))
                found += float(worths[place])
            return worth - found - left

        reached = bisect_right(heights, 0.0, key=lambda height: short(float(height)))
        return float(heights[max(reached - 1, 0)])
