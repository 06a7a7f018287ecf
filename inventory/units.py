"""Administrative units as of a date: official code, name, parent and validity."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, district or commune between two dates; the key is (code, valid_from).

    code is text of the official list; successors are codes of the units that took its place.
    A code can live on under another name and shape, so a code alone names nothing.
    """

    code: str
    level: str
    name: str
    parent: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    successors: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None
