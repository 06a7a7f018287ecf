"""How high the lowest commune can come. One that is as good as the money can make it holds up no
other: it only has to stay so.

Where nothing moves, the least that a level costs is the sum over the communes of the cheapest way
to reach it, or as near as each can come; so the highest level that the money reaches is looked up
among the scores that there are, exactly. Where assets move, a program says how high a level is
possible, and which communes are at their best by then is found by halving.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from inventory.planning.bounds import Bound, Task
from inventory.planning.master import Choice, Master
from inventory.planning.nodes import COST, SCORE, Flow, Leaf, Part
from inventory.planning.program import NoSolution
from inventory.planning.tree import highest

HELD = 1e-7
"""How much of what is held for the next goal may be lost to rounding."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level that is reached: every commune is that high or at its top. tops: the highest score of
    each; gained: how much of the level was not there before."""

    height: float
    tops: Mapping[str, float]
    gained: float

    def least(self, code: str) -> float:
        """What the commune's score must be at least."""
        return min(self.height, self.tops[code]) - HELD


def level_of(before: Mapping[str, float], leaves: Mapping[str, Leaf], budget_vnd: int) -> Level:
    """The highest level that a sum reaches. before: the scores; leaves: what can be done in a
    commune, see `frontier`."""
    scores = {code: before[code] + leaf.figures[:, SCORE] for code, leaf in leaves.items()}
    tops = {code: float(found[-1]) for code, found in scores.items()}

    def cost_vnd(height: float) -> int:
        return sum(
            round(leaf.figures[_first(scores[code], min(height, tops[code])), COST])
            for code, leaf in leaves.items()
        )

    heights = np.unique(np.concatenate(list(scores.values())))
    reached = bisect_right(heights, budget_vnd, key=lambda height: cost_vnd(float(height)))
    height = float(heights[max(reached - 1, 0)])
    others = [before[code] for code, top in tops.items() if top > height + HELD]
    return Level(height, tops, height - min(others, default=height))


def _first(scores: np.ndarray, least: float) -> int:
    """Where the first of rising scores is that is not below; they rise by more than rounding."""
    return int(np.searchsorted(scores, least - HELD))


def raise_lowest(
    parts: Sequence[Part],
    flows: Sequence[Flow],
    before: Mapping[str, float],
    common: Sequence[Bound],
    gap: float,
    until: float,
) -> tuple[Choice, list[Bound]]:
    """(choice, what of it is held for what is chosen next). common: what binds all communes. Worth
    and bound of the choice are of what the lowest of those gains that are not at their top. Raises
    NoSolution where the time was too short."""
    tops = dict(before)
    for part in parts:
        if part.commune in tops:
            tops[part.commune] += highest(part.node, SCORE)
    codes = sorted(before, key=lambda code: tops[code])
    heights = [tops[code] for code in codes]

    def floors(topped: int, level: float | None) -> list[Bound]:
        found = []
        for at, code in enumerate(codes):
            lower, times = tops[code] - before[code] - HELD, 0.0
            if at >= topped:
                times = -1.0 if level is None else 0.0
                lower = (0.0 if level is None else level - HELD) - before[code]
            found.append(Bound(SCORE, commune=code, lower=lower, level=times))
        return found

    def attempt(topped: int) -> Choice | None:
        """The first so many stay at their top."""
        bounds = [*common, *floors(topped, None)]
        try:
            return Master(Task(parts, flows, bounds, None, lure=SCORE)).best(gap, until)
        except NoSolution:
            return None

    best, topped = _halved(attempt, heights)
    lowest = min((before[code] for code in codes[topped:]), default=0.0)
    near = best.bound - best.worth <= max(gap * (best.worth - lowest), 1e-6)
    gained = replace(
        best, worth=best.worth - lowest, bound=best.bound - lowest, proven=best.proven and near
    )
    return gained, floors(topped, best.level)


def _halved(
    attempt: Callable[[int], Choice | None], heights: Sequence[float]
) -> tuple[Choice, int]:
    """(the best, how many are at their top). heights: the tops, rising."""

    def reached(found: Choice) -> int:
        """How many tops are not above the level."""
        return bisect_right(heights, found.level + HELD)

    best, topped = attempt(0), 0
    if best is None:
        raise NoSolution("the lowest")
    beyond = len(heights) + 1  # so many at their top are too many, or more than there are
    while topped < (now := reached(best)) < beyond:
        middle = (now + beyond) // 2
        further = attempt(middle) if middle < len(heights) else None
        if further is not None and reached(further) >= middle:
            best, topped = further, middle
            continue
        beyond = middle
        again = attempt(now) if now < len(heights) else None
        if again is None:
            break
        best, topped = again, now
    return best, topped
