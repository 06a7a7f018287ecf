"""How answers and silences become one asset's time line of up, down and unknown.

Fed with what happened and when; keeps the intervals tiling whatever comes: late or equal times,
clock jumps, pauses, restarts. What was answered stays answered: no later loss rewrites it. Knows
nothing of SNMP, of the clock or of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inventory.uptime import Interval, State


@dataclass(frozen=True, slots=True)
class Patience:
    """down_after: failed looks in a row that make certain. hold_s: how long one look speaks for
    the time after it; a longer silence of ours is unknown from that look on."""

    down_after: int
    hold_s: float


@dataclass(slots=True)
class _Watch:
    """What one endpoint has said since somebody last looked without a gap."""

    patience: Patience
    last_s: float | None = None
    failures: int = 0
    first_failure_s: float = 0.0

    @property
    def down(self) -> bool:
        return self.failures >= self.patience.down_after

    def lapsed(self, now_s: float, hold_s: float) -> bool:
        """Whether its last look is more than `hold_s` ago, or there was none."""
        return self.last_s is None or now_s - self.last_s > hold_s

    def forget(self) -> None:
        self.last_s, self.failures = None, 0


class Reachability:
    """One asset's time line.

    An asset is up while any of its endpoints answers, and down once each endpoint that was looked
    at has failed `down_after` times in a row: from the first failed look after the last answer on.
    An answer of a slow endpoint speaks against a fast one that fell silent after it for no longer
    than a look of the fast one holds; else a daily check would hide an outage for a day.

    Times that run backwards are taken as the latest time already seen, so no interval is ever
    negative. A time line that comes from a store needs an `interrupt` before the first look.
    """

    def __init__(
        self, born_s: float, patience: Mapping[str, Patience], timeline: Iterable[Interval] = ()
    ) -> None:
        self.timeline: list[Interval] = list(timeline) or [Interval(State.UNKNOWN, born_s)]
        self._watches = {name: _Watch(p) for name, p in patience.items()}
        self._latest_s = self.timeline[-1].start_s
        self._looked_s = self._latest_s
        self._silent_since_s: float | None = None
        self.dirty_from_s: float | None = None if timeline else born_s

    @property
    def current(self) -> Interval:
        """The open interval."""
        return self.timeline[-1]

    def failures(self, endpoint: str) -> int:
        """Failed looks in a row of one endpoint."""
        return self._watches[endpoint].failures

    def watch(self, patience: Mapping[str, Patience]) -> None:
        """Take over a changed set of endpoints; those that stay keep what they have said."""
        kept = self._watches
        self._watches = {}
        for name, wanted in patience.items():
            watch = kept.get(name) or _Watch(wanted)
            watch.patience = wanted
            self._watches[name] = watch

    def rename(self, names: Mapping[str, str]) -> None:
        """Endpoints are called otherwise; what they have said stands."""
        self._watches = {names.get(name, name): watch for name, watch in self._watches.items()}

    def observe(self, endpoint: str, at_s: float, answered: bool, behind: str | None) -> None:
        """One look at one endpoint ended at `at_s`. Raises KeyError for an unknown endpoint."""
        watch = self._watches[endpoint]
        at_s = max(at_s, self._latest_s)
        self.tick(at_s)
        self._latest_s = at_s
        watch.last_s = self._looked_s = at_s
        if answered:
            watch.failures, self._silent_since_s = 0, None
            self._enter(State.UP, at_s, None)
            return
        if watch.failures == 0:
            watch.first_failure_s = at_s
        watch.failures += 1
        if self._silent_since_s is None:
            self._silent_since_s = at_s
        if self._is_down(at_s, self._silent_since_s):
            self._enter(State.DOWN, self._silent_since_s, behind)

    def _is_down(self, now_s: float, silent_since_s: float) -> bool:
        watched = [w for w in self._watches.values() if w.last_s is not None]
        if all(w.down for w in watched):
            return True
        return any(
            all(o.down or o.lapsed(now_s, w.patience.hold_s) for o in watched if o is not w)
            for w in watched
            # One that was silent while others answered proves nothing by its silence.
            if w.down and w.first_failure_s >= silent_since_s
        )

    def tick(self, now_s: float) -> None:
        """Time has passed: whoever was not looked at for longer than a look holds is unknown."""
        now_s = max(now_s, self._latest_s)
        for watch in self._watches.values():
            if watch.lapsed(now_s, watch.patience.hold_s):
                watch.forget()
        if all(w.last_s is None for w in self._watches.values()):
            self._silent_since_s = None
            self._enter(State.UNKNOWN, self._looked_s, None)

    def interrupt(self, since_s: float) -> None:
        """Nobody was looking since `since_s`: a stop, a crash, an endpoint taken out."""
        for watch in self._watches.values():
            watch.forget()
        self._silent_since_s = None
        self._enter(State.UNKNOWN, since_s, None)
        self._latest_s = max(self._latest_s, since_s)

    def forget_before(self, limit_s: float) -> None:
        """Drop closed and saved intervals that ended before `limit_s` from memory."""
        keep = 0
        while keep < len(self.timeline) - 1:
            interval = self.timeline[keep]
            unsaved = self.dirty_from_s is not None and interval.start_s >= self.dirty_from_s
            if unsaved or interval.end_s is None or interval.end_s > limit_s:
                break
            keep += 1
        del self.timeline[:keep]

    def unsaved(self) -> list[Interval]:
        """Intervals that a store does not have yet; they replace all it has from the first on."""
        if self.dirty_from_s is None:
            return []
        return [i for i in self.timeline if i.start_s >= self.dirty_from_s]

    def _enter(self, state: State, at_s: float, behind: str | None) -> None:
        current = self.timeline[-1]
        if current.state is state:
            return
        at_s = max(at_s, current.start_s)
        self._touch(current.start_s)
        if at_s > current.start_s:
            self.timeline[-1] = Interval(current.state, current.start_s, at_s, current.behind)
        else:
            # Nothing of the current interval is left: two of the same state must not stand
            # side by side, so the one before it may be the one that goes on.
            self.timeline.pop()
            if self.timeline and self.timeline[-1].state is state:
                before = self.timeline.pop()
                self._touch(before.start_s)
                self.timeline.append(Interval(state, before.start_s, None, before.behind))
                return
        self._touch(at_s)
        self.timeline.append(Interval(state, at_s, None, behind))

    def _touch(self, start_s: float) -> None:
        self.dirty_from_s = (
            start_s if self.dirty_from_s is None else min(self.dirty_from_s, start_s)
        )
