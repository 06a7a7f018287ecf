"""What a row of the table of metrics has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram", "info"]

Part = Literal["daemon", "communes", "requirements", "assets"]
"""What of /metrics a series belongs to: an instrument of the daemon itself, or what is read from
the present at each scrape, of communes, of their requirements, or of assets and endpoints."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of the table.

    name: as Prometheus shows it, unit and `_total` or `_info` included. unit: base unit or "".
    known: the values of the only label that exist from the start, so that a first error is an
    increase.
    """

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    help: str
    part: Part = "assets"
    known: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def family(self) -> str:
        """The family's name: without `_total` and `_info`, which the library adds."""
        suffix = {"counter": "_total", "info": "_info"}.get(self.kind, "")
        return self.name.removesuffix(suffix) if suffix else self.name

    @property
    def series(self) -> tuple[str, ...]:
        """The names of its series."""
        if self.kind != "histogram":
            return (self.name,)
        return tuple(f"{self.name}_{part}" for part in ("bucket", "count", "sum"))
