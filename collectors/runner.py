"""The one place where looks are bounded, timed, counted, logged and turned into Observations.

Collectors raise; here alone that is caught. A failing device, a defect of a collector and a
failing sink each end in data, a count and a line of the log on change, never in an exception.
It does not decide when to look: the schedule does.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import PurePath

from collectors.base import Collector, CollectorError, Steps
from collectors.targets import Target
from inventory.clock import Clock
from inventory.metrics import Instruments
from inventory.observation import ANSWERED, Observation, Outcome, Reading

log = logging.getLogger(__name__)

MAX_MESSAGE = 300
"""Characters of a message that are kept: devices write parts of them."""

Gate = Callable[[bool], AbstractAsyncContextManager[None]]
"""Waits for room for one attempt; True for an endpoint whose last attempt went unanswered."""


@dataclass(frozen=True, slots=True)
class _Result:
    """How one attempt ended."""

    outcome: Outcome
    reason: str
    message: str
    reading: Reading = field(default_factory=Reading)
    may_retry: bool = False


@dataclass(slots=True)
class _Memory:
    """What is remembered of one endpoint between looks."""

    seq: int = 0
    failures: int = 0
    may_retry: bool = False
    last: tuple[Outcome, str] = (Outcome.OK, "")


class Runner:
    """Looks at targets and hands every Observation to `sink`.

    epoch must be new at each start of the daemon, since sequence numbers begin at 1 again. The
    sink must not block.
    """

    def __init__(
        self,
        node: str,
        epoch: str,
        clock: Clock,
        sink: Callable[[Observation], None],
        instruments: Instruments,
    ) -> None:
        self._node = node
        self._epoch = epoch
        self._clock = clock
        self._sink = sink
        self._instruments = instruments
        self._memories: dict[str, _Memory] = {}
        self._defects: set[tuple[str, str, str]] = set()
        self._sink_is_broken = False

    async def look(
        self, target: Target, collector: Collector, steps: Steps | None = None
    ) -> Observation:
        """One attempt, bounded by the target's deadline. Never raises but CancelledError."""
        memory = self._memories.setdefault(target.id, _Memory())
        started = self._clock.monotonic()
        result = await self._attempt(target, collector, steps or Steps(self._clock.monotonic))
        ended = self._clock.monotonic()
        memory.seq += 1
        observation = Observation(
            node=self._node,
            epoch=self._epoch,
            endpoint=target.id,
            seq=memory.seq,
            kind=target.kind,
            at_s=self._clock.wall(),
            monotonic_s=ended,
            duration_s=ended - started,
            outcome=result.outcome,
            reason=result.reason,
            message=one_line(result.message),
            reading=result.reading,
        )
        self._count(observation)
        self._log_change(observation, memory)
        if observation.answered:
            memory.failures = 0
        elif observation.outcome is Outcome.UNREACHABLE:
            memory.failures += 1
        memory.may_retry = result.may_retry
        self._hand_on(observation)
        return observation

    async def slot(
        self,
        target: Target,
        collector: Collector,
        gate: Gate = lambda doubtful: nullcontext(),
    ) -> Observation:
        """What is due at one slot: an attempt, and while the endpoint does not answer and is not
        yet known to be down, more of them, `retry` apart, up to `down_after` in a row.

        An attempt that would come no sooner than the next slot is left to that slot. Each attempt
        passes the gate; the wait between attempts holds no room. Returns the last Observation.
        """
        started = self._clock.monotonic()
        memory = self._memories.setdefault(target.id, _Memory())
        times = target.times
        while True:
            async with gate(memory.failures > 0):
                observation = await self.look(target, collector)
            elapsed = self._clock.monotonic() - started
            if (
                not memory.may_retry
                or memory.failures >= times.down_after
                or elapsed + times.retry >= times.interval
            ):
                return observation
            await asyncio.sleep(times.retry)

    def forget(self, endpoint: str) -> None:
        """The endpoint is not looked at any more; its sequence goes on should it come back."""
        memory = self._memories.get(endpoint)
        if memory is not None:
            self._memories[endpoint] = _Memory(seq=memory.seq)

    async def _attempt(self, target: Target, collector: Collector, steps: Steps) -> _Result:
        deadline_s = target.times.deadline
        try:
            async with asyncio.timeout(deadline_s) as deadline:
                reading = await collector.collect(steps)
        except CollectorError as error:
            retry = error.outcome is Outcome.UNREACHABLE and not error.permanent
            return _Result(error.outcome, error.reason, error.message, error.reading, retry)
        except Exception as error:  # noqa: BLE001  a defect of one collector stops nothing else
            if isinstance(error, TimeoutError) and deadline.expired():
                message = f"not done after its deadline of {deadline_s:g} s"
                return _Result(Outcome.UNREACHABLE, "deadline", message, may_retry=True)
            self._log_defect(target, error)
            message = f"defect in the {target.kind} collector: {type(error).__name__}"
            return _Result(Outcome.ERROR, "defect", message)
        if reading.problems:
            return _Result(Outcome.PARTIAL, "partial", "; ".join(reading.problems), reading)
        return _Result(Outcome.OK, "", "", reading)

    def _count(self, observation: Observation) -> None:
        counted, kind = self._instruments, observation.kind
        counted.polls.labels(kind, observation.outcome.value).inc()
        counted.poll_duration.labels(kind).observe(observation.duration_s)
        if observation.outcome is Outcome.PARTIAL:
            counted.poll_partial.labels(kind).inc()
        elif observation.outcome is not Outcome.OK:
            counted.poll_failures.labels(kind, observation.reason).inc()

    def _log_change(self, observation: Observation, memory: _Memory) -> None:
        """The first failure and the recovery are news, another reason is worth a line, the same
        again is for the debug log."""
        before, memory.last = memory.last, (observation.outcome, observation.reason)
        if memory.last == before:
            level = logging.DEBUG
        elif before[0] is Outcome.OK:
            level = logging.WARNING
        else:
            level = logging.INFO
        if observation.outcome is not Outcome.OK:
            log.log(
                level,
                "%s: %s: %s (%s)",
                observation.endpoint,
                observation.outcome.value,
                observation.message,
                observation.reason,
            )
        elif level != logging.DEBUG:
            what = "complete again" if before[0] in ANSWERED else "answers again"
            log.info("%s: %s after: %s", observation.endpoint, what, before[1])

    def _log_defect(self, target: Target, error: Exception) -> None:
        """Where it happened, once for each place; never the exception's text, which may quote
        what was sent."""
        frames = traceback.extract_tb(error.__traceback__)
        last = frames[-1]
        place = (target.kind, type(error).__name__, f"{PurePath(last.filename).name}:{last.lineno}")
        if place not in self._defects:
            self._defects.add(place)
            log.error(
                "defect in the %s collector, first seen at %s: %s\n%s",
                target.kind,
                target.id,
                type(error).__name__,
                "".join(traceback.format_list(frames)).rstrip(),
            )

    def _hand_on(self, observation: Observation) -> None:
        try:
            self._sink(observation)
        except Exception:  # a sink that fails must not stop the looking
            self._instruments.observations_dropped.inc()
            if not self._sink_is_broken:
                log.exception("the sink refused an observation; the looking goes on")
            self._sink_is_broken = True
        else:
            if self._sink_is_broken:
                log.info("the sink takes observations again")
            self._sink_is_broken = False


def one_line(text: str) -> str:
    """Printable characters on one line, at most MAX_MESSAGE of them: devices write parts of it.

    >>> one_line("no\\r\\nsuch \\x1b[31mname")
    'no such [31mname'
    """
    line = " ".join(text.split())
    line = "".join(c for c in line if c.isprintable())
    return line if len(line) <= MAX_MESSAGE else line[: MAX_MESSAGE - 1] + "…"
