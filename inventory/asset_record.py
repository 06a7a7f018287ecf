"""All that the ledger keeps of one asset in memory, and how one observation changes it.

Takes observations in, gives rows out; knows no other asset, no clock and no database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from config.sections import Asset, Polling, endpoint_id
from inventory.counters import has_restarted, may_have_turned, rate
from inventory.identity import disagreement
from inventory.known_equipment import KnownEquipment
from inventory.observation import Claim, InterfaceReading, Observation, Outcome, StorageReading
from inventory.reachability import Patience, Reachability
from inventory.rollups import Bucket, hour_of
from inventory.snapshot import EndpointView, FactView, InterfaceView
from inventory.sockets import sockets
from inventory.store.rows import AssetRow, EndpointRow, FactRow, InboxRow, InterfaceRow

FACT_CONFIRMED_EVERY_S = 3600.0
"""An unchanged fact's date is written again at most this often."""

STRANGE_PORTS = 1000
"""How many ports that are gone are remembered: a device that numbers its ports anew at every look
fills no memory."""

_INTEGER_MAX = 2**63 - 1


def _storable(text: str) -> str:
    """Text that a database can take: a lone surrogate (a name that is not UTF-8) becomes '?'."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def hold_s(times: Polling) -> float:
    """How long one look speaks for the time after it: two and a half intervals and one look."""
    return 2.5 * times.interval + times.deadline


@dataclass(slots=True)
class _Counters:
    """Counters as last read; void: the device has started again since."""

    reading: InterfaceReading
    monotonic_s: float
    void: bool = False


class AssetRecord:
    """One asset; `unsaved_*` are what a store does not have yet."""

    def __init__(
        self,
        asset_id: int,
        registered: Asset,
        times: dict[str, Polling],
        born_s: float,
        reachability: Reachability | None = None,
    ) -> None:
        self.id = asset_id
        self.registered = registered
        self.born_s = born_s
        self.gone_at_s: float | None = None
        self.booted_at_s: float | None = None
        self.reboots = 0
        self.uptime_s: float | None = None
        self.uptime_monotonic_s = 0.0
        self.cpu_ratio: float | None = None
        self.storages: tuple[StorageReading, ...] = ()
        self.endpoints: dict[str, EndpointRow] = {}
        self.endpoint_views: dict[str, EndpointView] = {}
        self.facts: dict[tuple[str, str], FactRow] = {}
        self.interfaces: dict[int, InterfaceRow] = {}
        self.interface_views: tuple[InterfaceView, ...] = ()
        self.equipment = KnownEquipment()
        self.buckets: dict[str, Bucket] = {}
        self.unsaved_buckets: dict[tuple[str, float], Bucket] = {}
        self.unsaved_facts: dict[tuple[str, str], FactRow] = {}
        self.unsaved_interfaces: dict[int, InterfaceRow] = {}
        self.unsaved_endpoints: set[str] = set()
        self.unsaved_inbox: dict[str, InboxRow] = {}
        self.row_changed = True
        self.resets = 0
        self._counters: dict[int, _Counters] = {}
        self._seen_epochs: set[str] = set()
        self._asked: dict[str, str] = {}
        self.reachability = reachability or Reachability(born_s, {})
        self.register(registered, times, born_s)

    def register(self, registered: Asset, times: dict[str, Polling], at_s: float) -> None:
        """Take over an entry of the register; `times`: endpoint id -> its polling times."""
        self.row_changed = self.row_changed or registered != self.registered
        self.registered = registered
        self.reachability.watch(
            {name: Patience(t.down_after, hold_s(t)) for name, t in times.items()}
        )
        if not times:
            self.reachability.interrupt(at_s)
        kinds = {endpoint_id(registered.tag, e): e.kind for e in registered.endpoints}
        for name in set(self.endpoint_views) - set(times):
            del self.endpoint_views[name]
        for name, polling in times.items():
            known = self.endpoint_views.get(name) or EndpointView(name, kinds[name], 0.0)
            self.endpoint_views[name] = replace(
                known, kind=kinds[name], interval_s=polling.interval
            )
            self.endpoints.setdefault(name, EndpointRow(name, self.id, kinds[name]))
        for name in ("vendor", "model", "serial", "os"):
            self._learn(name, "registered", getattr(registered, name), at_s)

    def go(self, at_s: float) -> None:
        """It is not in the register any more."""
        if self.gone_at_s is None:
            self.gone_at_s, self.row_changed = at_s, True
            self.reachability.interrupt(at_s)

    def leave(self, at_s: float) -> None:
        """It is gone, and its tag is another's: it goes on under a name that is no tag."""
        self.go(at_s)
        self.rename(f"{self.registered.tag}~{self.id}")

    def rename(self, tag: str) -> None:
        """It has another tag, and so have its endpoints, which are looked at anew."""
        before = len(self.registered.tag)
        self.registered = self.registered.model_copy(update={"tag": tag})
        self.row_changed = True
        names = {name: tag + name[before:] for name in self.endpoints}
        self.endpoints = {
            names[name]: replace(row, id=names[name], epoch="", last_seq=-1)
            for name, row in self.endpoints.items()
        }
        self.endpoint_views = {
            names[name]: replace(view, id=names[name]) for name, view in self.endpoint_views.items()
        }
        self.unsaved_endpoints = {names[name] for name in self.unsaved_endpoints}
        self.reachability.rename(names)

    def is_duplicate(self, seen: Observation) -> bool:
        """Whether this position of the stream has been applied before."""
        row = self.endpoints.get(seen.endpoint)
        return row is not None and row.epoch == seen.epoch and seen.seq <= row.last_seq

    def apply(self, seen: Observation, at_s: float, behind: str | None) -> None:
        """Take in one observation, dated `at_s`. Raises KeyError for an endpoint not registered."""
        if seen.outcome is not Outcome.ERROR:
            self.reachability.observe(seen.endpoint, at_s, seen.answered, behind)
        answered_before_s = self.endpoints[seen.endpoint].last_answer_at_s
        self._note_look(seen, at_s)
        if seen.answered:
            self._note_reading(seen, at_s, answered_before_s)

    def _note_look(self, seen: Observation, at_s: float) -> None:
        row, view = self.endpoints[seen.endpoint], self.endpoint_views[seen.endpoint]
        answer = at_s if seen.answered else row.last_answer_at_s
        self.endpoints[seen.endpoint] = EndpointRow(
            row.id,
            self.id,
            seen.kind,
            seen.epoch,
            seen.seq,
            seen.outcome.value,
            seen.reason,
            _storable(seen.message),
            at_s,
            answer,
        )
        self.unsaved_endpoints.add(seen.endpoint)
        reading = seen.reading
        self.endpoint_views[seen.endpoint] = replace(
            view,
            outcome=seen.outcome,
            reason=seen.reason,
            message=seen.message,
            last_look_at_s=at_s,
            last_answer_at_s=answer,
            failures_in_a_row=self.reachability.failures(seen.endpoint),
            duration_s=seen.duration_s,
            latency_s=reading.latency_s,
            loss_ratio=reading.loss_ratio,
            http_status=reading.http_status,
            certificate_expires_at_s=reading.certificate_expires_at_s,
        )
        if seen.kind in ("http", "tcp"):
            self._count("probe_ok", 1.0 if seen.outcome is Outcome.OK else 0.0, at_s)
        if reading.latency_s is not None:
            self._count("latency_s", reading.latency_s, at_s)
            if seen.kind in ("http", "tcp"):
                self._count("probe_latency_s", reading.latency_s, at_s)

    def _note_reading(
        self, seen: Observation, at_s: float, answered_before_s: float | None
    ) -> None:
        reading = seen.reading
        if self._note_uptime(seen, at_s, answered_before_s):
            # The ports may be missing from this look; then the next one must still know.
            for counters in self._counters.values():
                counters.void = True
        if reading.cpu_ratio is not None:
            self.cpu_ratio = reading.cpu_ratio
            self._count("cpu_ratio", reading.cpu_ratio, at_s)
        if reading.storages:
            self.storages = reading.storages
        self.equipment.note(reading, at_s)
        for claim in reading.claims:
            known = self.facts.get((claim.kind.value, "measured"))
            if message := disagreement(claim, known.value if known else "", self.registered):
                self._ask(claim, at_s, message)
            self._learn(claim.kind.value, "measured", claim.value, at_s)
        for name, value in reading.facts.items():
            self._learn(name, "measured", value, at_s)
        if reading.interfaces:
            self._note_interfaces(reading.interfaces, at_s, seen.monotonic_s)

    def _note_uptime(self, seen: Observation, at_s: float, answered_before_s: float | None) -> bool:
        """Take in the uptime; whether the device has started again."""
        reading, mono_s = seen.reading, seen.monotonic_s
        if reading.uptime_s is None:
            return False
        restarted = False
        before = self.uptime_s
        elapsed = mono_s - self.uptime_monotonic_s
        if seen.epoch not in self._seen_epochs:
            # A new run of ours has another monotonic clock: what is on record is the boot time.
            self._seen_epochs.add(seen.epoch)
            before = None if self.booted_at_s is None else at_s - self.booted_at_s
            elapsed = 0.0
            if answered_before_s is not None and reading.uptime_s > at_s - answered_before_s + 60.0:
                # It ran when it answered last. Over months its clock and ours drift apart by
                # minutes, and that is no restart.
                before = None
        if before is not None and elapsed >= 0:
            restarted = has_restarted(before, reading.uptime_s, elapsed, reading.uptime_wrap_s)
        if restarted:
            self.reboots += 1
        wrapped = before is not None and not restarted and reading.uptime_s < before - 60.0
        if (
            self.booted_at_s is None
            or restarted
            or (
                not wrapped
                and abs(at_s - reading.uptime_s - self.booted_at_s) > 60.0
                and (before is not None and reading.uptime_s > before + elapsed + 60.0)
            )
        ):
            self.booted_at_s, self.row_changed = at_s - reading.uptime_s, True
        self.uptime_s, self.uptime_monotonic_s = reading.uptime_s, mono_s
        return restarted

    def _note_interfaces(
        self, readings: tuple[InterfaceReading, ...], at_s: float, mono_s: float
    ) -> None:
        views = []
        for seen in readings:
            before = self._counters.get(seen.index)
            # A number that names another port now is a new port: nothing carries over.
            if before is not None and before.reading.name != seen.name:
                before = None
            in_bps, out_bps = self._rates(before, seen, mono_s)
            self._counters[seen.index] = _Counters(seen, mono_s)
            is_uplink = bool(self.registered.uplink) and seen.name == self.registered.uplink
            views.append(
                InterfaceView(
                    seen.index,
                    seen.name,
                    seen.alias,
                    seen.mac,
                    seen.speed_bps,
                    seen.admin_up,
                    seen.oper_up,
                    seen.in_octets,
                    seen.out_octets,
                    seen.in_errors,
                    seen.out_errors,
                    seen.in_discards,
                    seen.out_discards,
                    in_bps,
                    out_bps,
                    is_uplink,
                    seen.port,
                )
            )
            if is_uplink and seen.speed_bps and in_bps is not None and out_bps is not None:
                used = max(in_bps, out_bps) / seen.speed_bps
                self._count("uplink_utilisation_ratio", used, at_s)
            row = InterfaceRow(
                self.id,
                seen.index,
                _storable(seen.name),
                _storable(seen.alias),
                seen.mac,
                None if (seen.speed_bps or 0) > _INTEGER_MAX else seen.speed_bps,
                seen.admin_up,
                seen.oper_up,
                at_s,
            )
            known = self.interfaces.get(seen.index)
            if known is None or replace(known, seen_at_s=at_s) != row:
                self.unsaved_interfaces[seen.index] = row
                self.interfaces[seen.index] = row
        self.interface_views = tuple(views)
        for name, count in sockets(readings).items():
            self._learn(name, "measured", str(count), at_s)
        if len(self.interfaces) > STRANGE_PORTS + 2 * len(readings):
            here = {seen.index for seen in readings}
            self.interfaces = {i: row for i, row in self.interfaces.items() if i in here}
            self._counters = {i: c for i, c in self._counters.items() if i in here}

    def _rates(
        self, before: _Counters | None, seen: InterfaceReading, mono_s: float
    ) -> tuple[float | None, float | None]:
        if before is None:
            return None, None
        elapsed = mono_s - before.monotonic_s
        bits = seen.counter_bits
        if before.reading.counter_bits != bits:
            return None, None  # Another counter: the device lost or found its 64-bit ones.
        limit = seen.speed_bps / 8 if seen.speed_bps else None

        def bps(old: int | None, new: int | None) -> float | None:
            found = rate(old, new, elapsed, bits=bits, restarted=before.void, limit=limit)
            fell = old is not None and new is not None and new < old
            reset = before.void or (fell and not (bits == 32 and may_have_turned(elapsed, limit)))
            if found is None and elapsed > 0 and reset:
                self.resets += 1
            return None if found is None else found * 8

        return (
            bps(before.reading.in_octets, seen.in_octets),
            bps(before.reading.out_octets, seen.out_octets),
        )

    def _learn(self, name: str, source: str, value: str, at_s: float) -> None:
        known, value = self.facts.get((name, source)), _storable(value)
        if source == "measured" and not value:
            return
        if source == "registered" and not value and known is None:
            return
        row = FactRow(self.id, name, source, value, at_s)
        self.facts[name, source] = row
        stale = known is None or at_s - known.at_s >= FACT_CONFIRMED_EVERY_S
        if known is None or known.value != value or stale:
            self.unsaved_facts[name, source] = row
        else:
            self.facts[name, source] = FactRow(self.id, name, source, value, known.at_s)

    def _ask(self, claim: Claim, at_s: float, message: str) -> None:
        """Put a claim before a person: once, and the last one of its kind if it keeps changing
        while nothing can be saved."""
        value = _storable(claim.value)
        if self._asked.get(claim.kind) == value:
            return
        self._asked[claim.kind] = value
        self.unsaved_inbox[claim.kind] = InboxRow(
            f"{self.registered.tag}:{claim.kind.value}:{value}",
            "identity",
            self.id,
            at_s,
            _storable(message),
        )

    def _count(self, metric: str, value: float, at_s: float) -> None:
        hour = hour_of(at_s)
        bucket = self.buckets.get(metric)
        # An hour that is over is not begun again: its row would be replaced by an emptier one.
        if bucket is None or bucket.hour_s < hour:
            bucket = self.buckets[metric] = Bucket(metric, hour)
        bucket.add(value)
        self.unsaved_buckets[metric, bucket.hour_s] = bucket

    def row(self) -> AssetRow:
        """The asset's own row."""
        return AssetRow(
            self.id,
            self.registered.tag,
            self.registered.commune,
            self.registered.model_dump_json(by_alias=True, exclude_defaults=True),
            self.born_s,
            self.gone_at_s,
            self.booted_at_s,
            self.reboots,
        )

    def fact_views(self) -> tuple[FactView, ...]:
        """Facts for people, by name."""
        return tuple(
            FactView(f.name, f.value, f.source, f.at_s)
            for f in sorted(self.facts.values(), key=lambda f: (f.name, f.source))
            if f.value
        )

    def saved(self) -> None:
        """A store has committed everything."""
        self.unsaved_buckets.clear()
        self.unsaved_facts.clear()
        self.unsaved_interfaces.clear()
        self.equipment.saved()
        self.unsaved_endpoints.clear()
        self.unsaved_inbox.clear()
        self.row_changed = False
        self.reachability.dirty_from_s = None
