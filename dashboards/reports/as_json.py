"""A report for programs: raw values under stable names, texts in every language they were kept in.

`docs/report.schema.json` is written from these models. Shares, ratios and confidences are 0 to 1,
amounts are dong, moments are seconds since 1970, days are YYYY-MM-DD.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from pydantic import BaseModel, ConfigDict

from dashboards.reports.content import Line, Report, Totals
from dashboards.reports.phrases import Phrases
from inventory.readiness.commune_changes import CommuneChange
from inventory.readiness.frozen import FrozenCommune
from inventory.readiness.kept_profile import KeptBasis, KeptProfile, KeptRemedy, KeptText
from inventory.readiness.result import Evidence, Exemption, Score
from inventory.units import Unit

FORMAT = "hatang-report-1"
"""Changes when a reader of the format would have to change."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class UnitJson(_Model):
    """An administrative unit between two days; the code alone names none."""

    code: str
    name: str
    valid_from: dt.date


class TotalsJson(_Model):
    """Of all communes together, each weighing the same. ratio: mean readiness. ready: which share
    of the communes that can be judged meets every must-have. verdicts: how many results of each."""

    communes: int
    known: int
    ratio: float | None
    confidence: float
    ready: float | None
    verdicts: dict[str, int]
    cost_vnd: int
    mandatory_vnd: int


class ScoreJson(_Model):
    """ratio: share fulfilled of what is known, null when nothing is."""

    ratio: float | None
    confidence: float


class EvidenceJson(_Model):
    """What a verdict rests on. source: measured, registered or declared. asset: its tag."""

    source: str
    text: str
    at_s: float | None
    asset: str | None


class ExemptionJson(_Model):
    """Why a commune need not fulfil a requirement; until: the last day."""

    reason: str
    document: str
    until: dt.date


class RequirementJson(_Model):
    """One requirement of one commune. value and threshold are in `unit`; pieces: how many remedies
    the gap needs. reason: a word of `inventory/readiness/reasons.py`. exemption: where the verdict
    is exempt, which counts nowhere."""

    requirement: str
    title: KeptText
    pillar: str
    level: str
    weight: float
    verdict: str
    value: float | None
    threshold: float
    unit: str
    share: float | None
    confidence: float
    gap: float
    pieces: int | None
    cost_vnd: int
    remedy: KeptRemedy | None
    basis: KeptBasis
    reason: str
    above_norm: bool
    exemption: ExemptionJson | None
    evidence: list[EvidenceJson]


class CommuneJson(_Model):
    """One commune. profile: digest of the content that it was judged by, or id and version where
    the result names none. ended: whether the unit was no more on the report's day."""

    unit: UnitJson
    province: UnitJson | None
    ended: bool
    evaluated_at_s: float
    profile: str
    total: ScoreJson
    pillars: dict[str, ScoreJson]
    cost_vnd: int
    requirements: list[RequirementJson]


class ProfileJson(_Model):
    """A profile. exact: whether the content is what results name by its digest."""

    key: str
    id: str
    version: str
    digest: str
    exact: bool
    title: KeptText
    pillars: dict[str, KeptText]


class RequirementChangeJson(_Model):
    """A requirement whose result differs; null where it was not asked on that day. causes: words
    of `inventory/readiness/difference.py`."""

    requirement: str
    verdict_before: str | None
    verdict_after: str | None
    value_before: float | None
    value_after: float | None
    causes: list[str]


class ChangeJson(_Model):
    """A commune on two days. kin: what a new unit came from, or what one that ended became."""

    unit: UnitJson
    ratio_before: float | None
    ratio_after: float | None
    cost_vnd_before: int | None
    cost_vnd_after: int | None
    kin: list[UnitJson]
    requirements: list[RequirementChangeJson]


class ReportJson(_Model):
    """A report. as_of: the day at whose end all of it was known. group: where one was asked for.
    unknown: codes of the group's communes without any result. communes: the least ready first."""

    format: str
    as_of: dt.date
    compared_with: dt.date | None
    day_was_over: bool
    timezone: str
    group: str | None
    totals: TotalsJson
    totals_before: TotalsJson | None
    communes: list[CommuneJson]
    unknown: list[str]
    profiles: list[ProfileJson]
    changes: list[ChangeJson]


def as_json(report: Report, phrases: Phrases) -> Iterator[bytes]:
    """The file in pieces, in UTF-8, ending in a newline: commune by commune, because models of a
    whole country take many times the room of what they are made from."""
    head, tail = _text(_frame(report, phrases)).split(_COMMUNES)
    yield head.encode()
    between = _OPEN
    # `lines` are in the order of the ranking; a commune of which nothing was asked has none.
    lines = groupby(report.lines, key=lambda line: line.commune.unit.code)
    code, found = next(lines, ("", iter(())))
    for commune in report.ranking:
        mine: list[Line] = []
        if commune.unit.code == code:
            mine = list(found)
            code, found = next(lines, ("", iter(())))
        text = _text(_commune(commune, mine)).replace("\n", "\n  ")
        yield f"{between}\n  {text}".encode()
        between = ","
    yield f"{_CLOSE if report.ranking else _COMMUNES}{tail}\n".encode()


_COMMUNES, _OPEN, _CLOSE = '\n "communes": []', '\n "communes": [', "\n ]"
"""How a list without and with something in it stands in a file; a line of a text never does, for
JSON has no line ends in texts."""


def _text(model: _Model) -> str:
    return json.dumps(model.model_dump(mode="json"), ensure_ascii=False, indent=1)


def _frame(report: Report, phrases: Phrases) -> ReportJson:
    """The report without its communes."""
    now = report.now
    return ReportJson(
        format=FORMAT,
        as_of=now.day,
        compared_with=report.before.day if report.before is not None else None,
        day_was_over=phrases.over,
        timezone=now.zone.key,
        group=now.group.id if now.group is not None else None,
        totals=_totals(report.totals),
        totals_before=_totals(report.earlier) if report.earlier is not None else None,
        communes=[],
        unknown=list(now.unknown),
        profiles=[_profile(profile) for profile in now.profiles],
        changes=[_change(change) for change in report.changes],
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of a report."""
    return ReportJson.model_json_schema(mode="serialization")


def _totals(totals: Totals) -> TotalsJson:
    return TotalsJson(
        communes=totals.communes,
        known=totals.known,
        ratio=totals.ratio,
        confidence=totals.confidence,
        ready=totals.ready,
        verdicts=dict(sorted(totals.verdicts.items())),
        cost_vnd=totals.cost_vnd,
        mandatory_vnd=totals.mandatory_vnd,
    )


def _unit(unit: Unit) -> UnitJson:
    return UnitJson(code=unit.code, name=unit.name, valid_from=unit.valid_from)


def _score(score: Score) -> ScoreJson:
    return ScoreJson(ratio=score.ratio, confidence=score.confidence)


def _key(profile: KeptProfile) -> str:
    return profile.digest or f"{profile.id} {profile.version}"


def _profile(profile: KeptProfile) -> ProfileJson:
    return ProfileJson(
        key=_key(profile),
        id=profile.id,
        version=profile.version,
        digest=profile.digest,
        exact=profile.exact,
        title=profile.title,
        pillars={pillar.id: pillar.title for pillar in profile.pillars},
    )


def _commune(commune: FrozenCommune, lines: list[Line]) -> CommuneJson:
    found = commune.evaluation
    return CommuneJson(
        unit=_unit(commune.unit),
        province=_unit(commune.province) if commune.province is not None else None,
        ended=commune.ended,
        evaluated_at_s=found.at_s,
        profile=_key(commune.profile),
        total=_score(found.total),
        pillars={id: _score(score) for id, score in found.pillars.items()},
        cost_vnd=found.cost_vnd,
        requirements=[_requirement(line) for line in lines],
    )


def _requirement(line: Line) -> RequirementJson:
    result = line.result
    return RequirementJson(
        requirement=result.requirement,
        title=line.requirement.title,
        pillar=result.pillar,
        level=result.level,
        weight=result.weight,
        verdict=result.verdict.value,
        value=result.value,
        threshold=result.threshold,
        unit=result.unit,
        share=result.share,
        confidence=result.confidence,
        gap=result.gap,
        pieces=line.pieces,
        cost_vnd=result.cost_vnd,
        remedy=line.requirement.remedy,
        basis=line.requirement.basis,
        reason=result.explanation,
        above_norm=result.above_norm,
        exemption=_exemption(result.exemption),
        evidence=[_evidence(row) for row in result.evidence],
    )


def _exemption(exempt: Exemption | None) -> ExemptionJson | None:
    if exempt is None:
        return None
    return ExemptionJson(reason=exempt.reason, document=exempt.document, until=exempt.until)


def _evidence(row: Evidence) -> EvidenceJson:
    return EvidenceJson(source=row.source, text=row.text, at_s=row.at_s, asset=row.asset)


def _change(change: CommuneChange) -> ChangeJson:
    was = change.before.evaluation if change.before is not None else None
    became = change.after.evaluation if change.after is not None else None
    return ChangeJson(
        unit=_unit(change.unit),
        ratio_before=was.total.ratio if was is not None else None,
        ratio_after=became.total.ratio if became is not None else None,
        cost_vnd_before=was.cost_vnd if was is not None else None,
        cost_vnd_after=became.cost_vnd if became is not None else None,
        kin=[_unit(unit) for unit in change.kin],
        requirements=[
            RequirementChangeJson(
                requirement=one.requirement,
                verdict_before=one.before.verdict.value if one.before is not None else None,
                verdict_after=one.after.verdict.value if one.after is not None else None,
                value_before=one.before.value if one.before is not None else None,
                value_after=one.after.value if one.after is not None else None,
                causes=list(one.causes),
            )
            for one in change.requirements
        ],
    )
