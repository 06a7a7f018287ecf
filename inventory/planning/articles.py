"""What a profile's remedies buy or do, in pieces: one article for each thing, whoever asks for it.

Two requirements that ask for the same thing share one article, so that a UPS mends both. Pure.

- buy: one more asset of a class; from requirements that count assets.
- replace: an old asset by a new one; upgrade: a supported operating system on an asset; equip: a
  feature on an asset; from requirements about a share of assets.
- mend: everything else, where a piece lifts the value of its one requirement and nothing beside.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from config.assets import Asset, AssetClass, AssetStatus
from config.measures import AssetShare, Filter, counts_assets
from config.profile import Profile, Remedy, Requirement, Text


class Kind(StrEnum):
    """What is done with one piece."""

    BUY = "buy"
    REPLACE = "replace"
    UPGRADE = "upgrade"
    EQUIP = "equip"
    MEND = "mend"


@dataclass(frozen=True, slots=True)
class Article:
    """One thing that money buys.

    key: stable within a profile. price_vnd: of one piece, the lowest where remedies differ. yields:
    how many assets one piece is (buy) or mends (replace, upgrade, equip), for mend how much of its
    gap. requirements: whose remedy it is, in the profile's order. of: which assets it is done to,
    or what a bought one must be.
    """

    key: str
    kind: Kind
    name: Text
    price_vnd: int
    price_date: dt.date
    source: str
    yields: float
    requirements: tuple[str, ...]
    of: Filter | None = None
    feature: str = ""

    def pieces_for(self, gap: float) -> int:
        """How many pieces close a gap, counted as `RequirementResult.gap` is."""
        return math.ceil(gap / self.yields - 1e-9)


def articles(profile: Profile) -> dict[str, Article]:
    """The articles of a profile by key, in its order."""
    found: dict[str, Article] = {}
    for article in _each(profile):
        same = found.get(article.key)
        if same is not None:
            cheaper = min(same, article, key=lambda a: a.price_vnd / a.yields)
            both = (*same.requirements, *article.requirements)
            article = replace(cheaper, requirements=both)
        found[article.key] = article
    return found


def planned_asset(of: Filter, tag: str, commune: str) -> Asset:
    """An asset that is still to be bought: of the first class, in the first status, and with the
    feature that is asked for; of its age and system nothing is known."""
    status = of.statuses[0] if of.statuses else AssetStatus.IN_USE
    return Asset.model_validate(
        {
            "tag": tag,
            "name": tag,
            "class": (of.classes or (AssetClass.OTHER,))[0],
            "commune": commune,
            "status": status,
            "edge": bool(of.edge),
            "features": (of.feature,) if of.feature else (),
        }
    )


def _each(profile: Profile) -> Iterator[Article]:
    for requirement in profile.requirements:
        if requirement.remedy is not None:
            yield _article(requirement, requirement.remedy)


def _article(requirement: Requirement, remedy: Remedy) -> Article:
    kind, of, feature, key = _kind_of(requirement)
    price_vnd, yields = remedy.price_vnd, remedy.per
    if kind is not Kind.MEND:
        # Assets come whole: what mends less than one is bought until it does.
        price_vnd *= math.ceil(1 / yields - 1e-9)
        yields = max(1.0, math.floor(yields + 1e-9))
    return Article(
        key=key,
        kind=kind,
        name=remedy.name,
        price_vnd=price_vnd,
        price_date=remedy.price_date,
        source=remedy.source,
        yields=yields,
        requirements=(requirement.id,),
        of=of,
        feature=feature,
    )


def _kind_of(requirement: Requirement) -> tuple[Kind, Filter | None, str, str]:
    """(kind, which assets, feature, key) of what mends a requirement."""
    measure = requirement.measure
    if counts_assets(measure) and requirement.at_least is not None:
        of: Filter = getattr(measure, "of")  # noqa: B009  every measure that counts has it
        return Kind.BUY, of, "", _key(Kind.BUY, of)
    if isinstance(measure, AssetShare):
        if measure.os_unsupported and requirement.at_most is not None:
            return Kind.UPGRADE, measure.of, "", _key(Kind.UPGRADE, measure.of)
        if _asks_age(measure) and requirement.at_most is not None:
            return Kind.REPLACE, measure.of, "", _key(Kind.REPLACE, measure.of)
        feature = measure.protected_by or _only_feature(measure.having)
        if feature and requirement.at_least is not None:
            return Kind.EQUIP, measure.of, feature, f"{_key(Kind.EQUIP, measure.of)}:{feature}"
    return Kind.MEND, None, "", f"{Kind.MEND}:{requirement.id}"


def _asks_age(measure: AssetShare) -> bool:
    return bool(measure.older_than_years) or measure.past_life


def _only_feature(having: Filter | None) -> str | None:
    """The feature that `having` asks for, where it asks for nothing else."""
    if having is None or having.feature is None:
        return None
    alone = having.model_dump(exclude_defaults=True, exclude={"feature"})
    return None if alone else having.feature


def _key(kind: Kind, of: Filter) -> str:
    """Bought things are the same when they are of one class and have the same; what is done to
    assets is the same when it is done to the same ones."""
    if kind is Kind.BUY:
        first = (of.classes or (AssetClass.OTHER,))[0]
        parts = [kind.value, first.value, of.feature or "", "edge" if of.edge else ""]
        return ":".join(filter(None, parts))
    classes = "+".join(sorted(c.value for c in of.classes)) or "all"
    rest = of.model_dump(mode="json", exclude_defaults=True, exclude={"classes"})
    more = [f"{name}={value}" for name, value in sorted(rest.items())]
    return ":".join([kind.value, classes, *more])
