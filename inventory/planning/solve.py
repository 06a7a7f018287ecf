"""The best use of a sum: solves a what-if question and says what comes of it, by the rules of
evaluation. Deterministic as long as no time limit is reached. Pure.

1. What can be done in each commune becomes lists of options (`room`, `options`).
2. One option of each list is chosen (`master`): first for what the goal wants first, then for the
   mean readiness with that held.
3. Every commune is evaluated with what was chosen (`acts`): these are the figures of the answer.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

from config.profile import Profile
from inventory.planning.acts import evaluation_after
from inventory.planning.answer import answer_of
from inventory.planning.choices import steps_of, transfers_of
from inventory.planning.master import Bound, Choice, Master, NoSolution, Pick
from inventory.planning.options import (
    COST,
    MUST,
    SCORE,
    Enumeration,
    Leaf,
    Node,
    Part,
    TooManyCombinations,
)
from inventory.planning.room import Offer, Room, offers
from inventory.planning.tally import Lens
from inventory.planning.whatif import Answer, Goal, WhatIf
from inventory.readiness.facts import AssetFacts, CommuneFacts

_HELD = 1e-7
"""How much of what is held for the next goal may be lost to rounding."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to choose, seconds, once it is known what can be done, and from which gap on an
    answer is good enough."""

    time_s: float = 10.0
    gap: float = 0.001


def solve(
    problem: WhatIf,
    communes: Sequence[CommuneFacts],
    profile_of: Callable[[str], Profile],
    now_s: float,
    limits: Limits = Limits(),
) -> Answer:
    """The answer to a question about communes.

    profile_of: code of a commune -> the profile that it is held against. Raises ValueError for a
    commune of the question that is not among `communes`. Where not even a first answer is found in
    time, the answer is to do nothing, with an endless gap.
    """
    wanted = set(problem.communes) or {c.unit.code for c in communes}
    if missing := wanted - {c.unit.code for c in communes}:
        raise ValueError(f"not watched: {', '.join(sorted(missing))}")
    rooms = rooms_of(
        problem,
        [Lens(profile_of(c.unit.code), c, now_s) for c in communes if c.unit.code in wanted],
    )
    search = Search(problem, rooms, limits)
    try:
        found = search.best()
        values = search.values(found.picks)
    except NoSolution:  # nothing is always possible
        found = Choice((), 0.0, math.inf, 0.0, False)
        values = {room.code: [0] * len(room.acts) for room in rooms}
    transfers = transfers_of(rooms, values)
    after = {
        room.code: evaluation_after(
            room.lens.profile,
            room.lens.commune,
            steps_of(room, values[room.code], transfers),
            now_s,
        )
        for room in rooms
    }
    above = max(0.0, found.bound - found.worth)
    gap = 0.0 if above < 1e-6 else above / max(found.worth, 1e-6)
    # Plain values, for an answer is kept as text: numpy's own are none.
    gap, proven = float(gap), bool(found.proven)
    return answer_of(problem, rooms, values, transfers, after, now_s, gap, proven=proven)


def rooms_of(problem: WhatIf, lenses: Sequence[Lens]) -> list[Room]:
    """What can be done in each commune, and between them."""
    profiles = list({id(lens.profile): lens for lens in lenses}.values())

    def kin(asset: AssetFacts) -> Hashable:
        return tuple(lens.signature(asset) for lens in profiles)

    moves, stock = problem.allow_moves, problem.use_stock
    found = [offers(lens, kin, stock=stock, moves=moves) for lens in lenses]
    pools: dict[Hashable, list[Offer]] = defaultdict(list)
    if moves:
        for some in found:
            for offer in some:
                pools[offer.pool].append(offer)
    rooms = []
    for lens, some in zip(lenses, found, strict=True):
        surplus = {offer.pool for offer in some if not offer.in_stock}
        get = {
            pool: (given[0].assets[0], sum(len(offer.assets) for offer in given))
            for pool, given in pools.items()
            if pool not in surplus  # whoever has too many gets none
        }
        room = Room(lens, problem.within_ceilings)
        room.build(own=() if moves else some, give=some if moves else (), get=get)
        rooms.append(room)
    return rooms


_FIRST_GOAL = 0.7
"""The part of the time that raising the lowest may take."""

_AT_LEAST_S = 5.0
"""What an easier question gets when a harder one was not answered in time."""


class Search:
    """Chooses among the options of all communes, for one goal after the other. A room with too many
    combinations is made careful in `rooms`."""

    def __init__(self, problem: WhatIf, rooms: list[Room], limits: Limits) -> None:
        self._problem, self._rooms, self._gap = problem, rooms, limits.gap
        self.parts: list[Part] = []
        for at, room in enumerate(rooms):
            try:
                found = Enumeration(room, problem.budget_vnd).parts()
            except TooManyCombinations:
                rooms[at] = room.made_careful()
                found = Enumeration(rooms[at], problem.budget_vnd).parts()
            self.parts += found
        self._until = time.monotonic() + limits.time_s

    def best(self) -> Choice:
        """The choice; worth and bound are of what the goal wants first."""
        if not self.parts:
            return Choice((), 0.0, 0.0, 0.0, True)
        goal = self._problem.goal
        if goal is Goal.EQUAL_SHARE:
            return self._equal_share()
        if goal is Goal.MUST_HAVES:
            first = self._choose(MUST, self._common())
            held = Bound(MUST, lower=first.worth - _HELD)
            return _with(first, self._choose(SCORE, [*self._common(), held], first.picks))
        if goal is Goal.WORST_OFF:
            try:
                first, floors = self._raise_lowest()
            except NoSolution:
                return self._in_all()
            self._until = max(self._until, time.monotonic() + _AT_LEAST_S)
            try:
                last = self._choose(SCORE, [*self._common(), *floors], first.picks)
            except NoSolution:
                return replace(first, proven=False)
            return _with(first, last)
        return self._choose(SCORE, self._common())

    def values(self, picks: Sequence[Pick]) -> dict[str, list[int]]:
        """How much is done of each act, by commune."""
        found = {room.code: [0] * len(room.acts) for room in self._rooms}
        for part, pick in zip(self.parts, picks, strict=True):
            _set_values(found[part.commune], part.node, pick)
        return found

    def _choose(
        self, profit: int, bounds: Sequence[Bound], start: Sequence[Pick] | None = None
    ) -> Choice:
        master = Master(self.parts, bounds, profit=profit, lure=profit)
        return master.best(self._gap, self._until, start)

    def _money(self, most_vnd: int) -> Bound:
        """In the largest unit that all prices are whole in, so that rounding spends nothing."""
        unit = math.gcd(*(act.price_vnd for room in self._rooms for act in room.acts)) or 1
        return Bound(COST, upper=most_vnd // unit, scale=1 / unit)

    def _common(self) -> list[Bound]:
        """The money, and that nothing comes from nowhere."""
        pools = dict.fromkeys(pool for part in self.parts for pool in part.pools)
        found = [self._money(self._problem.budget_vnd)]
        return found + [Bound(pool=pool, lower=0.0, upper=0.0) for pool in pools]

    def _equal_share(self) -> Choice:
        money = self._money(self._problem.budget_vnd // len(self._rooms))
        if self._problem.allow_moves:
            codes = dict.fromkeys(part.commune for part in self.parts)
            shares = [replace(money, commune=code) for code in codes]
            return self._choose(SCORE, [*self._common(), *shares])
        picks: list[Pick] = []
        worth = bound = 0.0
        proven = True
        for room in self._rooms:
            parts = [part for part in self.parts if part.commune == room.code]
            if parts:
                master = Master(parts, [money], profit=SCORE, lure=SCORE)
                found = master.best(self._gap, self._until)
                picks += found.picks
                worth, bound = worth + found.worth, bound + found.bound
                proven = proven and found.proven
        return Choice(tuple(picks), worth, bound, 0.0, proven)

    def _in_all(self) -> Choice:
        """The highest mean, where no time was left to raise the lowest; the gap is not known."""
        self._until = max(self._until, time.monotonic() + _AT_LEAST_S)
        found = self._choose(SCORE, self._common())
        return Choice(found.picks, found.worth, math.inf, 0.0, False)

    def _raise_lowest(self) -> tuple[Choice, list[Bound]]:
        """As high as the lowest commune can come, where one that is as good as money can make it
        only has to stay so.

        (choice, what of it is held for what is chosen next). Worth and bound of the choice are of
        what the lowest of the others gains.
        """
        before = {
            room.code: ratio
            for room in self._rooms
            if (ratio := room.lens.before.total.ratio) is not None
        }
        tops = dict(before)
        for part in self.parts:
            tops[part.commune] += highest(part.node, SCORE)
        codes = sorted(before, key=lambda code: tops[code])
        heights = [tops[code] for code in codes]

        def floors(topped: int, level: float | None) -> list[Bound]:
            found = []
            for at, code in enumerate(codes):
                lower, times = tops[code] - before[code] - _HELD, 0.0
                if at >= topped:
                    times = -1.0 if level is None else 0.0
                    lower = (0.0 if level is None else level - _HELD) - before[code]
                found.append(Bound(SCORE, commune=code, lower=lower, level=times))
            return found

        def attempt(topped: int) -> Choice | None:
            """The first so many stay at their top."""
            bounds = [*self._common(), *floors(topped, None)]
            master = Master(self.parts, bounds, profit=None, lure=SCORE)
            try:
                return master.best(self._gap, until)
            except NoSolution:
                return None

        def reached(found: Choice) -> int:
            """How many tops are not above the level."""
            return bisect_right(heights, found.level + _HELD)

        # Some time is left to what is chosen next.
        until = time.monotonic() + _FIRST_GOAL * (self._until - time.monotonic())
        best, topped = attempt(0), 0
        if best is None:
            raise NoSolution("the lowest")
        beyond = len(codes) + 1  # so many at their top are too many, or more than there are
        while topped < (now := reached(best)) < beyond:
            middle = (now + beyond) // 2
            further = attempt(middle) if middle < len(codes) else None
            if further is not None and reached(further) >= middle:
                best, topped = further, middle
                continue
            beyond = middle
            again = attempt(now) if now < len(codes) else None
            if again is None:
                break
            best, topped = again, now
        lowest = min((before[code] for code in codes[topped:]), default=0.0)
        gained = Choice(
            best.picks, best.worth - lowest, best.bound - lowest, best.level, best.proven
        )
        return gained, floors(topped, best.level)


def highest(node: Node, column: int) -> float:
    """The most that an alternative has of a figure, whatever it costs."""
    if isinstance(node, Leaf):
        return float(node.figures[:, column].max())
    return max(
        float(branch.figures[column]) + sum(highest(part, column) for part in branch.parts)
        for branch in node.branches
    )


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
    return Choice(last.picks, first.worth, first.bound, first.level, first.proven and last.proven)
