"""What every page leads to, as far as the reader may go there."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from dashboards.web.visitor import Right, Visitor
from dashboards.web.words import N_


@dataclass(frozen=True, slots=True)
class Place:
    """One entry. first: shown at once, the others behind "More"."""

    path: str
    label: str
    right: Right = Right.READ
    first: bool = False


PLACES = (
    Place("/", N_("Overview"), first=True),
    Place("/readiness", N_("Readiness"), first=True),
    Place("/assets", N_("Assets"), first=True),
    Place("/inbox", N_("Not registered"), first=True),
    Place("/plan", N_("Planning"), first=True),
    Place("/imports", N_("Imports"), Right.REGISTER),
    Place("/exports", N_("Exports")),
    Place("/labels", N_("Labels"), Right.REGISTER),
    Place("/forms", N_("Books and minutes")),
    Place("/reports", N_("Reports")),
    Place("/stock-takes", N_("Stock-takes")),
    Place("/places", N_("Places")),
    Place("/indicators", N_("Figures and indicators")),
    Place("/profiles", N_("Requirement profiles")),
    Place("/catalogue", N_("Catalogue")),
    Place("/changes", N_("Changes")),
    Place("/users", N_("Users"), Right.ADMIN),
    Place("/api/v1", N_("Programming interface (API)")),
    Place("/about", N_("About")),
)


def menu_of(addresses: Container[str], visitor: Visitor) -> Sequence[Place]:
    """What this reader may go to; addresses: those that something answers."""
    return [place for place in PLACES if place.path in addresses and visitor.may(place.right)]
