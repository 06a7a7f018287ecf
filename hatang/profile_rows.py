"""Profiles, what changes between two, and what that means for communes, as rows and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from config.errors import Problem
from config.profile import LayerFile, Profile
from config.profile_diff import RequirementChange
from config.requirement import Requirement
from inventory.readiness.impact import Effect, Impact
from inventory.readiness.result import Evaluation


def problem_row(problem: Problem) -> dict[str, Any]:
    """A problem with its place, None where none can be named."""
    return {
        "file": problem.file,
        "line": problem.line or None,
        "column": problem.column or None,
        "path": problem.path,
        "text": problem.text,
    }


def problem_line(problem: Problem) -> str:
    """A problem with line and column."""
    place = ":".join(str(n) for n in (problem.line, problem.column) if n)
    return str(replace(problem, file=f"{problem.file}:{place}" if place else problem.file, line=0))


def asked_row(
    profile: Profile,
    requirement: Requirement,
    said_by: dict[str, tuple[str, ...]],
    commune: str | None,
    day: dt.date,
) -> dict[str, Any]:
    """One requirement as a profile asks it, for a commune on a day where one is named."""
    remedy, basis = requirement.remedy, requirement.basis
    exception = profile.exception(requirement.id, commune, day) if commune else None
    return {
        "requirement": requirement.id,
        "pillar": requirement.pillar,
        "title": requirement.title.en,
        "level": requirement.level,
        "weight": requirement.weight,
        "met": _met(requirement),
        "basis": f"{basis.kind}: {basis.document}",
        "note": basis.note,
        "price_vnd": remedy.price_vnd if remedy else None,
        "price_date": remedy.price_date.isoformat() if remedy else None,
        "said_by": list(said_by[requirement.id]),
        "exempt_until": exception.until.isoformat() if exception else None,
        "exempt_reason": exception.reason if exception else None,
    }


def _met(requirement: Requirement) -> str:
    sign = "≥" if requirement.at_least is not None else "≤"
    text = f"{sign} {requirement.threshold:.10g} {requirement.unit}"
    if requirement.partly is not None:
        text += f", partly {sign} {requirement.partly:.10g}"
    for step in requirement.steps:
        text += f", {step.share:.0%} {sign} {step.at:.10g}"
    return text


def layer_row(file: LayerFile) -> dict[str, Any]:
    """A layer, and for whom it is."""
    layer = file.layer
    return {
        "id": layer.id,
        "version": layer.version,
        "file": str(file.source.path),
        "for": layer.meant.model_dump(exclude_none=True) if layer.meant else {},
    }


def change_text(change: RequirementChange) -> str:
    """What a profile asks differently, in one line."""
    return "; ".join(map(str, change.keys)) or change.kind


def change_body(change: RequirementChange) -> dict[str, Any]:
    """What a profile asks differently, key by key."""
    keys = [{"key": k.key, "before": k.before, "after": k.after} for k in change.keys]
    return {"requirement": change.requirement, "kind": change.kind, "keys": keys}


def impact_row(impact: Impact) -> dict[str, Any]:
    """One commune by both profiles, with why in one text."""
    before, after = impact.before, impact.after
    return {
        "commune": impact.unit.code,
        "name": impact.unit.name,
        "readiness_before": before.total.ratio,
        "readiness_after": after.total.ratio,
        "cost_before_vnd": before.cost_vnd,
        "cost_after_vnd": after.cost_vnd,
        "why": "; ".join(_effects_text(impact.effects)),
    }


def _effects_text(effects: Iterable[Effect]) -> Iterable[str]:
    for effect in effects:
        verdicts = [r.verdict.value if r else "not asked" for r in (effect.before, effect.after)]
        came = verdicts[0] if verdicts[0] == verdicts[1] else " → ".join(verdicts)
        why = f" ({change_text(effect.change)})" if effect.change and effect.change.keys else ""
        yield f"{effect.requirement} {came}{why}"


def impact_body(impact: Impact) -> dict[str, Any]:
    """One commune by both profiles, requirement by requirement."""
    return {
        "commune": impact.unit.code,
        "name": impact.unit.name,
        "before": _score_body(impact.before),
        "after": _score_body(impact.after),
        "requirements": [
            {
                "requirement": effect.requirement,
                "before": effect.before.verdict.value if effect.before else None,
                "after": effect.after.verdict.value if effect.after else None,
                "value": (effect.after or effect.before).value,  # type: ignore[union-attr]
                "why": change_body(effect.change) if effect.change else None,
            }
            for effect in impact.effects
        ],
    }


def _score_body(found: Evaluation) -> dict[str, Any]:
    return {
        "readiness": found.total.ratio,
        "confidence": found.total.confidence,
        "cost_vnd": found.cost_vnd,
    }
