"""Measures that rest on somebody's word: declared indicators, and the figures of a commune that
other measures are divided by."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

from config.measures import FIGURES, Indicator
from inventory.readiness.finding import DECLARED, WEIGHT, Finding, M, Question
from inventory.readiness.result import Evidence


class Divisor(NamedTuple):
    """What something is counted for: how many there are, how sure that is, and why."""

    value: float
    sure: float
    evidence: Evidence


def divisor(question: Question[M], per: str, each: float = 1.0) -> Divisor | Finding:
    """A figure of the commune (one of FIGURES), else a declared indicator, by `each` of them.

    A Finding says why there is none.
    """
    if per in FIGURES:
        figure: int | None = getattr(question.commune.declared, per)
        if not figure:
            return Finding(None, "no_posts" if per.startswith("posts") else "no_figure")
        row, sure = word_for(question, per, f"{per}: {figure}")
        return Divisor(figure / each, sure, row)
    found = declared_figure(question, per)
    if not found.value:
        return replace(found, value=None, reason=found.reason or "no_figure", confidence=0.0)
    (row,) = found.evidence
    return Divisor(found.value / each, found.confidence, replace(row, text=f"{per}: {row.text}"))


def for_each(question: Question[M], found: Finding, per: str | None) -> Finding:
    """What was found for each of a figure of the commune; as it is where nothing is said."""
    if found.value is None or per is None:
        return found
    by = divisor(question, per)
    if isinstance(by, Finding):
        return by
    return replace(
        found,
        value=found.value / by.value,
        evidence=(*found.evidence, by.evidence),
        confidence=min(found.confidence, by.sure),
        base=by.value,
    )


def indicator(question: Question[Indicator]) -> Finding:
    """A declared figure while it holds, or for each of something."""
    found = declared_figure(question, question.measure.indicator)
    return for_each(question, found, question.measure.per)


def declared_figure(question: Question[M], name: str) -> Finding:
    """What somebody has declared under a name, while it holds."""
    declared = question.commune.declared.declared.get(name)
    if declared is None:
        return Finding(None, "not_declared")
    if declared.as_of > question.today:
        return Finding(None, "not_yet")
    if declared.expires is not None and declared.expires <= question.today:
        return Finding(None, "expired")
    row, sure = word_for(question, name, f"{declared.value:g}")
    return Finding(declared.value, "", (row,), sure)


def word_for(question: Question[M], name: str, text: str) -> tuple[Evidence, float]:
    """The evidence of a declared figure or indicator and how sure it is: with its day, document
    and who answers for it, where these are on record."""
    declared = question.commune.declared.declared.get(name)
    if declared is None:
        return Evidence(DECLARED, text), WEIGHT[DECLARED]
    words = filter(None, (text, declared.document, declared.by))
    noon = dt.datetime.combine(declared.as_of, dt.time(12), question.commune.zone).timestamp()
    return Evidence(DECLARED, ", ".join(words), noon), WEIGHT[DECLARED] * question.fresh(noon)
