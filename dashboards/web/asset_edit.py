"""Entering, copying and editing assets by form: what the form shows, and what is sent to the
register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from config.assets import Asset, AssetClass
from config.sections import Settings
from dashboards.web.asset_fields import FIELDS, GROUPS, Group
from dashboards.web.asset_form import (
    CUSTOM,
    Typed,
    asset_of,
    next_tag,
    read_serials,
    texts_of,
    watching_texts,
)
from dashboards.web.forms import number
from dashboards.web.offers import custom_fields, offers
from dashboards.web.site import Site
from dashboards.web.words import N_
from inventory.register.entry import Change, Entry, Query
from inventory.register.problems import FieldProblem
from inventory.register.register import Register
from inventory.tag_prefixes import stem

MOST_COPIES = 200
"""Assets that one form registers; more come from a spreadsheet."""

_PROPOSED = ("vendor", "model", "site", "custodian", "funding", "supplier", "country", "os")
_MOST_PROPOSED = 60
_TRIES = 500

"""How tags that Hatang takes begin."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What others did while somebody edited. changes: theirs, newest first; theirs: input -> what
    stands in the register now, of inputs in which both wrote something else."""

    changes: Sequence[Change]
    theirs: Mapping[str, str]
    removed: bool = False


@dataclass(frozen=True, slots=True)
class FormPage:
    """The page with the form. kind: new, copy or edit; texts: input -> what stands in it;
    problems: field -> sentences; rest: those of no input; watching: whether inputs say how it is
    looked at."""

    kind: str
    action: str
    texts: Mapping[str, str]
    communes: Sequence[tuple[str, str]]
    proposals: Mapping[str, Sequence[str]]
    credentials: Sequence[str]
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    entry: Entry | None = None
    version: int = 0
    watching: bool = True
    conflict: Conflict | None = None
    groups: Sequence[Group] = GROUPS

    @property
    def custom(self) -> list[tuple[str, str]]:
        """(name, text) of the fields of one's own."""
        return [
            (key.removeprefix(CUSTOM), text)
            for key, text in self.texts.items()
            if key.startswith(CUSTOM)
        ]

    @property
    def rest(self) -> list[tuple[str, Sequence[str]]]:
        """Problems that belong beside no input of the form."""
        shown = {*FIELDS, "custom", "count", "serials", "reason"}
        return [
            (key, said)
            for key, said in self.problems.items()
            if key not in shown and not key.startswith(CUSTOM)
        ]

    @property
    def amount(self) -> int:
        """How many problems there are."""
        return sum(map(len, self.problems.values()))

    def is_open(self, group: Group) -> bool:
        """Whether a group is shown at once: it has something to see or to mend."""
        return group.open or any(
            self.texts.get(f.key) or self.problems.get(f.key) for f in group.fields
        )


class Proposals:
    """What is written often in a field, offered while typing; counted once for each register."""

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._found: dict[str, list[str]] = {}

    def of(self, site: Site) -> Mapping[str, Sequence[str]]:
        """Field -> its most frequent values."""
        settings = site.settings
        if settings is not self._settings:
            found = {}
            for key in _PROPOSED:
                counted = Counter(getattr(asset, key) for asset in settings.assets)
                counted.pop("", None)
                found[key] = sorted(text for text, _ in counted.most_common(_MOST_PROPOSED))
            self._settings, self._found = settings, found
        return self._found


def own_fields(site: Site, class_: str) -> dict[str, str]:
    """Empty inputs for the fields of one's own that assets of a class have. Raises StoreError."""
    if class_ not in list(AssetClass):
        return {}
    return {CUSTOM + field.name: "" for field in custom_fields(site, AssetClass(class_))}


def offered(site: Site, commune: str) -> dict[str, Sequence[str]]:
    """What a form suggests of the places and people of a commune. Raises StoreError."""
    if commune not in site.snapshot.communes:
        return {}
    return {key: texts for key, texts in offers(site, commune).items() if texts}


def new_texts(commune: str = "") -> dict[str, str]:
    """What an empty form has in it."""
    return {"status": "in_use", "commune": commune, "count": "1", "serials": ""}


def copy_texts(asset: Asset) -> dict[str, str]:
    """What a form has in it that begins with another asset: all but what is one asset's own."""
    own = ("tag", "serial", "address", "edge", "ping", "snmp", "ports", "web", "card")
    texts = {key: text for key, text in texts_of(asset).items() if key not in own}
    return texts | {"count": "1", "serials": ""}


def keeps_endpoints(asset: Asset) -> bool:
    """Whether a form cannot say how an asset is looked at, and so leaves it alone."""
    return watching_texts(asset) is None


def wanted_assets(
    typed: Typed, count_text: str, serials_text: str, register: Register
) -> tuple[list[Asset], list[FieldProblem]]:
    """The assets that a form of new ones asks for, and what is wrong with it.

    Without a tag the next free ones are taken. Raises StoreError.
    """
    problems = list(typed.problems)
    serials = read_serials(serials_text)
    count = number(count_text or "1")
    if count is None or not 1 <= count <= MOST_COPIES:
        text = N_("write a number from 1 to {most}")
        problems.append(FieldProblem("count", text, {"most": str(MOST_COPIES)}))
        count = 1
    if len(serials) > count:
        if count > 1 or len(serials) > MOST_COPIES:
            text = N_("there are {lines} serial numbers for {count} assets")
            values = {"lines": str(len(serials)), "count": str(count)}
            problems.append(FieldProblem("serials", text, values))
        count = min(len(serials), MOST_COPIES)
    values = dict(typed.values)
    first = str(values.get("tag") or "")
    wrong = {problem.field for problem in problems}
    made, found = asset_of(values | {"tag": first or "T-1"})
    problems += [p for p in found if p.field not in wrong]
    if made is None or problems:
        return [], problems
    tags = [first or free_tag(register, made.asset_class, made.commune)]
    while len(tags) < count:
        tags.append(_next_free(register, next_tag(tags[-1])) if not first else next_tag(tags[-1]))
    assets = []
    for at, tag in enumerate(tags):
        serial = serials[at] if at < len(serials) else (made.serial if count == 1 else "")
        one, found = asset_of(values | {"tag": tag, "serial": serial})
        problems += [p.at(at) for p in found]
        assets += [one] if one else []
    return assets, problems


def free_tag(register: Register, class_: AssetClass, commune: str) -> str:
    """The next tag of a class in a commune that nobody has. Raises StoreError."""
    start = f"{stem(class_, commune)}-"
    query = Query(text=start, sort="tag", descending=True, limit=1)
    found = register.search(query).entries
    last = found[0].asset.tag if found else ""
    fits = last.startswith(start) and last.removeprefix(start).isdigit()
    return _next_free(register, next_tag(last) if fits else f"{start}001")


def _next_free(register: Register, tag: str) -> str:
    for _ in range(_TRIES):
        if register.get(tag) is None:
            break
        tag = next_tag(tag)
    return tag


def merged(
    entry: Entry, changes: Sequence[Change], typed: Mapping[str, str]
) -> tuple[dict[str, str], Conflict]:
    """What a form shows to somebody who edited a version that is not the present one: what that
    one typed, and what others changed where that one typed nothing new."""
    base = texts_of(_before(entry.asset, changes))
    now = texts_of(entry.asset)
    texts, theirs = dict(now), {}
    for key in {*typed, *now}:
        mine = typed.get(key, now.get(key, "") if key not in FIELDS else base.get(key, ""))
        was, other = base.get(key, ""), now.get(key, "")
        if mine in (was, other):
            continue
        texts[key] = mine
        if other != was:
            theirs[key] = other
    for key in typed:
        texts.setdefault(key, typed[key])
    return texts, Conflict(changes, theirs, entry.removed_at_s is not None)


def _before(asset: Asset, changes: Sequence[Change]) -> Asset:
    """An asset as it was before some changes, the newest first."""
    facts: dict[str, Any] = asset.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for change in changes:
        facts |= change.before
    known = {key: value for key, value in facts.items() if value is not None}
    return asset_of(known)[0] or asset


def taken_over(typed: Typed, wanted: Sequence[str], asset: Asset) -> Typed:
    """What was typed, with the register's own value for each input in `wanted`."""
    if not wanted:
        return typed
    now = texts_of(asset)
    facts = asset.model_dump(mode="json", by_alias=True)
    texts, values = dict(typed.texts), dict(typed.values)
    for key in wanted:
        texts[key] = now.get(key, "")
        if key.startswith(CUSTOM):
            name = key.removeprefix(CUSTOM)
            values["custom"] = {**values["custom"], name: asset.custom.get(name, "")}
        elif key in facts:
            values[key] = facts[key]
    problems = tuple(p for p in typed.problems if p.field not in wanted)
    return replace(typed, texts=texts, values=values, problems=problems)
