"""What each requirement of a commune adds to its score, by what is done: a table over the two whole
numbers that it looks at. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inventory.planning.articles import Kind
from inventory.planning.nodes import Floats, Ints
from inventory.planning.room import Room
from inventory.planning.sums import Sum


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What one requirement adds, by two whole numbers. low: the least of each; table: its shares
    from there on; kind: equal for equal ones. parts: of the score and of that of the must-haves."""

    above: Sum
    below: Sum
    low: tuple[int, int]
    table: Floats
    kind: Ints
    parts: tuple[float, float]

    def adds(self, above: float, below: float) -> Floats:
        """What it adds to the score and to that of the must-haves."""
        share = float(self.table[round(above) - self.low[0], round(below) - self.low[1]])
        return share * np.array(self.parts)


def values_of(room: Room, counted: Callable[[Sum], Sum]) -> list[Value]:
    """What the requirements add that anything done can change. counted: a sum over the acts of the
    room -> the same as it is to be counted."""
    found = []
    mended = {a.article: n for n, a in enumerate(room.acts) if a.what == "mend"}
    known = [r for r in room.lens.profile.requirements if room.lens.results[r.id].share is not None]
    weight = sum(r.weight for r in known)
    must = sum(r.weight for r in known if r.level == "mandatory")
    for asked in known:
        parts = (
            asked.weight / weight,
            asked.weight / must if asked.level == "mandatory" else 0.0,
        )
        tally, act = room.lens.tallies.get(asked.id), mended.get(f"{Kind.MEND}:{asked.id}")
        if act is not None:
            article = room.articles[room.acts[act].article]

            def share(n: int, _: int, article=article) -> float | None:  # type: ignore[no-untyped-def]
                return room.share_when_mended(article, n)

            found.append(_value(room, parts, Sum().plus(act, 1.0), Sum(), share))
        elif tally is not None:
            above, below = map(counted, room.sums[asked.id])
            if above.terms or below.terms:
                found.append(_value(room, parts, above, below, tally.share))
    return found


def _value(
    room: Room,
    parts: tuple[float, float],
    above: Sum,
    below: Sum,
    share: Callable[[int, int], float | None],
) -> Value:
    (low, high), (least, most) = _range(room, above), _range(room, below)
    low, least = max(0, low), max(0, least)
    ratio = bool(below.const or below.terms)
    table = np.zeros((high - low + 1, most - least + 1))
    for one in range(low, high + 1):
        for other in range(least, most + 1):
            if not ratio or one <= other:
                table[one - low, other - least] = share(one, other) or 0.0
    kind = np.unique(table, return_inverse=True)[1].reshape(table.shape)
    return Value(above, below, (low, least), table, kind, parts)


def _range(room: Room, sum_: Sum) -> tuple[int, int]:
    ends = [factor * room.acts[act].upper for act, factor in sum_.terms.items()]
    low = sum_.const + sum(end for end in ends if end < 0)
    return round(low), round(sum_.const + sum(end for end in ends if end > 0))
