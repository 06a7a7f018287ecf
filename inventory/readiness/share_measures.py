"""Which share of some assets is old, protected, supported or fulfils any other filter.

A share is of those of which it is known; the others lower the confidence. A share of none is
unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import NamedTuple

from config.asset_filter import Filter
from config.measures import AssetShare
from inventory.money import begins
from inventory.readiness.facts import AssetFacts
from inventory.readiness.finding import (
    ABSENCE,
    MEASURED,
    REGISTERED,
    WEIGHT,
    Finding,
    Question,
    label,
    written,
)
from inventory.readiness.matching import age_years, conditions, is_past_life
from inventory.readiness.os_support import is_supported
from inventory.readiness.result import Evidence

PATCHED_ON = "patched_on"
"""The own field that says when an asset was last updated, where no agent does."""


def asset_share(question: Question[AssetShare]) -> Finding:
    """Which share of some assets counts."""
    found, doubtful = question.sorted(question.measure.of)
    if not found:
        return question.none_of_these()
    (asked,) = question.measure.questions
    piece_of, unknown = _QUESTIONS[asked]
    pieces = [piece for asset in found if (piece := piece_of(question, asset)) is not None]
    if not pieces:
        return Finding(None, unknown)
    counted = sum(piece.counts for piece in pieces)
    fewer = counted * 2 <= len(pieces)
    return Finding(
        counted / len(pieces),
        "",
        # What stands out comes first: the fewer.
        tuple(p.evidence for p in sorted(pieces, key=lambda piece: piece.counts is not fewer)),
        sum(piece.sure for piece in pieces) / (len(found) + len(doubtful)),
        base=len(pieces),
    )


def counts_in(question: Question[AssetShare], asset: AssetFacts) -> bool | None:
    """Whether one of the assets that a share is of counts in it; None where nobody knows."""
    (asked,) = question.measure.questions
    piece = _QUESTIONS[asked][0](question, asset)
    return None if piece is None else piece.counts


class _Piece(NamedTuple):
    """Whether an asset counts, how sure that is, and why."""

    counts: bool
    sure: float
    evidence: Evidence


_Ask = Question[AssetShare]


def _having(question: _Ask, asset: AssetFacts) -> _Piece | None:
    wanted = question.measure.having
    assert wanted is not None
    found = list(conditions(asset, wanted, question.today, question.commune.systems))
    against = [match for match in found if match.holds is False]
    if not against and any(match.holds is None for match in found):
        return None

    def sure_of(measured_at_s: float | None, *, is_absence: bool) -> float:
        if measured_at_s is not None:
            return WEIGHT[MEASURED] * question.fresh(measured_at_s)
        return ABSENCE if is_absence else WEIGHT[REGISTERED]

    sure = [sure_of(m.measured_at_s, is_absence=m.is_absence) for m in against or found]
    text = f"{words_of(wanted)} {'✗' if against else '✓'}".strip()
    return _Piece(
        not against,
        max(sure) if against else min(sure, default=WEIGHT[REGISTERED]),
        written(asset, text),
    )


def words_of(wanted: Filter) -> str:
    """What a filter asks for, beside the status, in the words of the profile.

    >>> words_of(Filter(feature="vpn", watched=True))
    'vpn watched'
    """
    said = [wanted.feature or "", *wanted.classes, wanted.site or "", wanted.room or ""]
    said += [wanted.vendor or "", *wanted.custom, *wanted.custom.values()]
    said += [wanted.software or "", wanted.support or ""]
    said += [name for name in ("edge", "watched", "past_life") if getattr(wanted, name)]
    for name, sign in (("older_than_years", ">"), ("younger_than_years", "<")):
        if (years := getattr(wanted, name)) is not None:
            said.append(f"{sign} {years:g} y")
    return " ".join(filter(None, said))


def _old(question: _Ask, asset: AssetFacts) -> _Piece | None:
    since, years = begins(asset.registered), question.measure.older_than_years
    if since is None or years is None:
        return None
    return _written(asset, age_years(since, question.today) > years, since.isoformat())


def _past_life(question: _Ask, asset: AssetFacts) -> _Piece | None:
    past, since = is_past_life(asset.registered, question.today), begins(asset.registered)
    return None if past is None or since is None else _written(asset, past, since.isoformat())


def _out_of_warranty(question: _Ask, asset: AssetFacts) -> _Piece | None:
    until = asset.registered.warranty_until
    return None if until is None else _written(asset, until < question.today, until.isoformat())


def _unsupported(question: _Ask, asset: AssetFacts) -> _Piece | None:
    systems = question.commune.systems
    supported = is_supported(asset.os, question.today, systems) if asset.os else None
    if supported is None:
        return None
    if asset.os_at_s is None:
        return _written(asset, not supported, asset.os)
    return _measured(question, asset, asset.os_at_s, not supported, asset.os)


def _unpatched(question: _Ask, asset: AssetFacts) -> _Piece | None:
    most_s, programs = question.measure.unpatched_for or 0.0, asset.programs

    def is_longer(day: dt.date) -> bool:
        return (question.today - day).days * 86400.0 > most_s

    try:
        written_day = dt.date.fromisoformat(asset.registered.custom.get(PATCHED_ON, "").strip())
    except ValueError:
        written_day = None
    said_day = None if programs is None else programs.changed_on
    if programs is not None and said_day is not None and said_day >= (written_day or said_day):
        is_written = written_day is not None
        return _measured(
            question, asset, programs.at_s, is_longer(said_day), said_day.isoformat(), is_written
        )
    if written_day is None:
        return None
    sure = WEIGHT[REGISTERED]
    if programs is not None and said_day is not None:
        sure = question.sure_of(programs.at_s, is_written=True)
    return _Piece(is_longer(written_day), sure, written(asset, written_day.isoformat()))


def _documented(question: _Ask, asset: AssetFacts) -> _Piece:
    """What the register says is no matter of belief."""
    wanted = question.measure.documented or ()
    missing = [name for name in wanted if not _says_something(asset, name)]
    text = f"{' '.join(missing)} ✗" if missing else "✓"
    return _Piece(not missing, WEIGHT[MEASURED], written(asset, text))


def _says_something(asset: AssetFacts, name: str) -> bool:
    if name == "os":
        return bool(asset.os)
    if name == "programs":
        return asset.programs is not None
    if name == "price":
        return asset.registered.price_vnd is not None
    return bool(getattr(asset.registered, name))


def _protected(question: _Ask, asset: AssetFacts) -> _Piece:
    """What runs is measured; a feature is what the register says. That nothing known runs is no
    surer than the register: our table of programs does not know them all."""
    kind, programs = question.measure.protected_by or "", asset.programs
    has_feature = kind in asset.registered.features
    if programs is not None and kind in programs.protection:
        text = programs.protection[kind]
        piece = _measured(question, asset, programs.at_s, True, text, has_feature)
        # Without the device's word the register's silence would count, and that for no more.
        return piece._replace(sure=max(ABSENCE, piece.sure))
    if has_feature:
        return _Piece(True, WEIGHT[REGISTERED], written(asset, f"{kind} ✓"))
    if programs is not None and programs.is_whole:
        piece = _measured(question, asset, programs.at_s, False, f"{kind} ✗")
        return piece._replace(sure=max(ABSENCE, WEIGHT[REGISTERED] * piece.sure))
    return _Piece(False, ABSENCE, written(asset, f"{kind} ✗"))


def _written(asset: AssetFacts, counts: bool, text: str) -> _Piece:
    return _Piece(counts, WEIGHT[REGISTERED], written(asset, text))


def _measured(
    question: _Ask,
    asset: AssetFacts,
    at_s: float,
    counts: bool,
    text: str,
    is_written: bool = False,
) -> _Piece:
    row = Evidence(MEASURED, f"{label(asset)}, {text}", at_s, asset.registered.tag)
    return _Piece(counts, question.sure_of(at_s, is_written=is_written), row)


_QUESTIONS: Mapping[str, tuple[Callable[[_Ask, AssetFacts], _Piece | None], str]] = {
    "having": (_having, "some_unknown"),
    "older_than_years": (_old, "no_dates"),
    "past_life": (_past_life, "no_dates"),
    "out_of_warranty": (_out_of_warranty, "no_warranty"),
    "os_unsupported": (_unsupported, "no_os"),
    "unpatched_for": (_unpatched, "no_programs"),
    "documented": (_documented, "some_unknown"),
    "protected_by": (_protected, "no_programs"),
}
"""Key of the measure -> what decides of one asset, and why all of them can be unknown."""
