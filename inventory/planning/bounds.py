"""What is wanted of the communes together, and what binds it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inventory.planning.nodes import COST, USE, Floats, Flow, Part


@dataclass(frozen=True, slots=True)
class Bound:
    """The sum of a column of figures over what is chosen, of one commune or of all, and `level`
    times the level of the program, lies between two bounds. pool: in place of a column."""

    column: int = COST
    pool: Hashable = None
    commune: str | None = None
    lower: float = -math.inf
    upper: float = math.inf
    level: float = 0.0
    scale: float = 1.0

    def place(self, part: Part | Flow) -> int | None:
        """The column of a part's figures that it is of; None where it does not speak of them."""
        if self.commune not in (None, part.commune):
            return None
        if self.pool is None:
            return self.column
        return USE + part.pools.index(self.pool) if self.pool in part.pools else None


class Task:
    """One alternative of each part is chosen within bounds. profit: the column that is maximized,
    None for the level alone, a number from 0 to 1. lure: the column that money is spent for."""

    def __init__(
        self,
        parts: Sequence[Part],
        flows: Sequence[Flow],
        bounds: Sequence[Bound],
        profit: int | None,
        lure: int,
    ) -> None:
        self.parts, self.flows, self.bounds = parts, flows, bounds
        self.profit, self.lure = profit, lure
        # Most bounds are of a pool or of a commune, and speak of few parts each.
        self._of_pool: dict[Hashable, list[int]] = defaultdict(list)
        self._of_commune: dict[str | None, list[int]] = defaultdict(list)
        for number, bound in enumerate(bounds):
            if bound.pool is None:
                self._of_commune[bound.commune].append(number)
            else:
                self._of_pool[bound.pool].append(number)
        self._rows = [self._rows_of(part) for part in parts]
        self._rows_of_flows = [
            [
                (number, float(flow.figures[place]) * scale)
                for number, place, scale in self._rows_of(flow)
                if flow.figures[place]
            ]
            for flow in flows
        ]

    def _rows_of(self, one: Part | Flow) -> list[tuple[int, int, float]]:
        numbers = {*self._of_commune.get(None, ()), *self._of_commune.get(one.commune, ())}
        numbers.update(*(self._of_pool.get(pool, ()) for pool in one.pools))
        places = ((number, self.bounds[number].place(one)) for number in sorted(numbers))
        return [(n, place, self.bounds[n].scale) for n, place in places if place is not None]

    def rows_of(self, at: int) -> list[tuple[int, int, float]]:
        """(bound, column of figures, scale) for a part."""
        return self._rows[at]

    def rows_of_flow(self, at: int) -> list[tuple[int, float]]:
        """(bound, what one of a flow adds to it)."""
        return self._rows_of_flows[at]

    def priced(self, prices: Floats) -> Iterator[tuple[Part, Floats]]:
        """Each part with what its figures are worth at the prices of the bounds, as one column."""
        for part, rows in zip(self.parts, self._rows, strict=True):
            factors = np.zeros((USE + len(part.pools), 1))
            if self.profit is not None:
                factors[self.profit] = 1.0
            for number, place, scale in rows:
                factors[place] -= prices[number] * scale
            yield part, factors

    def lured(self, part: Part, rates: Floats) -> Floats:
        """What a part's figures are worth where money has one price after the other (columns)."""
        factors = np.zeros((USE + len(part.pools), len(rates)))
        factors[self.lure], factors[COST] = 1.0, -rates - 1e-15
        return factors
