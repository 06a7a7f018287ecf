"""When a packet counts as lost, what waits for that moment, and how many may be on their way."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

_TICK_S = 0.005
_COARSE_TICKS, _COARSE_S = 10, 0.2
"""Longer waits end together every 50 ms, so that they do not wake the loop one by one."""
_LEAST_WAIT_S = 0.25
"""RFC 6298 wants a second, for networks where a packet too many does harm; devices that answer
slowly once in a while are met by this."""
MOST_UNDER_WAY = 512
"""Requests of all sessions of a loop that have neither an answer nor a first timeout."""


class RoundTrips:
    """How long one device takes to answer (RFC 6298 §2).

    Karn's rule holds by itself: every sending has a number of its own, so that each measured time
    is that of one packet.
    """

    __slots__ = ("_smooth_s", "_variation_s")

    def __init__(self) -> None:
        self._smooth_s: float | None = None
        self._variation_s = 0.0

    def measured(self, trip_s: float) -> None:
        """Take one more round trip in."""
        if self._smooth_s is None:
            self._smooth_s, self._variation_s = trip_s, trip_s / 2
            return
        self._variation_s += (abs(self._smooth_s - trip_s) - self._variation_s) / 4
        self._smooth_s += (trip_s - self._smooth_s) / 8

    def timeout_s(self, most_s: float) -> float:
        """How long an answer is waited for before the question is asked again; `most_s` at most,
        and while nothing was measured."""
        if self._smooth_s is None:
            return most_s
        return min(most_s, max(_LEAST_WAIT_S, self._smooth_s + 4 * self._variation_s))


class Waiter(Protocol):
    """What a Wheel wakes. `due` must not raise, and finds out itself whether it still matters."""

    def due(self, now_s: float) -> None:
        """The time has come."""
        ...


class Wheel:
    """Timeouts by the thousand, nearly none of which ever comes: an entry is one append to a list,
    and the event loop has one timer for all."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._slots: dict[int, list[Waiter]] = {}
        self._next = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, due_s: float, wait_s: float, waiter: Waiter) -> None:
        """Wake the waiter at due_s of the loop's clock, which is wait_s from now: up to 5 ms
        later, or up to 50 ms where that is a quarter of the wait at most."""
        slot = int(due_s / _TICK_S) + 1
        if wait_s >= _COARSE_S:
            slot += -slot % _COARSE_TICKS
        waiting = self._slots.get(slot)
        if waiting is not None:
            waiting.append(waiter)
            return
        self._slots[slot] = [waiter]
        if self._timer is None or slot < self._next:
            self._arm(slot)

    def close(self) -> None:
        """Wake nobody any more."""
        self._slots.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self, slot: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._next = slot
        self._timer = self._loop.call_at(slot * _TICK_S, self._turn)

    def _turn(self) -> None:
        self._timer = None
        now_s = self._loop.time()
        reached = max(self._next, int(now_s / _TICK_S))  # the quotient may lack its last bit
        for slot in sorted(slot for slot in self._slots if slot <= reached):
            for waiter in self._slots.pop(slot, ()):
                waiter.due(now_s)
        if self._slots and self._timer is None:
            self._arm(min(self._slots))


class Window:
    """Lets so many through at a time, the others in the order of their coming.

    Each session has one request under way, so that this order is fair between devices.
    """

    def __init__(self, most: int = MOST_UNDER_WAY) -> None:
        self._free = most
        self._waiting: deque[asyncio.Future[None]] = deque()

    def has_place(self) -> bool:
        """Take a place that is free; `leave` gives it back."""
        if self._free > 0:
            self._free -= 1
            return True
        return False

    async def enter(self) -> None:
        """The same, after waiting for one."""
        if self.has_place():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give a place back."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
