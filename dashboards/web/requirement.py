"""One requirement of one commune as its page shows it: what there is against what is asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from config.profile import AssetsPerPost, Requirement
from config.sections import Commune
from inventory.readiness.result import Evidence, RequirementResult


@dataclass(frozen=True, slots=True)
class PerPost:
    """Devices counted against the posts that they are for: 27 of 30 says more than 90 %."""

    have: int
    needed: int
    posts: int


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Evidence that says the same of several assets, in one row."""

    source: str
    text: str
    at_s: float | None
    assets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One requirement with its result; `requirement` None where the profile has it no more.

    sign: how value and threshold are compared. pieces: how many remedies the gap needs, None where
    no price is known.
    """

    result: RequirementResult
    requirement: Requirement | None
    sign: str
    per_post: PerPost | None
    pieces: int | None
    evidence: tuple[EvidenceRow, ...]


def judged(result: RequirementResult, requirement: Requirement | None, declared: Commune) -> Judged:
    """A result with what the profile and the commune say of it."""
    at_most = requirement is not None and requirement.at_most is not None
    remedy = requirement.remedy if requirement is not None else None
    pieces = None
    if remedy is not None and remedy.price_vnd and result.cost_vnd:
        pieces = round(result.cost_vnd / remedy.price_vnd)
    return Judged(
        result,
        requirement,
        "≤" if at_most else "≥",
        _per_post(result, requirement, declared),
        pieces,
        gathered(result.evidence),
    )


def _per_post(
    result: RequirementResult, requirement: Requirement | None, declared: Commune
) -> PerPost | None:
    measure = requirement.measure if requirement is not None else None
    if not isinstance(measure, AssetsPerPost) or result.value is None:
        return None
    posts: int | None = getattr(declared, measure.posts)
    if not posts:
        return None
    needed = math.ceil(result.threshold * posts - 1e-9)
    return PerPost(round(result.value * posts), needed, posts)


def gathered(evidence: Sequence[Evidence]) -> tuple[EvidenceRow, ...]:
    """Evidence in its order, rows of one text, source and moment made one."""
    found: dict[tuple[str, str, float | None], list[str]] = {}
    for row in evidence:
        assets = found.setdefault((row.source, row.text, row.at_s), [])
        if row.asset is not None:
            assets.append(row.asset)
    return tuple(
        EvidenceRow(source, text, at_s, tuple(assets))
        for (source, text, at_s), assets in found.items()
    )
