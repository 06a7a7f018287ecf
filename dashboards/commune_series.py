"""Communes and their requirements as Prometheus series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from config.profile import Requirement
from dashboards.equipment_series import Put
from inventory.readiness.result import Evaluation, Verdict
from inventory.snapshot import CommuneView

ALL_PILLARS = "all"
"""The pillar under which a commune's total stands."""

LEVELS = ("mandatory", "desirable")


def put_commune(put: Put, commune: CommuneView, forecast: Mapping[tuple[str, str], int]) -> None:
    """What is said of a commune as a whole. forecast: (what ends, when) -> its cost."""
    unit = commune.unit
    put("hatang_commune_info", (unit.code, unit.name, unit.level, unit.parent), 1)
    for (ends, due), cost_vnd in forecast.items():
        put("hatang_commune_forecast_cost_vnd", (unit.code, ends, due), cost_vnd)
    if commune.evaluation is not None:
        _put_evaluation(put, unit.code, commune.evaluation)


def _put_evaluation(put: Put, code: str, evaluation: Evaluation) -> None:
    for pillar, score in ((ALL_PILLARS, evaluation.total), *evaluation.pillars.items()):
        put("hatang_commune_readiness_ratio", (code, pillar), score.ratio)
        put("hatang_commune_readiness_confidence_ratio", (code, pillar), score.confidence)
    put("hatang_commune_evaluated_timestamp_seconds", (code,), evaluation.at_s)
    results = evaluation.results
    counts = Counter((r.level, r.verdict) for r in results)
    for level in LEVELS:
        cost_vnd = sum(r.cost_vnd for r in results if r.level == level)
        put("hatang_commune_gap_cost_vnd", (code, level), cost_vnd)
        for verdict in Verdict:
            put("hatang_commune_requirements", (code, level, verdict), counts[level, verdict])
    put("hatang_commune_above_norm", (code,), sum(r.above_norm for r in results))


def put_requirements(put: Put, commune: CommuneView) -> None:
    """What is said of each requirement of a commune; nothing before its first evaluation."""
    for result in commune.evaluation.results if commune.evaluation is not None else ():
        key = (commune.unit.code, result.requirement)
        put("hatang_requirement_info", (*key, result.pillar, result.level, result.unit), 1)
        for verdict in Verdict:
            put("hatang_requirement_state", (*key, verdict), result.verdict is verdict)
        put("hatang_requirement_confidence_ratio", key, result.confidence)
        if result.share is not None:
            put("hatang_requirement_gap", key, result.gap)
            put("hatang_requirement_gap_cost_vnd", key, result.cost_vnd)


def put_titles(put: Put, requirements: Iterable[Requirement]) -> None:
    """What requirements are called; of two with one id the first: a profile for some communes
    may call it otherwise."""
    titles = {requirement.id: requirement.title for requirement in [*requirements][::-1]}
    for id, title in titles.items():
        put("hatang_requirement_title_info", (id, title.en, title.vi), 1)
