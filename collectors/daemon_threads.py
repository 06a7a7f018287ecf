"""Blocking calls that the system may never give back: look-ups of names, hanging file systems.

asyncio's own threads are waited for when the loop ends, and there are few of them: a name server
that is silent would keep the daemon from stopping and its jobs from running. These threads are
few, too, but they end with the process, and whoever waits for one may give up at any time.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class _Call:
    """A call that waits for a thread, or is in one."""

    work: Callable[[], Any]
    future: Future[Any] = field(default_factory=Future)

    def run(self) -> None:
        if self.future.set_running_or_notify_cancel():
            try:
                found = self.work()
            except BaseException as error:  # noqa: BLE001  it is raised where it is waited for
                self.future.set_exception(error)
            else:
                self.future.set_result(found)


class DaemonThreads:
    """At most `limit` threads at once; a thread starts when it is needed and ends when nothing
    is left to do."""

    def __init__(self, name: str, limit: int) -> None:
        self._name = name
        self._limit = limit
        self._lock = threading.Lock()
        self._waiting: deque[_Call] = deque()
        self._running = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work()` gives or raises, in a thread. Cancelled while it waits for one, the call
        never happens; in a thread it goes on and nobody hears of it."""
        call = _Call(work)
        try:
            with self._lock:
                self._waiting.append(call)
                if self._running < self._limit:
                    threading.Thread(target=self._serve, name=self._name, daemon=True).start()
                    self._running += 1
            found: T = await asyncio.wrap_future(call.future)
            return found
        finally:
            with self._lock, contextlib.suppress(ValueError):
                self._waiting.remove(call)

    def _serve(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._running -= 1
                    return
                call = self._waiting.popleft()
            call.run()
