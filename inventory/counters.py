"""Rates from raw counters, and restarts from uptimes: right, or absent, never a spike.

Pure arithmetic. RFC 2578 §7.1.6: a counter has no meaning by itself, only its difference, and a
discontinuity (a restart) voids even that.
"""

from __future__ import annotations

_CLOCK_SLACK = 0.02
_MIN_SLACK_S = 10.0


def rate(
    before: int | None,
    after: int | None,
    elapsed_s: float,
    *,
    bits: int = 64,
    restarted: bool = False,
    limit: float | None = None,
) -> float | None:
    """Events a second between two readings, or None where no honest figure exists.

    >>> rate(100, 400, 10.0)
    30.0
    >>> rate(2**32 - 100, 200, 10.0, bits=32, limit=1e6)
    30.0

    A 64-bit counter that fell was reset; a 32-bit one that fell wrapped, unless the rate would
    then exceed `limit` (the link's speed) or no limit is known: that is taken for a reset. A rate
    above the limit is no rate: the counter jumped. Where a full link could have turned a 32-bit
    counter round once or more in `elapsed_s` (a gigabit: 34 s), the difference fits several rates
    and none is given; that is why RFC 2863 §3.1.6 asks for 64 bits above 20 Mbit/s.
    """
    if before is None or after is None or elapsed_s <= 0 or restarted:
        return None
    if bits == 32 and may_have_turned(elapsed_s, limit):
        return None
    delta = after - before
    if delta < 0:
        if bits != 32 or before >= 2**32 or limit is None:
            return None
        delta += 2**32
    value = delta / elapsed_s
    if limit is not None and value > limit * 1.05:
        return None
    return value


def may_have_turned(elapsed_s: float, limit: float | None) -> bool:
    """Whether a link at its `limit` turns a 32-bit counter round in `elapsed_s`; without a limit
    nobody knows, and the difference is taken as it is."""
    return limit is not None and limit * elapsed_s >= 2**32


def has_restarted(before_s: float, after_s: float, elapsed_s: float, wrap_s: float | None) -> bool:
    """Whether a device restarted between two readings of its uptime, all in seconds.

    >>> has_restarted(1000.0, 1060.0, 60.0, None)
    False
    >>> has_restarted(1000.0, 5.0, 60.0, None)
    True
    >>> has_restarted(42949670.0, 2.7, 5.7, 2**32 / 100)  # sysUpTime after 497 days
    False

    `wrap_s`: where the reading starts again at zero (2^32 hundredths for TimeTicks, RFC 2578).
    """
    expected = before_s + elapsed_s
    slack = max(_MIN_SLACK_S, elapsed_s * _CLOCK_SLACK)
    if after_s >= expected - slack:
        return False
    return not (
        wrap_s is not None and abs(after_s - expected % wrap_s) <= slack and expected >= wrap_s
    )
