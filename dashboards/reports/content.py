"""What every form of a report says, put together once: totals, order, gaps, changes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from inventory.alphabet import order
from inventory.readiness.commune_changes import CommuneChange, commune_changes
from inventory.readiness.frozen import Frozen, FrozenCommune
from inventory.readiness.kept_profile import KeptRequirement
from inventory.readiness.result import RequirementResult, Verdict
from inventory.readiness.rollup import roll_up
from inventory.units import UnitTable

GAPS = (Verdict.UNMET, Verdict.PARTLY)

COSTLIEST = 5
"""How many gaps the summary names."""

WORST = 2
"""How many communes the summary names."""


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement of one commune. pieces: how many remedies the gap needs, None where the
    profile names no price."""

    commune: FrozenCommune
    result: RequirementResult
    requirement: KeptRequirement

    @property
    def is_gap(self) -> bool:
        """Whether something is missing that is known to be missing."""
        return self.result.verdict in GAPS

    @property
    def pieces(self) -> int | None:
        """See the class."""
        remedy = self.requirement.remedy
        if remedy is None or not remedy.price_vnd or not self.result.cost_vnd:
            return None
        return round(self.result.cost_vnd / remedy.price_vnd)


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all communes together, each weighing the same (see `inventory.readiness.rollup`).

    ratio: mean readiness, None where nothing is known. ready: which share of the communes that can
    be judged meets every must-have. judged: how many can be. costs in dong."""

    communes: int
    known: int
    ratio: float | None
    confidence: float
    ready: float | None
    judged: int
    verdicts: Mapping[str, int]
    cost_vnd: int
    mandatory_vnd: int


@dataclass(frozen=True, slots=True)
class Report:
    """ranking: the least ready first, those of which nothing is known last. lines: in the order of
    the ranking and the profile. gaps: the costliest first."""

    now: Frozen
    before: Frozen | None
    totals: Totals
    earlier: Totals | None
    ranking: tuple[FrozenCommune, ...]
    lines: tuple[Line, ...]
    gaps: tuple[Line, ...]
    changes: tuple[CommuneChange, ...]


def report_of(now: Frozen, before: Frozen | None, units: UnitTable) -> Report:
    """The report of a day and, where there is one, its difference to an earlier day."""
    ranking = tuple(sorted(now.communes, key=_rank))
    lines = tuple(
        Line(commune, result, commune.profile.requirement(result.requirement))
        for commune in ranking
        for result in commune.evaluation.results
    )
    gaps = sorted((line for line in lines if line.is_gap), key=_weight_of)
    return Report(
        now,
        before,
        totals_of(now),
        totals_of(before) if before is not None else None,
        ranking,
        lines,
        tuple(gaps),
        commune_changes(before, now, units) if before is not None else (),
    )


def totals_of(frozen: Frozen) -> Totals:
    """The sums of a day."""
    mean = roll_up([(c.evaluation, 1.0) for c in frozen.communes], "weighted")
    ready = roll_up([(c.evaluation, 1.0) for c in frozen.communes], "ready_share")
    results = [r for c in frozen.communes for r in c.evaluation.results]
    return Totals(
        communes=mean.communes,
        known=mean.known,
        ratio=mean.value,
        confidence=mean.confidence,
        ready=ready.value,
        judged=ready.known,
        verdicts=Counter(r.verdict.value for r in results),
        cost_vnd=sum(r.cost_vnd for r in results),
        mandatory_vnd=sum(r.cost_vnd for r in results if r.level == "mandatory"),
    )


def _rank(commune: FrozenCommune) -> tuple[float, object, str]:
    ratio = commune.evaluation.total.ratio
    return 2.0 if ratio is None else ratio, order(commune.unit.name), commune.unit.code


def _weight_of(line: Line) -> tuple[int, bool, str, str]:
    result = line.result
    return -result.cost_vnd, result.level != "mandatory", line.commune.unit.code, result.requirement
