"""A commune held against a profile: verdicts, evidence, gaps, costs and scores. Pure.

- A score is the weighted share fulfilled of what is *known*; its confidence is the weighted mean
  confidence of *all* requirements, where unknown counts 0. Unknown never lowers a score.
- Share fulfilled: 1 when met; with `partly`, 0.5 at that value and linear on both sides; without,
  value over threshold (at_least) or threshold over value (at_most).
- Confidence of one requirement: see `measures`, times the share of what was asked that is known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from config.profile import Profile, Requirement
from inventory.readiness.facts import CommuneFacts
from inventory.readiness.measures import (
    MEASURES,
    Finding,
    Question,
    confidence,
    missing_pieces,
)
from inventory.readiness.result import Evaluation, RequirementResult, Score, Verdict


def evaluate(profile: Profile, commune: CommuneFacts, now_s: float) -> Evaluation:
    """The commune against every requirement of the profile at one moment."""
    results = tuple(judge(r, commune, now_s) for r in profile.requirements)
    return Evaluation(
        commune=commune.unit.code,
        profile=profile.id,
        profile_version=profile.version,
        at_s=now_s,
        total=score(results),
        pillars={
            pillar.id: score([r for r in results if r.pillar == pillar.id])
            for pillar in profile.pillars
        },
        results=results,
    )


def score(results: Sequence[RequirementResult]) -> Score:
    """The score of some requirements together."""
    weight = sum(r.weight for r in results)
    known = [r for r in results if r.share is not None]
    known_weight = sum(r.weight for r in known)
    sure = sum(r.weight * r.confidence for r in results) / weight if weight else 0.0
    if not known_weight:
        return Score(None, 0.0)
    ratio = sum(r.weight * (r.share or 0.0) for r in known) / known_weight
    return Score(min(1.0, max(0.0, ratio)), min(1.0, max(0.0, sure)))


def judge(requirement: Requirement, commune: CommuneFacts, now_s: float) -> RequirementResult:
    """One commune against one requirement."""
    question = Question(requirement.measure, commune, now_s, requirement.max_age)
    finding = MEASURES[requirement.measure.measure](question)
    if finding.value is None:
        return _result(requirement, finding, Verdict.UNKNOWN, None, 0.0, finding.reason)
    share, verdict = share_of(requirement, finding.value), verdict_of(requirement, finding.value)
    sure = confidence(finding.evidence, now_s, requirement.max_age) * finding.coverage
    reason = "met"
    if verdict is not Verdict.MET:
        reason = finding.reason or ("below" if requirement.at_least is not None else "above")
    return _result(requirement, finding, verdict, share, sure, reason)


def verdict_of(requirement: Requirement, value: float) -> Verdict:
    """What a value means."""
    sign = 1.0 if requirement.at_least is not None else -1.0
    if sign * value >= sign * requirement.threshold:
        return Verdict.MET
    if requirement.partly is not None and sign * value >= sign * requirement.partly:
        return Verdict.PARTLY
    return Verdict.UNMET


def share_of(requirement: Requirement, value: float) -> float:
    """How much of the requirement a value fulfils, 0 to 1; 1 only when it is met."""
    threshold, partly = requirement.threshold, requirement.partly
    if verdict_of(requirement, value) is Verdict.MET:
        return 1.0
    if requirement.at_least is not None:
        if partly is None:
            return max(0.0, value / threshold)
        if value >= partly:
            return 0.5 + 0.5 * (value - partly) / (threshold - partly)
        return max(0.0, 0.5 * value / partly) if partly > 0 else 0.0
    if partly is None:
        return threshold / value
    if value <= partly:
        return 1.0 - 0.5 * (value - threshold) / (partly - threshold)
    return 0.5 * partly / value


def _result(
    requirement: Requirement,
    finding: Finding,
    verdict: Verdict,
    share: float | None,
    sure: float,
    reason: str,
) -> RequirementResult:
    gap = 0.0
    if verdict in (Verdict.PARTLY, Verdict.UNMET):
        at_least = requirement.at_least is not None
        gap = missing_pieces(requirement.measure, finding, requirement.threshold, at_least=at_least)
    remedy, value, ceiling = requirement.remedy, finding.value, requirement.ceiling
    pieces = math.ceil(gap / remedy.per - 1e-9) if remedy is not None else 0
    return RequirementResult(
        requirement=requirement.id,
        pillar=requirement.pillar,
        level=requirement.level,
        weight=requirement.weight,
        verdict=verdict,
        value=value,
        threshold=requirement.threshold,
        unit=requirement.unit,
        share=share,
        confidence=sure,
        gap=gap,
        cost_vnd=pieces * remedy.price_vnd if remedy is not None else 0,
        evidence=finding.evidence,
        explanation=reason,
        above_norm=ceiling is not None and value is not None and value > ceiling,
    )
