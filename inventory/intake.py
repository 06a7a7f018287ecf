"""From the inbox into the register: what was seen becomes an asset, or is one that is there."""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from config.assets import Asset, AssetClass
from inventory.clock import Clock
from inventory.decisions import Decision as Decided
from inventory.decisions import Kind
from inventory.identity import is_junk
from inventory.identity_work import Identity
from inventory.observation import Claim, ClaimKind
from inventory.register.entry import Actor, Create
from inventory.register.problems import FieldProblem, Refused, problems_of
from inventory.register.register import Register
from inventory.register.work import Done
from inventory.sighting import Decision, Report, Thing, ThingState
from inventory.store.decisions import add_decision
from inventory.store.desk import Connection, Desk
from inventory.store.tags import last_number
from inventory.tag_prefixes import stem

TAKEN = ("vendor", "model", "serial", "os")
"""Facts that become fields of the same name."""

REASON_MAX = 300


class Intake:
    """See the module. Every method raises StoreError; those that change something raise Refused
    and NotFound, and then nothing has changed."""

    def __init__(
        self,
        register: Register,
        desk: Desk,
        identity: Identity,
        tell: Callable[[Report], None],
        clock: Clock,
    ) -> None:
        """tell: how the inbox hears what a person decided."""
        self._register = register
        self._desk = desk
        self._identity = identity
        self._tell = tell
        self._clock = clock

    def tags(self, asset_class: str, commune: str) -> Iterator[str]:
        """Free tags for assets of a class in a commune, one after the other."""
        prefix = stem(asset_class, commune)
        last, digits = self._desk.read(lambda c: last_number(c, prefix))
        return (f"{prefix}-{number:0{digits}}" for number in itertools.count(last + 1))

    def register(
        self, chosen: Sequence[tuple[Thing, Mapping[str, Any]]], actor: Actor, *, reason: str = ""
    ) -> str:
        """Register things, all or none; each with the values of its asset. The id of the batch."""
        if not chosen:
            raise Refused([FieldProblem("", "choose at least one")])
        steps, problems = [], []
        for row, (_, values) in enumerate(chosen):
            try:
                asset = Asset.model_validate(dict(values), by_alias=True, by_name=False)
                steps.append(Create(asset))
            except ValidationError as error:
                at = row if len(chosen) > 1 else None
                problems += [problem.at(at) for problem in problems_of(error)]
        if problems:
            raise Refused(problems)
        at_s = self._clock.wall()

        def also(connection: Connection, done: Done) -> None:
            for (thing, _), entry in zip(chosen, done.ids, strict=True):
                row = Decided(
                    0, at_s, Kind.ATTACH, actor.name, done.batch, entry, thing=thing.id,
                    reason=reason,
                )  # fmt: skip
                add_decision(connection, row)

        try:
            batch = self._register.apply(steps, actor, reason=reason or "inbox", also=also)
        except Refused as refused:
            if len(chosen) > 1:
                raise
            raise Refused(problem.at(None) for problem in refused.problems) from None
        self._decided(
            [
                (thing.id, ThingState.REGISTERED, "", step.asset.tag)
                for (thing, _), step in zip(chosen, steps, strict=True)
            ]
        )
        return batch

    def attach(
        self, thing: Thing, tag: str, take: Sequence[str], actor: Actor, *, reason: str = ""
    ) -> str:
        """A thing is a registered asset; `take`: fields of which the asset takes what was seen."""
        seen = seen_values(thing)
        values = {key: seen[key] for key in take if key in seen}
        why = thing.match.by if thing.match is not None and thing.match.tag == tag else "person"
        batch = self._identity.attach(tag, thing.id, values, actor, why=why, reason=reason)
        self._decided([(thing.id, ThingState.REGISTERED, "", tag)])
        return batch

    def ignore(self, things: Sequence[Thing], reason: str, actor: Actor) -> None:
        """Leave things out of the list; a reason is needed, it is what the next one reads."""
        text = " ".join(reason.split())[:REASON_MAX]
        problems = [] if text else [FieldProblem("reason", "say why")]
        if not things:
            problems.append(FieldProblem("", "choose at least one"))
        if problems:
            raise Refused(problems)
        self._decided([(thing.id, ThingState.IGNORED, text, "") for thing in things])
        self._log(things, "ignored", text, actor)

    def take_back(self, things: Sequence[Thing], actor: Actor) -> None:
        """Put things back into the list, whatever was decided of them."""
        self._decided([(thing.id, ThingState.NEW, "", "") for thing in things])
        self._log(things, "taken back", "", actor)

    def _log(self, things: Sequence[Thing], action: str, reason: str, actor: Actor) -> None:
        for thing in things:
            title = thing.address or thing.name or thing.mac
            self._register.log(actor, action, "thing", str(thing.id), title=title, reason=reason)

    def _decided(self, rows: Sequence[tuple[int, ThingState, str, str]]) -> None:
        at_s = self._clock.wall()
        decisions = (Decision(id_, state, reason, at_s, tag) for id_, state, reason, tag in rows)
        self._tell(Report(decisions=tuple(decisions)))


def seen_values(thing: Thing) -> dict[str, str]:
    """What was seen of a thing as fields of an asset: address, vendor, model, serial, os.

    A maker's placeholder is no serial number.
    """
    found = {key: thing.facts[key] for key in TAKEN if thing.facts.get(key)}
    claimed = {claim.kind: claim.value for claim in thing.claims}
    serial = found.get("serial") or claimed.get(ClaimKind.SERIAL, "")
    found.pop("serial", None)
    if serial and not is_junk(Claim(ClaimKind.SERIAL, serial)):
        found["serial"] = serial
    if thing.addresses and _is_address(thing.addresses[-1]):
        found["address"] = thing.addresses[-1]
    return {key: value[:200] for key, value in found.items()}


def proposal(thing: Thing, tag: str = "") -> dict[str, Any]:
    """The values of an asset that a thing would make, as far as they are known; looked at by SNMP
    where it answered to a credential, else by ping."""
    seen = seen_values(thing)
    known = set(AssetClass)
    asset_class = thing.asset_class if thing.asset_class in known else ""
    named = " ".join(filter(None, (seen.get("vendor"), seen.get("model"))))
    found: dict[str, Any] = {
        "tag": tag,
        "name": thing.name or named or thing.address,
        "class": asset_class,
        "commune": thing.commune,
        **seen,
    }
    if "address" in seen:
        endpoint = {"kind": "snmp", "credential": thing.credential}
        found["endpoints"] = [endpoint if thing.credential else {"kind": "ping"}]
    return {key: value for key, value in found.items() if value}


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
