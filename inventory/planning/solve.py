"""The best use of a sum: solves a what-if question and says what comes of it, by the rules of
evaluation. Deterministic as long as no time limit is reached. Pure.

1. What can be done in each commune becomes lists of options (`room`, `options`).
2. One option of each list is chosen (`goals`): first for what the goal wants first, then for the
   mean readiness with that held.
3. Every commune is evaluated with what was chosen (`acts`): these are the figures of the answer.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

from config.profile import Profile
from inventory.planning.acts import evaluation_after
from inventory.planning.answer import answer_of
from inventory.planning.articles import articles
from inventory.planning.choices import steps_of, transfers_of
from inventory.planning.goals import Search
from inventory.planning.master import Choice
from inventory.planning.offers import offers
from inventory.planning.program import NoSolution
from inventory.planning.room import Room
from inventory.planning.tally import Lens
from inventory.planning.whatif import Answer, WhatIf
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
    lenses = [Lens(profile_of(c.unit.code), c, now_s) for c in communes if c.unit.code in wanted]
    rooms, values, found, rank = _chosen(problem, lenses, limits)
    if problem.allow_moves and not found.proven:
        # What is best when nothing moves is an answer, too, and is sooner found.
        staying = _chosen(replace(problem, allow_moves=False), lenses, limits)
        if rank is None or (staying[3] is not None and staying[3] > rank):
            rooms, values, found = (*staying[:2], _with_bound(staying[2], staying[3], found))
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


def _chosen(
    problem: WhatIf, lenses: Sequence[Lens], limits: Limits
) -> tuple[list[Room], dict[str, list[int]], Choice, tuple[float, float] | None]:
    """(what can be done, how much is done of each act by commune, the choice, its rank). Nothing
    is done, and has no rank, where the time was too short to find anything."""
    rooms = rooms_of(problem, lenses)
    search = Search(problem, rooms, limits.time_s, limits.gap)
    try:
        found = search.best()
        return rooms, search.values(found), found, search.rank(found)
    except NoSolution:  # nothing is always possible
        nothing = {room.code: [0] * len(room.acts) for room in rooms}
        return rooms, nothing, Choice((), (), 0.0, math.inf, 0.0, False), None


def _with_bound(better: Choice, rank: tuple[float, float] | None, other: Choice) -> Choice:
    """A choice with what bounds another one of the same goal; where a level is wanted, worth counts
    from another start."""
    bound = other.bound
    if better.level and rank is not None:
        bound = better.worth + other.level + other.bound - other.worth - rank[0]
    return replace(better, bound=max(better.worth, bound), proven=False)


def rooms_of(problem: WhatIf, lenses: Sequence[Lens]) -> list[Room]:
    """What can be done in each commune, and between them."""
    profiles = list({id(lens.profile): lens for lens in lenses}.values())

    def kin(asset: AssetFacts) -> Hashable:
        return tuple(lens.signature(asset) for lens in profiles)

    moves, stock = problem.allow_moves, problem.use_stock
    found = [offers(lens, kin, stock=stock, moves=moves) for lens in lenses]
    rooms = [Room(lens, articles(lens.profile), problem.within_ceilings) for lens in lenses]
    if not moves:
        for room, own in zip(rooms, found, strict=True):
            room.build(own, (), ())
        return rooms
    given: dict[Hashable, list[AssetFacts]] = defaultdict(list)
    for offer in itertools.chain(*found):
        given[offer.kin] += offer.assets
    wishes = []
    for room, some in zip(rooms, found, strict=True):
        surplus = {offer.kin for offer in some if not offer.in_stock}
        get = {
            kin_: (assets[0], len(assets))
            for kin_, assets in given.items()
            if kin_ not in surplus  # whoever has too many gets none
        }
        wishes.append(room.wishes(get))
    wanted = {arrival.kin for arrivals in wishes for arrival in arrivals}
    for room, some, arrivals in zip(rooms, found, wishes, strict=True):
        room.build((), [offer for offer in some if offer.kin in wanted], arrivals)
    return rooms
