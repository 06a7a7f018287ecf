"""What an evaluation says, as immutable values that pages, metrics and files share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a commune stands against one requirement.

    UNKNOWN is never counted as UNMET; EXEMPT, under an exception of the profile, counts nowhere.
    """

    MET = "met"
    PARTLY = "partly"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that a verdict rests on.

    source: measured, registered or declared. at_s: when it was true, seconds since 1970.
    asset: the asset's tag where one stands behind it.
    """

    source: str
    text: str
    at_s: float | None = None
    asset: str | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why a commune need not fulfil a requirement; until: the last day."""

    reason: str
    document: str
    until: dt.date


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """One requirement of one commune.

    value and threshold are in `unit` (count, ratio, years, bps, seconds, yes). share: how much of
    the requirement is fulfilled, 0 to 1, None when unknown or exempt. gap: how many of `unit`, or
    of the remedy's pieces where it has a price, are missing. cost_vnd: what mending the gap costs.
    confidence: 0 to 1. exemption: where the verdict is EXEMPT; gap, cost and confidence are 0 then.
    """

    requirement: str
    pillar: str
    level: str
    weight: float
    verdict: Verdict
    value: float | None
    threshold: float
    unit: str
    share: float | None
    confidence: float
    gap: float = 0.0
    cost_vnd: int = 0
    evidence: tuple[Evidence, ...] = ()
    explanation: str = ""
    above_norm: bool = False
    exemption: Exemption | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """ratio: weighted share fulfilled of what is known, None when nothing is; both 0 to 1."""

    ratio: float | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One commune against one profile version at one moment.

    profile_digest: of the profile's content as it was, "" for results of a Hatang that kept none.
    """

    commune: str
    profile: str
    profile_version: str
    at_s: float
    total: Score
    pillars: dict[str, Score]
    results: tuple[RequirementResult, ...]
    profile_digest: str = ""

    @property
    def cost_vnd(self) -> int:
        """What mending every gap would cost."""
        return sum(r.cost_vnd for r in self.results)
