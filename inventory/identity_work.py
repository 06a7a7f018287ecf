"""What people decide about identity: merge, un-merge, replace, split, swap, keep and accept.

A merge moves nothing: the entry that goes leaves the register, with its facts, time line and
changes under its own number, and a decision points from one to the other. So un-merging is exact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from config.assets import Asset, AssetStatus
from inventory.clock import Clock
from inventory.decisions import Decision, Kind
from inventory.identity import evidence, is_junk, same
from inventory.observation import Claim, ClaimKind
from inventory.register.entry import Actor, Create, Edit, Entry, Remove, Step
from inventory.register.index import body_of
from inventory.register.problems import FieldProblem, NotFound, Refused, problems_of
from inventory.register.register import Register
from inventory.register.work import Done
from inventory.store import decisions as sql
from inventory.store.desk import Connection, Desk
from inventory.store.near import Near, who_names

PLACE = ("commune", "site", "room", "custodian", "address", "edge", "upstream", "uplink")
"""What belongs to the place and not to the box: a replacement takes it over, endpoints too."""

_OWN = frozenset({"tag", "name", "class", "commune", "status", "edge", "upstream", "parent"})
"""What a merge never fills in: it says where the entry that stays stands."""


@dataclass(frozen=True, slots=True)
class Part:
    """One box of a stack or chassis that was registered as one."""

    tag: str
    name: str
    serial: str = ""
    model: str = ""


class Identity:
    """Decisions over a register. Every method raises StoreError; those that change something
    raise Refused, Stale and NotFound as the register does, and then nothing has changed."""

    def __init__(self, register: Register, desk: Desk, clock: Clock) -> None:
        self._register = register
        self._desk = desk
        self._clock = clock

    def about(self, entry: int) -> list[Decision]:
        """What was decided about an entry, the newest first, undone or not."""
        return self._desk.read(lambda c: sql.decisions_about(c, entry))

    def decision(self, id_: int) -> Decision | None:
        """One decision."""
        return self._desk.read(lambda c: sql.decision_by_id(c, id_))

    def merged(self, entry: int) -> list[Entry]:
        """The entries that went up in an entry, as they were."""
        ids = self._desk.read(lambda c: sql.merged_into(c, entry))
        return [found for id_ in ids if (found := self._register.by_id(id_)) is not None]

    def standing(self, *kinds: Kind) -> list[Decision]:
        """What holds of some kinds of decision."""
        return self._desk.read(lambda c: sql.standing_decisions(c, kinds))

    def merge(
        self,
        keep: str,
        gone: str,
        actor: Actor,
        *,
        values: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> str:
        """Two entries are one thing: `gone` leaves the register, `keep` takes what it lacks.

        values: what shall stand in `keep`, before what it has. The id of the batch.
        """
        one, other = self._entry(keep), self._entry(gone)
        if one.id == other.id:
            raise Refused([FieldProblem("tag", "{tag} is the same entry", {"tag": gone})])
        found = evidence(claims_of(one.asset), claims_of(other.asset))
        if found.against and not (values or {}).get(found.against):
            raise Refused([_two_devices(keep, gone)])
        wanted = {**_lacking(one.asset, other.asset), **(values or {})}
        steps: list[Step] = []
        for tag, changed in self._follow(gone, keep).items():
            if tag == keep:  # what stood behind the other one stands behind nothing of its own
                wanted.update(dict.fromkeys(changed, ""))
            elif tag != gone:
                steps.append(Edit(tag, changed))
        if other.asset.edge:
            wanted["edge"] = True
        steps[:0] = [Edit(keep, wanted, one.version), Remove(gone, other.version)]
        return self._decide(
            Kind.MERGE, steps, actor, one.id, lambda _: (other.id,), found.by, reason
        )

    def replace(
        self,
        old: str,
        new: Mapping[str, Any],
        actor: Actor,
        *,
        status: AssetStatus = AssetStatus.RETIRED,
        reason: str = "",
    ) -> str:
        """A new box takes the place of an old one, which stays in the register with its history.

        new: what is known of the new box by field (its tag at least); place, address and endpoints
        are the old one's. status: of the old one from now on. The id of the batch.
        """
        entry = self._entry(old)
        facts = json.loads(body_of(entry.asset))
        taken = {key: facts[key] for key in (*PLACE, "endpoints", "class", "name") if key in facts}
        wanted = taken | {key: value for key, value in new.items() if value not in ("", None)}
        asset = _asset(wanted)
        serial = Claim(ClaimKind.SERIAL, asset.serial)
        if not is_junk(serial) and same(serial, Claim(ClaimKind.SERIAL, entry.asset.serial)):
            text = "is the serial number of the old one; a new box has its own"
            raise Refused([FieldProblem("serial", text)])
        leaving = {"status": status, "address": "", "endpoints": [], "edge": False, "uplink": ""}
        steps: list[Step] = [Edit(old, leaving, entry.version), Create(asset)]
        follow = self._follow(old, asset.tag)
        steps += [Edit(tag, changed) for tag, changed in follow.items() if tag != old]
        return self._decide(
            Kind.REPLACE, steps, actor, entry.id, lambda done: done.ids[-1:], "person", reason
        )

    def split(self, tag: str, parts: Sequence[Part], actor: Actor, *, reason: str = "") -> str:
        """One entry was several boxes: each part becomes an asset of its own with it as parent.

        The serial of a part goes from the parent to it. The id of the batch.
        """
        entry = self._entry(tag)
        if not parts:
            raise Refused([FieldProblem("parts", "name at least one part")])
        facts = json.loads(body_of(entry.asset))
        place = {
            key: facts[key] for key in ("commune", "site", "room", "custodian") if key in facts
        }
        kind = {key: facts[key] for key in ("class", "vendor", "model", "status") if key in facts}
        steps: list[Step] = []
        for part in parts:
            own = {"tag": part.tag, "name": part.name or f"{entry.asset.name} ({part.tag})"}
            own |= {"parent": tag, "serial": part.serial} | (
                {"model": part.model} if part.model else {}
            )
            steps.append(Create(_asset({**place, **kind, **own})))
        theirs = Claim(ClaimKind.SERIAL, entry.asset.serial)
        if any(same(theirs, Claim(ClaimKind.SERIAL, part.serial)) for part in parts if part.serial):
            steps.insert(0, Edit(tag, {"serial": ""}, entry.version))
        count = len(parts)
        return self._decide(
            Kind.SPLIT, steps, actor, entry.id, lambda done: done.ids[-count:], "person", reason
        )

    def swap(self, one: str, other: str, actor: Actor, *, why: str = "serial") -> str:
        """Two assets stand at each other's address: each gets the address it answers from."""
        a, b = self._entry(one), self._entry(other)
        steps = [
            Edit(one, {"address": b.asset.address or ""}, a.version),
            Edit(other, {"address": a.asset.address or ""}, b.version),
        ]
        return self._decide(Kind.SWAP, steps, actor, a.id, lambda _: (b.id,), why, "")

    def accept(
        self, tag: str, values: Mapping[str, Any], actor: Actor, *, why: str = "measured"
    ) -> str:
        """What was measured is right: it is registered. The id of the batch."""
        entry = self._entry(tag)
        field, value = next(iter(values.items()), ("", ""))
        return self._decide(
            Kind.ACCEPT, [Edit(tag, values)], actor, entry.id, lambda _: (), why, "",
            field=field, value=str(value),
        )  # fmt: skip

    def keep(self, tag: str, field: str, value: str, actor: Actor, *, reason: str = "") -> None:
        """What was typed is right; `value`, which was measured, is not asked about again."""
        entry = self._entry(tag)
        at_s = self._clock.wall()
        row = Decision(
            0, at_s, Kind.KEEP, actor.name, "", entry.id, field=field, value=value, reason=reason
        )
        self._desk.write("keep what was typed", lambda c: sql.add_decision(c, row))

    def attach(
        self,
        tag: str,
        thing: int,
        values: Mapping[str, Any],
        actor: Actor,
        *,
        why: str = "person",
        reason: str = "",
    ) -> str:
        """A thing that was seen is a registered asset, which takes `values` of it over."""
        entry = self._entry(tag)
        steps = [Edit(tag, values)] if values else []
        return self._decide(
            Kind.ATTACH, steps, actor, entry.id, lambda _: (), why, reason, thing=thing
        )

    def undo(self, id_: int, actor: Actor, reason: str = "") -> Decision:
        """Take a decision back: whatever it changed is as it was. The decision.

        Raises Refused where what it changed has been changed again since, or it is undone already.
        """
        decision = self.decision(id_)
        if decision is None:
            raise NotFound(f"decision {id_}")
        if decision.undone_at_s is not None:
            raise Refused([FieldProblem("", "this has been undone already")])
        at_s = self._clock.wall()
        if not self._register.changes(batch=decision.batch, limit=1):
            self._desk.write("undo", lambda c: sql.mark_undone(c, id_, at_s, ""))
            return decision
        self._register.undo(
            decision.batch,
            actor,
            reason,
            also=lambda c, done: sql.mark_undone(c, id_, at_s, done.batch),
        )
        return decision

    def _decide(
        self,
        kind: Kind,
        steps: Sequence[Step],
        actor: Actor,
        entry: int,
        others: Callable[[Done], Sequence[int]],
        why: str,
        reason: str,
        *,
        thing: int | None = None,
        field: str = "",
        value: str = "",
    ) -> str:
        at_s = self._clock.wall()

        def also(connection: Connection, done: Done) -> None:
            sql.add_decision(
                connection,
                Decision(
                    0,
                    at_s,
                    kind,
                    actor.name,
                    done.batch,
                    entry,
                    tuple(others(done)),
                    thing,
                    field,
                    value,
                    why or "person",
                    reason,
                ),
            )

        return self._register.apply(steps, actor, reason=reason or kind.value, also=also)

    def _entry(self, tag: str) -> Entry:
        entry = self._register.get(tag)
        if entry is None:
            raise NotFound(f"asset {tag}")
        return entry

    def _follow(self, old: str, new: str) -> dict[str, dict[str, Any]]:
        """Tag -> fields, of what names `old` and shall name `new`."""
        found: dict[str, dict[str, Any]] = {}
        for key in ("upstream", "parent"):
            for near, _ in self._desk.read(partial(_naming, key=key, tag=old)):
                found.setdefault(near.tag, {})[key] = new
        return found


def claims_of(asset: Asset) -> list[Claim]:
    """What the register itself claims of an asset's identity."""
    return [Claim(ClaimKind.SERIAL, asset.serial)] if asset.serial else []


def _naming(connection: Connection, key: str, tag: str) -> list[tuple[Near, str]]:
    return who_names(connection, key, [tag])


def _lacking(one: Asset, other: Asset) -> dict[str, Any]:
    """What the other one has and this one lacks, by field as in hatang.yaml."""
    has, gives = json.loads(body_of(one)), json.loads(body_of(other))
    found = {key: value for key, value in gives.items() if key not in has and key not in _OWN}
    if "custom" in has and "custom" in gives:
        found["custom"] = gives["custom"] | has["custom"]
    return found


def _asset(values: Mapping[str, Any]) -> Asset:
    try:
        return Asset.model_validate(dict(values), by_alias=True, by_name=False)
    except ValidationError as error:
        raise Refused(problems_of(error)) from error


def _two_devices(keep: str, gone: str) -> FieldProblem:
    text = "{keep} and {gone} have different serial numbers: they are two devices, not one"
    return FieldProblem("serial", text, {"keep": keep, "gone": gone})
