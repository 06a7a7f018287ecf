"""What belongs to a commune as of a day, whatever it was called and made of then; and what happens
to its assets when it ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from config.assets import Asset
from inventory.register.entry import Actor, Edit, Query
from inventory.register.problems import FieldProblem, Refused
from inventory.register.register import Register
from inventory.store.as_of import assets_as_of
from inventory.store.desk import Desk
from inventory.units import Unit, UnitTable


def codes_on(units: UnitTable, unit: Unit, day: dt.date) -> frozenset[str]:
    """The codes that the area of a unit had on a day: its own, else those of the units that became
    it, and of those that became them. Empty where nothing of it existed."""
    if unit.holds_on(day):
        return frozenset({unit.code})
    found: set[str] = set()
    waiting, met = [unit], {unit}
    while waiting:
        for before in units.predecessors(waiting.pop()):
            if before.holds_on(day):
                found.add(before.code)
            elif before not in met:
                met.add(before)
                waiting.append(before)
    return frozenset(found)


def assets_of(
    desk: Desk, units: UnitTable, unit: Unit, day: dt.date, zone: ZoneInfo
) -> list[Asset]:
    """The assets of a unit's area at the end of a day, as they were registered then, by tag.

    What was changed, moved or removed later changes nothing of it.
    """
    codes = codes_on(units, unit, day)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    found = desk.read(lambda c: assets_as_of(c, end.timestamp()))
    return sorted((a for a in found if a.commune in codes), key=lambda a: a.tag)


def merge_commune(
    register: Register,
    units: UnitTable,
    old: str,
    new: str,
    actor: Actor,
    today: dt.date,
    names: Mapping[str, str],
) -> tuple[str, int]:
    """Move all assets of a commune that ended to a successor, as one batch: (its id, how many).

    names: code -> name of the communes that there are now. Raises Refused where the table of units
    does not say that `old` became `new`, or an asset cannot be moved (two edges, kept in a file).
    """
    former = [unit for unit in units.history(old) if unit.valid_to is not None]
    heirs = {heir.code for unit in former for heir in successors_of(units, unit, today)}
    if old == new or new not in heirs:
        text = "{old} did not become {new}; it became {heirs}"
        values = {"old": old, "new": new, "heirs": ", ".join(sorted(heirs)) or "–"}
        raise Refused([FieldProblem("commune", text, values)])
    if new not in names:
        text = "{new} is not watched; add it to hatang.yaml first"
        raise Refused([FieldProblem("commune", text, {"new": new})])
    found = register.search(Query(communes=frozenset({old}), limit=None)).entries
    steps = [Edit(entry.asset.tag, {"commune": new}, entry.version) for entry in found]
    if not steps:
        raise Refused([FieldProblem("commune", "no asset is registered there")])
    return register.apply(steps, actor, reason=f"{old} → {new}"), len(steps)


def successors_of(units: UnitTable, unit: Unit, today: dt.date) -> list[Unit]:
    """The units of today that a former one became, over however many steps."""
    found: list[Unit] = []
    waiting, met = [unit], {unit}
    while waiting:
        for heir in units.successors(waiting.pop()):
            if heir.holds_on(today):
                found.append(heir)
            elif heir not in met:
                met.add(heir)
                waiting.append(heir)
    return found
