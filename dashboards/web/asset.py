"""One asset: its state, what is known of it by source, how it is looked at, and its outages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboards.web.asset_books import Books, books
from dashboards.web.equipment import EquipmentPage, equipment_page
from dashboards.web.history import DAYS, Day, days, lines, traps
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.register.entry import Entry
from inventory.snapshot import AssetView, FactView, InterfaceView
from inventory.store.errors import StoreError
from inventory.store.rows import TrapRow
from inventory.units import Unit
from inventory.uptime import State, outages

MOST_INTERFACES = 500
"""A page with more would be too heavy for a slow line; the metrics have the rest."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A down interval in seconds since 1970; open: it goes on."""

    start_s: float
    end_s: float
    open: bool


@dataclass(frozen=True, slots=True)
class AssetPage:
    """The whole page. outages: newest first, of the last 30 days; history: whether the database
    could be read; unit: the commune's, None where it is not watched; more: how many interfaces
    are not shown; traps: the newest SNMP traps, newest first; equipment: parts and surroundings."""

    asset: AssetView
    unit: Unit | None
    registered: Sequence[tuple[str, str]]
    facts: Sequence[FactView]
    days: Sequence[Day]
    outages: Sequence[Outage]
    history: bool
    interfaces: Sequence[InterfaceView]
    more: int
    traps: Sequence[TrapRow]
    equipment: EquipmentPage
    books: Books


_REGISTERED = (
    *("site", "room", "custodian", "address", "features", "funding", "supplier", "invoice"),
    *("document", "card", "country", "life_years", "parent", "upstream", "note"),
)
"""What the register alone knows; vendor, model, serial and os come as facts where it is watched."""

_AS_FACTS = ("vendor", "model", "serial", "os")

_FIRST = (
    *("vendor", "model", "serial", "os", "os_version", "address", "base_mac", "mac"),
    *("sys_name", "sys_descr", "sys_location", "sys_contact"),
)
"""Facts in the order in which people ask for them; the others follow by name."""


def asset_page(site: Site, tag: str, visitor: Visitor) -> AssetPage | None:
    """The page of a registered asset, None for any other tag."""
    entry = _entry(site, tag)
    asset = site.snapshot.assets.get(tag)
    if entry is not None:  # the snapshot follows the register a moment later
        asset = (
            replace(asset, registered=entry.asset)
            if asset is not None
            else AssetView(0, entry.asset, State.UNKNOWN, entry.created_at_s)
        )
    if asset is None:
        return None
    now_s = site.clock.wall()
    known = lines(site, [tag], now_s) if asset.endpoints else {}
    line = known.get(tag, []) if known else []
    since_s = now_s - DAYS * 86400.0
    recent = [
        Outage(i.start_s, i.end_s, i.end_s >= now_s)
        for i in outages(line)
        if i.end_s is not None and i.end_s > since_s
    ]
    commune = site.snapshot.communes.get(asset.registered.commune)
    ports = sorted(asset.interfaces, key=lambda port: not port.is_uplink)
    return AssetPage(
        asset,
        commune.unit if commune is not None else None,
        _entries(asset),
        sorted(asset.facts, key=_place),
        days(line, site, now_s),
        recent[::-1],
        known is not None,
        ports[:MOST_INTERFACES],
        max(0, len(ports) - MOST_INTERFACES),
        traps(site, tag),
        equipment_page(asset),
        books(site, entry, visitor),
    )


def _entry(site: Site, tag: str) -> Entry | None:
    try:
        return site.register.get(tag)
    except StoreError:
        return None


def _entries(asset: AssetView) -> list[tuple[str, str]]:
    """What the register says and no fact repeats; empty entries are left out."""
    found = []
    known = {fact.name for fact in asset.facts}
    for name in (*(n for n in _AS_FACTS if n not in known), *_REGISTERED):
        value = getattr(asset.registered, name)
        text = ", ".join(value) if isinstance(value, tuple) else str(value or "")
        if text:
            found.append((name, text))
    return [*found, *asset.registered.custom.items()]


def _place(fact: FactView) -> tuple[int, str, str]:
    rank = _FIRST.index(fact.name) if fact.name in _FIRST else len(_FIRST)
    return rank, fact.name, fact.source
