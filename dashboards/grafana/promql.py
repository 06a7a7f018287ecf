"""PromQL that can only name metrics of the table, and the few pieces that queries share.

A misspelt or renamed metric raises here, when dashboards and rules are generated, and not in a
panel that stays empty.
"""

from __future__ import annotations

import re

from inventory.metrics import METRICS

UPLINK_RECEIVE = "commune:hatang_uplink_receive_bytes:rate5m"
UPLINK_TRANSMIT = "commune:hatang_uplink_transmit_bytes:rate5m"
UPLINK_USE = "commune:hatang_uplink_use:ratio_rate5m"
ASSETS_BY_STATE = "commune_state:hatang_assets:sum"

RECORDED = frozenset({UPLINK_RECEIVE, UPLINK_TRANSMIT, UPLINK_USE, ASSETS_BY_STATE})
"""Series that our recording rules make; levels:metric:operations as Prometheus advises."""

_NAME = re.compile(r"[a-z_]*:?hatang_[a-z0-9_:]+")
_HISTOGRAM_PARTS = ("_bucket", "_count", "_sum")


def checked(expr: str) -> str:
    """`expr` itself, when every hatang_ name in it exists. Raises ValueError naming the others."""
    unquoted = re.sub(r'"[^"]*"', '""', expr)
    unknown = sorted({n for n in _NAME.findall(unquoted) if not _exists(n)})
    if unknown:
        raise ValueError(f"no such metric: {', '.join(unknown)} in {expr}")
    return expr


def _exists(name: str) -> bool:
    if name in RECORDED:
        return True
    if name in METRICS:
        return METRICS[name].kind != "histogram"
    for part in _HISTOGRAM_PARTS:
        metric = METRICS.get(name.removesuffix(part))
        if name.endswith(part) and metric is not None and metric.kind == "histogram":
            return True
    return False


def with_commune_name(expr: str) -> str:
    """`expr`, whose series have a commune, with that commune's present name as label `name`."""
    return f"({expr}) * on (commune) group_left (name) max by (commune, name) (hatang_commune_info)"


def with_requirement_title(expr: str) -> str:
    """`expr`, whose series have a requirement, with its title as label `title_vi`."""
    titles = "max by (requirement, title_vi) (hatang_requirement_title_info)"
    return f"({expr}) * on (requirement) group_left (title_vi) {titles}"


def with_asset_name(expr: str) -> str:
    """`expr`, whose series have an asset, with that asset's present name as label `name`."""
    return f"({expr}) * on (asset) group_left (name) max by (asset, name) (hatang_asset_info)"


def on_uplink(expr: str) -> str:
    """The series of `expr` (per interface) that belong to an uplink."""
    return f'{expr} and on (commune, asset, interface) hatang_interface_info{{uplink="true"}}'
