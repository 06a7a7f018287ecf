"""Times of a piece of work, on the clock and of the processor: on a busy machine that tells."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

ROUNDS = 20


def times_ms(
    work: Callable[[], object], before: Callable[[], object] = lambda: None
) -> dict[str, float]:
    """p50 and p95 of `ROUNDS` runs after a first one, in milliseconds; before: run before each."""
    clock, processor = [], []
    work()
    for _ in range(ROUNDS):
        before()
        began, spent = time.perf_counter(), time.process_time()
        work()
        processor.append(1000 * (time.process_time() - spent))
        clock.append(1000 * (time.perf_counter() - began))
    return {
        "CPU p50 ms": statistics.median(processor),
        "CPU p95 ms": statistics.quantiles(processor, n=20)[-1],
        "p50 ms": statistics.median(clock),
        "p95 ms": statistics.quantiles(clock, n=20)[-1],
    }
