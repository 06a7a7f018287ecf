"""Measures that count what is registered: how many, how many a post, which share is how.

Of a commune of which nothing at all is registered, nothing is known. Where other things are
registered and none of a class is, there are 0 of it, with less confidence. A share of none is
unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from config.measures import AssetCount, AssetShare, AssetsPerPost, Filter
from inventory.readiness.facts import AssetFacts
from inventory.readiness.finding import (
    ABSENCE,
    DECLARED,
    MEASURED,
    REGISTERED,
    WEIGHT,
    Finding,
    Question,
    fits,
    label,
    seen,
    sure_of_count,
    written,
)
from inventory.readiness.os_support import is_supported
from inventory.readiness.result import Evidence


def asset_count(question: Question[AssetCount]) -> Finding:
    """How many."""
    found = question.picked(question.measure.of)
    if not question.commune.assets:
        return question.none_of_these()
    sure = sure_of_count(map(question.known_of, found), question.at_least)
    reason = "" if found else "none_of_these"
    evidence = tuple(map(seen, found))
    return Finding(float(len(found)), reason, evidence, sure, pieces=len(found))


def assets_per_post(question: Question[AssetsPerPost]) -> Finding:
    """How many for each post; no surer than the number of posts, which is declared."""
    name = question.measure.posts
    posts: int | None = getattr(question.commune.declared, name)
    if not posts:
        return Finding(None, "no_posts")
    if not question.commune.assets:
        return question.none_of_these()
    found = question.picked(question.measure.of)
    wanted = None if question.at_least is None else question.at_least * posts
    sure = sure_of_count(map(question.known_of, found), wanted)
    return Finding(
        len(found) / posts,
        "" if found else "none_of_these",
        (*map(seen, found), Evidence(DECLARED, f"{name}: {posts}")),
        min(sure, WEIGHT[DECLARED]),
        base=posts,
        pieces=len(found),
    )


def asset_share(question: Question[AssetShare]) -> Finding:
    """Which share of some assets has more, is old, or runs what nobody supports."""
    measure, found = question.measure, question.picked(question.measure.of)
    if not found:
        return question.none_of_these()
    if measure.having is not None:
        return _share(found, _having(found, measure.having), "")
    if measure.older_than_years is not None:
        return _share(found, _older(question, found, measure.older_than_years), "no_dates")
    return _share(found, _unsupported(question, found), "no_os")


_Piece = tuple[bool, float, Evidence]
"""Whether an asset counts, how sure that is, and why."""


def _share(found: Sequence[AssetFacts], pieces: Sequence[_Piece], unknown: str) -> Finding:
    """The share of those that are known; the others lower the confidence. What stands out comes
    first in the evidence: the fewer."""
    if not pieces:
        return Finding(None, unknown)
    counted = sum(counts for counts, _, _ in pieces)
    fewer = counted * 2 <= len(pieces)
    evidence = [row for _, _, row in sorted(pieces, key=lambda piece: piece[0] is not fewer)]
    sure = sum(sure for _, sure, _ in pieces) / len(found)
    return Finding(counted / len(pieces), "", tuple(evidence), sure, base=len(pieces))


def _having(found: Sequence[AssetFacts], wanted: Filter) -> list[_Piece]:
    """Features and classes are what the register says, even of a device that answers."""
    pieces = []
    for asset in found:
        counts = fits(asset, wanted)
        what = " ".join((wanted.feature or "", *wanted.classes, "✓" if counts else "✗")).strip()
        sure = WEIGHT[REGISTERED] if counts else ABSENCE
        pieces.append((counts, sure, written(asset, what)))
    return pieces


def _older(
    question: Question[AssetShare], found: Sequence[AssetFacts], years: float
) -> list[_Piece]:
    return [
        (
            age_years(since, question.today) > years,
            WEIGHT[REGISTERED],
            written(asset, since.isoformat()),
        )
        for asset in found
        if (since := asset.registered.in_use_since) is not None
    ]


def age_years(since: dt.date, today: dt.date) -> float:
    """Years of the calendar between two days; negative before the first.

    >>> age_years(dt.date(2019, 11, 25), dt.date(2026, 11, 25))
    7.0
    """
    whole = today.year - since.year - ((today.month, today.day) < (since.month, since.day))
    try:
        birthday = since.replace(year=since.year + whole)
    except ValueError:  # 29 February
        birthday = dt.date(since.year + whole, 3, 1)
    return whole + (today - birthday).days / 366


def _unsupported(question: Question[AssetShare], found: Sequence[AssetFacts]) -> list[_Piece]:
    pieces = []
    for asset in found:
        supported = is_supported(asset.os, question.today) if asset.os else None
        if supported is None:
            continue
        if asset.os_at_s is None:
            sure, row = WEIGHT[REGISTERED], written(asset, asset.os)
        else:
            sure = WEIGHT[MEASURED] * question.fresh(asset.os_at_s)
            text = f"{label(asset)}, {asset.os}"
            row = Evidence(MEASURED, text, asset.os_at_s, asset.registered.tag)
        pieces.append((not supported, sure, row))
    return pieces
