"""Slots on the monotonic clock, in the shape that APScheduler 3 wants.

APScheduler asks `datetime.now(its time zone)` and sleeps the difference to the next run, so a
wall clock that is set would fire jobs early, late or in a burst. `datetime.now(tz)` is defined as
`tz.fromutc(utc)`; MonotonicZone answers that with the monotonic clock, written as a date counted
from 1970, and the scheduler never learns what time it is. (Read in 3.11.3: now() is called only
with the scheduler's zone; its IntervalTrigger calls fromtimestamp(), which ends in fromutc() too,
hence the trigger of our own.) Nothing here may ask the wall clock or the machine's time zone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

from apscheduler.triggers.base import BaseTrigger  # type: ignore[import-untyped]


class MonotonicZone(dt.tzinfo):
    """A time zone in which it is always the monotonic clock's time."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic

    def fromutc(self, moment: dt.datetime) -> dt.datetime:
        """The present of the monotonic clock, whatever `moment` says."""
        return self.at(self._monotonic())

    def at(self, monotonic_s: float) -> dt.datetime:
        """A moment of the monotonic clock as a date, to the microsecond."""
        return dt.datetime(1970, 1, 1, tzinfo=self) + dt.timedelta(seconds=monotonic_s)

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta:
        """Always zero."""
        return dt.timedelta(0)

    def dst(self, moment: dt.datetime | None) -> dt.timedelta:
        """Always zero: a slot is never skipped or doubled by a change of the clocks."""
        return dt.timedelta(0)

    def tzname(self, moment: dt.datetime | None) -> str:
        """For log lines."""
        return "monotonic"


class Slots(BaseTrigger):  # type: ignore[misc]
    """Fires at first, first + step, first + 2 * step ... and stays on that grid for ever.

    After a pause it gives the first missed slot and then the latest one, however many there were,
    so that coalescing costs nothing; how many were missed is told by `number`.
    """

    __slots__ = ("first", "step")

    def __init__(self, first: dt.datetime, step_s: float) -> None:
        self.first = first
        self.step = dt.timedelta(seconds=step_s)

    def get_next_fire_time(
        self, previous_fire_time: dt.datetime | None, now: dt.datetime
    ) -> dt.datetime:
        """The slot after the previous one, or the latest that is due; see APScheduler."""
        if previous_fire_time is None:
            return self.first
        latest = self.first + (now - self.first) // self.step * self.step
        return max(previous_fire_time + self.step, latest)

    def number(self, moment: dt.datetime) -> int:
        """Which slot a fire time is, 0 for the first."""
        return (moment - self.first) // self.step

    def seconds(self, number: int) -> float:
        """When a slot is, on the monotonic clock."""
        start = dt.datetime(1970, 1, 1, tzinfo=self.first.tzinfo)
        return (self.first + number * self.step - start).total_seconds()


def phase_s(name: str, interval_s: float) -> float:
    """Where in its interval something has its slots: spread evenly over many names, and the same
    for one name on every machine and after every start."""
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 * interval_s
