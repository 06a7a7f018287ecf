"""Steps as JSON, for handing them from a command to a running daemon."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from config.assets import Asset
from inventory.register.entry import Create, Edit, Step
from inventory.register.index import body_of
from inventory.register.problems import FieldProblem


def steps_to_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Raises TypeError for a step that no sheet asks for."""
    return [_step(step) for step in steps]


def steps_from_json(found: Sequence[dict[str, Any]]) -> list[Step]:
    """Raises ValueError, KeyError."""
    steps: list[Step] = []
    for one in found:
        row = one["row"]
        if "asset" in one:
            steps.append(Create(Asset.model_validate(one["asset"], by_alias=True), row))
        else:
            steps.append(Edit(str(one["tag"]), dict(one["values"]), one["version"], row))
    return steps


def problems_to_json(problems: Sequence[FieldProblem]) -> list[dict[str, Any]]:
    """For telling what was refused."""
    return [
        {"field": p.field, "text": p.text, "values": dict(p.values), "row": p.row} for p in problems
    ]


def problems_from_json(found: Sequence[dict[str, Any]]) -> list[FieldProblem]:
    """The inverse of `problems_to_json`."""
    return [FieldProblem(p["field"], p["text"], p["values"], p["row"]) for p in found]


def _step(step: Step) -> dict[str, Any]:
    if isinstance(step, Create):
        return {"asset": json.loads(body_of(step.asset)), "row": step.row}
    if isinstance(step, Edit):
        return {
            "tag": step.tag,
            "values": dict(step.values),
            "version": step.version,
            "row": step.row,
        }
    raise TypeError(f"a sheet does not ask for {step}")
