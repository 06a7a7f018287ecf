"""One pair of options of each commune, the best for all together: column generation over whole
communes.

What binds one commune alone (its share of the money, the score that it must reach) is in which of
its pairs there are (`Limited`), so the program without whole numbers, which shares the money and
what moves, is hardly better than the one with them: its worth is a bound on every answer, and the
pairs near its prices hold a very good answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from inventory.planning.bounds import Bound, Task
from inventory.planning.halves import Limited, Pair
from inventory.planning.nodes import COST, SCORE, USE, Floats, Flow, InPlace, Leaf, Part
from inventory.planning.program import NoSolution, Solution, maximize
from inventory.planning.table import Table

_NEW = 4
"""Pairs of a commune that one round adds."""

_PAIRS = 60
"""Pairs of a commune in the first program in whole numbers; each further one has more."""

_MORE = 4

_MOST = 100_000
"""Pairs of all communes that a program can have."""

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What no choice exceeds, and the prices of the bounds that it stands on."""

    bound: float
    prices: Floats


@dataclass(frozen=True, slots=True)
class Picked:
    """A pair for each commune and so much of each flow; see `Choice`."""

    pairs: tuple[Pair, ...]
    flows: tuple[int, ...]
    worth: float
    bound: float


class Columns:
    """See the module. profit: see `Task`."""

    def __init__(
        self,
        communes: Sequence[Limited],
        flows: Sequence[Flow],
        bounds: Sequence[Bound],
        profit: int | None,
    ) -> None:
        self._communes = communes
        nothing = [
            Leaf((), np.zeros((1, 0), dtype=np.int64), np.zeros((1, USE + len(c.halves.pools))))
            for c in communes
        ]
        parts = [
            Part(c.halves.commune, leaf, c.halves.pools)
            for c, leaf in zip(communes, nothing, strict=True)
        ]
        self._task = Task(parts, flows, bounds, profit, SCORE)
        self.known: list[dict[Pair, Floats]] = [{} for _ in communes]

    def begin(self, known: Sequence[dict[Pair, Floats]] | None = None) -> None:
        """With what is cheapest where nothing moves, and with pairs that another one has come to
        know; without these, with what pays at some prices of money. Raises NoSolution where a
        commune is within its bounds only by moves."""
        for at, commune in enumerate(self._communes):
            pools = commune.halves.pools
            moved = [n for n, pool in enumerate(pools, USE) if not isinstance(pool, InPlace)]
            factors = np.zeros(USE + len(pools))
            factors[COST] = -1.0
            self._add(at, commune.best(factors, 1, without=moved)[1])
            if known is not None:
                self.known[at].update(known[at])
                continue
            factors[SCORE] = 1.0
            for rate in np.geomspace(1e-11, 1e-7, 9):
                factors[COST] = -rate
                self._add(at, commune.best(factors, 1)[1])
                self._add(at, commune.best(factors, 1, without=moved)[1])

    def _add(self, at: int, pairs: Sequence[Pair]) -> bool:
        known, added = self.known[at], False
        for pair in pairs:
            if pair not in known:
                known[pair] = self._communes[at].halves.figures(pair)
                added = True
        return added

    def relaxed(self, close: Callable[[float], float], until: float) -> Relaxed:
        """The program without whole numbers. close: what it is worth -> how near to the best is
        near enough. Raises NoSolution."""
        best: Relaxed | None = None
        while True:
            found, _ = self._solved(self.known, until, whole=False)
            count = len(self._communes)
            own, prices = found.prices[:count], found.prices[count:]
            added, above = False, 0.0
            for at, (_, factors) in enumerate(self._task.priced(prices)):
                worth, pairs = self._communes[at].best(factors[:, 0], _NEW)
                above += worth - own[at]
                if worth - own[at] > _EPSILON * max(1.0, abs(found.worth)):
                    added |= self._add(at, pairs)
            above = max(above, 0.0)
            if best is None or found.worth + above < best.bound:
                best = Relaxed(found.worth + above, prices)
            if not added or above < close(found.worth) or time.monotonic() > until:
                return best

    def factors(self, relaxed: Relaxed) -> list[Floats]:
        """What the figures of each commune are worth."""
        return [factors[:, 0] for _, factors in self._task.priced(relaxed.prices)]

    def whole(self, relaxed: Relaxed, gap: float, until: float) -> Picked:
        """The best in whole numbers, within a gap or as far as the time goes. Raises
        NoSolution."""
        count, reach = _PAIRS, max(gap * abs(relaxed.bound), _EPSILON)
        best: Picked | None = None
        while True:
            every, columns = True, [dict(known) for known in self.known]
            for at, (_, factors) in enumerate(self._task.priced(relaxed.prices)):
                pairs, all_ = self._communes[at].near(factors[:, 0], reach, count)
                every &= all_
                for pair in pairs:
                    columns[at][pair] = self._communes[at].halves.figures(pair)
            try:
                found, table = self._solved(columns, until, whole=True, gap=gap / 2)
            except NoSolution:
                if best is None and (every or count > _PAIRS or time.monotonic() > until):
                    raise
            else:
                at_most = relaxed.bound
                if every:  # whoever uses another pair is worth at most so much
                    at_most = min(at_most, max(found.bound, relaxed.bound - reach))
                picked = Picked(
                    tuple(
                        list(some)[pick[0]]
                        for some, pick in zip(columns, table.picks(found.values), strict=True)
                    ),
                    table.flows(found.values),
                    found.worth,
                    max(found.worth, at_most),
                )
                if best is None or picked.worth > best.worth:
                    best = picked
                if picked.bound - picked.worth <= max(gap * abs(picked.worth), 1e-7):
                    return picked
                reach = relaxed.bound - best.worth + _EPSILON
            count *= _MORE
            if time.monotonic() > until or count * len(columns) > _MOST:
                if best is None:
                    raise NoSolution("too many")
                return best

    def _solved(
        self,
        columns: Sequence[dict[Pair, Floats]],
        until: float,
        *,
        whole: bool,
        gap: float = 0.0,
    ) -> tuple[Solution, Table]:
        table = Table(self._task)
        for at, some in enumerate(columns):
            block = np.vstack(list(some.values()))
            leaf = Leaf((), np.zeros((len(block), 0), dtype=np.int64), block)
            options = list(range(len(block)))
            table.made.append((leaf, None, options, table.one_of(at, block, None)))
        program = table.program(whole=whole)
        return maximize(program, gap=gap, time_s=until - time.monotonic()), table
