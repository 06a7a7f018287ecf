"""What replacing or mending a thing costs: the profile's dated price, else what it cost itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from config.assets import Asset, AssetClass
from config.measures import AssetShare, counts_assets
from config.profile import Profile, Requirement
from inventory.money import begins
from inventory.planning.ends import Ends


@dataclass(frozen=True, slots=True)
class Price:
    """Whole dong for one piece. day: of the price, None where nobody knows. source: where it comes
    from; requirement: whose remedy it is, "" for what the asset itself cost."""

    vnd: int
    day: dt.date | None
    source: str
    requirement: str = ""


OWN = "purchase price of the asset"
"""`Price.source` of what an asset itself cost."""

PriceOf = Callable[[Asset, Ends], Price | None]
"""What it costs when something of an asset ends; None where no price is known."""


def prices(profile_of: Callable[[str], Profile]) -> PriceOf:
    """Prices by the profile of each commune. profile_of: a commune's code -> its profile.

    - The end of a life is mended by replacing: the remedy of the requirement that speaks of the
      fewest classes, this one among them, by number or by age (one about age before one about
      number).
    - The end of a maker's support is mended by the remedy of a requirement about that.
    - Where the profile has no price, the asset's own is taken, as of the day on which it came.
    - The end of a warranty costs nothing by itself.
    """
    known: dict[tuple[str, AssetClass, Ends], Price | None] = {}

    def price_of(asset: Asset, kind: Ends) -> Price | None:
        if kind is Ends.WARRANTY:
            return None
        key = (asset.commune, asset.asset_class, kind)
        if key not in known:
            known[key] = _by_profile(profile_of(asset.commune), asset.asset_class, kind)
        return known[key] or _own(asset)

    return price_of


def _own(asset: Asset) -> Price | None:
    if not asset.price_vnd:
        return None
    return Price(asset.price_vnd, asset.purchased or begins(asset), OWN)


def _by_profile(profile: Profile, asset_class: AssetClass, kind: Ends) -> Price | None:
    fitting = sorted(_fitting(profile, asset_class, kind), key=lambda pair: pair[0])
    if not fitting:
        return None
    requirement = fitting[0][1]
    remedy = requirement.remedy
    assert remedy is not None
    return Price(remedy.price_vnd, remedy.price_date, remedy.source, requirement.id)


def _fitting(
    profile: Profile, asset_class: AssetClass, kind: Ends
) -> Iterator[tuple[tuple[int, bool], Requirement]]:
    """(how little it fits: number of classes, not about age; the requirement)."""
    for requirement in profile.requirements:
        measure, remedy = requirement.measure, requirement.remedy
        if remedy is None or not remedy.price_vnd:
            continue
        if isinstance(measure, AssetShare):
            about_age = measure.older_than_years is not None or measure.past_life
            fits = measure.os_unsupported if kind is Ends.SUPPORT else about_age
        else:
            about_age = False
            fits = kind is Ends.LIFE and counts_assets(measure)
        classes = getattr(getattr(measure, "of", None), "classes", ())
        if fits and asset_class in classes:
            yield (len(classes), not about_age), requirement
