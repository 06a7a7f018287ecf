"""What-if questions being solved: one after the other in a thread, so that no page waits for it.

Answers live here until they are saved or pushed out by newer ones; a restart forgets them. Nothing
is written to the database.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from inventory.planning.whatif import Answer, WhatIf

KEPT = 40
"""How many questions are remembered, of everybody."""

MOST_WAITING = 6
"""More than that in the queue is refused: each may take some seconds."""


class Busy(Exception):
    """Too many wait already."""


@dataclass(frozen=True, slots=True)
class Run:
    """One question. by: who asked."""

    key: str
    by: str
    problem: WhatIf
    future: Future[Answer]

    @property
    def answer(self) -> Answer | None:
        """The answer, None while it is looked for or where it failed."""
        return self.future.result() if self.done and self.future.exception() is None else None

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self.future.done()

    @property
    def problem_found(self) -> BaseException | None:
        """Why it failed, None where it did not."""
        return self.future.exception() if self.done else None


class Runs:
    """See the module; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="what-if")

    def start(self, by: str, problem: WhatIf, work: Callable[[], Answer]) -> str:
        """Begin, or wait in the queue; the key under which the answer is found. Raises Busy."""
        with self._lock:
            if sum(not run.done for run in self._runs.values()) >= MOST_WAITING:
                raise Busy
            key = secrets.token_urlsafe(12)
            self._runs[key] = Run(key, by, problem, self._pool.submit(work))
            for old in [k for k, run in self._runs.items() if run.done][: -KEPT or None]:
                del self._runs[old]
            return key

    def get(self, key: str, by: str) -> Run | None:
        """A question of somebody's own; None for any other."""
        run = self._runs.get(key)
        return run if run is not None and run.by == by else None

    def before(self, run: Run) -> int:
        """How many are solved before this one."""
        with self._lock:
            waiting = [key for key, one in self._runs.items() if not one.done]
        return waiting.index(run.key) if run.key in waiting else 0
