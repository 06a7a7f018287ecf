"""What sweeps, neighbours and traps say of things that may not be registered, as plain values.

All of it travels as JSON from `hatang scan` to a daemon that runs, so nothing here depends on the
process that made it. Texts come from devices: they are cleaned where they enter (`cleaned`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pydantic import TypeAdapter

from inventory.observation import Claim, ClaimKind

MOST_FACTS = 40
MOST_TEXT = 1024
"""Characters of one text of a device that are kept."""

MOST_CLAIMS = 16
MOST_ADDRESSES = 16
"""Addresses that are kept of one thing; a router has one in every network."""


class How(StrEnum):
    """In which way a thing came to our notice."""

    SCAN = "scan"
    NEIGHBOUR = "neighbour"
    TRAP = "trap"


class ThingState(StrEnum):
    """Where a thing of the inbox stands."""

    NEW = "new"
    IGNORED = "ignored"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One time that something was seen. at_s: seconds since 1970.

    mac: 12 hexadecimal digits or ''. credential: the name of the one that it answers to, '' for
    none. asset_class and commune: what the finder takes it for, '' where it cannot tell. note: one
    line of how it was found (`neighbour of SW-01 on Gi0/1`).
    """

    how: How
    address: str
    at_s: float
    mac: str = ""
    claims: tuple[Claim, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    credential: str = ""
    asset_class: str = ""
    commune: str = ""
    note: str = ""


BY_PERSON = "person"
"""`Match.by` where a person said which asset a thing is."""


@dataclass(frozen=True, slots=True)
class Match:
    """A registered asset that a thing may be.

    by: the kind of claim that both share, or BY_PERSON; against: the kind in which they differ all
    the same, '' for none. sure: it is that asset, nobody needs to look.
    """

    tag: str
    by: str
    against: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that was seen and is not registered, as the inbox keeps it.

    addresses: where it was seen, the first one first. count: how often it was seen. asset_class,
    commune, match: proposals. reason: why it is ignored.
    """

    id: int
    how: tuple[How, ...]
    addresses: tuple[str, ...]
    first_seen_s: float
    last_seen_s: float
    mac: str = ""
    claims: tuple[Claim, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    count: int = 1
    credential: str = ""
    asset_class: str = ""
    commune: str = ""
    note: str = ""
    match: Match | None = None
    state: ThingState = ThingState.NEW
    reason: str = ""
    decided_at_s: float | None = None

    @property
    def address(self) -> str:
        """Where it was first seen."""
        return self.addresses[0] if self.addresses else ""

    @property
    def name(self) -> str:
        """What it calls itself, '' where it does not."""
        return self.facts.get("sys_name", "")


@dataclass(frozen=True, slots=True)
class ScanState:
    """How far one sweep is. target: a commune's code or a range; state: running, stopped, finished
    or failed.

    digest: of what is swept and how; a sweep goes on only where this is the same. position: every
    address before this one, in the order of the ranges, is done. by: daemon or hand.
    """

    target: str
    started_s: float
    digest: str
    updated_s: float
    state: str
    position: int
    total: int
    found: int
    by: str
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a device refused a credential on a day (YYYY-MM-DD), and left it unanswered."""

    address: str
    credential: str
    day: str
    refused: int = 0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of one thing. tag: of the registered asset that it is, with REGISTERED."""

    id: int
    state: ThingState
    reason: str
    at_s: float
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a sweep or a person has for the inbox."""

    sightings: tuple[Sighting, ...] = ()
    scans: tuple[ScanState, ...] = ()
    tries: tuple[Tries, ...] = ()
    decisions: tuple[Decision, ...] = ()


_REPORT = TypeAdapter(Report)


def report_to_json(report: Report) -> bytes:
    """The report as UTF-8 JSON."""
    return _REPORT.dump_json(report)


def report_from_json(data: bytes) -> Report:
    """The inverse of `report_to_json`; raises ValueError on anything else."""
    return _REPORT.validate_json(data)


def cleaned(seen: Sighting) -> Sighting:
    """A sighting whose texts can be stored and shown: printable, on one line, bounded in length
    and number."""
    facts = {_text(name, 64): _text(value) for name, value in list(seen.facts.items())[:MOST_FACTS]}
    claims = (Claim(ClaimKind(c.kind), _text(c.value, 255)) for c in seen.claims[:MOST_CLAIMS])
    return replace(
        seen,
        address=_text(seen.address, 64),
        mac=_text(seen.mac, 12),
        claims=tuple(claim for claim in claims if claim.value),
        facts={name: value for name, value in facts.items() if value},
        note=_text(seen.note, 255),
    )


def _text(value: str, most: int = MOST_TEXT) -> str:
    shown = (c for c in value[: 4 * most] if c.isprintable() or c.isspace())
    return " ".join("".join(shown).split())[:most].strip()
