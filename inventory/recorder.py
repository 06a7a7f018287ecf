"""The only writer: takes observations from a queue, lets the ledger learn, commits in batches.

Looking never waits for the disk. What is not committed stays in the ledger, which grows with what
changed and not with time; a store that is full, locked or broken is tried again until it works.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from inventory.clock import Clock
from inventory.ledger import Ledger
from inventory.metrics import Instruments
from inventory.observation import Observation
from inventory.store.errors import StoreError
from inventory.store.rows import Batch
from inventory.store.writer import Writer
from inventory.timeline import Timeline

log = logging.getLogger(__name__)

T = TypeVar("T")

COMMIT_EVERY_S = 1.0
"""At most one commit in this time; also how old a heartbeat may be when all is well."""

QUEUE_SIZE = 100_000
HELD_MAX = 100_000
"""Observations held while there is no date for them; the oldest go first."""

RETRY_FROM_S, RETRY_TO_S = 1.0, 30.0
LAST_RETRY_S = 0.2
"""Between two tries of the last commit, while `stop` waits for it."""

NEARLY_FULL = "full: the disk is nearly full and the room kept for that is in use; make room"

_NEED_A_NEW_CONNECTION = frozenset({"io", "corrupt", "other"})


class Recorder:
    """See the module. One thread runs between `start` and `stop`."""

    def __init__(
        self,
        ledger: Ledger,
        writer: Writer,
        timeline: Timeline,
        clock: Clock,
        instruments: Instruments,
        *,
        queue_size: int = QUEUE_SIZE,
        held_max: int = HELD_MAX,
        commit_every_s: float = COMMIT_EVERY_S,
    ) -> None:
        self._ledger = ledger
        self._writer = writer
        self._timeline = timeline
        self._clock = clock
        self._instruments = instruments
        self._commit_every_s = commit_every_s
        self._queue: deque[Observation] = deque(maxlen=queue_size)
        self._work: deque[tuple[Callable[[], object], Future[object]]] = deque()
        self._held: deque[Observation] = deque(maxlen=held_max)
        self._wake = threading.Event()
        self._stop_by_s: float | None = None
        self._ended = False
        self._saved_at_end = False
        self._retry_s = 0.0
        self._next_commit_s = 0.0
        self._failed_by = ""
        self._had_room = True
        self._defects: set[str] = set()
        self._dated = timeline.trusted
        self._thread = threading.Thread(target=self._run, name="recorder")

    def start(self) -> None:
        """Begin to record."""
        if self._writer.after_crash:
            self._instruments.store_recoveries.inc()
        self._thread.start()

    def sink(self, seen: Observation) -> None:
        """Take one observation; any thread, never blocks. A full queue loses its oldest."""
        if len(self._queue) == self._queue.maxlen:
            self._instruments.observations_dropped.inc()
        self._queue.append(seen)
        self._instruments.queue_length.set(len(self._queue))

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Run `work` in the recorder's thread between two batches; its result or exception.

        Cancelled when the recorder has ended.
        """
        future: Future[T] = Future()
        self._work.append((work, future))  # type: ignore[arg-type]
        self._wake.set()
        if self._ended:
            self._cancel_work()
        return future

    def stop(self, timeout_s: float) -> bool:
        """Drain, commit and close; whether everything was committed in time. Call it once.

        A store that is full or locked is tried again until the time is over.
        """
        self._stop_by_s = time.monotonic() + timeout_s
        self._wake.set()
        self._thread.join(timeout_s + 2 * LAST_RETRY_S)
        return not self._thread.is_alive() and self._saved_at_end

    def _run(self) -> None:
        while self._stop_by_s is None:
            self._wake.wait(self._commit_every_s)
            self._wake.clear()
            self._step_whatever_happens()
        self._saved_at_end = self._last_commit()
        while not self._saved_at_end and self._dated and time.monotonic() < self._stop_by_s:
            time.sleep(LAST_RETRY_S)
            self._saved_at_end = self._last_commit()
        self._ended = True
        self._cancel_work()
        self._writer.close(clean=self._saved_at_end)

    def _last_commit(self) -> bool:
        self._next_commit_s = 0.0
        return self._step_whatever_happens()

    def _step_whatever_happens(self) -> bool:
        try:
            return self.step()
        except Exception as error:  # noqa: BLE001  a defect must not end the recording
            self._defect("round", error)
            return False

    def step(self) -> bool:
        """One round: clock, queue, ledger, store. Whether all that is known is committed."""
        self._check_clock()
        now_s = self._timeline.now()
        self._take_in()
        try:
            self._ledger.tick(now_s)
        except Exception as error:  # noqa: BLE001  a defect must not end the recording
            self._defect("tick", error)
        saved = self._commit(now_s)
        self._run_work()
        self._measure()
        return saved

    def _check_clock(self) -> None:
        step = self._timeline.check()
        problem = self._timeline.problem()
        if problem and "clock" not in self._ledger.snapshot.problems:
            log.warning("%s", problem)
        self._say("clock", problem)
        if step is None:
            return
        direction = "forward" if step.by_s > 0 else "backward"
        self._instruments.clock_steps.labels(direction).inc()
        self._ledger.note_clock_step(step.at_s, step.by_s)
        log.warning("the wall clock jumped %s by %.1f s", direction, abs(step.by_s))

    def _take_in(self) -> None:
        """Let the ledger learn what is in the queue; while there is no date for it, hold it."""
        if self._timeline.trusted and not self._dated:
            self._dated = True
            first = self._held[0].monotonic_s if self._held else self._clock.monotonic()
            self._ledger.begin(self._timeline.date_of(first))
            while self._held:
                self._apply(self._held.popleft())
        for _ in range(len(self._queue)):
            seen = self._queue.popleft()
            if self._dated:
                self._apply(seen)
                continue
            if len(self._held) == self._held.maxlen:
                self._instruments.observations_dropped.inc()
            self._held.append(seen)

    def _apply(self, seen: Observation) -> None:
        try:
            self._ledger.apply(seen, self._timeline.date_of(seen.monotonic_s))
        except Exception as error:  # noqa: BLE001  a defect must not end the recording
            self._defect(f"{seen.kind} observation", error)

    def _commit(self, now_s: float) -> bool:
        """Write what is due. Nothing without a date is written: a heartbeat would be a lie."""
        started_s = self._clock.monotonic()
        if not self._dated:
            return not self._held
        if started_s < self._next_commit_s:
            return False
        batch = self._ledger.batch(now_s)
        began = time.perf_counter()
        try:
            if self._failed_by in _NEED_A_NEW_CONNECTION:
                self._writer.reopen()
            self._write(batch)
        except StoreError as error:
            self._failed(error)
            return False
        self._ledger.saved()
        self._instruments.batch_duration.observe(time.perf_counter() - began)
        self._instruments.batch_rows.inc(batch.rows)
        self._instruments.heartbeat_at.set(now_s)
        self._succeeded()
        self._next_commit_s = started_s + self._commit_every_s
        return True

    def _write(self, batch: Batch) -> None:
        """Write a batch; one that fails on a new connection too holds something that no database
        takes, so it goes in parts and that part stays out."""
        try:
            self._writer.write(batch)
        except StoreError as error:
            if error.kind != "other" or self._failed_by != "other":
                raise
            for what, part in batch.parts():
                try:
                    self._writer.write(part)
                except StoreError as refused:
                    if refused.kind != "other":
                        raise
                    self._defect(f"row ({what})", refused)

    def _failed(self, error: StoreError) -> None:
        level = logging.DEBUG if self._failed_by == error.kind else logging.ERROR
        self._failed_by = error.kind
        if error.kind == "full":
            self._writer.free_ballast()
        log.log(level, "the store cannot be written (%s): %s", error.kind, error)
        self._instruments.store_errors.labels(error.kind).inc()
        self._instruments.store_ok.set(0)
        self._say("store", f"{error.kind}: {error}")
        self._retry_s = min(max(RETRY_FROM_S, 2 * self._retry_s), RETRY_TO_S)
        self._next_commit_s = self._clock.monotonic() + self._retry_s

    def _succeeded(self) -> None:
        """Written. A disk is full until the ballast has its room again, though: what is written
        meanwhile is written on it."""
        if self._failed_by:
            log.info("the store can be written again; nothing that was held is lost")
        self._retry_s, self._failed_by = 0.0, ""
        has_room = self._writer.restore_ballast()
        if not has_room and self._had_room:
            log.error("%s", NEARLY_FULL)
        self._had_room = has_room
        self._instruments.store_ok.set(has_room)
        self._say("store", "" if has_room else NEARLY_FULL)

    def _run_work(self) -> None:
        while self._work:
            work, future = self._work.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001  it is the caller's to handle
                future.set_exception(error)

    def _cancel_work(self) -> None:
        while self._work:
            self._work.popleft()[1].cancel()

    def _measure(self) -> None:
        sizes = self._writer.sizes()
        self._instruments.queue_length.set(len(self._queue))
        self._instruments.observations_held.set(len(self._held))
        self._instruments.database_size.set(sizes.database_bytes)
        self._instruments.wal_size.set(sizes.wal_bytes)

    def _say(self, about: str, problem: str) -> None:
        """Put a problem on the pages and the health check; '' takes it away."""
        if problem:
            self._ledger.snapshot.problems[about] = problem
        else:
            self._ledger.snapshot.problems.pop(about, None)

    def _defect(self, where: str, error: Exception) -> None:
        """Counted, and logged once for each place and kind."""
        name = f"{where}: {type(error).__name__}"
        self._instruments.job_failures.labels("recorder").inc()
        if name not in self._defects:
            self._defects.add(name)
            log.error("defect while recording a %s", name, exc_info=error)
