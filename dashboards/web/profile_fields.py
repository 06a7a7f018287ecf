"""One requirement of a profile by fields: threshold, weight, level and price, as people type them.

What is left blank stays as it is. Numbers may have a decimal comma; prices may be grouped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from config.profile import Profile
from config.requirement import Requirement
from dashboards.web.words import N_
from inventory.register.problems import FieldProblem

LEVELS = ("mandatory", "desirable")
_NUMBER = re.compile(r"[0-9]{1,15}([.,][0-9]{1,9})?")
_MONEY = re.compile(r"[0-9]{1,3}([. \u00a0][0-9]{3})+|[0-9]{1,15}")

TEXTS = (
    N_("choose a requirement of this profile"),
    N_("is no number; write for example 0.9 or 200"),
    N_("is no price; write dong, for example 17800000"),
    N_("has no remedy with a price; add one in the text"),
    N_("has steps; change them in the text"),
    N_("write at least one new value"),
)
"""English texts of this module, so that they have translations."""


class Wrong(Exception):
    """Fields that cannot be taken; problems: each with its field."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


def change_of(
    typed: Mapping[str, str], profile: Profile, today: dt.date
) -> tuple[str, dict[str, Any]]:
    """(requirement, keys that become something else) of what was typed. Raises Wrong."""
    requirement = profile.requirement(typed.get("requirement", ""))
    if requirement is None:
        raise Wrong([FieldProblem("requirement", "choose a requirement of this profile")])
    problems: list[FieldProblem] = []
    change: dict[str, Any] = {}
    if typed.get("level") in LEVELS and typed["level"] != requirement.level:
        change["level"] = typed["level"]
    side = "at_least" if requirement.at_least is not None else "at_most"
    for field, key in (("weight", "weight"), ("threshold", side), ("partly", "partly")):
        text = typed.get(field, "")
        if not text:
            continue
        if _NUMBER.fullmatch(text) is None:
            problems.append(FieldProblem(field, "is no number; write for example 0.9 or 200"))
        elif field == "partly" and requirement.steps:
            problems.append(FieldProblem(field, "has steps; change them in the text"))
        else:
            change[key] = _number(text)
    _price(typed.get("price", ""), requirement, today, change, problems)
    if not change and not problems:
        problems.append(FieldProblem("requirement", "write at least one new value"))
    if problems:
        raise Wrong(problems)
    return requirement.id, change


def _price(
    text: str,
    requirement: Requirement,
    today: dt.date,
    change: dict[str, Any],
    problems: list[FieldProblem],
) -> None:
    if not text:
        return
    if _MONEY.fullmatch(text) is None:
        wrong = "is no price; write dong, for example 17800000"
        problems.append(FieldProblem("price", wrong))
    elif requirement.remedy is None:
        problems.append(FieldProblem("price", "has no remedy with a price; add one in the text"))
    else:
        price = int(re.sub(r"[^0-9]", "", text))
        change["remedy"] = {"price_vnd": price, "price_date": today.isoformat()}


def _number(text: str) -> float | int:
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value
