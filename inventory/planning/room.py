"""What can be done in one commune, as whole numbers with bounds: what may be bought, what may be
done to how many assets, what may come and go, and the rows that bind them. Pure.

Nothing is bought that no gap asks for: of an article at most the pieces that close the largest gap
that it lifts. So nobody "mends" a share of old machines by buying more machines than are asked for.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from inventory.planning.acts import arrived, bought, mended_result, treated
from inventory.planning.articles import Article, Kind
from inventory.planning.doable import Act, Arrival, Offer, Row, age
from inventory.planning.sums import Sum
from inventory.planning.tally import Lens, Tally, Vector, minus, plus
from inventory.readiness.facts import AssetFacts

EITHER = (Kind.REPLACE, Kind.UPGRADE)
"""Of these at most one is done to an asset; a feature can come with either."""

_WAYS_MAX = 8
"""What a commune could get but not as well buy makes at most so many ways; the most frequent kinds
come first."""

_HALL_MAX = 8
"""Of so many kinds of acts every combination is looked at."""


@dataclass
class Room:
    """See the module. careful: that what comes betters shares of assets is left out of account, so
    that these fall apart from all that comes. sums: requirement -> the numbers above and below its
    line, over the acts. stands_for: act that gets something -> act that buys what is the same to
    all requirements here."""

    lens: Lens
    articles: Mapping[str, Article]
    within_ceilings: bool
    careful: bool = False
    acts: list[Act] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    sums: dict[str, tuple[Sum, Sum]] = field(default_factory=dict)
    stands_for: dict[int, int] = field(default_factory=dict)
    _moved: list[tuple[int, Vector, int]] = field(default_factory=list)
    """(act, vector, sign) of what comes and goes."""

    _bound: int = 0
    """How many of the rows do not depend on `careful`."""

    def made_careful(self) -> Room:
        """The same room, made careful."""
        rows = self.rows[: self._bound]
        moved, bound = self._moved, self._bound
        room = replace(self, careful=True, rows=rows, sums={}, _moved=moved, _bound=bound)
        room._count()
        return room

    @property
    def code(self) -> str:
        """The commune's."""
        return self.lens.commune.unit.code

    def wishes(self, get: Mapping[Hashable, tuple[AssetFacts, int]]) -> list[Arrival]:
        """What of elsewhere would help here. get: kin -> (one of it, how many there are)."""
        sold = {vector for _, vector, _ in self._on_sale}
        found: list[Arrival] = []
        ways = 1
        for kin, (sample, count) in sorted(get.items(), key=lambda item: -item[1][1]):
            arrival = self._arrival(kin, sample, count)
            if arrival is None:
                continue
            more = 1 if arrival.vector in sold else arrival.most + 1
            if ways * more <= _WAYS_MAX:
                ways *= more
                found.append(arrival)
        return found

    def build(self, own: Sequence[Offer], give: Sequence[Offer], get: Sequence[Arrival]) -> None:
        """Make the acts and rows. own: stock for the commune itself. give: what others wish. get:
        what this commune wishes."""
        self._buy_and_mend()
        self._come_and_go(own, give, get)
        self._treat()
        self._bound = len(self.rows)
        self._count()

    # What may be done

    def _add(self, act: Act) -> int:
        self.acts.append(act)
        return len(self.acts) - 1

    def _buy_and_mend(self) -> None:
        for article in self.articles.values():
            if article.kind is Kind.MEND:
                result = self.lens.results[article.requirements[0]]
                if result.gap:
                    most = article.pieces_for(result.gap)
                    self._add(Act("mend", most, article.key, article.price_vnd, counts_pieces=True))
        for article, vector, with_ in self._on_sale:
            act = self._done("buy", article, self.wanted(vector), with_=with_)
            self._moved.append((act, vector, 1))

    @functools.cached_property
    def _on_sale(self) -> list[tuple[Article, Vector, tuple[str, ...]]]:
        """(article, what one is to the tallies, what comes with it) of what a gap asks for."""
        found = []
        for article in self.articles.values():
            if article.kind is Kind.BUY:
                vector, with_ = self.complete(self.new(article))
                if self.wanted(vector):
                    found.append((article, vector, with_))
        return found

    def _done(
        self,
        what: str,
        article: Article,
        most: int,
        assets: tuple[AssetFacts, ...] = (),
        with_: tuple[str, ...] = (),
    ) -> int:
        """An act on single assets, with its price where one piece is one asset."""
        single = article.yields == 1
        price_vnd = (article.price_vnd if single else 0) + self._price(with_)
        act = self._add(
            Act(what, most, article.key, price_vnd, assets, counts_pieces=single, with_=with_)
        )
        if what == "buy" and not single:
            self._pieces(article, Sum().plus(act, 1.0), most)
        return act

    def _pieces(self, article: Article, assets: Sum, most: int) -> None:
        most = article.pieces_for(most)
        act = Act("pieces", most, article.key, article.price_vnd, counts_pieces=True)
        pieces = self._add(act)
        sum_ = Sum().add(assets, -1.0).plus(pieces, article.yields)
        self.rows.append(Row(sum_, 0.0, article.yields - 1))

    def _price(self, keys: Iterable[str]) -> int:
        return sum(self.articles[key].price_vnd for key in keys)

    def _come_and_go(
        self,
        own: Sequence[Offer],
        give: Sequence[Offer],
        get: Sequence[Arrival],
    ) -> None:
        bought = {
            vector: act
            for act, vector, _ in self._moved
            if self.acts[act].what == "buy" and self.acts[act].counts_pieces
        }
        for offer in own:
            arrival = self._arrival(offer.kin, offer.assets[0], len(offer.assets))
            if arrival is not None:
                act = self._comes("take", arrival, offer.assets, None)
                self._moved.append((act, self.lens.vector(offer.assets[0]), -1))
        leaving, most = Sum(), 0
        for offer in give:
            act = self._add(Act("give", len(offer.assets), assets=offer.assets, pool=offer.kin))
            self._moved.append((act, self.lens.vector(offer.assets[0]), -1))
            leaving.plus(act, 1.0)
            most += len(offer.assets)
        for arrival in get:
            act = self._comes("get", arrival, (arrival.sample,), arrival.kin)
            leaving.plus(act, -1.0)
            if arrival.vector in bought:
                self.stands_for[act] = bought[arrival.vector]
        if most >= (registered := len(self.lens.commune.assets)):
            # A commune of which nothing is registered any more is unknown.
            for act in bought.values():
                leaving.plus(act, -1.0)
            self.rows.append(Row(leaving, -math.inf, registered - 1))

    def _comes(
        self, what: str, arrival: Arrival, assets: tuple[AssetFacts, ...], pool: Hashable
    ) -> int:
        """Assets come to work."""
        most, price_vnd = arrival.most, arrival.price_vnd
        act = self._add(Act(what, most, "", price_vnd, assets, pool=pool, with_=arrival.with_))
        self._moved.append((act, arrival.vector, 1))
        return act

    def _arrival(self, kin: Hashable, sample: AssetFacts, count: int) -> Arrival | None:
        """Assets that could come to work, complete; None where nothing asks for them."""
        vector, with_ = self.complete(arrived(sample, self.code))
        most = min(count, self.wanted(vector))
        return Arrival(kin, sample, most, with_, self._price(with_), vector) if most else None

    def complete(self, asset: AssetFacts) -> tuple[Vector, tuple[str, ...]]:
        """(what an asset is with all features that the commune's requirements want on it, the
        articles that put them there)."""
        with_, vector = [], self.lens.vector(asset)
        for article in self.articles.values():
            if article.kind is Kind.EQUIP and article.yields == 1:
                effect = self.effect(article, asset, vector)
                if effect is not None:
                    asset = self.treated(article, asset)
                    vector = plus(vector, effect)
                    with_.append(article.key)
        return vector, tuple(with_)

    def treated(self, article: Article, asset: AssetFacts) -> AssetFacts:
        """An asset of the commune after an article was used on it."""
        return treated(article, asset, self.lens.today, self.lens.commune.systems)

    def effect(self, article: Article, asset: AssetFacts, vector: Vector) -> Vector | None:
        """What an article makes of an asset, where that does one of its requirements good."""
        if not any(self._bad(id, vector) for id in article.requirements):
            return None
        effect = minus(self.lens.vector(self.treated(article, asset)), vector)
        return effect if any(self._helps(id, effect) for id in article.requirements) else None

    def _bad(self, id: str, vector: Vector) -> bool:
        tally = self.lens.tallies.get(id)
        if tally is None:
            return False
        good = (1, 1) if tally.requirement.at_least is not None else (0, 1)
        return self.lens.counts(id, vector) not in (good, (0, 0))

    def _helps(self, id: str, effect: Vector) -> bool:
        if id not in self.lens.tallies:
            return False
        above, below = self.lens.counts(id, effect)
        more = self.lens.tallies[id].requirement.at_least is not None
        return below == 0 and (above > 0 if more else above < 0)

    def _treat(self) -> None:
        on: dict[tuple[str, Vector], list[AssetFacts]] = defaultdict(list)
        for article in self.articles.values():
            if article.kind not in (*EITHER, Kind.EQUIP):
                continue
            for asset, vector in zip(self.lens.commune.assets, self.lens.vectors, strict=True):
                effect = self.effect(article, asset, vector)
                if effect is not None:
                    on[article.key, effect].append(asset)
        treats: dict[tuple[str, Vector], int] = {}
        for (key, effect), assets in on.items():
            article = self.articles[key]
            if most := min(len(assets), self._gap(article)):
                act = self._done("treat", article, most, tuple(sorted(assets, key=age)))
                treats[key, effect] = act
                self._moved.append((act, effect, 1))
                self._spare_the_given(act, assets)
        self._bind(treats)

    def _spare_the_given(self, act: int, assets: Sequence[AssetFacts]) -> None:
        """Nothing is done to what leaves."""
        tags, sum_ = {a.registered.tag for a in assets}, Sum().plus(act, 1.0)
        for number, other in enumerate(self.acts):
            if other.what == "give" and other.assets[0].registered.tag in tags:
                sum_.plus(number, 1.0)
        if len(sum_.terms) > 1:
            self.rows.append(Row(sum_, 0.0, len(assets)))

    def _bind(self, treats: Mapping[tuple[str, Vector], int]) -> None:
        """No more of an article than its gap asks for, and no asset twice."""
        for article in self.articles.values():
            acts = [act for (key, _), act in treats.items() if key == article.key]
            uses = Sum()
            for act in acts:
                uses.plus(act, 1.0)
            total = sum(self.acts[act].upper for act in acts)
            if len(acts) > 1 and self._gap(article) < total:
                total = self._gap(article)
                self.rows.append(Row(uses, 0.0, total))
            if acts and article.yields != 1:
                self._pieces(article, uses, total)
        either = [act for (key, _), act in treats.items() if self.articles[key].kind in EITHER]
        self._no_asset_twice(either[:_HALL_MAX])
        for act in either[_HALL_MAX:]:
            self.rows.append(Row(Sum().plus(act, 1.0), 0.0, 0.0))

    def _no_asset_twice(self, acts: Sequence[int]) -> None:
        """Hall's condition: acts can be done to so many assets that each finds one of its own
        exactly when no set of them asks for more assets than it can choose from."""
        tags = {act: {a.registered.tag for a in self.acts[act].assets} for act in acts}
        for size in range(2, len(acts) + 1):
            for some in itertools.combinations(acts, size):
                others = {a: set().union(*(tags[b] for b in some if b != a)) for a in some}
                if not all(tags[act] & others[act] for act in some):
                    continue  # what chooses among other assets binds nobody here
                choice = set().union(*(tags[act] for act in some))
                if sum(self.acts[act].upper for act in some) > len(choice):
                    sum_ = Sum()
                    for act in some:
                        sum_.plus(act, 1.0)
                    self.rows.append(Row(sum_, 0.0, len(choice)))

    def _gap(self, article: Article) -> int:
        tallies = (self.lens.tallies.get(id) for id in article.requirements)
        return max((round(t.result.gap) for t in tallies if t is not None), default=0)

    # What it comes to

    def _count(self) -> None:
        """The numbers of each tally, and what binds them: norms, and that only surplus leaves."""
        for id, tally in self.lens.tallies.items():
            above, below, coming, going = Sum(tally.above), Sum(tally.below), Sum(), Sum()
            for act, vector, sign in self._moved:
                one, other = self.lens.counts(id, vector)
                if self.careful and tally.betters(one, other) and self.acts[act].what != "treat":
                    continue
                above.plus(act, sign * one)
                below.plus(act, sign * other)
                if one and self.acts[act].what != "treat":
                    (coming if sign > 0 else going).plus(act, 1.0)
            self.sums[id] = (above, below)
            if above.terms or below.terms:
                self._bounded(tally, above, below, coming, going)

    def _bounded(self, tally: Tally, above: Sum, below: Sum, coming: Sum, going: Sum) -> None:
        if self.within_ceilings and tally.most is not None:
            self.rows.append(Row(above, -math.inf, max(math.floor(tally.most), tally.above)))
        if tally.base is None:
            if tally.below and any(factor < 0 for factor in below.terms.values()):
                self.rows.append(Row(below, 1.0, math.inf))  # what is known stays known
            return
        if tally.requirement.at_least is None:
            return
        if len(coming.terms) > 1:
            largest = max(self.acts[act].upper for act in coming.terms)
            self.rows.append(Row(coming, 0.0, largest))
        if any(self.acts[act].what == "give" for act in going.terms):
            self.rows.append(Row(above, tally.above - tally.spare(), math.inf))

    def wanted(self, vector: Vector) -> int:
        """How many such assets the largest gap asks for."""
        return max((round(tally.result.gap) for tally in self.lifted(vector)), default=0)

    def lifted(self, vector: Vector) -> list[Tally]:
        """The requirements with a gap in assets that an asset would help to close."""
        return [tally for tally in self.askers(vector) if tally.result.gap]

    def askers(self, vector: Vector) -> list[Tally]:
        """The requirements that ask for so many assets and count such a one."""
        return [
            t
            for t in self.lens.tallies.values()
            if t.base is not None
            and t.requirement.at_least is not None
            and self.lens.counts(t.requirement.id, vector)[0]
        ]

    def new(self, article: Article) -> AssetFacts:
        """What a bought asset of an article is."""
        return bought(article, self.code, self.lens.today, self.lens.commune.systems)

    def share_when_mended(self, article: Article, pieces: int) -> float:
        """The share of the article's requirement after so many pieces of it."""
        id = article.requirements[0]
        asked = self.lens.profile.requirement(id)
        assert asked is not None
        return mended_result(asked, self.lens.results[id], article, pieces).share or 0.0

    def forbidden(self, article: Article, values: Sequence[int]) -> bool:
        """Whether a norm forbids one more of a bought article, when so much is done."""
        vector = self.lens.vector(self.new(article))
        return any(
            tally.most is not None
            and self.lens.counts(id, vector)[0]
            and round(self.sums[id][0].at(values)) + 1 > max(tally.most, tally.above)
            for id, tally in self.lens.tallies.items()
        )
