"""Whether the wall clock can be believed, and what a moment of the monotonic clock was called.

A machine without a working battery starts in 1970; an operator sets the clock by an hour. History
must not be bent by either, so times before the last heartbeat on record are not believed: what is
seen then is held, and gets its date from the monotonic clock once the wall clock makes sense.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.clock import Clock

STEP_S = 1.0
"""A difference between wall and monotonic progress that is a jump and not a correction by NTP."""

TOLERANCE_S = 5.0
"""How far the wall clock may lie behind the last heartbeat and still be believed."""


@dataclass(frozen=True, slots=True)
class ClockStep:
    """The wall clock jumped by `by_s` seconds; `at_s` is what it says now."""

    at_s: float
    by_s: float


class Timeline:
    """The wall clock, watched. `floor_s` is the latest moment already on record."""

    def __init__(self, clock: Clock, floor_s: float) -> None:
        self._clock = clock
        self.floor_s = floor_s
        self._offset_s = clock.wall() - clock.monotonic()

    def check(self) -> ClockStep | None:
        """Compare the clocks; to be called every second or so."""
        wall, offset = self._clock.wall(), self._clock.wall() - self._clock.monotonic()
        by_s = offset - self._offset_s
        self._offset_s = offset
        if self.trusted:
            self.floor_s = max(self.floor_s, wall)
        return ClockStep(wall, by_s) if abs(by_s) > STEP_S else None

    @property
    def trusted(self) -> bool:
        """Whether the wall clock is not behind what is already on record."""
        return self._clock.wall() >= self.floor_s - TOLERANCE_S

    def now(self) -> float:
        """The wall time, never before the floor."""
        return max(self._clock.wall(), self.floor_s)

    def date_of(self, monotonic_s: float) -> float:
        """What the wall clock, as it is now, called a past moment of the monotonic clock."""
        return self._clock.wall() - (self._clock.monotonic() - monotonic_s)
