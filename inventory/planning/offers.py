"""What of a commune could go to work elsewhere. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable

from config.assets import AssetStatus
from inventory.planning.acts import arrived
from inventory.planning.articles import articles
from inventory.planning.doable import Offer, age
from inventory.planning.room import EITHER, Room
from inventory.planning.tally import Lens, Vector
from inventory.readiness.facts import AssetFacts
from inventory.readiness.result import Verdict


def offers(
    lens: Lens, kin: Callable[[AssetFacts], Hashable], *, stock: bool, moves: bool
) -> list[Offer]:
    """What of a commune could go to work elsewhere: out of stock, or as surplus (moves).

    Surplus is what everything that asks for it has too much of, what nobody looks at, and what
    nothing else needs to be done to but a feature put on it.
    """
    room = Room(lens, articles(lens.profile), within_ceilings=False)
    held = {
        tag
        for asset in lens.commune.assets
        for tag in (asset.registered.parent, asset.registered.upstream)
        if tag is not None
    }
    found: dict[tuple[bool, Vector, Hashable], list[AssetFacts]] = defaultdict(list)
    for asset, vector in zip(lens.commune.assets, lens.vectors, strict=True):
        registered = asset.registered
        in_stock = registered.status is AssetStatus.IN_STOCK
        if registered.edge or registered.parent is not None or registered.tag in held:
            continue
        if stock if in_stock else moves and _surplus(room, asset, vector):
            found[in_stock, vector, kin(arrived(asset, lens.commune.unit.code))].append(asset)
    return [
        Offer(kin_, in_stock, tuple(sorted(assets, key=age)))
        for (in_stock, _, kin_), assets in found.items()
    ]


def _surplus(room: Room, asset: AssetFacts, vector: Vector) -> bool:
    """Whether an asset in use is one too many, and fit for elsewhere; see `offers`."""
    registered, asked = asset.registered, room.askers(vector)
    return (
        registered.status is AssetStatus.IN_USE
        and not registered.endpoints
        and bool(asked)
        and all(t.result.verdict is Verdict.MET and t.spare() > 0 for t in asked)
        and not any(
            room.effect(article, asset, vector) is not None
            for article in room.articles.values()
            if article.kind in EITHER
        )
    )
