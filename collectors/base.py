"""What every collector is: a thing that looks once and says what it saw, or raises why not.

A collector is made for one endpoint, may remember what it learned about it, and never times,
counts, logs or retries a whole look: the runner does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from inventory.observation import Outcome, Reading


class CollectorError(Exception):
    """A look that failed, with what was tried.

    outcome: UNREACHABLE (no answer), REFUSED (an answer that says no) or ERROR (ours to mend).
    reason: a short stable word for counting; the message is one line for people and holds no
    secret. permanent: trying again will not help until a person has changed something.
    reading: what was learned all the same (the status of a page that was not the expected one).
    """

    def __init__(
        self,
        outcome: Outcome,
        reason: str,
        message: str,
        *,
        permanent: bool = False,
        reading: Reading | None = None,
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.reason = reason
        self.message = message
        self.permanent = permanent
        self.reading = reading or Reading()


@dataclass(slots=True)
class Step:
    """One step of a look: what was done, how long it took in seconds, what came of it."""

    name: str
    duration_s: float
    result: str


@dataclass(slots=True)
class Steps:
    """The steps of one look in order, for `hatang poll` and the debug log."""

    monotonic: Callable[[], float] = time.monotonic
    done: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time one step; the caller may set `.result` before it ends. An exception is noted and
        goes on up."""
        step = Step(name, 0.0, "")
        started = self.monotonic()
        try:
            yield step
        except BaseException as error:
            step.result = step.result or f"failed: {error or type(error).__name__}"
            raise
        finally:
            step.duration_s = self.monotonic() - started
            self.done.append(step)


class Collector(Protocol):
    """One endpoint's way of being looked at."""

    async def collect(self, steps: Steps) -> Reading:
        """Look once. Raises CollectorError; anything else is a defect that the runner reports.

        A look that got something before it failed returns it with `Reading.problems` set.
        """
        ...

    async def close(self) -> None:
        """Give back sockets and tasks; safe to call twice."""
        ...
