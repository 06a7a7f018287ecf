"""What we know, in memory: the register, every asset's record, and the snapshot for readers.

The ledger is the truth between two commits. It takes observations, keeps time lines tiling, and
says what a store does not have yet; a store that is full or busy costs it nothing but memory for
what changed. One thread (the recorder's) changes it; readers use the snapshot.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from config.profile import Profile
from config.sections import Commune, Settings, endpoint_id
from inventory.asset_record import AssetRecord
from inventory.judgement import Judge
from inventory.metrics import Instruments
from inventory.observation import Observation
from inventory.readiness.result import Evaluation
from inventory.saved import Left, Saved
from inventory.snapshot import AssetView, CommuneView, Snapshot
from inventory.store.rows import Batch, ProfileRow, TrapRow
from inventory.trap import Trap
from inventory.units import Unit
from inventory.uptime import Interval, State

MEMORY_S = 31 * 86400.0
"""Time lines are kept in memory for the longest window of the metrics."""

JUDGE_EVERY_S = 30.0

MOST_UNSAVED_TRAPS = 5000
"""Traps held while the store cannot be written; the oldest go first."""

UNSAVED_MAX = 1000
"""Evaluations, and steps of the clock, that wait for a store that fails; the oldest go first."""


class Ledger:
    """See the module. Times are seconds since 1970."""

    def __init__(
        self,
        settings: Settings,
        communes: Mapping[str, Unit],
        saved: Saved,
        now_s: float,
        instruments: Instruments,
    ) -> None:
        self.snapshot = Snapshot()
        self._instruments = instruments
        self._records: dict[str, AssetRecord] = {}
        self._owner: dict[str, AssetRecord] = {}
        self._next_id = 1 + max((a.id for a in saved.assets), default=0)
        self._former: dict[str, AssetRecord] = {}
        self._unsaved: dict[int, AssetRecord] = {}
        self._left: list[Left] = []
        self._evaluations: deque[Evaluation] = deque(maxlen=UNSAVED_MAX)
        self._profiles: dict[str, ProfileRow] = {}
        self._profiles_kept: set[str] = set()
        self._groups = ""
        self._clock_steps: deque[tuple[float, float]] = deque(maxlen=UNSAVED_MAX)
        self._traps: deque[TrapRow] = deque(maxlen=MOST_UNSAVED_TRAPS)
        self._touched: set[str] = set()
        self._judged_at_s = 0.0
        self._now_s = now_s
        self._saved = saved
        self._settings: Settings | None = None
        self._units: Mapping[str, Unit] = {}
        self._judge = Judge({}, {})
        self._in_file: dict[str, Commune] = {}
        self.register(settings, communes, now_s)
        self._left = saved.left(now_s)
        for commune, evaluation in saved.evaluations.items():
            self._show_evaluation(commune, evaluation)

    def register(self, settings: Settings, communes: Mapping[str, Unit], now_s: float) -> None:
        """Take over a register: new assets begin, those that left it are gone.

        Assets that are the same objects as before cost next to nothing, so that one change among
        50,000 holds up nobody.
        A `now_s` before the last tick (a clock that was set back) counts as that tick.
        """
        now_s = max(now_s, self._now_s)
        before, judged_before = self._settings, self._judge
        self._settings, self._units = settings, communes
        self._judge = Judge.of(settings)
        # The rules that judge all assets alike: where they change, everything is looked at again.
        alike = before is not None and (before.polling, before.maintenance) == (
            settings.polling,
            settings.maintenance,
        )
        changed: set[str] = set()
        wanted = {asset.tag: asset for asset in settings.assets}
        for tag in self._records.keys() - wanted.keys():
            gone = self._records.pop(tag)
            gone.go(now_s)
            self._former[tag] = gone
            self._note(gone)
            self.snapshot.assets.pop(tag, None)
        for tag, asset in wanted.items():
            record = self._records.get(tag)
            if alike and record is not None and record.registered is asset:
                continue  # what did not change is the same object still
            changed.add(tag)
            times = {endpoint_id(tag, e): settings.watch(e) for e in asset.endpoints}
            known = (
                record or self._former.pop(tag, None) or self._saved.take(tag, asset, times, now_s)
            )
            if known is None:
                self._records[tag] = AssetRecord(self._next_id, asset, times, now_s)
                self._next_id += 1
                self._note(self._records[tag])
                continue
            known.row_changed = known.row_changed or known.gone_at_s is not None
            known.gone_at_s = None
            known.register(asset, times, now_s)
            self._records[tag] = known
            self._note(known)
        self._owner = {
            name: record for record in self._records.values() for name in record.endpoint_views
        }
        for commune in settings.communes:
            view = self.snapshot.communes.get(commune.code)
            is_same = view is not None and self._in_file.get(commune.code) == commune
            self._in_file[commune.code] = commune
            self.snapshot.communes[commune.code] = CommuneView(
                communes[commune.code],
                view.declared if view is not None and is_same else commune,
                view.evaluation if view else None,
            )
        for code in set(self.snapshot.communes) - {c.code for c in settings.communes}:
            del self.snapshot.communes[code]
        if not alike:
            self._touched.update(self._records)
            self.judge(now_s)
            return
        changed |= self._judge.differing(judged_before) & self._records.keys()
        below = {tag for above in changed for tag in self._judge.below.get(above, ())}
        self._show(changed | below | self._touched, now_s, windows=True)

    def rename(self, names: Mapping[str, str]) -> None:
        """Assets have other tags from now on and keep all that is known of them; names: old ->
        new. What had a new tag before is gone, and no tag leads to it any more."""
        moved = {
            new: record
            for old, new in names.items()
            if (record := self._records.pop(old, None) or self._former.pop(old, None))
        }
        for new in names.values():
            for place in (self._records, self._former):
                record = place.pop(new, None)
                if record is not None:
                    record.leave(self._now_s)
                    self._former[record.registered.tag] = record
                    self._note(record)
        self._saved.rename(names)
        for old in names:
            self.snapshot.assets.pop(old, None)
        for new, record in moved.items():
            record.rename(new)
            self._note(record)
            place = self._records if record.gone_at_s is None else self._former
            place[new] = record
            self._touched.add(new)
        self._owner = {
            name: record for record in self._records.values() for name in record.endpoint_views
        }

    def begin(self, now_s: float) -> None:
        """The date is known only now: what is new begins here, not at the one assumed until then.

        To be called before anything is applied or saved.
        """
        on_file = {row.id for row in self._saved.assets}
        for tag in [tag for tag, record in self._records.items() if record.id not in on_file]:
            self._unsaved.pop(self._records.pop(tag).id, None)
        assert self._settings is not None
        self.register(self._settings, self._units, now_s)

    def apply(self, seen: Observation, at_s: float) -> None:
        """Take in one observation, dated `at_s`; one that was applied before changes nothing."""
        record = self._owner.get(seen.endpoint)
        if record is None:
            return
        if record.is_duplicate(seen):
            self._instruments.observations_duplicate.inc()
            return
        resets = record.interfaces.resets
        record.apply(seen, at_s, self._judge.upstream(record.registered.tag))
        self._instruments.counter_resets.inc(record.interfaces.resets - resets)
        self._touched.add(record.registered.tag)
        self._note(record)

    def tick(self, now_s: float) -> None:
        """Time has passed: expire what nobody looked at, refresh what readers see."""
        self._now_s = now_s
        for tag, record in self._records.items():
            before = record.reachability.current
            record.reachability.tick(now_s)
            if record.reachability.current is not before:
                self._touched.add(tag)
                self._note(record)
        if now_s - self._judged_at_s >= JUDGE_EVERY_S:
            self.judge(now_s)
            return
        touched = set(self._touched)
        for tag in self._touched:
            touched.update(self._judge.below.get(tag, ()))
        self._show(touched, now_s)

    def judge(self, now_s: float) -> None:
        """Refresh every asset's view, availability included."""
        self._judged_at_s = now_s
        for record in self._records.values():
            record.reachability.forget_before(now_s - MEMORY_S)
        self._show(self._records, now_s, windows=True)

    def note_clock_step(self, at_s: float, by_s: float) -> None:
        """The wall clock jumped."""
        self._clock_steps.append((at_s, by_s))

    def note_trap(self, trap: Trap) -> None:
        """A trap, to be kept; it changes nothing of what is known of its asset."""
        record = self._records.get(trap.asset)
        if record is None:
            return
        if len(self._traps) == MOST_UNSAVED_TRAPS:
            self._instruments.snmp_traps_rejected.labels("not_kept").inc()
        self._traps.append(
            TrapRow(
                record.id,
                trap.at_s,
                trap.kind,
                trap.oid,
                trap.version,
                trap.sender,
                trap.uptime_s,
                trap.bindings,
            )
        )

    def note_evaluations(
        self,
        evaluations: Iterable[Evaluation],
        profiles: Iterable[Profile] = (),
        groups: str = "",
        declared: Mapping[str, Commune] | None = None,
    ) -> None:
        """New results of readiness, to be shown and kept, with the profiles that they were judged
        by and the groups of communes as JSON.

        declared: code -> the commune with the figures that count now, to be shown beside them.
        """
        self._profiles |= {
            p.digest: ProfileRow(p.digest, p.id, p.version, p.body())
            for p in profiles
            if p.digest not in self._profiles_kept
        }
        self._groups = groups or self._groups
        for evaluation in evaluations:
            self._evaluations.append(evaluation)
            self._show_evaluation(
                evaluation.commune, evaluation, (declared or {}).get(evaluation.commune)
            )

    def batch(self, now_s: float) -> Batch:
        """Everything that a store does not have yet; `saved` once it has."""
        batch = Batch(
            now_s,
            profiles=list(self._profiles.values()),
            groups=self._groups,
            evaluations=list(self._evaluations),
            traps=list(self._traps),
            clock_steps=list(self._clock_steps),
        )
        for left in self._left:
            batch.assets.append(left.row)
            batch.timelines[left.row.id] = left.timeline
        for record in self._unsaved.values():
            if record.row_changed:
                batch.assets.append(record.row())
            if record.unsaved_endpoints:
                batch.endpoints.extend(record.endpoints[e] for e in record.unsaved_endpoints)
            batch.facts.extend(record.unsaved_facts.values())
            batch.interfaces.extend(record.interfaces.unsaved.values())
            batch.equipment.extend(record.equipment.unsaved(record.id))
            batch.rollups.extend((record.id, b) for b in record.unsaved_buckets.values())
            batch.inbox.extend(record.unsaved_inbox.values())
            if timeline := record.reachability.unsaved():
                batch.timelines[record.id] = timeline
        return batch

    def saved(self) -> None:
        """A store has committed the last batch."""
        for record in self._unsaved.values():
            record.saved()
        self._unsaved.clear()
        self._left.clear()
        self._profiles_kept.update(self._profiles)
        self._profiles.clear()
        self._groups = ""
        self._evaluations.clear()
        self._traps.clear()
        self._clock_steps.clear()

    def interrupt(self, now_s: float) -> None:
        """We stop looking: every open interval ends here and the rest is unknown."""
        for record in self._records.values():
            record.reachability.interrupt(now_s)
            self._note(record)

    def timelines(self) -> dict[str, list[Interval]]:
        """Tag -> its time line as far back as memory goes."""
        return {tag: r.reachability.timeline for tag, r in self._records.items()}

    def _note(self, record: AssetRecord) -> None:
        """It may have something that a store does not have yet."""
        self._unsaved[record.id] = record

    def _show_evaluation(
        self, commune: str, evaluation: Evaluation, declared: Commune | None = None
    ) -> None:
        known = self.snapshot.communes.get(commune)
        if known is not None:
            self.snapshot.communes[commune] = CommuneView(
                known.unit, declared or known.declared, evaluation
            )

    def _show(self, tags: Iterable[str], now_s: float, *, windows: bool = False) -> None:
        timelines: dict[str, list[Interval]] = {}
        for tag in tags:
            record = self._records.get(tag)
            if record is None:
                continue
            known = self.snapshot.assets.get(tag)
            open_ = record.reachability.current
            state, since = open_.state, open_.start_s
            if state is State.DOWN or windows:
                timelines = timelines or self.timelines()
                judged = self._judge.judged(tag, timelines, now_s)
                if judged:
                    state, since = judged[-1].state, judged[-1].start_s
                availability = self._judge.windows(judged, now_s)
            else:
                availability = dict(known.availability) if known else {}
            self.snapshot.assets[tag] = AssetView(
                record.id,
                record.registered,
                state,
                since,
                self._judge.upstream(tag),
                tuple(record.endpoint_views.values()),
                record.fact_views(),
                record.interfaces.views,
                record.storages,
                record.equipment.now,
                record.cpu_ratio,
                record.booted_at_s,
                record.reboots,
                availability,
            )
        self._touched.clear()
