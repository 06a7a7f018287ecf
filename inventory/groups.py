"""Which watched communes a group means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from config.groups import Group
from inventory.units import Unit, UnitTable


def members_of(group: Group, units: UnitTable, communes: Mapping[str, Unit]) -> tuple[str, ...]:
    """The codes of a group's communes, by code.

    communes: the watched ones, code -> the unit that bears it today. A former district means each
    of them that has land of one of its communes, also where it took land of other districts.
    """
    if group.former_district is None:
        return tuple(sorted(code for code in group.communes if code in communes))
    return tuple(
        sorted(
            code
            for code, unit in communes.items()
            if any(before.parent == group.former_district for before in _before(units, unit))
        )
    )


def members_of_all(
    groups: Iterable[Group], units: UnitTable, communes: Mapping[str, Unit]
) -> dict[str, tuple[str, ...]]:
    """Group id -> the codes of its communes, in the order of the groups."""
    return {group.id: members_of(group, units, communes) for group in groups}


def groups_body(groups: Sequence[Group], units: UnitTable, communes: Mapping[str, Unit]) -> str:
    """The groups with their communes as JSON, to be kept beside results of readiness; the same
    groups are the same text."""
    members = members_of_all(groups, units, communes)
    said = [
        {"id": g.id, "title": g.title.model_dump(mode="json"), "communes": members[g.id]}
        for g in groups
    ]
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _before(units: UnitTable, unit: Unit) -> set[Unit]:
    """A unit and every unit that became it, however long ago."""
    found, waiting = {unit}, [unit]
    while waiting:
        for before in units.predecessors(waiting.pop()):
            if before not in found:
                found.add(before)
                waiting.append(before)
    return found
