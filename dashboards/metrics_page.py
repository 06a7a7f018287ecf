"""docs/metrics.md, written from the table of metrics so that it cannot go stale."""

from __future__ import annotations

from collections.abc import Iterable

from inventory.metrics import METRICS, Metric

_HEAD = """\
# Metrics

<!-- Written by `python -m hatang.generate` from inventory/metric_table.py. -->

Everything below is served at `/metrics` (`web.listen`, by default <http://127.0.0.1:8650/metrics>),
as text or, when asked for in `Accept`, as OpenMetrics. Beside it stand this process's own
`process_*` series (memory, processor, open files).

Three rules hold for all of it:

- **Labels are stable ids**: an asset's tag, a commune's code, an interface's ifName. Names that
  people change stand in `_info` series, so renaming a device or a commune breaks no panel:
  `hatang_asset_up * on (commune, asset) group_left (name) hatang_asset_info`.
- **A missing series means "not known"**, never 0. What a device measured of itself (counters,
  processor, storage) is served only while its last SNMP or host look succeeded.
- **Series go with their asset.** Each scrape shows what is registered at that moment. An asset
  without endpoints is only registered: it has `hatang_asset_info` and no state.

## Many communes

One page is right for a district. Each part of it can be asked for alone, as often as you like:
`/metrics?collect[]=daemon&collect[]=communes` (parts: `daemon`, `communes`, `requirements`,
`assets`; `name[]=NAME` picks single metrics). What is said of a commune as a whole is some thirty
series; its requirements and assets are hundreds, and have a page for each commune:
`/metrics/communes/CODE`. `/sd` lists these pages for Prometheus (`http_sd_configs`).

From about a hundred communes on use `prometheus-by-commune.yml` beside the dashboards: one job for
the daemon and its communes, one that finds the communes' pages. The whole page serves the
requirements of the first 500 communes at most and counts the others as dropped.

## Caps

An interface without an ifName, or with one that another port of the device has too, is called
`NAME#IFINDEX`. At most 2,000 interfaces and 200 storages per asset and 256 characters per label
are served; `hatang_series_dropped_total` counts what was left out or shortened.
"""

_PARTS = {
    "daemon": "## The daemon itself",
    "communes": "## Communes",
    "requirements": "## Requirements of each commune",
    "assets": "## Assets and endpoints",
}


def metrics_page() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD]
    for part, heading in _PARTS.items():
        parts.append(f"\n{heading}\n\n")
        parts.append(_table(m for m in METRICS.values() if m.part == part))
    return "".join(parts)


def _table(metrics: Iterable[Metric]) -> str:
    lines = ["| Metric | Type | Labels | Meaning |", "|---|---|---|---|"]
    for metric in metrics:
        labels = ", ".join(f"`{label}`" for label in metric.labels) or "–"
        if metric.known:
            labels += f" ({', '.join(metric.known)})"
        lines.append(f"| `{metric.name}` | {metric.kind} | {labels} | {metric.help} |")
    return "\n".join(lines) + "\n"
