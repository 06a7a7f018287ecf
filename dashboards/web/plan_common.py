"""What every page of planning needs: the day, profiles, names, and what a reader sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from config.profile import Profile
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.alphabet import order
from inventory.groups import members_of_all


@dataclass(frozen=True, slots=True)
class Place:
    """A commune or a group of them that a reader can choose. communes: codes that it means."""

    id: str
    name: str
    communes: frozenset[str]


def profile_of(site: Site) -> Callable[[str], Profile]:
    """A commune's code -> the profile that it is held against today."""

    def of(code: str) -> Profile:
        view = site.snapshot.communes.get(code)
        return site.profile_of(view.unit) if view is not None else site.profile

    return of


def names_of(site: Site, visitor: Visitor) -> dict[str, str]:
    """Code -> name of the communes that somebody sees, as Vietnamese sorts."""
    seen = [
        (code, view.unit.name)
        for code, view in list(site.snapshot.communes.items())
        if visitor.communes is None or code in visitor.communes
    ]
    return dict(sorted(seen, key=lambda pair: (order(pair[1]), pair[0])))


def sees(visitor: Visitor) -> Callable[[str], bool]:
    """Whether somebody sees what is of a commune; "" is what lies in none: only who sees all."""
    return lambda code: visitor.communes is None or code in visitor.communes


def groups_of(site: Site, names: Mapping[str, str], language: str) -> list[Place]:
    """The groups of the settings, as far as their communes are seen; an empty one is left out."""
    units = {code: view.unit for code, view in list(site.snapshot.communes.items())}
    members = members_of_all(site.settings.groups, site.units, units)
    found = [
        Place(group.id, group.title.text(language), frozenset(members[group.id]) & names.keys())
        for group in site.settings.groups
    ]
    return [place for place in found if place.communes]
