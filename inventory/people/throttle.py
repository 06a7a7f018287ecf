"""Back-off for failed logins, for an account and an address together.

Somebody who fails from one address is slowed down there; the right person at another address is
not, so nobody can be locked out by a stranger. Held in memory: a restart forgets it.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict

FREE = 5
"""Failures before the first wait: people mistype."""
LONGEST_S = 300.0
FORGOTTEN_S = 3600.0
_MOST = 20_000


class Throttle:
    """See the module. For threads."""

    def __init__(self) -> None:
        self._failed: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str, address: str, now_s: float) -> float:
        """How long to wait still, seconds; 0 lets the attempt happen and counts it as failed, so
        that attempts at the same time cannot slip through. now_s: of a clock that never jumps."""
        key = (name, network_of(address))
        with self._lock:
            count, last_s = self._failed.get(key, (0, now_s))
            if now_s - last_s > FORGOTTEN_S:
                count = 0
            wait_s = last_s + _pause(count) - now_s
            if count >= FREE and wait_s > 0:
                return wait_s
            self._failed[key] = (count + 1, now_s)
            self._failed.move_to_end(key)
            if len(self._failed) > _MOST:
                self._failed.popitem(last=False)
            return 0.0

    def succeeded(self, name: str, address: str) -> None:
        """The right password was given."""
        with self._lock:
            self._failed.pop((name, network_of(address)), None)


class Rate:
    """Lets through so many a minute for each address, so that nobody can fill the log."""

    def __init__(self, a_minute: int) -> None:
        self._most = a_minute
        self._counts: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def lets(self, address: str, now_s: float) -> bool:
        """Whether one more goes through."""
        key = network_of(address)
        with self._lock:
            count, since_s = self._counts.get(key, (0, now_s))
            if now_s - since_s >= 60.0:
                count, since_s = 0, now_s
            self._counts[key] = (count + 1, since_s)
            self._counts.move_to_end(key)
            if len(self._counts) > _MOST:
                self._counts.popitem(last=False)
            return count < self._most


class Used:
    """Lets each of something through once; remembers it for `kept_s`. For threads."""

    def __init__(self, kept_s: float) -> None:
        self._kept_s = kept_s
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str, now_s: float) -> bool:
        """Whether it has not been taken before. now_s: of a clock that never jumps."""
        with self._lock:
            while self._seen and (
                len(self._seen) >= _MOST or next(iter(self._seen.values())) < now_s - self._kept_s
            ):
                self._seen.popitem(last=False)
            if key in self._seen:
                return False
            self._seen[key] = now_s
            return True


def network_of(address: str) -> str:
    """Whom an address stands for: itself, of IPv6 its /64, which one household has.

    >>> network_of("10.0.0.7"), network_of("2001:db8::1:2")
    ('10.0.0.7', '2001:db8::/64')
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed.packed, 64), strict=False))
    return str(parsed)


def _pause(count: int) -> float:
    return 0.0 if count < FREE else min(2.0 ** min(count - FREE, 20), LONGEST_S)
