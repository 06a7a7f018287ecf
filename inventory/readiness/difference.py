"""What changed between two evaluations of a commune, requirement by requirement, and why. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inventory.readiness.finding import DECLARED
from inventory.readiness.result import Evaluation, RequirementResult, Verdict

CAUSES = (
    "asked_now",
    "asked_no_more",
    "other_target",
    "exempt_now",
    "exempt_no_more",
    "known_now",
    "known_no_more",
    "assets_came",
    "assets_went",
    "declared_anew",
    "measured_anew",
)
"""Why a result changed, in stable words: the profile asks it or no more, or asks another value; an
exception began or ended; there is data or no more; other assets stand behind it; somebody declared
another figure; or the same things brought another value."""


@dataclass(frozen=True, slots=True)
class Change:
    """One requirement whose verdict or value differs. before, after: None where the profile of
    that day did not ask it. came, went: tags of assets that are evidence on one side only."""

    requirement: str
    pillar: str
    before: RequirementResult | None
    after: RequirementResult | None
    causes: tuple[str, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]

    @property
    def direction(self) -> int:
        """1 for better, -1 for worse, 0 where nobody can say."""
        if self.before is None or self.after is None:
            return 0
        before, after = self.before.share, self.after.share
        if before is None or after is None or before == after:
            return 0
        return 1 if after > before else -1

    @property
    def cost_vnd(self) -> int:
        """How much more the gap costs than before; negative for less."""
        return (self.after.cost_vnd if self.after else 0) - (
            self.before.cost_vnd if self.before else 0
        )


def differences(before: Evaluation | None, after: Evaluation | None) -> tuple[Change, ...]:
    """Every requirement whose verdict, value, target or cost differs, in the order of the later
    profile, then what it asks no more. None: no evaluation of that day, against which nothing is a
    change."""
    if before is None or after is None:
        return ()
    old = {r.requirement: r for r in before.results}
    new = {r.requirement: r for r in after.results}
    found = []
    for id in (*new, *(id for id in old if id not in new)):
        one, other = old.get(id), new.get(id)
        if one is not None and other is not None and _same(one, other):
            continue
        result = other or one
        assert result is not None
        tags, tags_then = _tags(other), _tags(one)
        came = tuple(t for t in tags if t not in tags_then)
        went = tuple(t for t in tags_then if t not in tags)
        causes = _causes(one, other, came, went)
        found.append(Change(id, result.pillar, one, other, causes, came, went))
    return tuple(found)


def _same(one: RequirementResult, other: RequirementResult) -> bool:
    return (
        one.verdict == other.verdict
        and _close(one.value, other.value)
        and one.threshold == other.threshold
        and one.cost_vnd == other.cost_vnd
    )


def _close(one: float | None, other: float | None) -> bool:
    """Measured ratios never repeat to the last digit; a ten-thousandth is nobody's news."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-9)


def _tags(result: RequirementResult | None) -> dict[str, None]:
    rows = result.evidence if result is not None else ()
    return {row.asset: None for row in rows if row.asset is not None}


def _causes(
    one: RequirementResult | None,
    other: RequirementResult | None,
    came: tuple[str, ...],
    went: tuple[str, ...],
) -> tuple[str, ...]:
    if one is None:
        return ("asked_now",)
    if other is None:
        return ("asked_no_more",)
    exempt = [r.verdict.value == "exempt" for r in (one, other)]
    unknown = [r.verdict is Verdict.UNKNOWN for r in (one, other)]
    said = {
        "other_target": one.threshold != other.threshold,
        "exempt_now": exempt == [False, True],
        "exempt_no_more": exempt == [True, False],
        "known_now": unknown == [True, False] and not exempt[1],
        "known_no_more": unknown == [False, True] and not exempt[0],
        "assets_came": bool(came),
        "assets_went": bool(went),
        "declared_anew": _declared(one) != _declared(other),
    }
    causes = tuple(cause for cause, holds in said.items() if holds)
    if not causes and not _close(one.value, other.value):
        return ("measured_anew",)
    return causes


def _declared(result: RequirementResult) -> set[str]:
    return {row.text for row in result.evidence if row.source == DECLARED}
