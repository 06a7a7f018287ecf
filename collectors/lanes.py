"""Room for looks that run at once, in two lanes, so that the dead never keep the living waiting.

The fast lane takes endpoints that answered when they were last asked, the slow lane those that
did not. A look of the fast lane that outstays its patience moves over to the slow lane as soon as
there is room, so one mass outage cannot fill the fast lane with looks that wait for a deadline.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class _Place:
    """One look's room: the lane that has it back at the end."""

    lane: asyncio.Semaphore
    mover: asyncio.Task[None] | None = None


class Lanes:
    """At most `limit` looks at once, half of them in each lane; never less than one in a lane."""

    def __init__(self, limit: int) -> None:
        self._slow = asyncio.Semaphore(max(1, limit // 2))
        self._fast = asyncio.Semaphore(max(1, limit - limit // 2))

    @asynccontextmanager
    async def place(self, doubtful: bool, patience_s: float) -> AsyncIterator[None]:
        """Wait for room and hold it inside the `async with`. First come, first served."""
        if doubtful:
            async with self._slow:
                yield
            return
        await self._fast.acquire()
        place = _Place(self._fast)
        timer = asyncio.get_running_loop().call_later(patience_s, self._start_moving, place)
        try:
            yield
        finally:
            timer.cancel()
            if place.mover is not None:
                place.mover.cancel()
            place.lane.release()

    def _start_moving(self, place: _Place) -> None:
        place.mover = asyncio.create_task(self._move(place))

    async def _move(self, place: _Place) -> None:
        await self._slow.acquire()
        # Without an await in between: a place has one lane at any moment.
        place.lane, left = self._slow, place.lane
        left.release()
