"""All that the ledger keeps of one asset in memory, and how one observation changes it.

Takes observations in, gives rows out; knows no other asset, no clock and no database.
"""

from __future__ import annotations

from dataclasses import replace

from config.sections import Asset, Polling, endpoint_id
from inventory.counters import has_restarted
from inventory.identity import disagreement
from inventory.known_equipment import KnownEquipment
from inventory.known_interfaces import KnownInterfaces
from inventory.observation import Claim, InterfaceReading, Observation, Outcome, StorageReading
from inventory.reachability import Patience, Reachability
from inventory.rollups import Bucket, hour_of
from inventory.snapshot import EndpointView, FactView
from inventory.sockets import sockets
from inventory.store.rows import AssetRow, EndpointRow, FactRow, InboxRow, storable

FACT_CONFIRMED_EVERY_S = 3600.0
"""An unchanged fact's date is written again at most this often."""


def hold_s(times: Polling) -> float:
    """How long one look speaks for the time after it: two and a half intervals and one look."""
    return 2.5 * times.interval + times.deadline


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
        self.interfaces = KnownInterfaces()
        self.equipment = KnownEquipment()
        self.buckets: dict[str, Bucket] = {}
        self.unsaved_buckets: dict[tuple[str, float], Bucket] = {}
        self.unsaved_facts: dict[tuple[str, str], FactRow] = {}
        self.unsaved_endpoints: set[str] = set()
        self.unsaved_inbox: dict[str, InboxRow] = {}
        self.row_changed = True
        self._seen_epochs: set[str] = set()
        self._asked: dict[str, str] = {}
        self._sockets: dict[str, int] = {}
        self._fact_views: tuple[FactView, ...] | None = None
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
            storable(seen.message),
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
            self.interfaces.void()
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
        uplink = self.registered.uplink or ""
        if self.interfaces.note(self.id, readings, at_s, mono_s, uplink):
            self._sockets = sockets(readings)
        for name, count in self._sockets.items():
            self._learn(name, "measured", str(count), at_s)
        used = self.interfaces.utilisation() if uplink else None
        if used is not None:
            self._count("uplink_utilisation_ratio", used, at_s)

    def _learn(self, name: str, source: str, value: str, at_s: float) -> None:
        known, value = self.facts.get((name, source)), storable(value)
        if not value and (source == "measured" or known is None):
            return
        fresh_s = at_s - FACT_CONFIRMED_EVERY_S
        if known is not None and known.value == value and known.at_s > fresh_s:
            return
        row = FactRow(self.id, name, source, value, at_s)
        self.facts[name, source] = self.unsaved_facts[name, source] = row
        self._fact_views = None

    def _ask(self, claim: Claim, at_s: float, message: str) -> None:
        """Put a claim before a person: once, and the last one of its kind if it keeps changing
        while nothing can be saved."""
        value = storable(claim.value)
        if self._asked.get(claim.kind) == value:
            return
        self._asked[claim.kind] = value
        self.unsaved_inbox[claim.kind] = InboxRow(
            f"{self.registered.tag}:{claim.kind.value}:{value}",
            "identity",
            self.id,
            at_s,
            storable(message),
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
        if self._fact_views is None:
            self._fact_views = tuple(
                FactView(f.name, f.value, f.source, f.at_s)
                for f in sorted(self.facts.values(), key=lambda f: (f.name, f.source))
                if f.value
            )
        return self._fact_views

    def saved(self) -> None:
        """A store has committed everything."""
        self.unsaved_buckets.clear()
        self.unsaved_facts.clear()
        self.interfaces.unsaved.clear()
        self.equipment.saved()
        self.unsaved_endpoints.clear()
        self.unsaved_inbox.clear()
        self.row_changed = False
        self.reachability.dirty_from_s = None
