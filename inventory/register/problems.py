"""What the register refuses, said per field so that a page, a sheet and an API can point at it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.assets import Asset
from config.errors import one_line
from config.model_errors import in_our_words


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing to mend.

    field: a key of an asset as in hatang.yaml ("class", "price_vnd", "endpoints", "custom.NAME");
    "" for the asset as a whole. text: an English sentence in which {name} stands for one of
    `values`; it is what pages translate. row: which row of a sheet, or which step, from 0.
    """

    field: str
    text: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    row: int | None = None

    def __str__(self) -> str:
        place = f"{self.field}: " if self.field else ""
        return place + one_line(self.text.format_map(self.values))

    def at(self, row: int | None) -> FieldProblem:
        """The same of a row."""
        return replace(self, row=row)


class Refused(Exception):
    """Nothing was changed; `problems` says why, at least one."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems: tuple[FieldProblem, ...] = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems[:20]))


class NotFound(Exception):
    """There is no such asset, change or batch; row: of which step."""

    def __init__(self, what: str, row: int | None = None) -> None:
        self.what, self.row = what, row
        super().__init__(f"there is no {what}")


_BOUNDS = {
    "greater_than_equal": ("must be at least {least}", "least", "ge"),
    "less_than_equal": ("must be at most {most}", "most", "le"),
    "string_too_long": ("must have at most {most} characters", "most", "max_length"),
}


def problems_of(error: ValidationError, *, hide: Iterable[str] = ()) -> list[FieldProblem]:
    """The problems that the model of an asset has with its values; of fields in `hide` none."""
    found = [_problem(detail) for detail in error.errors(include_url=False)]
    return [problem for problem in found if problem.field not in set(hide)]


def _problem(detail: ErrorDetails) -> FieldProblem:
    path, words = in_our_words(Asset, detail)
    key = str(path[0]) if path else ""
    if key == "custom" and len(path) > 1:
        key = f"custom.{path[1]}"
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing" or kind == "string_too_short" or (kind != "enum" and not _given(detail)):
        return FieldProblem(key, "must not be empty")
    if kind in _BOUNDS:
        text, name, bound = _BOUNDS[kind]
        return FieldProblem(key, text, {name: str(context[bound])})
    if kind == "enum":
        known = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return FieldProblem(
            key, "{given} is not known; known: {known}", {"given": _given(detail), "known": known}
        )
    return FieldProblem(key, words.replace("{", "(").replace("}", ")"))


def _given(detail: ErrorDetails) -> str:
    given: Any = detail["input"]
    return one_line(str(given))[:60]
