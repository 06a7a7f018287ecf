"""What is missing: every gap of every commune with its quantity, cost, basis and side effects.

From evaluations as they are stored; nothing is measured again. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from config.measures import AssetCount, Filter, counts_assets
from config.profile import Basis, Profile, Text
from config.sections import Commune
from inventory.planning.articles import Article, Kind, articles, planned_asset
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.readiness.finding import Question
from inventory.readiness.result import Evaluation, RequirementResult, Verdict
from inventory.units import Unit


@dataclass(frozen=True, slots=True)
class Gap:
    """One requirement that one commune does not meet.

    amount: how much is missing, in `unit` (see RequirementResult.gap). pieces, unit_price_vnd,
    cost_vnd: of the remedy; 0 where the profile names none (`remedy` is None then). article: the
    remedy's key, the same for every requirement that it mends. side_effects: ids of further
    requirements that the same remedy lifts. title, basis: None where today's profile does not have
    the requirement any more.
    """

    commune: str
    requirement: str
    pillar: str
    level: str
    weight: float
    verdict: Verdict
    share: float
    confidence: float
    amount: float
    unit: str
    pieces: int = 0
    unit_price_vnd: int = 0
    cost_vnd: int = 0
    price_date: dt.date | None = None
    remedy: Text | None = None
    article: str = ""
    side_effects: tuple[str, ...] = ()
    title: Text | None = None
    basis: Basis | None = None


def gaps(
    evaluations: Iterable[Evaluation], profile_of: Callable[[str], Profile]
) -> tuple[Gap, ...]:
    """Every gap, in the order of the evaluations and of their requirements.

    profile_of: code of a commune -> the profile that it is held against. What is unknown or exempt
    is no gap.
    """
    books: dict[int, _Book] = {}
    found = []
    for evaluation in evaluations:
        profile = profile_of(evaluation.commune)
        book = books.get(id(profile))
        if book is None:
            book = books[id(profile)] = _Book(profile)
        found += [
            _gap(evaluation.commune, result, book)
            for result in evaluation.results
            if result.verdict in (Verdict.PARTLY, Verdict.UNMET)
        ]
    return tuple(found)


def dearest_first(gap: Gap) -> tuple[int, bool, float]:
    """A key that sorts what costs most to the front; of the same cost what is mandatory, then
    what weighs more."""
    return -gap.cost_vnd, gap.level != "mandatory", -gap.weight


class _Book:
    """What is looked up in a profile for each of its gaps; holds on to the profile."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.requirements = {r.id: r for r in profile.requirements}
        self.remedies: dict[str, tuple[Article, tuple[str, ...]]] = {}
        for article in articles(profile).values():
            lifted = lifted_by(profile, article)
            self.remedies |= dict.fromkeys(article.requirements, (article, lifted))


def _gap(commune: str, result: RequirementResult, book: _Book) -> Gap:
    requirement = book.requirements.get(result.requirement)
    article, lifted = book.remedies.get(result.requirement, (None, ()))
    remedy = requirement.remedy if requirement else None
    pieces = article.pieces_for(result.gap) if article else 0
    return Gap(
        commune=commune,
        requirement=result.requirement,
        pillar=result.pillar,
        level=result.level,
        weight=result.weight,
        verdict=result.verdict,
        share=result.share or 0.0,
        confidence=result.confidence,
        amount=result.gap,
        unit=result.unit,
        pieces=pieces,
        unit_price_vnd=remedy.price_vnd if remedy else 0,
        cost_vnd=result.cost_vnd,
        price_date=remedy.price_date if remedy else None,
        remedy=remedy.name if remedy else None,
        article=article.key if article else "",
        side_effects=tuple(id for id in lifted if id != result.requirement),
        title=requirement.title if requirement else None,
        basis=requirement.basis if requirement else None,
    )


def lifted_by(profile: Profile, article: Article) -> tuple[str, ...]:
    """The requirements that an article lifts, in the profile's order: those whose remedy it is,
    and those that count a bought asset among what they ask for."""
    return tuple(
        r.id
        for r in profile.requirements
        if r.id in article.requirements
        or (
            article.kind is Kind.BUY
            and article.of is not None
            and r.at_least is not None
            and counts_assets(r.measure)
            and _counts(getattr(r.measure, "of"), article.of)  # noqa: B009
        )
    )


_NOWHERE = Unit("0", "commune", "", "", dt.date.min)


def _counts(wanted: Filter, bought: Filter) -> bool:
    """Whether a filter means what would be bought for another."""
    asset = AssetFacts(planned_asset(bought, "planned", "0"))
    commune = CommuneFacts(_NOWHERE, Commune(code="0"), (asset,))
    count = AssetCount(measure="asset_count", of=wanted)
    return bool(Question(count, commune, 0.0, 0.0).picked(wanted))
