"""Who reports, on which authority, where and to whom: the head and the end of the document."""

from __future__ import annotations

from dataclasses import dataclass

from config.reports import Reports
from dashboards.forms.words import place_of
from dashboards.reports.words import say
from inventory.readiness.frozen import Frozen
from inventory.units import Unit

BLANK = "……"
"""Left to be filled in when the document is signed: its number and its day."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """superior, agency: the two lines at the left; place: before the day; signer: lines."""

    superior: str
    agency: str
    symbol: str
    place: str
    signer: tuple[str, ...]
    signer_name: str
    recipients: tuple[str, ...]


def letterhead(settings: Reports, frozen: Frozen, language: str) -> Letterhead:
    """What the settings say, and where they say nothing, what the reported units tell."""
    province = frozen.province
    own = frozen.communes[0].unit if frozen.scope.commune is not None else province
    superior = settings.superior
    if not superior and own is not None and province is not None and own != province:
        superior = _committee(province, language)
    agency = settings.agency or (_committee(own, language) if own is not None else BLANK)
    place = settings.place or (_place(own) if own is not None else BLANK)
    return Letterhead(
        superior,
        agency,
        settings.symbol,
        place,
        settings.signer,
        settings.signer_name,
        settings.recipients,
    )


def _committee(unit: Unit, language: str) -> str:
    name = unit.name
    if language == "vi":
        name = f"{name[:1].lower()}{name[1:]}"
    # A name is not torn at the end of a line.
    return say(
        language, "People's Committee of {unit}", unit=name.replace(" ", "\N{NO-BREAK SPACE}")
    )


def _place(unit: Unit) -> str:
    """A unit's name without its level, as it stands before a date.

    >>> import datetime as dt
    >>> _place(Unit("56", "province", "Tỉnh Khánh Hòa", "", dt.date(2025, 7, 1)))
    'Khánh Hòa'
    """
    for level in ("Tỉnh ", "Thành phố "):
        if unit.name.startswith(level):
            return unit.name.removeprefix(level)
    return place_of(unit.name)
