"""The time on record: the wall clock where it can be believed, and never backwards.

A machine without a working battery starts in 1970; an operator sets the clock by an hour. History
must not be bent by either, and must not stand still while a clock is wrong:

- A date from before this software cannot be right. Until the clock has once been right, what is
  seen is to be held (`trusted`) and dated later; after that, the monotonic clock carries on.
- A clock set back by up to a day was ahead before. Time on record goes on at half its pace until
  the clock has caught up, so that no interval is negative and none is missed.
- A clock set back further leaves time on record ahead, at its full pace. `problem` says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.clock import Clock

STEP_S = 1.0
"""A difference between wall and monotonic progress that is a jump and not a correction by NTP."""

TOLERANCE_S = 5.0
"""How far the wall clock may lie behind the time on record without a word."""

EARLIEST_S = 1_704_067_200.0
"""2024-01-01 UTC: a wall clock before it is wrong, since this software did not exist."""

SLOW_WITHIN_S = 86_400.0
"""How far back a clock may be set for time on record to wait for it, at half its pace."""


@dataclass(frozen=True, slots=True)
class ClockStep:
    """The wall clock jumped by `by_s` seconds; `at_s` is what it says now."""

    at_s: float
    by_s: float


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What a moment of the monotonic clock is called on record, and how fast time goes from it."""

    monotonic_s: float
    at_s: float
    pace: float

    def date_of(self, monotonic_s: float) -> float:
        since = monotonic_s - self.monotonic_s
        return self.at_s + since * (self.pace if since > 0 else 1.0)


class Timeline:
    """See the module. One thread calls `check`; any may ask for the time.

    floor_s: the latest moment already on record, 0 for none.
    """

    def __init__(self, clock: Clock, floor_s: float) -> None:
        self._clock = clock
        self.trusted = False
        """Whether anything can be dated; once true it stays so."""
        wall, monotonic = clock.wall(), clock.monotonic()
        self._offset_s = wall - monotonic
        self._anchor = _Anchor(monotonic, max(floor_s, EARLIEST_S), 0.0)
        self._follow(wall, monotonic)

    def check(self) -> ClockStep | None:
        """Compare the clocks; to be called every second or so."""
        wall, monotonic = self._clock.wall(), self._clock.monotonic()
        by_s = wall - monotonic - self._offset_s
        self._offset_s = wall - monotonic
        self._follow(wall, monotonic)
        return ClockStep(wall, by_s) if abs(by_s) > STEP_S else None

    def now(self) -> float:
        """The time on record, seconds since 1970; never falls."""
        return self.date_of(self._clock.monotonic())

    def date_of(self, monotonic_s: float) -> float:
        """What a moment of the monotonic clock is called on record."""
        return self._anchor.date_of(monotonic_s)

    def problem(self) -> str:
        """What is wrong with the clock, for a person; '' where nothing is."""
        wall, behind_s = self._clock.wall(), self.now() - self._clock.wall()
        if wall < EARLIEST_S:
            return (
                "this machine's clock is wrong: it shows a date before Hatang existed. Set it; "
                + ("time is measured without it" if self.trusted else "until then nothing is dated")
            )
        if behind_s <= TOLERANCE_S:
            return ""
        if behind_s <= SLOW_WITHIN_S:
            return (
                f"this machine's clock lies {behind_s:.0f} s behind the time on record, which goes "
                "on at half its pace until the clock has caught up"
            )
        return (
            f"this machine's clock lies {behind_s / 86400:.1f} days behind the time on record. If "
            "it is wrong, set it; if it was wrong before, restore a backup from before that"
        )

    def _follow(self, wall: float, monotonic: float) -> None:
        """A new anchor at this moment: on the wall clock, or where time on record has come to."""
        reached_s = self._anchor.date_of(monotonic)
        behind_s = reached_s - wall
        if wall < EARLIEST_S:
            pace = 1.0 if self.trusted else 0.0
        else:
            self.trusted = True
            pace = 0.5 if 0.0 < behind_s <= SLOW_WITHIN_S else 1.0
        self._anchor = _Anchor(monotonic, max(wall, reached_s), pace)
