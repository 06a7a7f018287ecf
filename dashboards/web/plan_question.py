"""The form of a what-if question: money as people type it, choices, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboards.web.forms import one
from dashboards.web.words import N_
from inventory.planning.whatif import Goal, WhatIf
from inventory.sheets.problem import CellError
from inventory.sheets.values import parse, reading

LEAST_VND = 100_000
"""Less than that buys nothing: whoever types 500 means 500 million."""

MOST_VND = 10**15

GOALS = {
    Goal.MUST_HAVES: (
        N_("What is mandatory first"),
        N_("As much as possible of what is mandatory, in all communes; then what is desirable."),
    ),
    Goal.WORST_OFF: (
        N_("The worst-off communes first"),
        N_("The commune that stands lowest is lifted as high as the money goes, then the next."),
    ),
    Goal.EQUAL_SHARE: (
        N_("An equal share for each commune"),
        N_("No commune gets more than its part of the sum."),
    ),
    Goal.MAXIMUM_SCORE: (
        N_("The highest readiness in all"),
        N_("The highest mean over the communes, wherever the money does most."),
    ),
}

TICKS = {
    "within_ceilings": (
        N_("Never above the maximum of a norm"),
        N_("Nothing is bought or moved above what a norm allows."),
    ),
    "use_stock": (
        N_("Use what is in stock before buying"),
        N_("What the register has in stock is put into use where that helps."),
    ),
    "allow_moves": (
        N_("Things may go from one commune to another"),
        N_(
            "Stock and what is above the need may be transferred; each transfer needs its decision."
        ),
    ),
}

_ENGLISH = re.compile(r"([0-9]+(?:[.,][0-9]{1,2})?) ?(million|mn|m|billion|bn|b)", re.IGNORECASE)
_HINDI = re.compile(r"([0-9]+(?:[.,][0-9]{1,2})?) ?(करोड़|लाख)")
_SIZES = {"m": 10**6, "b": 10**9, "क": 10**7, "ल": 10**5}

WRONG = N_("write the sum as 500 triệu, 500.000.000 đ or 1,5 tỷ")
TOO_LITTLE = N_("{sum} buys nothing; do you mean {more}?")
TOO_MUCH = N_("that is more than Hatang counts")
NO_COMMUNE = N_("choose at least one commune")
NO_GOAL = N_("choose what the money is for")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form. errors: field -> (English, values)."""

    budget: str = ""
    goal: str = Goal.MUST_HAVES.value
    ticks: frozenset[str] = frozenset({"within_ceilings", "use_stock"})
    place: str = ""
    errors: Mapping[str, tuple[str, Mapping[str, int]]] = field(default_factory=dict)


class NotMoney(ValueError):
    """What was typed is no sum. text: English with the names of `values`."""

    def __init__(self, text: str, **values: int) -> None:
        super().__init__(text)
        self.text, self.values = text, values


def read_budget(text: str) -> int:
    """Whole dong of a sum as people type it. Raises NotMoney.

    >>> read_budget("500 triệu"), read_budget("1,5 tỷ"), read_budget("500.000.000 đ")
    (500000000, 1500000000, 500000000)
    """
    plain = " ".join(text.split())
    for pattern in (_ENGLISH, _HINDI):
        known = pattern.fullmatch(plain)
        if known is not None:
            size = _SIZES[known[2][0].lower()]
            return _checked(round(float(known[1].replace(",", ".")) * 100) * size // 100)
    try:
        found = parse("price", plain, reading({}))
    except CellError:
        raise NotMoney(WRONG) from None
    if not isinstance(found, int):
        raise NotMoney(WRONG)
    return _checked(found)


def _checked(dong: int) -> int:
    if 0 < dong < LEAST_VND:
        raise NotMoney(TOO_LITTLE, sum=dong, more=dong * 10**6)
    if dong > MOST_VND:
        raise NotMoney(TOO_MUCH)
    return dong


def question_of(
    posted: Mapping[str, Sequence[str]], places: Mapping[str, frozenset[str]]
) -> tuple[WhatIf | None, Typed]:
    """The question that was sent, None where something is wrong, and what stands in the form.

    places: what can be chosen -> codes of its communes; "" is all that the reader sees.
    """
    budget, goal, place = one(posted, "budget", 60), one(posted, "goal"), one(posted, "place", 64)
    ticks = frozenset(key for key in TICKS if one(posted, key))
    errors: dict[str, tuple[str, Mapping[str, int]]] = {}
    sum_vnd = 0
    try:
        sum_vnd = read_budget(budget)
    except NotMoney as wrong:
        errors["budget"] = (wrong.text, wrong.values)
    if goal not in list(Goal):
        errors["goal"] = (NO_GOAL, {})
    codes = places.get(place, frozenset())
    if not codes:
        errors["place"] = (NO_COMMUNE, {})
    typed = Typed(budget, goal, ticks, place, errors)
    if errors:
        return None, typed
    return (
        WhatIf(
            sum_vnd,
            Goal(goal),
            within_ceilings="within_ceilings" in ticks,
            use_stock="use_stock" in ticks,
            allow_moves="allow_moves" in ticks,
            communes=tuple(sorted(codes)),
        ),
        typed,
    )
