"""Where the register and what is seen disagree: never seen, moved, swapped, conflicting.

Computed from the present each time, nothing is stored; what a person decided to keep is left out
until something else is measured. The present forgets answers with each start: whoever asks says
which assets have one on file.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

from config.assets import Asset, AssetStatus
from inventory.identity import STRONG, is_junk, makers_differ, same
from inventory.observation import Claim, ClaimKind
from inventory.sighting import BY_PERSON, Thing, ThingState
from inventory.snapshot import AssetView, Snapshot

_TELLING = {kind.value for kind in STRONG} | {BY_PERSON}

COMPARED = ("serial", "vendor", "model", "os")
"""Fields that are typed and measured."""

Kept = frozenset[tuple[str, str, str]]
"""(tag, field, measured value) of what a person keeps as it was typed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An asset that answers elsewhere than it is registered. commune: where it is now, '' where no
    range says so; by: the claim that says that it is this asset."""

    asset: Asset
    address: str
    commune: str
    by: str
    seen_at_s: float
    thing: int


@dataclass(frozen=True, slots=True)
class Swapped:
    """Two assets that answer at each other's address, by a claim of that kind."""

    one: Asset
    other: Asset
    by: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field in which what a person typed is not what was measured."""

    asset: Asset
    field: str
    typed: str
    measured: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Mismatches:
    """All of them, each kind by tag."""

    never_seen: tuple[Asset, ...]
    moved: tuple[Moved, ...]
    swapped: tuple[Swapped, ...]
    conflicting: tuple[Conflict, ...]


def mismatches(
    snapshot: Snapshot,
    things: Iterable[Thing],
    commune_at: Callable[[str], str | None],
    kept: Kept = frozenset(),
    answered: Container[str] = (),
) -> Mismatches:
    """See the module. commune_at: an address -> the commune whose range holds it. answered: tags
    of the assets that answered at some time by what is on file."""
    views = dict(snapshot.assets)
    sure = [
        thing
        for thing in things
        if thing.state is ThingState.REGISTERED and thing.match is not None and thing.match.sure
    ]
    seen = {thing.match.tag for thing in sure if thing.match is not None}
    moved = _moved(views, sure, commune_at)
    swapped = _swapped(views, moved)
    in_swap = {asset.tag for pair in swapped for asset in (pair.one, pair.other)}
    return Mismatches(
        tuple(
            view.registered
            for tag, view in sorted(views.items())
            if tag not in seen and tag not in answered and is_silent(view)
        ),
        tuple(
            move
            for tag, move in sorted(moved.items())
            if tag not in in_swap and (tag, "address", move.address) not in kept
        ),
        tuple(swapped),
        tuple(
            conflict
            for tag, view in sorted(views.items())
            for conflict in _conflicts(view)
            if (tag, conflict.field, conflict.measured) not in kept
            and not (conflict.field == "serial" and tag in in_swap)
        ),
    )


def is_silent(view: AssetView) -> bool:
    """In use, to be looked at, looked at already, and no look of the present was answered."""
    return (
        view.registered.status is AssetStatus.IN_USE
        and any(endpoint.last_look_at_s is not None for endpoint in view.endpoints)
        and all(endpoint.last_answer_at_s is None for endpoint in view.endpoints)
    )


def _moved(
    views: Mapping[str, AssetView],
    things: Iterable[Thing],
    commune_at: Callable[[str], str | None],
) -> dict[str, Moved]:
    found: dict[str, Moved] = {}
    for thing in sorted(things, key=lambda thing: thing.last_seen_s):
        match = thing.match
        view = views.get(match.tag) if match is not None else None
        if match is None or view is None or match.by not in _TELLING or not thing.addresses:
            continue
        asset = view.registered
        if asset.address is None or asset.address in thing.addresses:
            found.pop(asset.tag, None)
            continue
        address = thing.addresses[-1]
        commune = commune_at(address) or ""
        found[asset.tag] = Moved(
            asset,
            address,
            commune if commune != asset.commune else "",
            match.by,
            thing.last_seen_s,
            thing.id,
        )
    return found


def _swapped(views: Mapping[str, AssetView], moved: Mapping[str, Moved]) -> list[Swapped]:
    """Pairs, each once: by serial numbers that answer crosswise, or by two that moved so."""
    by_serial = {
        _serial_key(view.registered.serial): tag
        for tag, view in views.items()
        if not is_junk(Claim(ClaimKind.SERIAL, view.registered.serial))
    }
    pairs: dict[tuple[str, str], str] = {}
    answers: dict[str, str] = {}
    for tag, view in views.items():
        measured = _fact(view, "serial")
        other = by_serial.get(_serial_key(measured)) if measured else None
        if other is not None and other != tag:
            answers[tag] = other
    for tag, other in answers.items():
        if answers.get(other) == tag:
            pairs[min(tag, other), max(tag, other)] = "serial"
    by_address = {view.registered.address: tag for tag, view in views.items()}
    for tag, move in moved.items():
        other = by_address.get(move.address)
        back = moved.get(other or "")
        if other is not None and back is not None and back.address == move.asset.address:
            pairs.setdefault((min(tag, other), max(tag, other)), move.by)
    return [
        Swapped(views[one].registered, views[other].registered, by)
        for (one, other), by in sorted(pairs.items())
    ]


def _conflicts(view: AssetView) -> list[Conflict]:
    found = []
    for name in COMPARED:
        typed = str(getattr(view.registered, name))
        fact = next((f for f in view.facts if f.name == name and f.source == "measured"), None)
        if fact is None or not typed or not fact.value or _fits(name, typed, fact.value):
            continue
        found.append(Conflict(view.registered, name, typed, fact.value, fact.at_s))
    return found


def _fits(name: str, typed: str, measured: str) -> bool:
    """Whether what was typed and what was measured say the same; a part of a longer name does.

    >>> _fits("model", "RB4011", "RB4011iGS+5HacQ2HnD"), _fits("serial", "A1", "B2")
    (True, False)
    """
    if name == "serial":
        claims = Claim(ClaimKind.SERIAL, typed), Claim(ClaimKind.SERIAL, measured)
        return is_junk(claims[1]) or same(*claims)
    if name == "vendor":
        return not makers_differ(typed, measured)
    one, other = (" ".join(text.casefold().split()) for text in (typed, measured))
    return one in other or other in one


def _fact(view: AssetView, name: str) -> str:
    return next((f.value for f in view.facts if f.name == name and f.source == "measured"), "")


def _serial_key(serial: str) -> str:
    return serial.strip().casefold()
