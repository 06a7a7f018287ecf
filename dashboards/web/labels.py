"""The page of labels: which assets, on which sheet, from which place; and the PDF itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.datastructures import QueryParams

from config.assets import Asset, AssetClass
from config.labels import LabelSheet
from dashboards.forms.label_sheet import LabelError, label_of, label_sheet
from dashboards.web.site import Site
from dashboards.web.words import N_
from inventory.register.entry import Entry, Query

OWN = "own"
"""The sheet whose measures are typed into the form."""

MOST_SHOWN = 300
"""Assets with a box to tick; a longer list would be too heavy for a slow line."""

MOST_LABELS = 1_000
"""In one file: some seconds of work, forty sheets; `hatang assets labels` prints more."""

_MOST_TAGS = 1_000
_GEOMETRY = (
    *("page_width", "page_height", "columns", "rows", "width", "height"),
    *("left", "top", "gap_x", "gap_y"),
)
_SHIFT_MM = 20.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page asks for, as it was typed. tags: text with tags, ticked: of boxes, everything:
    all that the filter finds instead of what is ticked."""

    text: str = ""
    commune: str = ""
    asset_class: str = ""
    tags: str = ""
    ticked: tuple[str, ...] = ()
    everything: bool = False
    sheet: str = ""
    start: str = "1"
    shift_x: str = "0"
    shift_y: str = "0"
    outlines: bool = False
    geometry: Mapping[str, str] = field(default_factory=dict)

    @property
    def filter(self) -> str:
        """The filter alone as a query string."""
        pairs = {"q": self.text, "commune": self.commune, "class": self.asset_class}
        return urlencode(
            {name: value for name, value in (pairs | {"tags": self.tags}).items() if value}
        )


@dataclass(frozen=True, slots=True)
class LabelsPage:
    """The page. shown: assets with a box; total: how many the filter finds; unknown: tags that
    nobody has; problems: field -> what is wrong with it."""

    wanted: Wanted
    shown: Sequence[Asset]
    total: int
    unknown: Sequence[str]
    sheets: Sequence[LabelSheet]
    geometry: Sequence[tuple[str, str, str]]
    problems: Mapping[str, str]
    classes: Sequence[str]
    communes: Mapping[str, str]
    address: str
    is_public: bool
    most: int = MOST_LABELS


_NAMES = {
    "page_width": N_("Width of the page, mm"),
    "page_height": N_("Height of the page, mm"),
    "columns": N_("Labels side by side"),
    "rows": N_("Labels one below the other"),
    "width": N_("Width of a label, mm"),
    "height": N_("Height of a label, mm"),
    "left": N_("From the left edge, mm"),
    "top": N_("From the upper edge, mm"),
    "gap_x": N_("Gap side by side, mm"),
    "gap_y": N_("Gap one below the other, mm"),
}


def wanted(query: QueryParams, site: Site) -> Wanted:
    """What the address asks for."""
    usual = site.settings.labels.find(site.settings.labels.sheet)
    assert usual is not None  # the settings hold that it is there
    return Wanted(
        text=query.get("q", "").strip()[:200],
        commune=query.get("commune", ""),
        asset_class=query.get("class", ""),
        tags=query.get("tags", "").strip(),
        ticked=tuple(query.getlist("tag"))[:_MOST_TAGS],
        everything=query.get("all") == "1",
        sheet=query.get("sheet", usual.name),
        start=query.get("start", "1").strip(),
        shift_x=query.get("shift_x", "0").strip(),
        shift_y=query.get("shift_y", "0").strip(),
        outlines=query.get("outlines") == "1",
        geometry={name: query.get(name, f"{getattr(usual, name):g}").strip() for name in _GEOMETRY},
    )


def labels_page(
    site: Site, asked: Wanted, allowed: frozenset[str] | None, problems: Mapping[str, str]
) -> LabelsPage:
    """The page with what the filter finds. allowed: communes of the visitor, None for all.

    Raises StoreError.
    """
    found, total, unknown = _found(site, asked, allowed, MOST_SHOWN)
    names = {code: view.unit.name for code, view in site.snapshot.communes.items()}
    return LabelsPage(
        wanted=asked,
        shown=found,
        total=total,
        unknown=unknown,
        sheets=site.settings.labels.choice,
        geometry=[(name, _NAMES[name], asked.geometry[name]) for name in _GEOMETRY],
        problems=problems,
        classes=[kind.value for kind in AssetClass],
        communes={c: n for c, n in names.items() if allowed is None or c in allowed},
        address=site.settings.web.address,
        is_public=bool(site.settings.web.public_url),
    )


def labels_pdf(
    site: Site, asked: Wanted, allowed: frozenset[str] | None
) -> tuple[bytes, Mapping[str, str]]:
    """The PDF, or nothing and what is wrong by field. Raises StoreError."""
    problems: dict[str, str] = {}
    sheet = _sheet(site, asked, problems)
    start = _whole(asked.start)
    if start is None or start < 1 or (sheet is not None and start > sheet.count):
        problems["start"] = N_("must be a place of the sheet, from 1 on")
    shift = _shift(asked.shift_x), _shift(asked.shift_y)
    for name, value in zip(("shift_x", "shift_y"), shift, strict=True):
        if value is None:
            problems[name] = N_("must be a number from -20 to 20, for example 1.5")
    if asked.everything:
        found, total, _ = _found(site, asked, allowed, MOST_LABELS)
    else:
        ticked = asked.ticked or tuple(_tags(asked.tags))
        found = _with_tags(site, ticked, allowed)
        total = len(found)
    if not found:
        problems["tag"] = N_("tick at least one asset")
    if total > MOST_LABELS:
        problems["tag"] = N_("are too many for one file; narrow the list")
    if problems or sheet is None or start is None or shift[0] is None or shift[1] is None:
        return b"", problems
    day = dt.datetime.fromtimestamp(site.clock.wall(), site.settings.zone).date()
    labels = (label_of(asset, site.settings, site.units, day) for asset in found)
    try:
        return label_sheet(labels, sheet, start, (shift[0], shift[1]), asked.outlines), {}
    except LabelError:
        return b"", {"sheet": N_("has labels too small for the address in the QR code")}


def _sheet(site: Site, asked: Wanted, problems: dict[str, str]) -> LabelSheet | None:
    if asked.sheet != OWN:
        sheet = site.settings.labels.find(asked.sheet)
        if sheet is None:
            problems["sheet"] = N_("must be one of the list")
        return sheet
    values: dict[str, object] = {"name": OWN}
    for name, text in asked.geometry.items():
        number = _number(text)
        if number is None:
            problems[name] = N_("must be a number, for example 38.1")
        else:
            values[name] = int(number) if name in ("columns", "rows") else number
    if problems:
        return None
    try:
        return LabelSheet.model_validate(values)
    except ValidationError as error:
        for problem in error.errors():
            at = str(problem["loc"][0]) if problem["loc"] else _named(problem["msg"])
            problems[at] = N_("does not fit: look at the sizes of page and label")
        return None


def _named(message: str) -> str:
    """The field that a rule of the sheet names: 'Value error, width: a label …'."""
    found = re.search(r"(\w+):", message)
    return found[1] if found is not None and found[1] in _GEOMETRY else "sheet"


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else None


def _number(text: str) -> float | None:
    """A number as people type it, with a comma or a point."""
    plain = text.replace(",", ".")
    return float(plain) if re.fullmatch(r"-?[0-9]{1,5}(\.[0-9]{1,5})?", plain) else None


def _shift(text: str) -> float | None:
    value = _number(text)
    return value if value is not None and abs(value) <= _SHIFT_MM else None


def _tags(text: str) -> list[str]:
    """Tags of a text, whatever stands between them; of an address of a label its tag."""
    words = (word.rpartition("/a/")[2] for word in re.split(r"[\s,;]+", text))
    return list(dict.fromkeys(word for word in words if word))[:_MOST_TAGS]


def _with_tags(site: Site, tags: Sequence[str], allowed: frozenset[str] | None) -> list[Asset]:
    entries = (site.register.get(tag) for tag in tags)
    return [entry.asset for entry in entries if entry is not None and _may(entry, allowed)]


def _may(entry: Entry, allowed: frozenset[str] | None) -> bool:
    return entry.removed_at_s is None and (allowed is None or entry.asset.commune in allowed)


def _found(
    site: Site, asked: Wanted, allowed: frozenset[str] | None, most: int
) -> tuple[list[Asset], int, list[str]]:
    """Assets that are asked for, how many there are, and tags that nobody has."""
    tags = asked.ticked or tuple(_tags(asked.tags))
    if tags:
        found = _with_tags(site, tags, allowed)
        have = {asset.tag for asset in found}
        return found[:most], len(found), [tag for tag in tags if tag not in have]
    communes = frozenset({asked.commune}) if asked.commune else None
    if allowed is not None:
        communes = allowed if communes is None else communes & allowed
    kinds = tuple(kind for kind in AssetClass if kind.value == asked.asset_class)
    query = Query(text=asked.text, communes=communes, classes=kinds, limit=most)
    result = site.register.search(query)
    return [entry.asset for entry in result.entries], result.total, []
