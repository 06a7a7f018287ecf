"""What changed between two days: communes, their requirements, what mending costs. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.readiness.difference import Change, differences
from inventory.readiness.frozen import Frozen, FrozenCommune
from inventory.units import Unit, UnitTable


@dataclass(frozen=True, slots=True)
class CommuneChange:
    """One commune on both days, or on one of them.

    before, after: None where the unit did not exist or was not watched. kin: what it came from (of
    a new one), or what it became part of (of one that ended).
    """

    unit: Unit
    before: FrozenCommune | None
    after: FrozenCommune | None
    requirements: tuple[Change, ...] = ()
    kin: tuple[Unit, ...] = ()

    @property
    def ratio(self) -> float | None:
        """By how much its readiness rose; None where it is not known on both days."""
        if self.before is None or self.after is None:
            return None
        was, became = self.before.evaluation.total.ratio, self.after.evaluation.total.ratio
        return None if was is None or became is None else became - was

    @property
    def cost_vnd(self) -> int | None:
        """By how much mending its gaps became dearer; None where it is not known on both days."""
        if self.before is None or self.after is None:
            return None
        return self.after.evaluation.cost_vnd - self.before.evaluation.cost_vnd


def commune_changes(before: Frozen, after: Frozen, units: UnitTable) -> tuple[CommuneChange, ...]:
    """Every commune of either day by its code.

    A code that names another unit on the later day is two communes: one that ended and a new one.
    """
    were = {(c.unit.code, c.unit.valid_from): c for c in before.communes}
    are = {(c.unit.code, c.unit.valid_from): c for c in after.communes}
    keys = sorted(were.keys() | are.keys())
    return tuple(_change(were.get(key), are.get(key), after, units) for key in keys)


def _change(
    was: FrozenCommune | None, became: FrozenCommune | None, after: Frozen, units: UnitTable
) -> CommuneChange:
    if was is not None and became is not None:
        return CommuneChange(
            became.unit, was, became, differences(was.evaluation, became.evaluation)
        )
    if became is not None:
        # What a unit grew by after the report's day is none of it.
        before = units.predecessors(became.unit)
        kin = tuple(u for u in before if u.valid_to is not None and u.valid_to < after.day)
        return CommuneChange(became.unit, None, became, kin=kin)
    assert was is not None
    ended = was.unit.valid_to is not None and was.unit.valid_to < after.day
    kin = tuple(units.successors(was.unit)) if ended else ()
    return CommuneChange(was.unit, was, None, kin=kin)
