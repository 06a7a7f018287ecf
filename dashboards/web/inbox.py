"""The inbox: what was seen and is not registered, and where the register and what is seen disagree.

Nearly all of its text comes from devices that nobody vouches for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dashboards.web.languages import Speech
from dashboards.web.site import Site
from dashboards.web.words import N_, reason_word
from inventory.identity_work import Identity
from inventory.intake import Intake
from inventory.mismatch import Mismatches, is_silent, mismatches
from inventory.sighting import Match, ScanState, Thing, ThingState
from inventory.store.decisions import kept
from inventory.store.errors import StoreError
from inventory.store.reader import Reader

MOST_THINGS = 300
"""A page with more would be too heavy for a slow line; `hatang inbox` has the rest."""

MOST_SCANS = 5


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The whole page. new: what was seen last first; more: how many of them are not shown; scans:
    the newest sweeps; names: commune's code -> its name; readable: whether the database could be
    read; swept: a commune that has ranges, '' where none has; mismatches: where the register and
    what is seen disagree."""

    counts: Mapping[ThingState, int]
    new: Sequence[Thing]
    more: int
    ignored: Sequence[Thing]
    scans: Sequence[ScanState]
    names: Mapping[str, str]
    readable: bool
    swept: str
    mismatches: Mismatches


def inbox_page(site: Site, sees: Callable[[str], bool] = lambda commune: True) -> InboxPage:
    """The page as the database has it now; sees: whether whoever asks sees a commune ("": what is
    in none)."""
    readable = True
    things: Sequence[Thing] = ()
    scans: Sequence[ScanState] = ()
    left = frozenset[tuple[str, str, str]]()
    silent = {v.id: v.tag for v in list(site.snapshot.assets.values()) if is_silent(v)}
    answered: set[str] = set()
    try:
        with Reader(site.database) as reader:
            things, scans = reader.things(), reader.scans(MOST_SCANS)
            answered = {silent[id] for id in reader.last_answers(silent)}
        left = site.desk.read(kept)
    except StoreError:
        readable = False
    found = mismatches(site.snapshot, things, site.settings.discovery.commune_at, left, answered)
    things = [thing for thing in things if sees(thing.commune)]
    newest = sorted(things, key=lambda thing: (-thing.last_seen_s, thing.id))
    new = [thing for thing in newest if thing.state is ThingState.NEW]
    communes = site.settings.discovery.communes
    return InboxPage(
        counts=Counter(thing.state for thing in things),
        new=new[:MOST_THINGS],
        more=max(0, len(new) - MOST_THINGS),
        ignored=[t for t in newest if t.state is ThingState.IGNORED][:MOST_THINGS],
        scans=scans,
        names={code: view.unit.name for code, view in site.snapshot.communes.items()},
        readable=readable,
        swept=communes[0].code if communes else "",
        mismatches=Mismatches(
            tuple(a for a in found.never_seen if sees(a.commune))[:MOST_THINGS],
            tuple(m for m in found.moved if sees(m.asset.commune))[:MOST_THINGS],
            tuple(p for p in found.swapped if sees(p.one.commune) and sees(p.other.commune)),
            tuple(c for c in found.conflicting if sees(c.asset.commune))[:MOST_THINGS],
        ),
    )


def thing_of(site: Site, id_: int) -> Thing | None:
    """One thing of the inbox. Raises StoreError."""
    with Reader(site.database) as reader:
        return next((thing for thing in reader.things() if thing.id == id_), None)


def intake_of(site: Site) -> Intake:
    """What turns things into assets."""
    identity = Identity(site.register, site.desk, site.clock)
    return Intake(site.register, site.desk, identity, site.tell, site.clock)


_SAME = {
    "person": N_("a person said so"),
    "asset_tag": N_("same asset tag"),
    "serial": N_("same serial number"),
    "system_uuid": N_("same UUID"),
    "engine_id": N_("same SNMP engine"),
    "base_mac": N_("same base MAC address"),
    "mac": N_("same MAC address"),
    "address": N_("same address"),
    "sys_name": N_("same name"),
}
_OTHER = {
    "serial": N_("but another serial number"),
    "system_uuid": N_("but another UUID"),
    "engine_id": N_("but another SNMP engine"),
    "base_mac": N_("but another base MAC address"),
    "asset_tag": N_("but another asset tag"),
}


def same_text(kind: str, speech: Speech) -> str:
    """Which kind of claim says that two are one."""
    return speech.text(_SAME.get(kind, kind))


def match_text(match: Match, speech: Speech) -> str:
    """Why a thing may be a registered asset.

    >>> from zoneinfo import ZoneInfo
    >>> match_text(Match("SW-1", "address", "serial"), Speech("en", ZoneInfo("UTC")))
    'same address, but another serial number'
    """
    said = speech.text(_SAME.get(match.by, match.by))
    if match.against:
        said += ", " + speech.text(_OTHER.get(match.against, match.against))
    return said


_FIXED = {
    "no SNMP agent": N_("no SNMP agent"),
    "has refused or ignored enough credentials today; left alone": N_(
        "has refused or ignored enough credentials today; left alone"
    ),
}
_NEIGHBOUR = N_("{protocol} neighbour of {asset}")
_NEIGHBOUR_ON = N_("{protocol} neighbour of {asset} on {port}")
_IN_ARP = N_("in the ARP table of {asset}")


def note_text(note: str, speech: Speech) -> str:
    """How a thing was found, in the reader's words; a note of another shape as it is."""
    if note in _FIXED:
        return speech.text(_FIXED[note])
    for shape, said in _SHAPES:
        found = shape.fullmatch(note)
        if found is not None:
            return said(found, speech)
    return note


def _neighbour(found: re.Match[str], speech: Speech) -> str:
    protocol, asset, port = found.groups()
    if port is None:
        return speech.text(_NEIGHBOUR).format(protocol=protocol, asset=asset)
    return speech.text(_NEIGHBOUR_ON).format(protocol=protocol, asset=asset, port=port)


def _in_arp(found: re.Match[str], speech: Speech) -> str:
    return speech.text(_IN_ARP).format(asset=found[1])


def _refused(found: re.Match[str], speech: Speech) -> str:
    return f"{found[1]}: {speech.text(reason_word(found[2]))}"


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Speech], str]], ...] = (
    (re.compile(r"(LLDP|CDP) neighbour of (\S+)(?: on (.+))?"), _neighbour),
    (re.compile(r"in the ARP table of (\S+)"), _in_arp),
    (re.compile(r"(\S+): ([a-z_]+)"), _refused),
)
