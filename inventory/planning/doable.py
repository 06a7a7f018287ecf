"""What can be done in a commune, in whole numbers: acts, the rows that bind them, and what could go
elsewhere."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from inventory.planning.sums import Sum
from inventory.readiness.facts import AssetFacts


@dataclass(frozen=True, slots=True)
class Act:
    """One whole number of the plan: so many pieces, or assets.

    what: "buy", "treat", "mend", "pieces" (of an article that does several assets), "take" (out of
    the commune's own stock), "give" and "get" (`pool`: the kin that goes to or comes from other
    communes). assets: which can be treated, taken or given. price_vnd: of one. counts_pieces:
    whether it is the number of pieces of its article that are paid for. with_: articles that come
    with each asset, which are in the price.
    """

    what: str
    upper: int
    article: str = ""
    price_vnd: int = 0
    assets: tuple[AssetFacts, ...] = ()
    pool: Hashable = None
    counts_pieces: bool = False
    with_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A sum over acts lies between two bounds."""

    sum: Sum
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Offer:
    """Assets alike that could go to work elsewhere. kin: equal for what is the same to every
    commune it could go to."""

    kin: Hashable
    in_stock: bool
    assets: tuple[AssetFacts, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Assets of a kin that a commune could get from elsewhere, complete, at most so many. with_,
    price_vnd: see `Act`; vector: what such a one is to the commune's tallies."""

    kin: Hashable
    sample: AssetFacts
    most: int
    with_: tuple[str, ...]
    price_vnd: int
    vector: tuple[tuple[int, int], ...]


def age(asset: AssetFacts) -> tuple[str, str]:
    """For sorting: the oldest first, then by tag."""
    since = asset.registered.in_use_since
    return (since.isoformat() if since else "9999", asset.registered.tag)
