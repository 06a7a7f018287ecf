"""One alternative of each part, the best for all communes together: a mixed-integer program.

1. The program without whole numbers is solved by making alternatives where they pay (column
   generation); its worth is a bound on every answer.
2. The program in whole numbers is solved with the alternatives that the prices of 1. leave in
   reach: one variable for each option of a leaf and each branch of a fork.
3. An alternative that is further off its part's best than the bound is from the best answer so far
   is in no better one. While the gap is too wide, the others are taken in and the program is solved
   again: with all of them the answer is exact.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from inventory.planning.options import COST, USE, Branch, Floats, Leaf, Node, Part
from inventory.planning.program import NoSolution, Program, maximize

_FIRST = 3_000
"""Variables of the first program in whole numbers, more or less."""

_ALL = 150_000
"""Variables that a program can have; beyond, the bound of step 1 has to do."""

_EPSILON = 1e-9

Pick = tuple[int, tuple["Pick", ...]]
"""The option of a leaf, or the branch of a fork and the picks of its parts."""


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

    def place(self, part: Part) -> int | None:
        """The column of a part's figures that it is of; None where it does not speak of them."""
        if self.commune not in (None, part.commune):
            return None
        if self.pool is None:
            return self.column
        return USE + part.pools.index(self.pool) if self.pool in part.pools else None


@dataclass(frozen=True, slots=True)
class Choice:
    """The pick of each part, what they are worth, and what no choice exceeds. level: the value of
    the level. proven: whether the gap asked for was reached."""

    picks: tuple[Pick, ...]
    worth: float
    bound: float
    level: float
    proven: bool


class Master:
    """See the module. profit: the column that is maximized, `sign` times, None for the level alone,
    a number from 0 to 1. lure: the column that money is spent for."""

    def __init__(
        self,
        parts: Sequence[Part],
        bounds: Sequence[Bound],
        *,
        profit: int | None,
        lure: int,
        sign: float = 1.0,
    ) -> None:
        self._parts, self._bounds = parts, bounds
        self._profit, self._lure, self._sign = profit, lure, sign
        self._places = [[bound.place(part) for bound in bounds] for part in parts]

    def best(self, gap: float, until: float, start: Sequence[Pick] | None = None) -> Choice:
        """The best choice within a relative gap, or by a moment of the monotonic clock.

        start: a choice that is possible. Raises NoSolution.
        """
        base = start or [_cheapest(part.node, {})[1] for part in self._parts]
        bound, prices = self._prices(until, base)
        reach = 3 * gap * abs(bound) + _EPSILON
        off = self._offs(prices, reach)
        if len(off) > _FIRST:
            reach = float(np.partition(off, _FIRST)[_FIRST])
        try:
            found = self._whole(prices, reach, gap, until, base, bound)
        except NoSolution:
            if start is None or self._profit is None:
                raise
            return self._started(start, bound)
        while not found.proven and time.monotonic() < until:
            further = bound - found.worth + _EPSILON
            if further <= reach or len(self._offs(prices, further)) > _ALL:
                break
            reach = further
            found = self._whole(prices, reach, gap, until, found.picks, bound)
        return found

    def _started(self, start: Sequence[Pick], bound: float) -> Choice:
        """The choice that was begun with, where none other was found in time."""
        assert self._profit is not None
        picked = zip(self._parts, start, strict=True)
        worth = sum(figures_of(part.node, pick)[self._profit] for part, pick in picked)
        worth = float(worth) * self._sign
        return Choice(tuple(start), worth, max(worth, bound), 0.0, False)

    def _offs(self, prices: Floats, reach: float) -> Floats:
        """How far each alternative within reach is off the best of its part."""
        return np.concatenate([_offs(p.node, f, reach) for p, f in self._priced(prices)])

    def _priced(self, prices: Floats) -> list[tuple[Part, Floats]]:
        """Each part with what its figures are worth at the prices of the bounds."""
        found = []
        for part, places in zip(self._parts, self._places, strict=True):
            factors = np.zeros(USE + len(part.pools))
            if self._profit is not None:
                factors[self._profit] = self._sign
            for bound, place, price in zip(self._bounds, places, prices, strict=True):
                if place is not None:
                    factors[place] -= price * bound.scale
            found.append((part, factors))
        return found

    # The program without whole numbers

    def _prices(self, until: float, base: Sequence[Pick]) -> tuple[float, Floats]:
        """(a bound, the prices of the bounds it stands on)."""
        columns: list[dict[Pick, Floats]] = [
            {pick: figures_of(part.node, pick)}
            for part, pick in zip(self._parts, base, strict=True)
        ]
        self._seed(columns)
        while True:
            prices, worth, own = self._relaxed(columns, until)
            added, above = False, 0.0
            for at, (part, factors) in enumerate(self._priced(prices)):
                value, pick = _best(part.node, factors, {})
                extra = value - own[at]
                above += max(0.0, extra)
                if extra > _EPSILON and pick not in columns[at]:
                    columns[at][pick] = figures_of(part.node, pick)
                    added = True
            if not added or above < 1e-5 * abs(worth) or time.monotonic() > until:
                return worth + above, prices

    def _seed(self, columns: Sequence[dict[Pick, Floats]]) -> None:
        """What pays at some prices of money: more than enough to begin with."""
        dearest = max(1.0, *(_dearest(part.node) for part in self._parts))
        for rate in (0.0, *np.geomspace(1e-4, 10.0, 12) / dearest):
            for at, part in enumerate(self._parts):
                factors = np.zeros(USE + len(part.pools))
                factors[self._lure], factors[COST] = 1.0, -rate - 1e-15
                pick = _best(part.node, factors, {})[1]
                columns[at].setdefault(pick, figures_of(part.node, pick))

    def _relaxed(
        self, columns: Sequence[dict[Pick, Floats]], until: float
    ) -> tuple[Floats, float, Floats]:
        """(prices of the bounds, worth, price of each part)."""
        table = _Table(self)
        for at, some in enumerate(columns):
            table.one_of(at, list(some.values()), None)
        found = maximize(table.program(whole=False), time_s=until - time.monotonic())
        parts = len(self._parts)
        return found.prices[parts:], found.worth, found.prices[:parts]

    # The program in whole numbers

    def _whole(
        self,
        prices: Floats,
        reach: float,
        gap: float,
        until: float,
        base: Sequence[Pick],
        bound: float,
    ) -> Choice:
        """reach: alternatives further off than this are left out, but for those of `base`."""
        table = _Table(self)
        for at, (part, factors) in enumerate(self._priced(prices)):
            table.tree(at, part.node, factors, reach, base[at], None)
        program = table.program(whole=True)
        found = maximize(program, gap=gap / 2, time_s=until - time.monotonic())
        picks = table.picks(found.values)
        level = float(found.values[-1]) if self._profit is None else 0.0
        # Whoever uses an alternative out of reach is worth at most `bound - reach`.
        limit = float(max(found.worth, min(bound, max(found.bound, bound - reach))))
        close = bool(limit - found.worth <= max(gap * abs(found.worth), 1e-6))
        return Choice(picks, found.worth, limit, level, close)

    @property
    def parts(self) -> Sequence[Part]:
        """The parts, in order."""
        return self._parts

    def rows_of(self, at: int) -> list[tuple[int, int, float]]:
        """(bound, column of figures, scale) for a part."""
        return [
            (number, place, self._bounds[number].scale)
            for number, place in enumerate(self._places[at])
            if place is not None
        ]

    @property
    def bounds(self) -> Sequence[Bound]:
        """The bounds, in order."""
        return self._bounds

    @property
    def profit(self) -> int | None:
        """The column that is maximized."""
        return self._profit

    @property
    def sign(self) -> float:
        """How many times it is."""
        return self._sign

    def limit(self, until: float) -> float:
        """What no choice exceeds, by the program without whole numbers."""
        return self._prices(until, [_cheapest(part.node, {})[1] for part in self._parts])[0]


@dataclass(slots=True)
class _Table:
    """A program under way: columns of figures, and rows by which one of some is chosen."""

    master: Master
    profit: list[Floats] = field(default_factory=list)
    width: int = 0
    ones: list[tuple[list[int], int | None]] = field(default_factory=list)
    figures: dict[int, tuple[list[int], list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: ([], []))
    )
    made: list[tuple[Node, int | None, list[int], list[int]]] = field(default_factory=list)
    """(node, column of the branch that it is in, which options, their columns), roots first."""

    def one_of(self, at: int, rows: Sequence[Floats], parent: int | None) -> list[int]:
        """Columns of which as many are chosen as of `parent`; one where that is None."""
        block = np.vstack(rows)
        columns = list(range(self.width, self.width + len(block)))
        self.width += len(block)
        profit = self.master.profit
        self.profit.append(
            np.zeros(len(block)) if profit is None else block[:, profit] * self.master.sign
        )
        self.ones.append((columns, parent))
        for number, place, scale in self.master.rows_of(at):
            index, value = self.figures[number]
            index += columns
            value += (block[:, place] * scale).tolist()
        return columns

    def tree(
        self,
        at: int,
        node: Node,
        factors: Floats,
        reach: float,
        base: Pick | None,
        parent: int | None,
    ) -> None:
        """A part, or what is left of one in a branch."""
        if isinstance(node, Leaf):
            worth = node.figures @ factors
            kept = worth.max() - worth <= reach
            if base is not None:
                kept[base[0]] = True
            options = np.flatnonzero(kept).tolist()
            columns = self.one_of(at, [node.figures[options]], parent)
            self.made.append((node, parent, options, columns))
            return
        memo: dict[int, tuple[float, Pick]] = {}
        worths = [_worth(branch, factors, memo)[0] for branch in node.branches]
        best = max(worths)
        options = [
            number
            for number, worth in enumerate(worths)
            if best - worth <= reach or (base is not None and base[0] == number)
        ]
        columns = self.one_of(at, [node.branches[n].figures for n in options], parent)
        self.made.append((node, parent, options, columns))
        for number, column in zip(options, columns, strict=True):
            left = max(0.0, reach - (best - worths[number]))
            for place, part in enumerate(node.branches[number].parts):
                inner = base[1][place] if base is not None and base[0] == number else None
                self.tree(at, part, factors, left, inner, column)

    def program(self, *, whole: bool) -> Program:
        """The program of all columns."""
        leveled = self.master.profit is None
        profit = np.concatenate([*self.profit, np.ones(int(leveled))])
        rows: list[tuple[Sequence[int], Sequence[float], float, float]] = []
        for columns, parent in self.ones:
            if parent is None:
                rows.append((columns, [1.0] * len(columns), 1.0, 1.0))
            else:
                rows.append(([*columns, parent], [*[1.0] * len(columns), -1.0], 0.0, 0.0))
        for number, bound in enumerate(self.master.bounds):
            index, value = self.figures[number]
            if bound.level:
                index, value = [*index, self.width], [*value, bound.level]
            rows.append((index, value, bound.lower, bound.upper))
        count = self.width + leveled
        kinds = [whole] * self.width + [False] * leveled
        most = np.full(count, 1.0 if whole else np.inf)
        return Program(profit, np.zeros(count), most, kinds, rows)

    def picks(self, values: Floats) -> tuple[Pick, ...]:
        """What the values choose of each part."""
        inside: dict[int | None, list[tuple[Node, list[int], list[int]]]] = defaultdict(list)
        for node, parent, options, columns in self.made:
            inside[parent].append((node, options, columns))

        def pick(node: Node, options: list[int], columns: list[int]) -> Pick:
            at = int(np.argmax(values[columns]))
            if isinstance(node, Leaf):
                return options[at], ()
            return options[at], tuple(pick(*entry) for entry in inside[columns[at]])

        return tuple(pick(*entry) for entry in inside[None])


def _dearest(node: Node) -> float:
    if isinstance(node, Leaf):
        return float(node.figures[:, COST].max())
    return max(
        float(branch.figures[COST]) + sum(_dearest(part) for part in branch.parts)
        for branch in node.branches
    )


def figures_of(node: Node, pick: Pick) -> Floats:
    """The figures of a pick."""
    if isinstance(node, Leaf):
        row: Floats = node.figures[pick[0]]
        return row
    branch = node.branches[pick[0]]
    inner = (figures_of(p, q) for p, q in zip(branch.parts, pick[1], strict=True))
    total: Floats = sum(inner, branch.figures)
    return total


def _best(node: Node, factors: Floats, memo: dict[int, tuple[float, Pick]]) -> tuple[float, Pick]:
    """(worth, pick) of the best alternative; the first of equal ones."""
    known = memo.get(id(node))
    if known is not None:
        return known
    if isinstance(node, Leaf):
        worth = node.figures @ factors
        at = int(np.argmax(worth))
        found: tuple[float, Pick] = (float(worth[at]), (at, ()))
    else:
        found = (-math.inf, (0, ()))
        for number, branch in enumerate(node.branches):
            value, inner = _worth(branch, factors, memo)
            if value > found[0]:
                found = (value, (number, inner))
    memo[id(node)] = found
    return found


def _worth(
    branch: Branch, factors: Floats, memo: dict[int, tuple[float, Pick]]
) -> tuple[float, tuple[Pick, ...]]:
    inner = [_best(part, factors, memo) for part in branch.parts]
    own = float(branch.figures @ factors)
    return own + sum(value for value, _ in inner), tuple(pick for _, pick in inner)


def _offs(node: Node, factors: Floats, reach: float) -> Floats:
    memo: dict[int, tuple[float, Pick]] = {}
    found: list[Floats] = []

    def walk(node: Node, off: float) -> None:
        if isinstance(node, Leaf):
            worth = node.figures @ factors
            away = off + worth.max() - worth
            found.append(away[away <= reach])
            return
        values = [_worth(branch, factors, memo)[0] for branch in node.branches]
        best = max(values)
        for branch, value in zip(node.branches, values, strict=True):
            further = off + best - value
            if further <= reach:
                found.append(np.array([further]))
                for part in branch.parts:
                    walk(part, further)

    walk(node, 0.0)
    return np.concatenate(found)


_Least = tuple[tuple[float, float], Pick]


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


__all__ = ["Bound", "Choice", "Master", "NoSolution", "Pick"]
