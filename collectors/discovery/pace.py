"""No more than so many packets a second, over everything that one sweep sends."""

from __future__ import annotations

import asyncio


class Pace:
    """Whoever wants to send waits for its turn; turns are 1 / rate seconds apart."""

    def __init__(self, rate: float) -> None:
        """rate: packets a second."""
        self._gap_s = 1.0 / rate
        self._next_s = 0.0

    async def turn(self, packets: int = 1) -> None:
        """Wait until `packets` may be sent."""
        now_s = asyncio.get_running_loop().time()
        begin_s = max(now_s, self._next_s)
        self._next_s = begin_s + packets * self._gap_s
        if begin_s > now_s:
            await asyncio.sleep(begin_s - now_s)
