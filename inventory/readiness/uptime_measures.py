"""Measures over what was observed in office hours: availability, outages, figures, probes.

Confidence is the share of the office hours that was observed: the mean over all assets that were
asked about, where one that nobody looks at, or that said nothing, counts 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.asset_filter import Filter
from config.measures import (
    Availability,
    Coverage,
    LongestOutage,
    OutageCount,
    Percentile,
    ProbeSuccess,
    SaturationHours,
)
from inventory.readiness.facts import AssetFacts, Figure
from inventory.readiness.finding import MEASURED, Finding, M, Question
from inventory.readiness.result import Evidence
from inventory.rollups import HOUR_S, STEPS, percentile
from inventory.uptime import State


def availability(question: Question[Availability]) -> Finding:
    """The lowest or mean availability."""
    picked, asked = question.asked(question.measure.of)
    ratios = {a.registered.tag: a.office.ratio for a in picked if a.office is not None}
    seen = [a for a in picked if ratios.get(a.registered.tag) is not None]
    if not seen:
        return _unobserved(question, picked)
    enough = [a for a in seen if _coverage(a) >= question.measure.min_coverage]
    if not enough:
        return Finding(None, "too_little_observed")
    values = [ratio for a in enough if (ratio := ratios[a.registered.tag]) is not None]
    lowest = question.measure.take == "lowest"
    return Finding(
        min(values) if lowest else sum(values) / len(values),
        "",
        tuple(
            _observed(a, _hours(a)) for _, a in sorted(zip(values, enough, strict=True), key=_first)
        ),
        sum(map(_coverage, enough)) / asked,
    )


def longest_outage(question: Question[LongestOutage]) -> Finding:
    """The longest outage, hours."""
    picked, asked = question.asked(question.measure.of)
    known = [a for a in picked if a.longest_outage_s is not None and _coverage(a) > 0]
    if not known:
        return _unobserved(question, picked)
    hours = [(a.longest_outage_s or 0.0) / 3600 for a in known]
    return Finding(
        max(hours),
        "",
        tuple(_observed(a, f"{value:.2f} h") for a, value in zip(known, hours, strict=True)),
        sum(map(_coverage, known)) / asked,
    )


def outage_count(question: Question[OutageCount]) -> Finding:
    """How many outages; the worst asset's."""
    picked, asked = question.asked(question.measure.of)
    least_s = question.measure.longer_than
    known = [a for a in picked if a.longest_outage_s is not None and _coverage(a) > 0]
    if not known:
        return _unobserved(question, picked)
    counts = [sum(taken > least_s for taken in a.outages_s) for a in known]
    pairs = sorted(zip(counts, known, strict=True), key=lambda pair: -pair[0])
    return Finding(
        float(max(counts)),
        "",
        tuple(_observed(a, f"{count} × > {least_s / 60:g} min") for count, a in pairs),
        sum(map(_coverage, known)) / asked,
    )


def coverage(question: Question[Coverage]) -> Finding:
    """The lowest or mean share of the office hours of which it is known whether an asset was up."""
    watched, asked = _watched(question, question.measure.of)
    known = [a for a in watched if a.office is not None and a.office.window_s > 0]
    if not known:
        return _unobserved(question, watched)
    values = [_coverage(a) for a in known]
    lowest = question.measure.take == "lowest"
    return Finding(
        min(values) if lowest else sum(values) / len(values),
        "",
        tuple(_observed(a, _hours(a)) for a in sorted(known, key=_coverage)),
        len(known) / asked,
    )


def saturation_hours(question: Question[SaturationHours]) -> Finding:
    """The share of samples in which the line was full, of all office hours; the worst asset's."""
    first = round(question.measure.above * STEPS)
    picked, asked = _watched(question, question.measure.of)
    found: list[tuple[float, float, Evidence]] = []
    for asset in picked:
        figure = asset.figures.get("uplink_utilisation_ratio")
        if figure is not None and figure.count:
            full = sum(figure.histogram[first:])
            hours = full / figure.count * figure.of_hours
            text = f"{hours:.1f} h, {full} / {figure.count}"
            found.append((hours, _sure(question, figure), _row(asset, figure, text)))
    if not found:
        return _unobserved(question, picked)
    found.sort(key=lambda row: -row[0])
    return Finding(
        found[0][0],
        "",
        tuple(row for _, _, row in found),
        sum(sure for _, sure, _ in found) / asked,
    )


def figure_percentile(question: Question[Percentile]) -> Finding:
    """A percentile of an hourly figure; the worst asset's."""
    name, share = question.measure.figure, question.measure.percentile / 100
    picked, asked = _watched(question, question.measure.of)
    found: list[tuple[float, float, Evidence]] = []
    for asset in picked:
        figure = asset.figures.get(name)
        value = percentile(name, [figure.histogram], share) if figure is not None else None
        if figure is not None and value is not None:
            text = f"p{question.measure.percentile:g} {value:.3g} ({figure.count})"
            found.append((value, _sure(question, figure), _row(asset, figure, text)))
    if not found:
        return _unobserved(question, picked)
    return Finding(
        max(value for value, _, _ in found),
        "",
        tuple(row for _, _, row in found),
        sum(sure for _, sure, _ in found) / asked,
    )


def probe_success(question: Question[ProbeSuccess]) -> Finding:
    """Share of probes that brought what was expected."""
    sure, doubtful = question.sorted(question.measure.of)
    probed = [a for a in sure if _is_probed(a)]
    found = [(a, f) for a in probed if (f := a.figures.get("probe_ok")) is not None and f.count]
    if not found:
        return _unobserved(question, probed)
    return Finding(
        sum(f.total for _, f in found) / sum(f.count for _, f in found),
        "",
        tuple(_row(a, f, f"{f.total:.0f} / {f.count}") for a, f in found),
        sum(_sure(question, f) for _, f in found) / (len(probed) + sum(map(_is_probed, doubtful))),
    )


def _is_probed(asset: AssetFacts) -> bool:
    return any(e.kind in ("tcp", "http") for e in asset.registered.endpoints)


def _unobserved(question: Question[M], picked: Sequence[AssetFacts]) -> Finding:
    return Finding(None, "not_observed") if picked else question.none_of_these()


def _watched(question: Question[M], wanted: Filter) -> tuple[list[AssetFacts], int]:
    """As `Question.asked`, of those assets that are looked at."""
    sure, doubtful = question.sorted(wanted)
    watched = [a for a in sure if a.registered.endpoints]
    return watched, len(watched) + sum(bool(a.registered.endpoints) for a in doubtful)


def _first(pair: tuple[float, AssetFacts]) -> float:
    return pair[0]


def _coverage(asset: AssetFacts) -> float:
    return asset.office.coverage if asset.office is not None else 0.0


def _sure(question: Question[M], figure: Figure) -> float:
    """The share of the office hours in which there was a sample, less where the last is old."""
    share = min(1.0, figure.hours / figure.of_hours)
    return share * question.fresh(figure.last_at_s + HOUR_S)


def _hours(asset: AssetFacts) -> str:
    assert asset.office is not None
    up, down = (asset.office.totals[state] / 3600 for state in (State.UP, State.DOWN))
    return f"up {up:.1f} h, down {down:.1f} h, coverage {asset.office.coverage:.0%}"


def _observed(asset: AssetFacts, text: str) -> Evidence:
    return Evidence(MEASURED, text, asset.observed_at_s, asset.registered.tag)


def _row(asset: AssetFacts, figure: Figure, text: str) -> Evidence:
    return Evidence(MEASURED, text, figure.last_at_s, asset.registered.tag)
