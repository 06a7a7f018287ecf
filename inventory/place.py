"""What a place is: a site of a commune, a room of a site, a person who keeps things."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """What a place is."""

    SITE = "site"
    ROOM = "room"
    PERSON = "person"


FIELDS = {PlaceKind.SITE: "site", PlaceKind.ROOM: "room", PlaceKind.PERSON: "custodian"}
"""The field of an asset that names a place of a kind."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place or person.

    commune: its code; '' for a person of no commune. site: of a room, '' for none. id: None where
    nobody entered it and only assets say so. assets: how many are there.
    """

    kind: PlaceKind
    commune: str
    name: str
    site: str = ""
    note: str = ""
    id: int | None = None
    assets: int = 0
