"""What a row of the table of metrics has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram", "info"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of the table.

    name: as Prometheus shows it, unit and `_total` or `_info` included. unit: base unit or "".
    source: `daemon` (an instrument) or `snapshot` (read from the present at scrape). known: the
    values of the only label that exist from the start, so that a first error is an increase.
    """

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    help: str
    source: Literal["daemon", "snapshot"] = "snapshot"
    known: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def family(self) -> str:
        """The family's name: without `_total` and `_info`, which the library adds."""
        suffix = {"counter": "_total", "info": "_info"}.get(self.kind, "")
        return self.name.removesuffix(suffix) if suffix else self.name
