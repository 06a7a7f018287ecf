"""Hourly rollups of what readiness needs: few numbers an hour that still give honest percentiles.

A bucket keeps count, sum, peak and a histogram of 20 equal steps, so that the 95th percentile over
a month of office hours is known to a step, though no sample was kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

HOUR_S = 3600.0
STEPS = 20

FULL_SCALE = {
    "uplink_utilisation_ratio": 1.0,
    "cpu_ratio": 1.0,
    "latency_s": 2.0,
    "probe_latency_s": 2.0,
    "probe_ok": 1.0,
}
"""Metric -> the value at which its histogram ends; what is above counts in the last step."""


@dataclass(slots=True)
class Bucket:
    """One metric of one asset in one hour."""

    metric: str
    hour_s: float
    count: int = 0
    total: float = 0.0
    peak: float = 0.0
    histogram: list[int] = field(default_factory=lambda: [0] * STEPS)

    def add(self, value: float) -> None:
        """Count one sample."""
        step = int(value / FULL_SCALE[self.metric] * STEPS)
        self.histogram[min(max(step, 0), STEPS - 1)] += 1
        self.count += 1
        self.total += value
        self.peak = max(self.peak, value)


def hour_of(at_s: float) -> float:
    """The start of the hour (UTC) that a moment lies in."""
    return at_s // HOUR_S * HOUR_S


def percentile(metric: str, histograms: Iterable[Sequence[int]], share: float) -> float | None:
    """The value below which `share` (0 to 1) of all samples lie: the upper edge of its step.

    None without samples.
    """
    total = [sum(column) for column in zip(*histograms, strict=True)]
    wanted = share * sum(total)
    if not sum(total):
        return None
    seen = 0
    for step, count in enumerate(total):
        seen += count
        if seen >= wanted:
            return (step + 1) / STEPS * FULL_SCALE[metric]
    return FULL_SCALE[metric]
