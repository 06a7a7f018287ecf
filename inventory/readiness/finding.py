"""What a measure is asked, what it answers, and how far the answer can be believed.

Confidence, 0 to 1, of one piece of evidence:

- measured 1, declared 0.8, only registered 0.7. What was measured or declared longer ago than the
  requirement's `max_age` loses in proportion to its age, at least to 0.2 of it.
- An asset that stands in the register is believed 0.7, and more when it answered lately.
- What is missing from the register (an asset of a class, a feature) is believed missing 0.5.

Of a whole finding: the mean over the pieces that were asked about, where a piece of which nothing
is known counts 0. A count is asked about as many pieces as its threshold, and the best-known ones
are taken; so one more asset, or newer evidence of the same, never makes it less sure. A quotient
(a count for each post) is no surer than the figure that it is divided by.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from config.asset_filter import Filter
from config.scalars import Section
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.readiness.matching import fits, fits_plainly
from inventory.readiness.result import Evidence

MEASURED, DECLARED, REGISTERED = "measured", "declared", "registered"

WEIGHT = {MEASURED: 1.0, DECLARED: 0.8, REGISTERED: 0.7}
"""Confidence in one fresh piece of evidence by its kind."""

ABSENCE = 0.5
"""Confidence that there is none because none is registered."""

OLDEST = 0.2
"""Share of its confidence that is left to evidence however old it is."""

M = TypeVar("M", bound=Section)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a measure found.

    value: None for unknown, and then `reason` says why (a word of `reasons`). confidence: see the
    module. base: of how many pieces a share or ratio is one. pieces: how many things were counted,
    where things were. could_be: what the value would be if all that is not known counted, None
    where that changes nothing; where the two ends have different verdicts, nothing is decided.
    """

    value: float | None
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 0.0
    base: float = 1.0
    pieces: int | None = None
    could_be: float | None = None


@dataclass(frozen=True, slots=True)
class Question(Generic[M]):
    """One requirement's measure about one commune at one moment. at_least: the value from which it
    is met, None where less is better."""

    measure: M
    commune: CommuneFacts
    now_s: float
    max_age_s: float
    at_least: float | None = None

    @property
    def today(self) -> dt.date:
        """The day where the commune is."""
        return _day_of(self.now_s, self.commune.zone)

    def picked(self, wanted: Filter) -> list[AssetFacts]:
        """The commune's assets that a filter means."""
        return self.sorted(wanted)[0]

    def sorted(self, wanted: Filter) -> tuple[list[AssetFacts], list[AssetFacts]]:
        """The commune's assets that a filter means, and those of which nobody knows."""
        asked = self.commune.of(wanted.classes)
        if wanted.is_plain:
            return [asset for asset in asked if fits_plainly(asset.registered, wanted)], []
        today, systems = self.today, self.commune.systems
        sure: list[AssetFacts] = []
        doubtful: list[AssetFacts] = []
        for asset in asked:
            found = fits(asset, wanted, today, systems)
            if found is not False:
                (sure if found else doubtful).append(asset)
        return sure, doubtful

    def asked(self, wanted: Filter) -> tuple[list[AssetFacts], int]:
        """The commune's assets that a filter means, and how many could be: these and the
        doubtful ones, over which confidence is a mean."""
        sure, doubtful = self.sorted(wanted)
        return sure, len(sure) + len(doubtful)

    def none_of_these(self) -> Finding:
        """Unknown: the filter means no asset, or nothing at all is registered."""
        return Finding(None, "none_of_these" if self.commune.assets else "nothing_registered")

    def fresh(self, at_s: float) -> float:
        """The share of its confidence that is left to evidence of a moment."""
        age_s = self.now_s - at_s
        return 1.0 if age_s <= self.max_age_s else max(OLDEST, self.max_age_s / age_s)

    def sure_of(self, at_s: float, *, is_written: bool = False) -> float:
        """Confidence in what was measured; no less than in the register where it says so too, for
        an old measurement takes nothing away from that."""
        sure = WEIGHT[MEASURED] * self.fresh(at_s)
        return max(WEIGHT[REGISTERED], sure) if is_written else sure

    def known_of(self, asset: AssetFacts) -> float:
        """Confidence that an asset of the register is there."""
        if asset.last_answer_at_s is None:
            return WEIGHT[REGISTERED]
        return max(WEIGHT[REGISTERED], WEIGHT[MEASURED] * self.fresh(asset.last_answer_at_s))


@lru_cache(maxsize=64)
def _day_of(at_s: float, zone: dt.tzinfo) -> dt.date:
    """Asked for each asset of a country, and nearly always the same."""
    return dt.datetime.fromtimestamp(at_s, zone).date()


def sure_of_count(known: Iterable[float], at_least: float | None, doubtful: int = 0) -> float:
    """Confidence in a count by that in each piece. at_least: how many were asked for. doubtful: of
    how many nobody knows whether they count."""
    best = sorted(known, reverse=True)
    counted = len(best) + doubtful
    places = max(1, counted if at_least is None else math.ceil(at_least - 1e-9))
    return (sum(best[:places]) + ABSENCE * max(0, places - counted)) / places


def label(asset: AssetFacts) -> str:
    """What an asset is called in evidence: maker and model, else its name."""
    registered = asset.registered
    return " ".join(filter(None, (registered.vendor, registered.model))) or registered.name


def seen(asset: AssetFacts) -> Evidence:
    """That an asset is there: measured when it ever answered, else registered."""
    source = REGISTERED if asset.last_answer_at_s is None else MEASURED
    return Evidence(source, label(asset), asset.last_answer_at_s, asset.registered.tag)


def written(asset: AssetFacts, text: str) -> Evidence:
    """What the register says of an asset."""
    return Evidence(REGISTERED, f"{label(asset)}, {text}", None, asset.registered.tag)


def unknown(asset: AssetFacts) -> Evidence:
    """That nobody knows of an asset what was asked."""
    return written(asset, "?")
