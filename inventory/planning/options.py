"""All that can sensibly be done in one commune, as trees of options.

What can be done falls into parts that do not touch each other (the printers, the computers with
their licences, the line). Of each part every combination of whole numbers is there, with the shares
that the rules of evaluation give to it, so nothing is approximated: a small part as one list
(`Leaf`); a large one is split by its busiest number (`Fork`), for with that number given it falls
into smaller parts. A score is the sum over what is chosen. What is unknown today counts neither
way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from inventory.planning.doable import Row
from inventory.planning.nodes import (
    COST,
    SCORE,
    USE,
    Branch,
    Floats,
    Flow,
    Fork,
    InPlace,
    Ints,
    Leaf,
    Node,
    Part,
)
from inventory.planning.room import Room
from inventory.planning.sums import Sum
from inventory.planning.values import Value, values_of

GRID_MAX = 5_000
"""Combinations that are listed; more are split by their busiest number."""

LISTED_MAX = 200_000
"""Combinations of one commune that are listed in all, unless it is made careful."""

PART_MAX = 3e7
"""Combinations of a part, listed or not, beyond which its commune is made careful at once."""

SAME = 1e-9
"""Sums of whole numbers that differ by less are equal."""


class TooManyCombinations(Exception):
    """Of a commune; made careful it has fewer."""


_Free = tuple[tuple[int, ...], list[Value], list[Row]]
"""Acts that are free and hang together, and what they decide."""


class Enumeration:
    """See the module.

    What is got in place of something bought (`Room.stands_for`) is counted as bought, too, and got
    for what it costs less. So it decides nothing but the cost, and what there is to choose from is
    no more than where nothing moves. apart: whether it is a flow of its own, bounded by a pool of
    what is bought; else it is among the options.
    """

    def __init__(self, room: Room, budget_vnd: int, *, apart: bool = True) -> None:
        self._room, self._stands = room, room.stands_for
        pools = [a.pool for a in room.acts if a.pool is not None]
        if apart:
            pools += [InPlace(room.code, act) for act in self._stands.values()]
        self.pools = tuple(dict.fromkeys(pools))
        self._owns = np.zeros((len(room.acts), USE + len(self.pools)))
        for act in range(len(room.acts)):
            self._owns[act] = self._own(act)
        saved = [0] * len(room.acts)
        for get, buy in self._stands.items():
            saved[buy] = max(saved[buy], room.acts[buy].price_vnd - room.acts[get].price_vnd)
        self.most_vnd = budget_vnd + sum(
            act.upper * less for act, less in zip(room.acts, saved, strict=True)
        )
        self._known: dict[object, Node | None] = {}
        self._listed = 0
        self._values = values_of(room, self._counted)
        self._rows = [Row(self._counted(row.sum), row.lower, row.upper) for row in room.rows]
        if not apart:
            for buy in dict.fromkeys(self._stands.values()):
                left = Sum().plus(buy, 1.0)
                for get in (get for get, other in self._stands.items() if other == buy):
                    left.plus(get, -1.0)
                self._rows.append(Row(left, 0.0, math.inf))
        touched = {act for v in self._values for act in (*v.above.terms, *v.below.terms)}
        touched |= {act for row in self._rows for act in row.sum.terms}
        self._flows = [
            n for n, act in enumerate(room.acts) if act.pool is not None and n not in touched
        ]

    def flows(self) -> list[Flow]:
        """What decides nothing in the commune."""
        code, acts = self._room.code, self._room.acts
        return [Flow(code, n, acts[n].upper, self._owns[n], self.pools) for n in self._flows]

    def _counted(self, sum_: Sum) -> Sum:
        """A sum over what is bought and got, with what is got in its place counted as bought."""
        found = Sum().add(sum_)
        for get, buy in self._stands.items():
            found.plus(get, -sum_.terms.get(buy, 0.0))
        return found

    def parts(self) -> list[Part]:
        """Where something can be done; nothing done is worth nothing. Raises TooManyCombinations
        for a commune that is not careful."""
        free = tuple(n for n in range(len(self._room.acts)) if n not in self._flows)
        found = []
        for acts, values, rows in _parts(free, self._values, self._rows, {}):
            ways = self._uppers([act for act in acts if act not in self._stands])
            if ways > PART_MAX and not self._room.careful:
                raise TooManyCombinations(self._room.code)
            node = self._part(acts, values, rows, {})
            assert node is not None  # doing nothing is always possible
            nothing = sum((v.adds(v.above.const, v.below.const) for v in values), np.zeros(2))
            found.append(Part(self._room.code, _less(node, nothing), self.pools))
        return found

    def _part(
        self,
        acts: tuple[int, ...],
        values: Sequence[Value],
        rows: Sequence[Row],
        fixed: dict[int, int],
    ) -> Node | None:
        """Acts that hang together; None where nothing is possible. What was made for the same
        numbers is not made again."""
        key = (
            acts,
            tuple(_const(s, fixed) for v in values for s in (v.above, v.below)),
            tuple(_const(row.sum, fixed) for row in rows),
        )
        if key not in self._known:
            self._known[key] = self._made(acts, values, rows, fixed)
        return self._known[key]

    def _made(
        self,
        acts: tuple[int, ...],
        values: Sequence[Value],
        rows: Sequence[Row],
        fixed: dict[int, int],
    ) -> Node | None:
        uppers = [self._room.acts[act].upper for act in acts]
        if self._uppers(acts) <= GRID_MAX or len(acts) == 1:
            return self._grid(acts, uppers, values, rows, fixed)
        touched = [
            sum(act in v.above.terms or act in v.below.terms for v in values)
            + sum(act in row.sum.terms for row in rows)
            for act in acts
        ]
        busiest = max(range(len(acts)), key=lambda at: (touched[at], -uppers[at]))
        act = acts[busiest]
        rest = (*acts[:busiest], *acts[busiest + 1 :])
        free = set(rest)

        def is_open(terms: Iterable[int]) -> bool:
            return not free.isdisjoint(terms)

        open_values = [v for v in values if is_open(v.above.terms) or is_open(v.below.terms)]
        open_rows = [row for row in rows if is_open(row.sum.terms)]
        decided = [v for v in values if not (is_open(v.above.terms) or is_open(v.below.terms))]
        closed = [row for row in rows if not is_open(row.sum.terms)]
        parts = _parts(rest, open_values, open_rows, {**fixed, act: 0})
        branches = []
        for value in range(uppers[busiest] + 1):
            branch = self._branch(act, value, decided, closed, parts, {**fixed, act: value})
            if branch is not None:
                branches.append(branch)
        return Fork(act, tuple(branches)) if branches else None

    def _uppers(self, acts: Sequence[int]) -> float:
        """How many combinations there are."""
        size = 1.0
        for act in acts:
            size *= self._room.acts[act].upper + 1
        return size

    def _branch(
        self,
        act: int,
        value: int,
        decided: Sequence[Value],
        closed: Sequence[Row],
        parts: Sequence[_Free],
        fixed: dict[int, int],
    ) -> Branch | None:
        """What one value of an act decides, and the parts that are left."""
        figures = value * self._owns[act]
        if figures[COST] > self.most_vnd:
            return None
        for row in closed:
            if not row.lower - SAME <= _const(row.sum, fixed) <= row.upper + SAME:
                return None
        for one in decided:
            figures[SCORE:USE] += one.adds(_const(one.above, fixed), _const(one.below, fixed))
        nodes = []
        for part, its_values, its_rows in parts:
            node = self._part(part, its_values, its_rows, fixed)
            if node is None:
                return None
            nodes.append(node)
        return Branch(value, figures, tuple(nodes))

    def _grid(
        self,
        acts: tuple[int, ...],
        uppers: Sequence[int],
        values: Sequence[Value],
        rows: Sequence[Row],
        fixed: dict[int, int],
    ) -> Leaf | None:
        """Every combination, of those that do the same the cheapest."""
        grid = np.zeros((1, 0), dtype=np.int64)
        if acts:
            grid = np.indices([upper + 1 for upper in uppers]).reshape(len(acts), -1).T

        def at(sum_: Sum) -> Ints:
            factors = np.array([sum_.terms.get(act, 0.0) for act in acts])
            found: Ints = np.rint(_const(sum_, fixed) + grid @ factors).astype(np.int64)
            return found

        owns = self._owns[np.array(acts, dtype=np.int64)]
        figures = grid @ owns
        self._listed += len(grid)
        if self._listed > LISTED_MAX and not self._room.careful:
            raise TooManyCombinations(self._room.code)
        fits = figures[:, COST] <= self.most_vnd
        for row in rows:
            total = at(row.sum)
            fits &= (total >= row.lower - SAME) & (total <= row.upper + SAME)
        if not fits.any():
            return None
        grid, figures = grid[fits], figures[fits]
        state = np.zeros(len(grid), dtype=np.int64)
        for pool in np.flatnonzero(owns[:, USE:].any(axis=0)) + USE:
            use = figures[:, pool]
            state = _told_apart(state, (use - use.min()).astype(np.int64))
        for value in values:
            above, below = at(value.above) - value.low[0], at(value.below) - value.low[1]
            figures[:, SCORE:USE] += np.outer(value.table[above, below], value.parts)
            state = _told_apart(state, value.kind[above, below])
        order = np.argsort(figures[:, COST], kind="stable")
        _, first = np.unique(state[order], return_index=True)
        kept = order[np.sort(first)]
        return Leaf(acts, grid[kept], figures[kept])

    def _own(self, number: int) -> Floats:
        """What one of an act costs and uses."""
        acts = self._room.acts
        act, buy = acts[number], self._stands.get(number)
        sign = {"get": 1.0, "give": -1.0}.get(act.what, 0.0)
        own = np.zeros(USE + len(self.pools))
        own[COST] = act.price_vnd - (0 if buy is None else acts[buy].price_vnd)
        for at, pool in enumerate(self.pools, USE):
            if pool == act.pool:
                own[at] = sign
            elif pool == InPlace(self._room.code, number if buy is None else buy):
                own[at] = 1.0 if buy is None else -1.0
        return own


def _told_apart(state: Ints, further: Ints) -> Ints:
    """Numbers that are equal where both are."""
    if not further.any():
        return state
    width = int(further.max()) + 1
    if int(state.max()) > 2**62 // width:
        state = np.unique(state, return_inverse=True)[1]
    return state * width + further


def _const(sum_: Sum, fixed: dict[int, int]) -> float:
    return sum_.const + sum(
        factor * fixed[act] for act, factor in sum_.terms.items() if act in fixed
    )


def _less(node: Node, nothing: Floats) -> Node:
    """A node whose gains are over that of nothing done."""
    if isinstance(node, Leaf):
        figures = node.figures.copy()
        figures[:, SCORE:USE] -= nothing
        return Leaf(node.acts, node.values, figures)
    branches = []
    for branch in node.branches:
        figures = branch.figures.copy()
        figures[SCORE:USE] -= nothing
        branches.append(Branch(branch.value, figures, branch.parts))
    return Fork(node.act, tuple(branches))


def _parts(
    acts: Sequence[int], values: Sequence[Value], rows: Sequence[Row], fixed: dict[int, int]
) -> list[_Free]:
    """Acts that hang together by a requirement or a row, each with what they decide."""
    above = {act: act for act in acts}

    def root(act: int) -> int:
        while above[act] != act:
            act = above[act]
        return act

    scopes = [tuple((v.above.terms | v.below.terms).keys()) for v in values]
    scopes += [tuple(row.sum.terms) for row in rows]
    free = [[act for act in scope if act not in fixed] for scope in scopes]
    for scope in free:
        for act in scope[1:]:
            above[root(act)] = root(scope[0])
    found: dict[int, tuple[list[int], list[Value], list[Row]]] = {}
    for act in acts:
        found.setdefault(root(act), ([], [], []))[0].append(act)
    for scope, value in zip(free, values, strict=False):
        if scope:
            found[root(scope[0])][1].append(value)
    for scope, row in zip(free[len(values) :], rows, strict=True):
        if scope:
            found[root(scope[0])][2].append(row)
    return [(tuple(acts_), values_, rows_) for acts_, values_, rows_ in found.values()]
