"""What is wanted of the communes together, and what binds it."""

from __future__ import annotations

import math
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
        self._places = [[bound.place(part) for bound in bounds] for part in parts]

    def rows_of(self, at: int) -> list[tuple[int, int, float]]:
        """(bound, column of figures, scale) for a part."""
        return [
            (number, place, self.bounds[number].scale)
            for number, place in enumerate(self._places[at])
            if place is not None
        ]

    def rows_of_flow(self, flow: Flow) -> list[tuple[int, float]]:
        """(bound, what one of a flow adds to it)."""
        found = []
        for number, bound in enumerate(self.bounds):
            place = bound.place(flow)
            if place is not None and flow.figures[place]:
                found.append((number, float(flow.figures[place]) * bound.scale))
        return found

    def priced(self, prices: Floats) -> Iterator[tuple[Part, Floats]]:
        """Each part with what its figures are worth at the prices of the bounds, as one column."""
        for part, places in zip(self.parts, self._places, strict=True):
            factors = np.zeros((USE + len(part.pools), 1))
            if self.profit is not None:
                factors[self.profit] = 1.0
            for bound, place, price in zip(self.bounds, places, prices, strict=True):
                if place is not None:
                    factors[place] -= price * bound.scale
            yield part, factors

    def lured(self, part: Part, rates: Floats) -> Floats:
        """What a part's figures are worth where money has one price after the other (columns)."""
        factors = np.zeros((USE + len(part.pools), len(rates)))
        factors[self.lure], factors[COST] = 1.0, -rates - 1e-15
        return factors
