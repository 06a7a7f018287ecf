"""The words of the register: who acts, what stands in it, what changed, and what one may ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from config.assets import Asset, AssetClass, AssetStatus
from inventory.register.moves import Move

Via = Literal["web", "api", "cli", "import", "system"]
"""By which way somebody acts."""

Origin = Literal["register", "file"]
"""Where an entry is kept: in the database, or in hatang.yaml and its CSV files."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something. address: of the browser or client, where there is one."""

    name: str
    via: Via
    address: str = ""


SYSTEM = Actor("hatang", "system")
"""Hatang itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One asset of the register. id: its own, kept through a change of tag; version: rises by one
    with each change. Times are seconds since 1970."""

    id: int
    asset: Asset
    version: int
    origin: Origin
    created_at_s: float
    changed_at_s: float
    removed_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log of changes.

    kind: what the subject is ("asset", "user", "stock_take" …). subject: of an asset the tag that
    it had after the change. before, after: by field, what was and what is; of a new asset
    `before` is empty, of a removed one `after`. batch: what was changed together.
    """

    id: int
    at_s: float
    actor: str
    via: str
    address: str
    action: str
    kind: str
    subject: str
    title: str
    before: dict[str, Any]
    after: dict[str, Any]
    batch: str
    reason: str


@dataclass(frozen=True, slots=True)
class Create:
    """A step: a new asset. row: its line in a sheet, for problems; the step's place where unset."""

    asset: Asset
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A step: other values of an asset, by field; a blank clears. tag: the one that it has now."""

    tag: str
    values: Mapping[str, Any]
    version: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """A step: an asset leaves the register; its history stays."""

    tag: str
    version: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class MoveStep:
    """A step: something happens to an asset, which changes it; see `inventory.register.moves`."""

    tag: str
    move: Move
    version: int | None = None
    row: int | None = None


Step = Create | Edit | Remove | MoveStep


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    text: words that must all be found in some field, without regard to case and diacritics.
    communes: None for all; an empty one finds nothing. exactly: field -> value that it must have
    (case does not matter), for the fields of `SORTS`. tags: None for all. sort: one of `SORTS`.
    removed: those that were removed, instead of those that stand.
    """

    text: str = ""
    communes: frozenset[str] | None = None
    classes: tuple[AssetClass, ...] = ()
    statuses: tuple[AssetStatus, ...] = ()
    exactly: Mapping[str, str] = field(default_factory=dict)
    tags: frozenset[str] | None = None
    origin: Origin | None = None
    sort: str = "tag"
    descending: bool = False
    offset: int = 0
    limit: int | None = 50
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, how many there are in all, and how many in which status."""

    entries: tuple[Entry, ...]
    total: int
    statuses: Mapping[str, int] = field(default_factory=dict)


SORTS = (
    *("tag", "name", "class", "commune", "site", "room", "custodian", "status", "address"),
    *("vendor", "model", "serial", "os", "in_use_since", "price_vnd", "funding"),
    *("warranty_until", "supplier", "purchased", "invoice", "document", "card", "country"),
    *("life_years", "parent", "upstream", "changed"),
)
"""What a list can be sorted by: fields of an asset, and `changed` (when it was changed last)."""
