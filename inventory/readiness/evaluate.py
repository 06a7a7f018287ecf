"""A commune held against a profile: verdicts, evidence, gaps, costs and scores. Pure.

- A score is the weighted share fulfilled of what is *known*; its confidence is the weighted mean
  confidence of *all* requirements, where unknown counts 0. Unknown never lowers a score. What an
  exception exempts counts in neither.
- Share fulfilled: 1 when met; with `partly`, 0.5 at that value and linear on both sides; with
  `steps`, that of the hardest step reached, 0 before the first; with neither, value over threshold
  (at_least) or threshold over value (at_most).
- Confidence of one requirement: see `finding`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace

from config.profile import Ceiling, Profile, ProfileException, Requirement
from config.sections import Commune
from inventory.readiness.facts import CommuneFacts
from inventory.readiness.finding import DECLARED, Finding, Question
from inventory.readiness.measures import MEASURES, missing_pieces
from inventory.readiness.result import (
    Evaluation,
    Evidence,
    Exemption,
    RequirementResult,
    Score,
    Verdict,
)

_ALMOST = math.nextafter(1.0, 0.0)
"""The most that is fulfilled of what is not met, however near it comes."""


def evaluate(profile: Profile, commune: CommuneFacts, now_s: float) -> Evaluation:
    """The commune against every requirement of the profile at one moment."""
    day = dt.datetime.fromtimestamp(now_s, commune.zone).date()
    code = commune.unit.code
    results = tuple(
        exempted(judge(r, commune, now_s), profile.exception(r.id, code, day))
        for r in profile.requirements
    )
    return Evaluation(
        commune=code,
        profile=profile.id,
        profile_version=profile.version,
        at_s=now_s,
        total=score(results),
        pillars={
            pillar.id: score([r for r in results if r.pillar == pillar.id])
            for pillar in profile.pillars
        },
        results=results,
        profile_digest=profile.digest,
    )


def exempted(result: RequirementResult, exception: ProfileException | None) -> RequirementResult:
    """A result under an exception: what there is stays, what is missing no longer counts."""
    if exception is None:
        return result
    return replace(
        result,
        verdict=Verdict.EXEMPT,
        share=None,
        confidence=0.0,
        gap=0.0,
        cost_vnd=0,
        explanation="exempt",
        exemption=Exemption(exception.reason, exception.document, exception.until),
    )


def score(results: Sequence[RequirementResult]) -> Score:
    """The score of some requirements together; what is exempt counts neither way."""
    results = [r for r in results if r.verdict is not Verdict.EXEMPT]
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
    measure, at_least = requirement.measure, requirement.at_least
    question = Question(measure, commune, now_s, requirement.max_age, at_least)
    finding = decided(requirement, MEASURES[measure.measure](question))
    if finding.value is None:
        return _result(requirement, finding, Verdict.UNKNOWN, None, finding.reason)
    share, verdict = share_of(requirement, finding.value), verdict_of(requirement, finding.value)
    reason = "met"
    if verdict is not Verdict.MET:
        reason = finding.reason or ("below" if at_least is not None else "above")
    most = most_allowed(requirement.ceiling, commune.declared)
    return _result(requirement, finding, verdict, share, reason, most)


def decided(requirement: Requirement, finding: Finding) -> Finding:
    """A finding whose value does not hang on what is not known: unknown where the verdict does,
    else the better of both ends, for what is not known never counts against a commune."""
    value, best = finding.value, finding.could_be
    if value is None or best is None:
        return finding
    if verdict_of(requirement, value) is not verdict_of(requirement, best):
        return replace(finding, value=None, reason="some_unknown", confidence=0.0)
    if share_of(requirement, best) > share_of(requirement, value):
        return replace(finding, value=best)
    return finding


def most_allowed(ceiling: Ceiling | None, declared: Commune) -> float | None:
    """How many pieces a norm allows a commune; None without a norm, or without the posts."""
    if ceiling is None:
        return None
    posts, group_8 = declared.posts, declared.posts_group_8
    above = None if posts is None or group_8 is None else posts - group_8
    known = {"posts": posts, "posts_group_8": group_8, "posts_above_group_8": above}
    total = ceiling.plus
    for part in ceiling.allow:
        count = known[part.posts]
        if count is None:
            return None
        total += math.ceil(count / part.per - 1e-9)
    return total


def verdict_of(requirement: Requirement, value: float) -> Verdict:
    """What a value means."""
    sign = 1.0 if requirement.at_least is not None else -1.0
    if sign * value >= sign * requirement.threshold:
        return Verdict.MET
    easiest = requirement.steps[0].at if requirement.steps else requirement.partly
    if easiest is not None and sign * value >= sign * easiest:
        return Verdict.PARTLY
    return Verdict.UNMET


def share_of(requirement: Requirement, value: float) -> float:
    """How much of the requirement a value fulfils, 0 to 1; 1 only when it is met."""
    if verdict_of(requirement, value) is Verdict.MET:
        return 1.0
    return min(_ALMOST, max(0.0, _part_of(requirement, value)))


def _part_of(requirement: Requirement, value: float) -> float:
    threshold, partly = requirement.threshold, requirement.partly
    if requirement.steps:
        sign = 1.0 if requirement.at_least is not None else -1.0
        reached = [step.share for step in requirement.steps if sign * value >= sign * step.at]
        return reached[-1] if reached else 0.0
    if requirement.at_least is not None:
        if partly is None:
            return value / threshold
        if value >= partly:
            return 0.5 + 0.5 * (value - partly) / (threshold - partly)
        return 0.5 * value / partly
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
    reason: str,
    most: float | None = None,
) -> RequirementResult:
    gap, cost_vnd = 0.0, 0
    if finding.value is not None and verdict is not Verdict.MET:
        distance = abs(requirement.threshold - finding.value)
        gap = missing_pieces(requirement.measure, finding, distance)
        if remedy := requirement.remedy:
            cost_vnd = math.ceil(gap / remedy.per - 1e-9) * remedy.price_vnd
    evidence = finding.evidence
    above_norm = most is not None and finding.pieces is not None and finding.pieces > most
    if above_norm:
        evidence = (Evidence(DECLARED, f"{finding.pieces} > {most:g}"), *evidence)
    return RequirementResult(
        requirement=requirement.id,
        pillar=requirement.pillar,
        level=requirement.level,
        weight=requirement.weight,
        verdict=verdict,
        value=finding.value,
        threshold=requirement.threshold,
        unit=requirement.unit,
        share=share,
        confidence=finding.confidence,
        gap=gap,
        cost_vnd=cost_vnd,
        evidence=evidence,
        explanation=reason,
        above_norm=above_norm,
    )
