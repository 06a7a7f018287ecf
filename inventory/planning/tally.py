"""How the assets of a commune add up to the values of its requirements, found by asking the
measures about each asset alone.

A requirement adds up when its value is a number of assets over a number of assets or over a figure
of the commune; whatever measure does, can be planned for asset by asset. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from config.assets import AssetClass
from config.measures import AssetShare, Filter, counts_assets
from config.profile import Profile, Requirement
from inventory.readiness.evaluate import evaluate, most_allowed, share_of
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.readiness.finding import Question
from inventory.readiness.matching import fits, fits_plainly
from inventory.readiness.measures import MEASURES
from inventory.readiness.result import Evaluation, RequirementResult, Verdict
from inventory.readiness.share_measures import counts_in

Count = tuple[int, int]
"""How much one asset, or all, are of the number above the line and of the one below it."""

NOTHING: Count = (0, 0)

Vector = tuple[Count, ...]
"""One count for each tally of a commune."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One requirement that adds up. above, below: of all its assets now. base: the figure of the
    commune that a count is divided by, None for a share of assets. most: pieces that a norm allows.
    scored: whether it can count in the score: it is not exempt."""

    requirement: Requirement
    result: RequirementResult
    above: int
    below: int
    base: float | None
    most: float | None
    scored: bool

    def share(self, above: int, below: int) -> float | None:
        """How much of the requirement these numbers fulfil; None for a share of no assets."""
        if self.base is not None:
            return share_of(self.requirement, above / self.base)
        return share_of(self.requirement, above / below) if below else None

    def betters(self, above: int, below: int) -> bool:
        """Whether one more such asset can only better a share of assets."""
        good = (1, 1) if self.requirement.at_least is not None else (0, 1)
        return self.base is None and (above, below) == good

    def spare(self) -> int:
        """How many assets can go before a count that is met is no longer met."""
        count = self.above
        while count > 0 and self.share(count - 1, 0) == 1.0:
            count -= 1
        return self.above - count


class Lens:
    """One commune before anything is done, and what each asset is to its requirements."""

    def __init__(self, profile: Profile, commune: CommuneFacts, now_s: float) -> None:
        self.profile, self.commune, self.now_s = profile, commune, now_s
        self.today: dt.date = dt.datetime.fromtimestamp(now_s, commune.zone).date()
        self.before: Evaluation = evaluate(profile, commune, now_s)
        self.results = {r.requirement: r for r in self.before.results}
        self.tallies: dict[str, Tally] = {}
        columns: list[list[Count]] = []
        for requirement in profile.requirements:
            found = self._tally(requirement)
            if found is not None:
                self.tallies[requirement.id] = found[0]
                columns.append(found[1])
        self.place = {id: at for at, id in enumerate(self.tallies)}
        self._ours = _Counting([self._question(t.requirement) for t in self.tallies.values()])
        self._anywhere = _Counting(
            [
                self._question(r)
                for r in profile.requirements
                if counts_assets(r.measure) or isinstance(r.measure, AssetShare)
            ]
        )
        self.vectors: list[Vector] = [
            tuple(column[at] for column in columns) for at in range(len(commune.assets))
        ]
        """What each asset of the commune is to each tally, in the order of the assets."""

    def vector(self, asset: AssetFacts) -> Vector:
        """What an asset is to each tally, were it the commune's."""
        return self._ours.vector(asset)

    def signature(self, asset: AssetFacts) -> Hashable:
        """What an asset is to the requirements of the profile in any commune."""
        return self._anywhere.vector(asset)

    def counts(self, id: str, vector: Vector) -> Count:
        """What a vector says of one requirement."""
        return vector[self.place[id]]

    def _tally(self, requirement: Requirement) -> tuple[Tally, list[Count]] | None:
        measure = requirement.measure
        counted = counts_assets(measure)
        if not (counted or isinstance(measure, AssetShare)) or not self.commune.assets:
            return None
        asked = self._question(requirement)
        finding = MEASURES[measure.measure](asked)
        if finding.could_be not in (None, finding.value):
            return None  # what is unknown could decide, and no piece says how
        if counted and (finding.value is None or finding.pieces is None):
            return None
        base = finding.base if counted else None
        classes = asked.measure.of.classes
        counts = [
            _count(asked, counted, asset)
            if not classes or asset.registered.asset_class in classes
            else NOTHING
            for asset in self.commune.assets
        ]
        above, below = sum(a for a, _ in counts), sum(b for _, b in counts)
        adds_up = (
            above == finding.pieces and finding.value == above / finding.base
            if counted
            else finding.value == (above / below if below else None)
        )
        result = self.results[requirement.id]
        exempt = result.verdict is Verdict.EXEMPT
        overruled = (result.share is None) != (finding.value is None) and not exempt
        if not adds_up or overruled:
            return None
        most = most_allowed(requirement.ceiling, self.commune.declared)
        return Tally(requirement, result, above, below, base, most, not exempt), counts

    def _question(self, requirement: Requirement) -> Question[Any]:
        at_least = requirement.at_least
        return Question(
            requirement.measure, self.commune, self.now_s, requirement.max_age, at_least
        )


class _Counting:
    """Questions that count assets or are a share of them, asked about one asset."""

    def __init__(self, questions: Sequence[Question[Any]]) -> None:
        self._nothing: Vector = (NOTHING,) * len(questions)
        self._asked = [(at, one, counts_assets(one.measure)) for at, one in enumerate(questions)]
        self._about: dict[AssetClass, list[tuple[int, Question[Any], bool]]] = {}

    def vector(self, asset: AssetFacts) -> Vector:
        """What the asset is to each of them."""
        found = list(self._nothing)
        for at, asked, counted in self._about_class(asset.registered.asset_class):
            found[at] = _count(asked, counted, asset)
        return tuple(found)

    def _about_class(self, of: AssetClass) -> list[tuple[int, Question[Any], bool]]:
        """Those that assets of a class can be something to: few of all."""
        if of not in self._about:
            self._about[of] = [
                one
                for one in self._asked
                if not (classes := one[1].measure.of.classes) or of in classes
            ]
        return self._about[of]


def _count(asked: Question[Any], counted: bool, asset: AssetFacts) -> Count:
    """counted: the measure counts assets; else it is a share of them."""
    of: Filter = asked.measure.of
    if not fits_plainly(asset.registered, of):
        return NOTHING
    if not of.is_plain and not fits(asset, of, asked.today, asked.commune.systems):
        return NOTHING
    if counted:
        return 1, 0
    counts = counts_in(asked, asset)
    return NOTHING if counts is None else (int(counts), 1)


def minus(one: Vector, other: Vector) -> Vector:
    """What the first vector is more than the second."""
    return tuple((a - c, b - d) for (a, b), (c, d) in zip(one, other, strict=True))


def plus(one: Vector, other: Vector) -> Vector:
    """Both vectors together."""
    return tuple((a + c, b + d) for (a, b), (c, d) in zip(one, other, strict=True))
