"""What /readiness answers with: evaluations as JSON."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from dashboards.api.answers import moment
from dashboards.api.communes import RequirementAnswer, ScoreAnswer
from inventory.readiness.result import Evaluation, RequirementResult, Score, Verdict
from inventory.readiness.rollup import ready
from inventory.snapshot import CommuneView


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")


class RankedAnswer(_Answer):
    """One commune of the ranking."""

    commune: str
    """Official code."""
    name: str
    parent: str
    """Code of the unit that it lies in."""
    total: ScoreAnswer | None
    """Null before its first evaluation."""
    pillars: dict[str, ScoreAnswer]
    ready: bool | None
    """Whether every mandatory requirement is met; null where nobody can tell."""
    verdicts: dict[Verdict, int]
    """How many requirements have each verdict."""
    above_norm: int
    """Of how many requirements it has more than a norm allows."""
    cost_vnd: int
    """What mending every gap costs."""
    evaluated_at: dt.datetime | None


class EvidenceAnswer(_Answer):
    """One row that a verdict rests on."""

    source: str
    """measured, registered or declared."""
    text: str
    """Untrusted where a device or a person said it."""
    at: dt.datetime | None
    """When it was true."""
    asset: str | None
    """Tag of the asset behind it."""


class ExemptionAnswer(_Answer):
    """Why something is not asked of a commune."""

    reason: str
    document: str
    until: dt.date | None


class ResultAnswer(RequirementAnswer):
    """How a commune stands against one requirement, and on what that rests."""

    above_norm: bool
    exemption: ExemptionAnswer | None
    evidence: list[EvidenceAnswer]


class EvaluationAnswer(_Answer):
    """One evaluation of a commune, with its evidence."""

    commune: str
    profile: str
    profile_version: str
    profile_digest: str
    """SHA-256 of the profile's content."""
    at: dt.datetime
    total: ScoreAnswer
    pillars: dict[str, ScoreAnswer]
    results: list[ResultAnswer]
    cost_vnd: int
    forecast_vnd: dict[str, dict[str, int]]
    """What replacing costs, by what ends (life, support) and when (overdue, year)."""


class AskedAnswer(_Answer):
    """One requirement over the communes."""

    requirement: str
    title: dict[str, str]
    """By language; empty where no profile of today has it."""
    pillar: str
    level: str
    verdicts: dict[Verdict, int]
    """How many communes have each verdict."""
    cost_vnd: int
    """What mending every gap of it costs."""


class StandingAnswer(_Answer):
    """How one commune stands against a requirement."""

    commune: str
    name: str
    result: RequirementAnswer
    evaluated_at: dt.datetime


def ranked(view: CommuneView) -> RankedAnswer:
    """A commune as a row of the ranking."""
    evaluation = view.evaluation
    results = evaluation.results if evaluation is not None else ()
    return RankedAnswer(
        commune=view.unit.code,
        name=view.unit.name,
        parent=view.unit.parent,
        total=_score(evaluation.total) if evaluation is not None else None,
        pillars=_scores(evaluation.pillars.items()) if evaluation is not None else {},
        ready=ready(evaluation),
        verdicts=verdicts_of(results),
        above_norm=sum(result.above_norm for result in results),
        cost_vnd=evaluation.cost_vnd if evaluation is not None else 0,
        evaluated_at=moment(evaluation.at_s) if evaluation is not None else None,
    )


def whole(found: Evaluation, soon: Mapping[tuple[str, str], int]) -> EvaluationAnswer:
    """An evaluation with its evidence. soon: (what ends, when) -> what replacing it costs."""
    forecast: dict[str, dict[str, int]] = {}
    for (ends, due), cost_vnd in soon.items():
        forecast.setdefault(ends, {})[due] = cost_vnd
    return EvaluationAnswer(
        commune=found.commune,
        profile=found.profile,
        profile_version=found.profile_version,
        profile_digest=found.profile_digest,
        at=moment(found.at_s),
        total=_score(found.total),
        pillars=_scores(found.pillars.items()),
        results=[_result(result) for result in found.results],
        cost_vnd=found.cost_vnd,
        forecast_vnd=forecast,
    )


def _result(found: RequirementResult) -> ResultAnswer:
    exemption = found.exemption
    return ResultAnswer(
        **_values(found),
        above_norm=found.above_norm,
        exemption=None
        if exemption is None
        else ExemptionAnswer(
            reason=exemption.reason, document=exemption.document, until=exemption.until
        ),
        evidence=[
            EvidenceAnswer(
                source=row.source,
                text=row.text,
                at=moment(row.at_s) if row.at_s is not None else None,
                asset=row.asset,
            )
            for row in found.evidence
        ],
    )


def bare(found: RequirementResult) -> RequirementAnswer:
    """A result without its evidence."""
    return RequirementAnswer.model_validate(_values(found))


def _values(found: RequirementResult) -> dict[str, Any]:
    return {name: getattr(found, name) for name in RequirementAnswer.model_fields}


def verdicts_of(results: Sequence[RequirementResult]) -> dict[Verdict, int]:
    """How many results have each verdict."""
    counts = Counter(result.verdict for result in results)
    return {verdict: counts[verdict] for verdict in Verdict}


def _score(score: Score) -> ScoreAnswer:
    return ScoreAnswer(ratio=score.ratio, confidence=score.confidence)


def _scores(scores: Iterable[tuple[str, Score]]) -> dict[str, ScoreAnswer]:
    return {pillar: _score(score) for pillar, score in scores}
