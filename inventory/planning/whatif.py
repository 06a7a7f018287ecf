"""What a sum would mend: the question and the answer, as immutable values.

`inventory.planning.solve` finds the answer; pages, files and the database share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from config.profile import Text


class Goal(StrEnum):
    """What is wanted for the money; each of the first three wants the last one, too, with what
    room it leaves."""

    MUST_HAVES = "must_haves"
    """As much as possible of what is mandatory, before anything desirable."""
    WORST_OFF = "worst_off"
    """The lowest commune as high as possible; one that is at its best holds up no other."""
    EQUAL_SHARE = "equal_share"
    """No commune gets more than its equal share of the sum."""
    MAXIMUM_SCORE = "maximum_score"
    """The highest mean readiness over the communes."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A question. Raises ValueError for a negative sum.

    within_ceilings: nothing is bought or moved above a norm's maximum. use_stock: what is in stock
    is put into use where that helps. allow_moves: stock and surplus may go to another commune.
    communes: codes of those that money may be spent in and things moved between, all when empty.
    """

    budget_vnd: int
    goal: Goal = Goal.MUST_HAVES
    within_ceilings: bool = True
    use_stock: bool = True
    allow_moves: bool = False
    communes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.budget_vnd < 0:
            raise ValueError("the budget must not be below 0")


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is bought or done for one commune. article: key of the remedy (see articles).
    requirements: ids of those of the commune that it lifts."""

    commune: str
    article: str
    name: Text
    quantity: int
    unit_price_vnd: int
    cost_vnd: int
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """An asset that goes to work, without money: out of stock where `origin` is `commune`, else
    from another commune. surplus: it was in use where it was, and above what is asked there."""

    asset: str
    name: str
    asset_class: str
    origin: str
    commune: str
    surplus: bool
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one commune, or all together, stand. score, mandatory: 0 to 1, None when nothing is
    known; of all: the mean over the communes that have one. met: requirements that are met, of how
    many known ones. gap_cost_vnd: what mending the rest costs."""

    score: float | None
    mandatory: float | None
    met: int
    known: int
    gap_cost_vnd: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One commune before and after; cost_vnd: what is spent there."""

    commune: str
    before: Standing
    after: Standing
    cost_vnd: int
    mended: tuple[str, ...] = ()
    """Requirements that are met after and were not before."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A gap that stays: the pieces that it still lacks and what they would have cost. why: "money"
    (what is left does not buy it, or buys more elsewhere), "ceiling" (a norm forbids it) or
    "no_remedy" (the profile names none)."""

    commune: str
    requirement: str
    level: str
    article: str
    pieces: int
    cost_vnd: int
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What to buy and to move, and what comes of it.

    optimality_gap: how far above this answer, at most, the best one can be in what the goal wants
    first, as a share of it; 0 is proven best. proven: whether the gap asked for was reached within
    the time. lowest_before, lowest_after: score of the lowest commune, None when nothing is known.
    simplified: communes with so much to choose from that, while choosing, no share of assets was
    counted as bettered by what is bought beside it; the figures after are not simplified.
    """

    problem: WhatIf
    at_s: float
    purchases: tuple[Purchase, ...]
    stock: tuple[Move, ...]
    moves: tuple[Move, ...]
    cost_vnd: int
    before: Standing
    after: Standing
    communes: tuple[Outcome, ...]
    left_out: tuple[LeftOut, ...]
    optimality_gap: float
    proven: bool
    lowest_before: float | None = None
    lowest_after: float | None = None
    simplified: tuple[str, ...] = ()

    @property
    def rest_vnd(self) -> int:
        """What of the sum is left."""
        return self.problem.budget_vnd - self.cost_vnd

    @property
    def left_out_vnd(self) -> int:
        """What all that was left out would have cost."""
        return sum(left.cost_vnd for left in self.left_out)
