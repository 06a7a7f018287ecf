"""From whole numbers to what is done: which assets are treated, and which go where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from inventory.planning.acts import Steps, arrived, bought_tag
from inventory.planning.articles import Article, Kind
from inventory.planning.room import Room
from inventory.readiness.facts import AssetFacts


@dataclass(frozen=True, slots=True)
class Transfer:
    """One asset of one commune that goes to work in a commune."""

    asset: AssetFacts
    origin: str
    commune: str
    in_stock: bool


def transfers_of(rooms: Sequence[Room], values: Mapping[str, Sequence[int]]) -> list[Transfer]:
    """Who gives which assets to whom: each commune first to itself, then in order; of alike assets
    the newest go."""
    found = []
    given: dict[Hashable, dict[str, list[AssetFacts]]] = defaultdict(dict)
    wants: dict[Hashable, dict[str, int]] = defaultdict(dict)
    for room in rooms:
        for act, value in zip(room.acts, values[room.code], strict=True):
            if not value:
                continue
            if act.what == "take":
                found += [Transfer(a, room.code, room.code, True) for a in act.assets[-value:]]
            elif act.what == "give":
                given[act.pool].setdefault(room.code, []).extend(act.assets[-value:])
            elif act.what == "get":
                wants[act.pool][room.code] = value
    for pool, wanted in wants.items():
        pairs = [(code, code) for code in wanted]
        pairs += [(giver, code) for code in wanted for giver in given[pool] if giver != code]
        for giver, code in pairs:
            while wanted[code] and given[pool].get(giver):
                wanted[code] -= 1
                asset = given[pool][giver].pop()
                found.append(Transfer(asset, giver, code, _in_stock(asset)))
    return found


def _in_stock(asset: AssetFacts) -> bool:
    return asset.registered.status.value == "in_stock"


def steps_of(room: Room, values: Sequence[int], transfers: Sequence[Transfer]) -> Steps:
    """What is done in a commune."""
    code, articles = room.code, room.articles
    leave = frozenset(t.asset.registered.tag for t in transfers if t.origin == code)
    arrive = tuple(arrived(t.asset, code) for t in transfers if t.commune == code)
    acts = list(zip(room.acts, values, strict=True))
    bought = tuple((articles[a.article], n) for a, n in acts if a.what == "buy" and n)
    done: list[tuple[Article, str]] = []
    for act, count in acts:
        if act.what == "buy":
            article = articles[act.article]
            tags = [bought_tag(article, n + 1) for n in range(count)]
            done += [(articles[key], tag) for tag in tags for key in act.with_]
    for asset in arrive:
        with_ = room.complete(asset)[1]
        done += [(articles[key], asset.registered.tag) for key in with_]
    either: list[tuple[Article, list[str], int]] = []
    for act, count in acts:
        if act.what != "treat" or not count:
            continue
        tags = [a.registered.tag for a in act.assets if a.registered.tag not in leave]
        if articles[act.article].kind is Kind.EQUIP:
            done += [(articles[act.article], tag) for tag in tags[:count]]
        else:
            either.append((articles[act.article], tags, count))
    done += _each_its_own(either)
    mended = tuple((articles[a.article], n) for a, n in acts if a.what == "mend" and n)
    return Steps(bought, tuple(done), mended, arrive, leave)


def _each_its_own(wishes: Sequence[tuple[Article, list[str], int]]) -> list[tuple[Article, str]]:
    """So many different assets for each article, none twice: a matching by augmenting paths."""
    slots = [(article, tags) for article, tags, count in wishes for _ in range(count)]
    holder: dict[str, int] = {}

    def place(slot: int, tried: set[str]) -> bool:
        for tag in slots[slot][1]:
            if tag in tried:
                continue
            tried.add(tag)
            if tag not in holder or place(holder[tag], tried):
                holder[tag] = slot
                return True
        return False

    for slot in range(len(slots)):
        place(slot, set())
    return [(slots[slot][0], tag) for tag, slot in sorted(holder.items())]
