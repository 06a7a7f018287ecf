"""One requirement of one commune as its page shows it: what there is against what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.profile import AssetsPerPost, Requirement
from inventory.readiness.per_post import PerPost, per_post
from inventory.readiness.result import Evidence, RequirementResult


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


def judged(result: RequirementResult, requirement: Requirement | None) -> Judged:
    """A result with what the profile says of it."""
    measure = requirement.measure if requirement is not None else None
    at_most = requirement is not None and requirement.at_most is not None
    remedy = requirement.remedy if requirement is not None else None
    pieces = None
    if remedy is not None and remedy.price_vnd and result.cost_vnd:
        pieces = round(result.cost_vnd / remedy.price_vnd)
    return Judged(
        result,
        requirement,
        "≤" if at_most else "≥",
        per_post(result, measure.posts) if isinstance(measure, AssetsPerPost) else None,
        pieces,
        gathered(result.evidence),
    )


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
