"""An import as it is kept in the database: whose it is, how far it is, what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from inventory.sheets.choice import Choice, choice_of


class State(StrEnum):
    """How far an import is."""

    READING = "reading"
    READY = "ready"
    FAILED = "failed"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Import:
    """One import. problem: why it failed or was not applied: (English sentence, values). rows: how
    many the sheet has."""

    id: str
    at_s: float
    actor: str
    file: str
    state: State
    choice: Choice
    counts: Mapping[str, int]
    problem: tuple[str, Mapping[str, str]] | None
    batch: str
    undone_in: str
    changed_at_s: float
    rows: int


class NoImport(Exception):
    """There is no import with this id."""


def problem_json(problem: tuple[str, Mapping[str, str]]) -> dict[str, Any]:
    """A problem as the database keeps it."""
    return {"text": problem[0], "values": dict(problem[1])}


def import_of(row: tuple[Any, ...]) -> Import:
    """One import as its row in the database has it."""
    id_, at_s, actor, file, state, choice, counts, problem, batch, undone, changed, rows = row
    told = json.loads(problem) if problem else None
    return Import(
        id_,
        at_s,
        actor,
        file,
        State(state),
        choice_of(json.loads(choice)),
        json.loads(counts),
        (str(told["text"]), dict(told["values"])) if told else None,
        batch,
        undone,
        changed,
        rows or 0,
    )
