"""Communes together: a province, a former district, a group, all. Pure.

Three methods, each named wherever its number stands:

- weighted: the mean readiness of the communes of which something is known, by their weights;
- worst: the lowest readiness among them;
- ready_share: how many of the communes that can be judged are ready (`ready`), as a share.

A commune without data is in no value: it is no 0 %. It lowers the confidence, which with every
method is the mean confidence of all communes by their weights, 0 for one without data. So value
and confidence both lie between those of the communes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from inventory.readiness.result import Evaluation, Score, Verdict

Method = Literal["weighted", "worst", "ready_share"]

METHODS: tuple[Method, ...] = get_args(Method)
"""All of them, the usual one first."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """value: 0 to 1, None where nothing is known of any commune. communes: how many there are;
    known: how many of them stand in the value."""

    method: Method
    value: float | None
    confidence: float
    communes: int
    known: int


def roll_up(members: Sequence[tuple[Evaluation | None, float]], method: Method) -> Rollup:
    """Evaluations of communes with their weights, as one figure.

    None: a commune that was never evaluated. A weight of 0 leaves a commune out of `weighted` and
    of the confidence. Raises ValueError for a weight below 0 or without end.
    """
    if method == "ready_share":
        _check([weight for _, weight in members])
        known = [is_ready for e, _ in members if (is_ready := ready(e)) is not None]
        value = sum(known) / len(known) if known else None
        sure = _mean([(e.total.confidence if e else 0.0, weight) for e, weight in members])
        return Rollup(method, value, sure or 0.0, len(members), len(known))
    return roll_up_scores([(e.total if e else None, weight) for e, weight in members], method)


def roll_up_scores(
    members: Sequence[tuple[Score | None, float]], method: Literal["weighted", "worst"]
) -> Rollup:
    """The same of any scores, for example those of one pillar."""
    _check([weight for _, weight in members])
    known = [(s.ratio, weight) for s, weight in members if s is not None and s.ratio is not None]
    lowest = min((ratio for ratio, _ in known), default=None)
    value = lowest if method == "worst" else _mean(known)
    sure = _mean([(s.confidence if s else 0.0, weight) for s, weight in members])
    return Rollup(method, value, sure or 0.0, len(members), len(known))


def ready(evaluation: Evaluation | None) -> bool | None:
    """Whether a commune meets every must-have of its profile.

    None where nobody can tell: it was not evaluated, or none of its must-haves is unmet and of one
    nothing is known. What a commune is exempt from is not asked of it.
    """
    if evaluation is None:
        return None
    verdicts = {r.verdict for r in evaluation.results if r.level == "mandatory"}
    if verdicts & {Verdict.UNMET, Verdict.PARTLY}:
        return False
    return None if Verdict.UNKNOWN in verdicts else True


def _check(weights: Sequence[float]) -> None:
    for weight in weights:
        if not (weight >= 0 and math.isfinite(weight)):
            raise ValueError(f"a weight of {weight} is none; give 0 or more")


def _mean(values: Sequence[tuple[float, float]]) -> float | None:
    """The mean by weight; None where all weighs nothing. Between its lowest and highest value
    also after rounding."""
    heaviest = max((weight for _, weight in values), default=0.0)
    if heaviest <= 0:
        return None
    shares = [(value, weight / heaviest) for value, weight in values]
    counted = [value for value, share in shares if share > 0]
    mean = sum(value * share for value, share in shares) / sum(share for _, share in shares)
    return min(max(counted), max(min(counted), mean))
