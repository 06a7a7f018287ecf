"""How many devices a second may be asked for all that there is to know of them.

A first look at a switch costs seven usual ones. Of a few hundred devices all are asked at their
first look; ten thousand that start together take their turns over a quarter of an hour, and what
is asked every minute goes on meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

PER_S = 10.0
"""A fifth of one core, with our own engine and a switch of 28 ports."""
BURST = 500.0
"""Devices that are asked without waiting for a turn."""


@dataclass(slots=True)
class Pace:
    """A bucket of turns that fills by `per_s` up to `burst`."""

    per_s: float = PER_S
    burst: float = BURST
    _turns: float = BURST
    _at_s: float = 0.0

    def take(self, now_s: float) -> bool:
        """Whether there is a turn now, which is gone then; now_s: on any steady clock."""
        self._turns = min(self.burst, self._turns + max(0.0, now_s - self._at_s) * self.per_s)
        self._at_s = now_s
        if self._turns < 1.0:
            return False
        self._turns -= 1.0
        return True


OF_THIS_PROCESS = Pace()
"""Shared by all devices, since they share one core."""
