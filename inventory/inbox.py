"""The inbox of what was seen and is not registered: one row a thing, however often it is seen.

Sweeps, neighbours and traps tell it what they saw, from any thread. The recorder's thread takes
that in, finds the row it belongs to, proposes class, commune and registered asset, and writes.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from config.discovery import Discovery
from inventory.identity import is_junk, same
from inventory.match import Known, canonical, contradiction, telling
from inventory.metrics import Instruments
from inventory.observation import Claim, ClaimKind
from inventory.sighting import (
    BY_PERSON,
    MOST_ADDRESSES,
    Decision,
    How,
    Match,
    Report,
    ScanState,
    Sighting,
    Thing,
    ThingState,
    Tries,
    cleaned,
)
from inventory.store.writer import Writer

QUEUE_SIZE = 10_000
MOST_THINGS = 20_000
MOST_BY_TRAP = 1_000
"""Things that only traps told of: their sender's address may be forged, one for each packet."""

MATCH_AGAIN_AFTER_S = 600.0
"""What looks have learned of registered assets since then may tell more of what waits."""

REGISTERED_WITHIN_S = 60.0
"""How long what a person registered may take to be looked at."""

TRIES_KEPT_S = 3 * 86400.0
SCANS_KEPT_S = 90 * 86400.0

_ENDED = ("stopped", "finished", "failed")


class Inbox:
    """See the module. `seen` and `tell` may be called from any thread, `step` from one."""

    def __init__(
        self,
        things: Iterable[Thing],
        writer: Writer,
        known: Callable[[], Known],
        discovery: Discovery,
        instruments: Instruments,
    ) -> None:
        """known: the register as it is now, asked for when there is something to match."""
        self._writer = writer
        self._known = known
        self._discovery = discovery
        self._instruments = instruments
        self._things = {thing.id: thing for thing in things}
        self._next_id = 1 + max(self._things, default=0)
        self._by_claim: dict[tuple[ClaimKind, str], int] = {}
        for thing in self._things.values():
            self._index(thing)
        self._queue: deque[Sighting] = deque()
        self._reports: deque[Report] = deque()
        self._lock = threading.Lock()
        self._unsaved: set[int] = set()
        self._unsaved_scans: dict[tuple[str, float], ScanState] = {}
        self._unsaved_tries: dict[tuple[str, str, str], Tries] = {}
        self._match_again = True
        self._matched_at_s = 0.0
        self._by_trap = 0
        self._now_s = 0.0

    def seen(self, sighting: Sighting) -> None:
        """Take one sighting, of an address that may be registered or not; never blocks.

        A full queue loses the new one: a flood must not push out what a sweep found.
        """
        with self._lock:
            if len(self._queue) >= QUEUE_SIZE:
                self._instruments.sightings_dropped.inc()
                return
            self._queue.append(sighting)

    def tell(self, report: Report) -> None:
        """Take what a sweep or a person has to say; never blocks."""
        self._reports.append(report)

    def register(self, discovery: Discovery) -> None:
        """Another register holds from now on: everything is matched again at the next step."""
        self._discovery = discovery
        self._match_again = True

    def step(self, now_s: float) -> int:
        """Take in what was told and write what changed; how many things the inbox has.

        Raises StoreError, having kept what could not be written for the next step.
        """
        self._now_s = now_s
        while self._reports:
            self._take_report(self._reports.popleft())
        only_by_trap = (thing.how == (How.TRAP,) for thing in self._things.values())
        self._by_trap = sum(only_by_trap)
        known: Known | None = None
        is_due = abs(now_s - self._matched_at_s) >= MATCH_AGAIN_AFTER_S
        if (self._match_again or is_due) and self._things:
            known = self._known()
            for thing in list(self._things.values()):
                self._replace(self._proposed(thing, known))
        if self._match_again or is_due:
            self._match_again, self._matched_at_s = False, now_s
        while self._queue:
            known = known or self._known()
            self._take_sighting(cleaned(self._queue.popleft()), known)
        self._write(now_s)
        self._count()
        return len(self._things)

    def things(self) -> list[Thing]:
        """Everything in it, by id."""
        return list(self._things.values())

    def _take_report(self, report: Report) -> None:
        for sighting in report.sightings:
            self.seen(sighting)
        for scan in report.scans:
            self._unsaved_scans[scan.target, scan.started_s] = scan
            if scan.state in _ENDED:
                self._instruments.scans.labels(scan.state).inc()
                self._instruments.scan_addresses.inc(scan.position)
                self._instruments.scan_duration.observe(scan.duration_s)
        for tried in report.tries:
            self._unsaved_tries[tried.address, tried.credential, tried.day] = tried
        for decision in report.decisions:
            self._decide(decision)

    def _decide(self, decision: Decision) -> None:
        thing = self._things.get(decision.id)
        if thing is None:
            return
        decided = replace(
            thing, state=decision.state, reason=decision.reason, decided_at_s=decision.at_s
        )
        if decision.tag:
            decided = replace(decided, match=Match(decision.tag, BY_PERSON, sure=True))
        elif decided.match is not None and decided.match.by == BY_PERSON:
            decided = replace(decided, match=None)
        if decision.state is not ThingState.IGNORED:
            decided = self._proposed(decided, self._known())
        self._replace(decided)

    def _take_sighting(self, seen: Sighting, known: Known) -> None:
        self._instruments.sightings.labels(seen.how).inc()
        thing = self._row_of(seen)
        if thing is None and self._is_full(seen.how):
            self._instruments.sightings_dropped.inc()
            return
        if thing is None:
            thing = Thing(self._next_id, (), (), seen.at_s, seen.at_s, count=0)
            self._next_id += 1
            self._by_trap += seen.how is How.TRAP
        self._replace(self._proposed(_grown(thing, seen), known))

    def _row_of(self, seen: Sighting) -> Thing | None:
        """The row that a sighting belongs to: by what it claims, else by where it is."""
        for claim in telling(seen.claims):
            if (row := self._by_claim.get(canonical(claim))) is not None:
                return self._things[row]
        for claim in (Claim(ClaimKind.MAC, seen.mac), Claim(ClaimKind.ADDRESS, seen.address)):
            row = self._by_claim.get(canonical(claim)) if claim.value else None
            if row is not None and not contradiction(seen.claims, self._things[row].claims):
                return self._things[row]
        if seen.address or seen.mac:
            return None
        names = (claim for claim in seen.claims if claim.kind is ClaimKind.SYS_NAME)
        found = (self._by_claim.get(canonical(claim)) for claim in names)
        row = next((row for row in found if row is not None), None)
        return self._things[row] if row is not None else None

    def _is_full(self, how: How) -> bool:
        trapped = how is How.TRAP and self._by_trap >= MOST_BY_TRAP
        return trapped or len(self._things) >= MOST_THINGS

    def _proposed(self, thing: Thing, known: Known) -> Thing:
        """The thing with the asset and commune that the register of now proposes."""
        vendor = thing.facts.get("vendor", "")
        match = known.match(thing.claims, thing.addresses, thing.mac, vendor)
        said = thing.match
        if said is not None and said.by == BY_PERSON and self._holds(said, thing, known):
            match = said
        communes = map(self._discovery.commune_at, thing.addresses)
        commune = next(filter(None, communes), "") or thing.commune
        if not commune and match is not None:
            commune = known.commune(match.tag)
        state = thing.state
        if state is not ThingState.IGNORED:
            is_known = match is not None and match.sure
            state = ThingState.REGISTERED if is_known else ThingState.NEW
        return replace(thing, match=match, commune=commune, state=state)

    def _holds(self, said: Match, thing: Thing, known: Known) -> bool:
        """Whether what a person said still stands; what was registered a moment ago may not be
        looked at yet."""
        decided_s = thing.decided_at_s or 0.0
        return known.has(said.tag) or abs(self._now_s - decided_s) < REGISTERED_WITHIN_S

    def _replace(self, thing: Thing) -> None:
        if self._things.get(thing.id) != thing:
            self._things[thing.id] = thing
            self._unsaved.add(thing.id)
            self._index(thing)

    def _index(self, thing: Thing) -> None:
        for claim in telling(thing.claims):
            self._by_claim[canonical(claim)] = thing.id
        for claim in thing.claims:
            if claim.kind is ClaimKind.SYS_NAME:
                self._by_claim[canonical(claim)] = thing.id
        if thing.mac and not is_junk(Claim(ClaimKind.MAC, thing.mac)):
            self._by_claim[canonical(Claim(ClaimKind.MAC, thing.mac))] = thing.id
        for address in thing.addresses:
            # The last one that was seen there has the address.
            self._by_claim[canonical(Claim(ClaimKind.ADDRESS, address))] = thing.id

    def _write(self, now_s: float) -> None:
        if not (self._unsaved or self._unsaved_scans or self._unsaved_tries):
            return
        self._writer.write_seen(
            [self._things[id] for id in sorted(self._unsaved)],
            list(self._unsaved_scans.values()),
            list(self._unsaved_tries.values()),
            scans_before_s=now_s - SCANS_KEPT_S,
            tries_before=_day(now_s - TRIES_KEPT_S),
        )
        self._unsaved.clear()
        self._unsaved_scans.clear()
        self._unsaved_tries.clear()

    def _count(self) -> None:
        counts = Counter(thing.state for thing in self._things.values())
        for state in ThingState:
            self._instruments.inbox_things.labels(state.value).set(counts[state])


def _grown(thing: Thing, seen: Sighting) -> Thing:
    """A thing with what was seen of it now; what was not seen again stays."""
    claims: dict[ClaimKind, Claim] = {claim.kind: claim for claim in thing.claims}
    for claim in seen.claims:
        before = claims.get(claim.kind)
        if before is None or not same(before, claim):
            claims[claim.kind] = claim
    claims.pop(ClaimKind.ADDRESS, None)  # addresses are kept apart: a thing has several
    addresses = dict.fromkeys((*thing.addresses, *([seen.address] if seen.address else ())))
    facts: Mapping[str, str] = {**thing.facts, **seen.facts}
    return replace(
        thing,
        how=tuple(dict.fromkeys((*thing.how, seen.how))),
        addresses=tuple(addresses)[:MOST_ADDRESSES],
        first_seen_s=min(thing.first_seen_s, seen.at_s),
        last_seen_s=max(thing.last_seen_s, seen.at_s),
        mac=seen.mac or thing.mac,
        claims=tuple(claims.values()),
        facts=facts,
        count=thing.count + 1,
        credential=seen.credential or thing.credential,
        asset_class=seen.asset_class or thing.asset_class,
        commune=seen.commune or thing.commune,
        note=seen.note or thing.note,
    )


def _day(at_s: float) -> str:
    return dt.datetime.fromtimestamp(at_s, dt.UTC).date().isoformat()
