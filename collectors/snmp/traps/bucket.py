"""A token bucket: how much of something may come, however fast it comes. Two numbers of memory."""

from __future__ import annotations

from collections.abc import Callable


class Bucket:
    """Holds up to `limit` tokens and gets as many a minute; full at first."""

    __slots__ = ("_at_s", "_monotonic", "_tokens", "limit")

    def __init__(self, limit: int, monotonic: Callable[[], float]) -> None:
        self.limit = limit
        self._tokens = float(limit)
        self._monotonic = monotonic
        self._at_s = monotonic()

    def take(self) -> bool:
        """Take one token; False when there is none."""
        now_s = self._monotonic()
        refilled = self._tokens + (now_s - self._at_s) * self.limit / 60.0
        self._tokens, self._at_s = min(float(self.limit), refilled), now_s
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
