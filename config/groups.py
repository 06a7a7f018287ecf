"""Groups of communes that a planner looks at together: a list of codes, or a district of old.

Districts ended in 2025, and people still plan by them. Which communes of today a former district
means is told from the table of units (`inventory.groups`), which settings do not know.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from config.assets import UnitCode
from config.scalars import Section, Text, matching

GroupId = Annotated[
    str,
    matching(
        "[a-z0-9]+(-[a-z0-9]+)*",
        "must be small letters, digits and - between them, for example thuan-bac",
    ),
]
"""Stable name of a group, as in addresses and profiles."""


class Group(Section):
    """Communes that are looked at together, by their codes or as a former district."""

    id: GroupId
    """Stable name, as in addresses and profiles."""
    title: Text
    """What people call it."""
    communes: tuple[UnitCode, ...] = ()
    """Codes of watched communes."""
    former_district: UnitCode | None = None
    """Code of a district that ended: the group is every watched commune with land of it."""

    @model_validator(mode="after")
    def _is_told_in_one_way(self) -> Group:
        if bool(self.communes) == (self.former_district is not None):
            raise ValueError("must have either communes or former_district; write one of the two")
        return self
