"""What was bought held against what was seen: where money, register and network disagree.

Five kinds, each with the proofs behind it (tags, days, documents, money). Pure: computed from the
present each time, nothing is stored. A finding is a question to somebody, never an accusation: an
address can have moved, a device can be switched off on purpose.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from config.assets import Asset, AssetClass, AssetStatus
from config.profile import Profile, Requirement
from inventory.mismatch import Kept, Mismatches, mismatches
from inventory.planning.ends import Ends, life_end
from inventory.planning.prices import PriceOf
from inventory.readiness.evaluate import most_allowed
from inventory.readiness.result import RequirementResult
from inventory.sighting import Thing, ThingState
from inventory.snapshot import AssetView, CommuneView, Snapshot
from inventory.uptime import Availability

WORST_SHARE = 0.25
"""The quarter of the watched assets that was up least is the worst availability."""

GOOD_ENOUGH = 0.99
"""From this availability on nothing is called unreliable, however good the others are."""

LEAST_COVERAGE = 0.2
"""An asset that was observed for a smaller share of the time says nothing of its reliability."""

WINDOW = "30d"
"""Over which of the known windows availability is held."""

NETWORKED = frozenset(
    {
        *(AssetClass.ROUTER, AssetClass.FIREWALL, AssetClass.SWITCH, AssetClass.ACCESS_POINT),
        *(AssetClass.ONT, AssetClass.SERVER, AssetClass.NAS, AssetClass.CAMERA),
        AssetClass.VIDEO_CONFERENCE,
    }
)
"""Classes that have an address of their own where they are used; a printer may hang on a cable."""


class Kind(StrEnum):
    """What was found."""

    NEVER_SEEN = "never_seen"
    """Paid for, in use by the register, and nothing ever answered for it."""
    NOT_REGISTERED = "not_registered"
    """It answers in the network and no register knows it."""
    ELSEWHERE = "elsewhere"
    """It answers from another commune than the one that has it in the register."""
    OLD_UNRELIABLE = "old_unreliable"
    """Past its life and among those that were up least."""
    ABOVE_NORM = "above_norm"
    """One commune has more than the norm allows while another is below what is asked."""


Shape = Literal["text", "money", "ratio", "day", "moment", "number", "commune"]


@dataclass(frozen=True, slots=True)
class Proof:
    """One fact behind a finding. name: a word of the pages; shape: how `value` reads: whole dong,
    0 to 1, an ISO day, seconds since 1970, a commune's code."""

    name: str
    value: str | int | float
    shape: Shape = "text"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding. commune: whose it is, "" for nobody's; others: communes that it also concerns.

    assets: tags; thing: number of its row in the inbox. cost_vnd: the money that it is about, 0
    where nobody knows: what was paid, what replacing it costs, what moving saves. requirement: the
    one of a norm.
    """

    kind: Kind
    commune: str
    title: str
    assets: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    cost_vnd: int = 0
    thing: int | None = None
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class Looks:
    """When an asset was last looked at and last answered, by what is on file; None for never."""

    look_at_s: float | None
    answer_at_s: float | None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What findings are made of. looks: tag -> what is on file, for the present forgets it with
    each start. things: the rows of the inbox; kept: what people decided to leave
    as it is; swept: commune -> when a sweep of it last came to its end; commune_at: address -> the
    commune whose range holds it, "" for none; sees: whose findings are wanted ("" is nobody's)."""

    snapshot: Snapshot
    today: dt.date
    profile_of: Callable[[str], Profile]
    price_of: PriceOf
    looks: Mapping[str, Looks] = field(default_factory=dict)
    things: Iterable[Thing] = ()
    kept: Kept = frozenset()
    swept: Mapping[str, float] = field(default_factory=dict)
    commune_at: Callable[[str], str] = lambda address: ""
    sees: Callable[[str], bool] = lambda commune: True


def findings(grounds: Grounds) -> tuple[Found, ...]:
    """Everything that was found: by kind, within it what is about most money first."""
    grounds = replace(grounds, things=tuple(grounds.things))
    answered = {tag for tag, looks in grounds.looks.items() if looks.answer_at_s is not None}
    known = mismatches(grounds.snapshot, grounds.things, grounds.commune_at, grounds.kept, answered)
    found = [
        *_never_seen(grounds),
        *_not_registered(grounds),
        *_elsewhere(grounds, known),
        *_old_and_unreliable(grounds),
        *_above_norm(grounds),
    ]
    order = list(Kind)
    wanted = [one for one in found if grounds.sees(one.commune)]
    wanted.sort(key=lambda f: (order.index(f.kind), -f.cost_vnd, f.commune, f.assets, f.title))
    return tuple(wanted)


def _never_seen(grounds: Grounds) -> Iterator[Found]:
    things = [t for t in grounds.things if t.state is ThingState.REGISTERED]
    sure = {t.match.tag for t in things if t.match is not None and t.match.sure}
    for view in _views(grounds):
        asset = view.registered
        if asset.status is not AssetStatus.IN_USE or asset.tag in sure or not _was_paid(asset):
            continue
        if view.endpoints:
            look_at_s, answer_at_s = _looks(grounds, view)
            if look_at_s is not None and answer_at_s is None:
                failed = sum(e.failures_in_a_row for e in view.endpoints)
                yield _of_asset(
                    Kind.NEVER_SEEN,
                    asset,
                    Proof("address", asset.address or ""),
                    *([Proof("looks without an answer", failed, "number")] if failed else ()),
                    Proof("last look", look_at_s, "moment"),
                )
        elif asset.asset_class in NETWORKED and asset.commune in grounds.swept:
            swept = Proof("in no sweep until", grounds.swept[asset.commune], "moment")
            yield _of_asset(Kind.NEVER_SEEN, asset, swept)


def _looks(grounds: Grounds, view: AssetView) -> tuple[float | None, float | None]:
    """(last look, last answer), by the present and by what is on file."""
    known = grounds.looks.get(view.tag)
    looks = [e.last_look_at_s for e in view.endpoints]
    answers = [e.last_answer_at_s for e in view.endpoints]
    if known is not None:
        looks.append(known.look_at_s)
        answers.append(known.answer_at_s)
    return (
        max((at_s for at_s in looks if at_s is not None), default=None),
        max((at_s for at_s in answers if at_s is not None), default=None),
    )


def _not_registered(grounds: Grounds) -> Iterator[Found]:
    for thing in grounds.things:
        if thing.state is not ThingState.NEW or (thing.match is not None and thing.match.sure):
            continue
        facts = thing.facts
        made = " ".join(filter(None, (facts.get("vendor", ""), facts.get("model", ""))))
        proofs = [
            Proof("address", ", ".join(thing.addresses[:3])) if thing.addresses else None,
            Proof("maker and model", made) if made else None,
            Proof("serial number", facts["serial"]) if facts.get("serial") else None,
            Proof("first seen", thing.first_seen_s, "moment"),
            Proof("last seen", thing.last_seen_s, "moment"),
            Proof("times seen", thing.count, "number"),
            Proof("may be", thing.match.tag) if thing.match is not None else None,
        ]
        yield Found(
            Kind.NOT_REGISTERED,
            thing.commune,
            thing.name or made or thing.address or thing.mac,
            proofs=tuple(p for p in proofs if p is not None),
            thing=thing.id,
        )


def _elsewhere(grounds: Grounds, known: Mismatches) -> Iterator[Found]:
    told = set()
    for move in known.moved:
        if move.commune:
            told.add(move.asset.tag)
            yield _answers_from(
                move.asset, move.commune, move.address, move.seen_at_s, move.by, move.thing
            )
    for thing in grounds.things:
        # What is registered without an address has not moved, and can still be somewhere else.
        match = thing.match
        view = grounds.snapshot.assets.get(match.tag) if match is not None else None
        if match is None or view is None or not match.sure or not thing.addresses:
            continue
        asset, address = view.registered, thing.addresses[-1]
        commune = grounds.commune_at(address)
        left = asset.tag in told or (asset.tag, "address", address) in grounds.kept
        if asset.address is None and commune not in ("", asset.commune) and not left:
            told.add(asset.tag)
            yield _answers_from(asset, commune, address, thing.last_seen_s, match.by, thing.id)


def _answers_from(
    asset: Asset, commune: str, address: str, at_s: float, by: str, thing: int
) -> Found:
    found = _of_asset(
        Kind.ELSEWHERE,
        asset,
        Proof("registered in", asset.commune, "commune"),
        Proof("answers from", commune, "commune"),
        Proof("address", address),
        Proof("recognised by", by),
        Proof("last seen", at_s, "moment"),
    )
    return replace(found, others=(commune,), thing=thing)


def _old_and_unreliable(grounds: Grounds) -> Iterator[Found]:
    known = [
        (month.ratio, view.tag, view, month)
        for view in _views(grounds)
        if (month := view.availability.get(WINDOW)) is not None
        and month.ratio is not None
        and month.coverage >= LEAST_COVERAGE
        and view.registered.status is AssetStatus.IN_USE
    ]
    known.sort(key=lambda row: row[:2])
    for ratio, _, view, month in known[: math.ceil(len(known) * WORST_SHARE)]:
        end = life_end(view.registered, grounds.today)
        if ratio < GOOD_ENOUGH and end is not None and end < grounds.today:
            yield _past_and_down(grounds, view, end, ratio, month)


def _past_and_down(
    grounds: Grounds, view: AssetView, end: dt.date, ratio: float, month: Availability
) -> Found:
    price = grounds.price_of(view.registered, Ends.LIFE)
    found = _of_asset(
        Kind.OLD_UNRELIABLE,
        view.registered,
        Proof("life ended", end.isoformat(), "day"),
        Proof("availability in 30 days", ratio, "ratio"),
        Proof("coverage", month.coverage, "ratio"),
    )
    if price is None:
        return replace(found, cost_vnd=0)
    new = [Proof("price of a new one", price.vnd, "money")]
    if price.day is not None:
        new.append(Proof("day of the price", price.day.isoformat(), "day"))
    new.append(Proof("source of the price", price.source))
    return replace(found, proofs=(*found.proofs, *new), cost_vnd=price.vnd)


def _above_norm(grounds: Grounds) -> Iterator[Found]:
    judged: dict[str, list[tuple[CommuneView, RequirementResult]]] = {}
    for code, view in sorted(grounds.snapshot.communes.items()):
        if view.evaluation is not None and grounds.sees(code):
            for result in view.evaluation.results:
                judged.setdefault(result.requirement, []).append((view, result))
    for id_, rows in judged.items():
        below = [(view, result) for view, result in rows if result.gap >= 1]
        for view, result in rows:
            requirement = grounds.profile_of(view.unit.code).requirement(id_)
            if result.above_norm and below and requirement is not None:
                yield _to_be_moved(view, result, requirement, below)


def _to_be_moved(
    view: CommuneView,
    result: RequirementResult,
    requirement: Requirement,
    below: list[tuple[CommuneView, RequirementResult]],
) -> Found:
    tags = tuple(dict.fromkeys(row.asset for row in result.evidence if row.asset))
    most = most_allowed(requirement.ceiling, view.declared) or 0.0
    extra = max(0, len(tags) - math.floor(most + 1e-9))
    missing = {other.unit.code: math.ceil(one.gap - 1e-9) for other, one in below}
    movable = min(extra, sum(missing.values()))
    remedy = requirement.remedy
    price = remedy.price_vnd if remedy is not None else 0
    basis = requirement.ceiling.basis if requirement.ceiling is not None else requirement.basis
    return Found(
        Kind.ABOVE_NORM,
        view.unit.code,
        requirement.id,
        assets=tags,
        others=tuple(missing),
        proofs=(
            Proof("pieces", len(tags), "number"),
            Proof("the norm allows", math.floor(most + 1e-9), "number"),
            Proof("norm", basis.document),
            Proof("could be moved", movable, "number"),
            *(Proof("missing elsewhere", count, "number") for count in (sum(missing.values()),)),
        ),
        cost_vnd=movable * price,
        requirement=requirement.id,
    )


def _views(grounds: Grounds) -> list[AssetView]:
    return [view for _, view in sorted(dict(grounds.snapshot.assets).items())]


def _was_paid(asset: Asset) -> bool:
    return bool(asset.price_vnd or asset.purchased or asset.invoice or asset.document)


def _of_asset(kind: Kind, asset: Asset, *more: Proof) -> Found:
    """A finding about one asset, with what the register says of how it came."""
    days = {"bought": asset.purchased, "in use since": asset.in_use_since}
    texts = {
        "invoice or contract": asset.invoice,
        "document": asset.document,
        "supplier": asset.supplier,
        "serial number": asset.serial,
    }
    return Found(
        kind,
        asset.commune,
        asset.name,
        (asset.tag,),
        proofs=(
            *([Proof("paid", asset.price_vnd, "money")] if asset.price_vnd else ()),
            *(Proof(name, day.isoformat(), "day") for name, day in days.items() if day),
            *(Proof(name, text) for name, text in texts.items() if text),
            *more,
        ),
        cost_vnd=asset.price_vnd or 0,
    )
