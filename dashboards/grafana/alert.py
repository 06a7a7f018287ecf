"""What an alert is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from dashboards.grafana import promql

ASSET = (
    '{{ with printf `hatang_asset_info{asset="%s"}` $labels.asset | query }}'
    "{{ . | first | label `name` }} {{ end }}({{ $labels.asset }})"
)
"""A device in an alert's text: its present name and its tag."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: when it fires (`expr` true for `hold`), how bad it is, what to tell whom.

    vi and en are one line each: what is wrong. do_vi and do_en: what to look at first.
    """

    name: str
    expr: str
    hold: str
    severity: Literal["warning", "critical"]
    vi: str
    en: str
    do_vi: str
    do_en: str
    keep_firing: str = ""

    def rule(self) -> dict[str, Any]:
        """The rule as Prometheus' file has it. Raises ValueError for a metric that is not ours."""
        result: dict[str, Any] = {
            "alert": self.name,
            "expr": promql.checked(self.expr),
            "for": self.hold,
            "labels": {"severity": self.severity},
            "annotations": {
                "summary": self.en,
                "summary_vi": self.vi,
                "description": self.do_en,
                "description_vi": self.do_vi,
            },
        }
        if self.keep_firing:
            result["keep_firing_for"] = self.keep_firing
        return result
