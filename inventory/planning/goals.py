"""The choice among what can be done in all communes, for each goal.

Where nothing moves, communes share nothing but the money. So what each sum reaches at best in a
commune (`frontier`) answers what is asked of it alone, and leaves of each one list to choose from.
Where assets move, and for the must-haves, which want two things of a commune at once, all of its
alternatives stay.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from inventory.planning.bounds import Bound, Task
from inventory.planning.columns import Columns, Picked
from inventory.planning.frontier import frontier, in_halves
from inventory.planning.halves import Halves, Limited
from inventory.planning.levels import HELD, level_of, raise_lowest
from inventory.planning.lifting import Lift
from inventory.planning.master import Choice, Master, worth_of
from inventory.planning.nodes import COST, MUST, SCORE, Flow, InPlace, Leaf, Node, Part
from inventory.planning.options import Enumeration, TooManyCombinations
from inventory.planning.program import NoSolution
from inventory.planning.room import Room
from inventory.planning.tree import Pick, figures_of
from inventory.planning.whatif import Goal, WhatIf

_FIRST_GOAL = 0.7
"""The part of the time that raising the lowest may take."""

_AT_LEAST_S = 5.0
"""What an easier question gets when a harder one was not answered in time."""


class Search:
    """Chooses among the options of all communes, for one goal after the other. A room with too many
    combinations is made careful in `rooms`."""

    def __init__(self, problem: WhatIf, rooms: list[Room], time_s: float, gap: float) -> None:
        self._problem, self._rooms, self._gap = problem, rooms, gap
        self._alone = not problem.allow_moves and problem.goal is not Goal.MUST_HAVES
        self._shared = problem.allow_moves and problem.goal is Goal.EQUAL_SHARE
        halved = self._shared or (problem.allow_moves and problem.goal is Goal.WORST_OFF)
        self._most_vnd = problem.budget_vnd // (len(rooms) if self._shared else 1)
        self.parts: list[Part] = []
        self.halves: list[Halves] = []
        self.flows: list[Flow] = []
        for at, room in enumerate(rooms):
            every = Enumeration(room, self._most_vnd, apart=not self._shared)
            try:
                found = every.parts()
            except TooManyCombinations:
                rooms[at] = room.made_careful()
                every = Enumeration(rooms[at], self._most_vnd, apart=not self._shared)
                found = every.parts()
            self.flows += every.flows()
            nodes = [part.node for part in found]
            if self._alone and found:
                leaf = frontier(nodes, len(room.acts), self._most_vnd)
                found = [Part(room.code, leaf, ())]
            elif halved and found:
                most_vnd = self._most_vnd if self._shared else every.most_vnd
                one, other = in_halves(nodes, len(room.acts), len(every.pools), most_vnd)
                self.halves.append(Halves(room.code, every.pools, one, other))
            self.parts += found
        self._until = time.monotonic() + time_s

    def best(self) -> Choice:
        """The choice; worth and bound are of what the goal wants first. Raises NoSolution where the
        time was too short."""
        if not self.parts:
            return Choice((), (0,) * len(self.flows), 0.0, 0.0, 0.0, True)
        goal = self._problem.goal
        if goal is Goal.EQUAL_SHARE:
            return self._equal_share()
        if goal is Goal.MUST_HAVES:
            return self._must_haves()
        if goal is Goal.WORST_OFF:
            return self._lowest_alone() if self._alone else self._lowest()
        return self._choose(SCORE, self._common())

    def values(self, chosen: Choice) -> dict[str, list[int]]:
        """How much is done of each act, by commune."""
        found = {room.code: [0] * len(room.acts) for room in self._rooms}
        for part, pick in zip(self.parts, chosen.picks, strict=True):
            _set_values(found[part.commune], part.node, pick)
        for flow, count in zip(self.flows, chosen.flows, strict=True):
            found[flow.commune][flow.act] = count
        for room in self._rooms:
            for get, buy in room.stands_for.items():  # what is got was counted as bought
                found[room.code][buy] -= found[room.code][get]
        return found

    def rank(self, chosen: Choice) -> tuple[float, float]:
        """For choices of one goal to be compared by: the score of the lowest commune where that is
        wanted, and the worth."""
        if self._problem.goal is not Goal.WORST_OFF:
            return 0.0, chosen.worth
        scores = self._before()
        for part, pick in zip(self.parts, chosen.picks, strict=True):
            if part.commune in scores:
                scores[part.commune] += float(figures_of(part.node, pick)[SCORE])
        return min(scores.values(), default=0.0), chosen.worth

    def _choose(
        self,
        profit: int,
        bounds: Sequence[Bound],
        start: Choice | None = None,
        gap: float | None = None,
    ) -> Choice:
        task = Task(self.parts, self.flows, bounds, profit, lure=profit)
        return Master(task).best(self._gap if gap is None else gap, self._until, start)

    def _money(self, most_vnd: int) -> Bound:
        """In the largest unit that all prices are whole in, so that rounding spends nothing."""
        unit = math.gcd(*(act.price_vnd for room in self._rooms for act in room.acts)) or 1
        return Bound(COST, upper=most_vnd // unit, scale=1 / unit)

    def _common(self) -> list[Bound]:
        """The money, and that nothing comes from nowhere."""
        return [self._money(self._problem.budget_vnd), *self._pools()]

    def _pools(self) -> list[Bound]:
        pools = dict.fromkeys(pool for part in self.parts for pool in part.pools)
        pools |= dict.fromkeys(pool for flow in self.flows for pool in flow.pools)
        return [
            Bound(pool=pool, lower=0.0, upper=math.inf if isinstance(pool, InPlace) else 0.0)
            for pool in pools
        ]

    def _must_haves(self) -> Choice:
        """First what is mandatory, as near to the best as is asked for; what that leaves open goes
        to the rest, which would take long if not a dong of it could be."""
        first = self._choose(MUST, self._common(), gap=self._gap / 2)
        least = min(first.worth, first.bound / (1 + self._gap))
        held = Bound(MUST, lower=least - HELD)
        last = self._choose(SCORE, [*self._common(), held], first)
        worth = worth_of(self.parts, self.flows, last, MUST)
        return _with(replace(first, worth=worth, bound=max(worth, first.bound)), last)

    def _equal_share(self) -> Choice:
        share_vnd = self._problem.budget_vnd // len(self._rooms)
        if self._alone:
            leaves = [part.node for part in self.parts if isinstance(part.node, Leaf)]
            places = [bisect_right(leaf.figures[:, COST], share_vnd) - 1 for leaf in leaves]
            pairs = zip(leaves, places, strict=True)
            worth = sum(float(leaf.figures[at, SCORE]) for leaf, at in pairs)
            return Choice(tuple((at, ()) for at in places), (), worth, worth, 0.0, True)
        columns = Columns(
            [Limited(halves, COST, -1.0, -share_vnd - 0.5) for halves in self.halves],
            self.flows,
            self._pools(),
            SCORE,
        )
        columns.begin()
        relaxed = columns.relaxed(lambda worth: self._gap / 10 * abs(worth), self._until)
        return self._chosen(columns.whole(relaxed, self._gap, self._until))

    def _chosen(self, picked: Picked) -> Choice:
        """A choice of pairs, kept as parts of one option each."""
        self.parts = []
        for halves, pair in zip(self.halves, picked.pairs, strict=True):
            leaf = Leaf(halves.one.acts, halves.values(pair)[None], halves.figures(pair)[None])
            self.parts.append(Part(halves.commune, leaf, halves.pools))
        picks: tuple[Pick, ...] = ((0, ()),) * len(self.parts)
        above = picked.bound - picked.worth
        proven = above <= max(self._gap * abs(picked.worth), 1e-6)
        return Choice(picks, picked.flows, picked.worth, picked.bound, 0.0, proven)

    def _lowest_alone(self) -> Choice:
        """The level that the money reaches, and the best with nobody below it."""
        before = self._before()
        leaves = {p.commune: p.node for p in self.parts if isinstance(p.node, Leaf)}
        level = level_of(before, leaves, self._problem.budget_vnd)
        for at, part in enumerate(self.parts):
            leaf = leaves[part.commune]
            kept = before[part.commune] + leaf.figures[:, SCORE] >= level.least(part.commune)
            self.parts[at] = Part(
                part.commune, Leaf(leaf.acts, leaf.values[kept], leaf.figures[kept]), ()
            )
        last = self._choose(SCORE, self._common())
        worth = level.gained
        return Choice(last.picks, (), worth, worth, level.height, last.proven)

    def _lowest(self) -> Choice:
        if not self._gap:
            return self._lowest_exactly()
        bounds = (self._money(self._problem.budget_vnd), self._pools())
        lift = Lift(self.halves, self.flows, self._before(), *bounds)
        try:
            found = lift.best(self._gap, self._until)
        except NoSolution:
            return self._lowest_exactly()
        parts = self.parts
        last = self._chosen(found.picked)
        near = found.most - found.gained <= max(self._gap * found.gained, 1e-6)
        lifted = Choice(
            last.picks, last.flows, found.gained, found.most, found.level, last.proven and near
        )
        if near or time.monotonic() > self._until:
            return lifted
        # Where communes are few, whole numbers matter more, and options are few, too.
        mine, rank = self.parts, self.rank(lifted)
        self.parts = parts
        try:
            exact = self._lowest_exactly()
        except NoSolution:
            self.parts = mine
            return lifted
        if self.rank(exact) > rank:
            return exact
        self.parts = mine
        return lifted

    def _lowest_exactly(self) -> Choice:
        before = self._before()
        # Some time is left to what is chosen next.
        until = time.monotonic() + _FIRST_GOAL * (self._until - time.monotonic())
        first, floors = raise_lowest(
            self.parts, self.flows, before, self._common(), self._gap, until
        )
        self._until = max(self._until, time.monotonic() + _AT_LEAST_S)
        try:
            last = self._choose(SCORE, [*self._common(), *floors], first)
        except NoSolution:
            return replace(first, proven=False)
        return _with(first, last)

    def _before(self) -> dict[str, float]:
        """The score of each commune that has one."""
        ratios = {room.code: room.lens.before.total.ratio for room in self._rooms}
        return {code: ratio for code, ratio in ratios.items() if ratio is not None}


def _set_values(values: list[int], node: Node, pick: Pick) -> None:
    if isinstance(node, Leaf):
        for act, value in zip(node.acts, node.values[pick[0]], strict=True):
            values[act] = int(value)
        return
    branch = node.branches[pick[0]]
    values[node.act] = branch.value
    for part, inner in zip(branch.parts, pick[1], strict=True):
        _set_values(values, part, inner)


def _with(first: Choice, last: Choice) -> Choice:
    """What is chosen last, told by what was wanted first."""
    proven = first.proven and last.proven
    return Choice(last.picks, last.flows, first.worth, first.bound, first.level, proven)
