"""Measures of what a commune hangs on: its lines and its power."""

from __future__ import annotations

from config.asset_filter import Filter
from config.measures import LineBandwidth, UpsRuntime
from inventory.readiness.asset_measures import number_in
from inventory.readiness.declared_measures import for_each, word_for
from inventory.readiness.facts import AssetFacts
from inventory.readiness.finding import (
    MEASURED,
    REGISTERED,
    WEIGHT,
    Finding,
    Question,
    label,
    written,
)
from inventory.readiness.result import Evidence

RUNTIME_MINUTES = "runtime_minutes"
"""The own field that says how long a UPS lasts that nobody can ask."""

EDGE = Filter(edge=True)


def line_bandwidth(question: Question[LineBandwidth]) -> Finding:
    """The bandwidth of a line as contracted, or the speed of the edge's uplink port."""
    return for_each(question, _line(question), question.measure.per)


def _line(question: Question[LineBandwidth]) -> Finding:
    declared, line = question.commune.declared, question.measure.line
    if line == "uplink":
        return _uplink(question)
    name = "internet_bps" if line == "internet" else "tslcd_bps"
    bps: int | None = getattr(declared, name)
    if bps is None:
        return Finding(None, "not_declared")
    row, sure = word_for(question, name, _mbit(bps))
    return Finding(float(bps), "", (row,), sure)


def _uplink(question: Question[LineBandwidth]) -> Finding:
    edges, asked = question.asked(EDGE)
    ports = [(asset, port) for asset in edges if (port := asset.numbers.get("uplink_bps"))]
    if not ports:
        return Finding(None, "no_uplink") if edges else question.none_of_these()
    return Finding(
        max(port.value for _, port in ports),
        "",
        tuple(
            Evidence(
                MEASURED,
                f"{label(asset)}, {asset.registered.uplink or ''}: {_mbit(port.value)}",
                port.at_s,
                asset.registered.tag,
            )
            for asset, port in ports
        ),
        sum(WEIGHT[MEASURED] * question.fresh(port.at_s) for _, port in ports) / asked,
    )


def ups_runtime(question: Question[UpsRuntime]) -> Finding:
    """How long the weakest UPS lasts. One that is being used up tells nothing of a full one."""
    picked, asked = question.asked(question.measure.of)
    known = [found for asset in picked if (found := _runtime(question, asset)) is not None]
    if not known:
        return Finding(None, "no_runtime") if picked else question.none_of_these()
    known.sort(key=lambda found: found[0])
    return Finding(
        known[0][0],
        "",
        tuple(row for _, _, row in known),
        sum(sure for _, sure, _ in known) / asked,
    )


def _runtime(
    question: Question[UpsRuntime], asset: AssetFacts
) -> tuple[float, float, Evidence] | None:
    text = asset.registered.custom.get(RUNTIME_MINUTES, "").strip()
    minutes, ups = number_in(text), asset.ups
    if ups is not None and not ups.on_battery:
        row = Evidence(
            MEASURED,
            f"{label(asset)}, {ups.runtime_s / 60:.0f} min",
            ups.at_s,
            asset.registered.tag,
        )
        return ups.runtime_s, question.sure_of(ups.at_s, is_written=minutes is not None), row
    if minutes is None:
        return None
    return minutes * 60.0, WEIGHT[REGISTERED], written(asset, f"{text} min")


def _mbit(bps: float) -> str:
    return f"{bps / 1e6:g} Mbit/s"
