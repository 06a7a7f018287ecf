"""The two clocks of a daemon, passed in wherever time is needed so that tests bring their own."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Wall time may jump; monotonic time never does and says nothing of the date."""

    def wall(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment of this process's machine."""
        ...


class SystemClock:
    """The machine's clocks."""

    def wall(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since some fixed moment of this machine."""
        return time.monotonic()
