"""Measures that count what is registered: how many, how many a post, what a number adds up to.

Of a commune of which nothing at all is registered, nothing is known. Where other things are
registered and none of a class is, there are 0 of it, with less confidence.
"""

from __future__ import annotations

import math

from config.measures import AssetCount, AssetsPer, AssetsPerPost, AssetSum
from inventory.readiness.declared_measures import Divisor, divisor
from inventory.readiness.facts import AssetFacts
from inventory.readiness.finding import (
    ABSENCE,
    MEASURED,
    REGISTERED,
    WEIGHT,
    Finding,
    M,
    Question,
    label,
    seen,
    sure_of_count,
    unknown,
    written,
)
from inventory.readiness.result import Evidence


def asset_count(question: Question[AssetCount]) -> Finding:
    """How many."""
    found, doubtful = question.sorted(question.measure.of)
    if not question.commune.assets:
        return question.none_of_these()
    return Finding(
        float(len(found)),
        "" if found else "none_of_these",
        (*map(seen, found), *map(unknown, doubtful)),
        sure_of_count(map(question.known_of, found), question.at_least, len(doubtful)),
        pieces=len(found),
        could_be=float(len(found) + len(doubtful)) if doubtful else None,
    )


def assets_per_post(question: Question[AssetsPerPost]) -> Finding:
    """How many for each post; no surer than the number of posts, which is declared."""
    return _per(question, question.measure, divisor(question, question.measure.posts))


def assets_per(question: Question[AssetsPer]) -> Finding:
    """How many for each of something, or for so many of them."""
    measure = question.measure
    return _per(question, measure, divisor(question, measure.per, measure.each))


def _per(
    question: Question[M], measure: AssetsPerPost | AssetsPer, by: Divisor | Finding
) -> Finding:
    if isinstance(by, Finding):
        return by
    if not question.commune.assets:
        return question.none_of_these()
    found, doubtful = question.sorted(measure.of)
    wanted = None if question.at_least is None else question.at_least * by.value
    sure = sure_of_count(map(question.known_of, found), wanted, len(doubtful))
    return Finding(
        len(found) / by.value,
        "" if found else "none_of_these",
        (*map(seen, found), *map(unknown, doubtful), by.evidence),
        min(sure, by.sure),
        base=by.value,
        pieces=len(found),
        could_be=(len(found) + len(doubtful)) / by.value if doubtful else None,
    )


def asset_sum(question: Question[AssetSum]) -> Finding:
    """What a number adds up to. Assets that do not say it could have any: then only a sum that is
    enough without them decides."""
    measure = question.measure
    by = None if measure.per is None else divisor(question, measure.per)
    if isinstance(by, Finding):
        return by
    found, doubtful = question.sorted(measure.of)
    if not question.commune.assets:
        return question.none_of_these()
    numbers = [(asset, _number(question, asset)) for asset in found]
    known = [(asset, number) for asset, number in numbers if number is not None]
    silent = [*(asset for asset, number in numbers if number is None), *doubtful]
    if silent and not known:
        return Finding(None, "no_numbers")
    base = 1.0 if by is None else by.value
    sure = ABSENCE
    if known:
        sure = sum(sure for _, (_, sure, _) in known) / (len(known) + len(silent))
    return Finding(
        sum(value for _, (value, _, _) in known) / base,
        "" if known else "none_of_these",
        (
            *(row for _, (_, _, row) in known),
            *map(unknown, silent),
            *(() if by is None else (by.evidence,)),
        ),
        sure if by is None else min(sure, by.sure),
        base=base,
        could_be=math.inf if silent else None,
    )


def _number(
    question: Question[AssetSum], asset: AssetFacts
) -> tuple[float, float, Evidence] | None:
    """The number of one asset, how sure it is, and why: its own word, else that of an own field."""
    name = question.measure.figure or question.measure.custom or ""
    said = asset.numbers.get(name) if question.measure.figure else None
    text = asset.registered.custom.get(name, "").strip()
    value = number_in(text)
    if said is not None:
        text = f"{label(asset)}, {name}: {said.value:g}"
        row = Evidence(MEASURED, text, said.at_s, asset.registered.tag)
        return said.value, question.sure_of(said.at_s, is_written=value is not None), row
    return None if value is None else (value, WEIGHT[REGISTERED], written(asset, f"{name}: {text}"))


def number_in(text: str) -> float | None:
    """The number in an own field, with a comma or a point; None where it is none or negative.

    >>> number_in("12,5"), number_in("24"), number_in("nhiều")
    (12.5, 24.0, None)
    """
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
