"""What another profile means for real communes: who stands differently, and which change of the
profile is the cause. The facts are the same on both sides. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from config.profile import Profile
from config.profile_diff import RequirementChange, profile_changes
from inventory.readiness.evaluate import evaluate
from inventory.readiness.facts import CommuneFacts
from inventory.readiness.result import Evaluation, RequirementResult, Verdict
from inventory.units import Unit


@dataclass(frozen=True, slots=True)
class Effect:
    """One requirement that comes out differently for a commune. before, after: None where it is
    not asked. change: what the profile asks differently, None where only an exception does."""

    requirement: str
    before: RequirementResult | None
    after: RequirementResult | None
    change: RequirementChange | None


@dataclass(frozen=True, slots=True)
class Impact:
    """One commune by both profiles, and what comes out differently."""

    unit: Unit
    before: Evaluation
    after: Evaluation
    effects: tuple[Effect, ...]


def impacts(
    communes: Iterable[CommuneFacts],
    before_of: Callable[[Unit], Profile],
    after_of: Callable[[Unit], Profile],
    now_s: float,
) -> tuple[Impact, ...]:
    """The communes for which anything comes out differently, in their order."""
    known: dict[tuple[int, int], dict[str, RequirementChange]] = {}
    found = []
    for facts in communes:
        before, after = before_of(facts.unit), after_of(facts.unit)
        key = (id(before), id(after))
        if key not in known:
            known[key] = {c.requirement: c for c in profile_changes(before, after)}
        old, new = evaluate(before, facts, now_s), evaluate(after, facts, now_s)
        effects = _effects(old, new, known[key])
        if effects:
            found.append(Impact(facts.unit, old, new, effects))
    return tuple(found)


def _effects(
    before: Evaluation, after: Evaluation, changes: dict[str, RequirementChange]
) -> tuple[Effect, ...]:
    old = {r.requirement: r for r in before.results}
    new = {r.requirement: r for r in after.results}
    return tuple(
        Effect(id, old.get(id), new.get(id), changes.get(id))
        for id in (*new, *(id for id in old if id not in new))
        if _told(old.get(id)) != _told(new.get(id))
    )


def _told(result: RequirementResult | None) -> tuple[object, ...] | None:
    """What a reader sees of a result, and what weighs in the score; what is not known is the same
    whatever is asked of it."""
    if result is None:
        return None
    if result.verdict is Verdict.UNKNOWN:
        return (result.verdict,)
    return (
        result.verdict,
        result.value,
        result.threshold,
        result.share,
        result.weight,
        result.level,
        result.pillar,
        result.gap,
        result.cost_vnd,
        result.confidence,
        result.above_norm,
    )
