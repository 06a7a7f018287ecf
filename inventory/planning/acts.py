"""What is done in a commune, and its facts and evaluation afterwards, by the rules of evaluation.

What is bought is new: in use from today, and a computer with a system that its maker supports.
What is replaced is new, too, and keeps its features, for a licence goes over to the new machine.
What arrives from elsewhere stays as it is and is looked at by nobody yet. Whatever comes to work
gets the features that the commune's requirements want on it, for their price. Pure.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from config.assets import AssetStatus
from config.profile import Profile, Requirement
from inventory.planning.articles import Article, Kind, planned_asset
from inventory.planning.ends import COMPUTERS
from inventory.readiness.evaluate import evaluate, score, share_of, verdict_of
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.readiness.os_support import SupportTable, is_supported
from inventory.readiness.result import Evaluation, RequirementResult, Verdict

NEW_SYSTEMS = (
    "Windows 11 25H2",
    "Windows 11 Enterprise LTSC 2024",
    "Windows Server 2025",
    "Ubuntu 26.04",
)
"""What a new or upgraded computer runs: the first of these that is still supported on the day."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done in one commune. bought: assets of articles. done: articles to assets by tag
    (for one that is bought or arrives, its new tag). mended: pieces of articles. arrive: assets as
    they will stand there. leave: tags."""

    bought: tuple[tuple[Article, int], ...] = ()
    done: tuple[tuple[Article, str], ...] = ()
    mended: tuple[tuple[Article, int], ...] = ()
    arrive: tuple[AssetFacts, ...] = ()
    leave: frozenset[str] = frozenset()


def bought_tag(article: Article, number: int) -> str:
    """What the n-th bought asset of an article is called in a plan."""
    return f"new.{article.key.replace(':', '.')[:50]}.{number}"


def bought(
    article: Article,
    commune: str,
    today: dt.date,
    systems: SupportTable | None,
    number: int = 1,
) -> AssetFacts:
    """A bought asset. systems: until when makers support them, the shipped table where None."""
    assert article.of is not None
    asset = planned_asset(article.of, bought_tag(article, number), commune)
    system = _new_system(today, systems) if asset.asset_class in COMPUTERS else ""
    return AssetFacts(asset.model_copy(update={"in_use_since": today}), os=system)


def arrived(asset: AssetFacts, commune: str) -> AssetFacts:
    """An asset out of stock, or of another commune, as it will stand in a commune."""
    registered = asset.registered.model_copy(
        update={
            "commune": commune,
            "status": AssetStatus.IN_USE,
            "site": "",
            "room": "",
            "custodian": "",
            "upstream": None,
            "uplink": None,
            "endpoints": (),
        }
    )
    return AssetFacts(registered, os=asset.os, os_at_s=asset.os_at_s)


def treated(
    article: Article, asset: AssetFacts, today: dt.date, systems: SupportTable | None
) -> AssetFacts:
    """An asset after an article was used on it. systems: as of `bought`."""
    registered = asset.registered
    if article.kind is Kind.EQUIP:
        if article.feature in registered.features:
            return asset
        features = (*registered.features, article.feature)
        return replace(asset, registered=registered.model_copy(update={"features": features}))
    runs = asset.os or registered.asset_class in COMPUTERS
    system = _new_system(today, systems) if runs else ""
    if article.kind is Kind.REPLACE:
        new = registered.model_copy(update={"in_use_since": today, "os": ""})
        return replace(asset, registered=new, os=system, os_at_s=None)
    assert article.kind is Kind.UPGRADE, article
    return replace(asset, os=system, os_at_s=None)


def facts_after(commune: CommuneFacts, steps: Steps, today: dt.date) -> CommuneFacts:
    """The commune with what is done."""
    code, systems = commune.unit.code, commune.systems
    assets = {a.registered.tag: a for a in commune.assets if a.registered.tag not in steps.leave}
    assets |= {a.registered.tag: a for a in steps.arrive}
    for article, count in steps.bought:
        for number in range(1, count + 1):
            assets[bought_tag(article, number)] = bought(article, code, today, systems, number)
    for article, tag in steps.done:
        assets[tag] = treated(article, assets[tag], today, systems)
    return replace(commune, assets=tuple(assets.values()))


def evaluation_after(
    profile: Profile, commune: CommuneFacts, steps: Steps, now_s: float
) -> Evaluation:
    """The commune's evaluation with what is done: `evaluate` on the facts afterwards, and
    requirements that are mended by the piece at the value that they then have."""
    today = dt.datetime.fromtimestamp(now_s, commune.zone).date()
    found = evaluate(profile, facts_after(commune, steps, today), now_s)
    if not steps.mended:
        return found
    mended = {id: (a, n) for a, n in steps.mended for id in a.requirements}
    asked = {r.id: r for r in profile.requirements}
    results = tuple(
        mended_result(asked[r.requirement], r, *mended[r.requirement])
        if r.requirement in mended
        else r
        for r in found.results
    )
    pillars = {id: score([r for r in results if r.pillar == id]) for id in found.pillars}
    return replace(found, results=results, total=score(results), pillars=pillars)


def mended_result(
    requirement: Requirement, result: RequirementResult, article: Article, pieces: int
) -> RequirementResult:
    """A result after pieces of its remedy: each closes the gap by what one yields."""
    if result.value is None or not result.gap or not pieces:
        return result
    closed = min(1.0, pieces * article.yields / result.gap)
    value = result.value + (requirement.threshold - result.value) * closed
    if closed == 1.0:
        value = requirement.threshold
    verdict = verdict_of(requirement, value)
    met = verdict is Verdict.MET
    gap = 0.0 if met else result.gap - pieces * article.yields
    return replace(
        result,
        value=value,
        verdict=verdict,
        share=share_of(requirement, value),
        gap=gap,
        cost_vnd=0 if met else article.pieces_for(gap) * article.price_vnd,
        explanation="met" if met else result.explanation,
    )


def _new_system(today: dt.date, systems: SupportTable | None) -> str:
    return next((name for name in NEW_SYSTEMS if is_supported(name, today, systems)), "")
