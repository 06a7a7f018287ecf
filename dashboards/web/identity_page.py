"""What was decided about an asset's identity, and what one may decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.web.site import Site
from dashboards.web.words import N_
from inventory.decisions import Decision, Kind
from inventory.equipment import ModuleReading
from inventory.identity import is_junk, same
from inventory.identity_work import Identity
from inventory.observation import Claim, ClaimKind
from inventory.register.entry import Entry
from inventory.store.decisions import recorded

KINDS = {
    Kind.MERGE: N_("{others} went up in {entry}"),
    Kind.REPLACE: N_("{others} took the place of {entry}"),
    Kind.SPLIT: N_("{entry} was split into {others}"),
    Kind.SWAP: N_("{entry} and {others} exchanged their addresses"),
    Kind.ATTACH: N_("what was seen is {entry}"),
    Kind.ACCEPT: N_("what was measured is right: {field} {value}"),
    Kind.KEEP: N_("what was typed is right, not {field} {value}"),
}

_SIMILAR_MAX = 10


@dataclass(frozen=True, slots=True)
class Told:
    """A decision in words: `text` with its values; undoable: whether it can be taken back."""

    decision: Decision
    text: str
    entry: str
    others: str
    undoable: bool


@dataclass(frozen=True, slots=True)
class Former:
    """An entry that went up in this one: what was recorded of it stays under its old tag."""

    entry: Entry
    facts: Sequence[tuple[str, str]]
    outages: int


@dataclass(frozen=True, slots=True)
class IdentityPage:
    """told: decisions, the newest first; former: what went up in it; similar: assets that may be
    the same one (tag, name, why); modules: boxes of a stack that the device itself tells of."""

    told: Sequence[Told]
    former: Sequence[Former]
    similar: Sequence[tuple[str, str, str]]
    modules: Sequence[ModuleReading]


def identity_page(site: Site, identity: Identity, entry: Entry) -> IdentityPage:
    """See IdentityPage. Raises StoreError."""
    view = site.snapshot.assets.get(entry.asset.tag)
    modules = view.equipment.modules if view is not None else ()
    boxes = [m for m in modules if m.kind in ("chassis", "stack") and m.serial]
    former = [_former(site, other) for other in identity.merged(entry.id)]
    return IdentityPage(
        [_told(site, decision) for decision in identity.about(entry.id)],
        former,
        _similar(site, entry, {told.entry.asset.tag for told in former}),
        boxes if len(boxes) > 1 else [],
    )


def _told(site: Site, decision: Decision) -> Told:
    named = [site.register.by_id(id_) for id_ in (decision.entry, *decision.others)]
    tags = [one.asset.tag if one is not None else "?" for one in named]
    return Told(
        decision,
        KINDS[decision.kind],
        tags[0],
        ", ".join(tags[1:]),
        decision.undone_at_s is None,
    )


def _former(site: Site, entry: Entry) -> Former:
    facts, outages = site.desk.read(lambda c: recorded(c, entry.asset.tag))
    return Former(entry, facts[:40], outages)


def _similar(site: Site, entry: Entry, merged: set[str]) -> list[tuple[str, str, str]]:
    """Assets with the same serial number (whoever the maker), address or name in the commune."""
    own = entry.asset
    found: list[tuple[int, str, str, str]] = []
    serial = Claim(ClaimKind.SERIAL, own.serial)
    for view in list(site.snapshot.assets.values()):
        other = view.registered
        if other.tag == own.tag or other.tag in merged:
            continue
        theirs = Claim(ClaimKind.SERIAL, other.serial)
        if not is_junk(serial) and not is_junk(theirs) and same(serial, theirs):
            found.append((0, other.tag, other.name, "serial"))
        elif own.address and own.address == other.address:
            found.append((1, other.tag, other.name, "address"))
        elif own.commune == other.commune and own.name.casefold() == other.name.casefold():
            found.append((2, other.tag, other.name, "sys_name"))
    return [(tag, name, why) for _, tag, name, why in sorted(found)[:_SIMILAR_MAX]]
