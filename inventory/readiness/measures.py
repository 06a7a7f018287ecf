"""What each kind of measure finds: one pure function a kind, from facts to a value and evidence.

A measure never judges. It says None where nothing is known; zero is a value only when it was
counted. Confidence in one piece of evidence is 1 for what was measured, 0.8 for what somebody
declared and 0.7 for what is only registered; a registered asset that answered counts as measured.
Evidence older than the requirement's max_age loses confidence in proportion, at least to 0.2.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config import profile as ask
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.readiness.os_support import is_supported
from inventory.readiness.result import Evidence
from inventory.rollups import percentile
from inventory.uptime import State

MEASURED, DECLARED, REGISTERED = "measured", "declared", "registered"

WEIGHT = {MEASURED: 1.0, DECLARED: 0.8, REGISTERED: 0.7}
"""Confidence in one piece of evidence by its kind."""

ABSENCE = 0.5
"""Confidence that there is none of a class because none is registered."""

OLDEST = 0.2
"""Confidence that is left to evidence however old it is."""

YEAR_S = 365.25 * 86400.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a measure found. value: None for unknown, and then `reason` says why. coverage: how
    much of what was asked about is known. base: of how many pieces a share or ratio is one."""

    value: float | None
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    coverage: float = 1.0
    base: float = 1.0
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One requirement's measure about one commune at one moment."""

    measure: Any
    commune: CommuneFacts
    now_s: float
    max_age_s: float

    @property
    def today(self) -> dt.date:
        """The day, UTC."""
        return dt.datetime.fromtimestamp(self.now_s, dt.UTC).date()

    def picked(self, wanted: ask.Filter) -> list[AssetFacts]:
        """The commune's assets that a filter means."""
        return [a for a in self.commune.assets if fits(a, wanted)]


def fits(asset: AssetFacts, wanted: ask.Filter) -> bool:
    """Whether a filter means an asset."""
    registered = asset.registered
    return (
        (not wanted.classes or registered.asset_class in wanted.classes)
        and (not wanted.statuses or registered.status in wanted.statuses)
        and (wanted.feature is None or wanted.feature in registered.features)
        and (wanted.edge is None or registered.edge == wanted.edge)
    )


def confidence(evidence: Sequence[Evidence], now_s: float, max_age_s: float) -> float:
    """Mean confidence in the evidence, 0 to 1; ABSENCE where there is none."""
    if not evidence:
        return ABSENCE
    return sum(WEIGHT[e.source] * _freshness(e, now_s, max_age_s) for e in evidence) / len(evidence)


def _freshness(evidence: Evidence, now_s: float, max_age_s: float) -> float:
    if evidence.at_s is None or evidence.source == REGISTERED:
        return 1.0
    age_s = max(0.0, now_s - evidence.at_s)
    return 1.0 if age_s <= max_age_s else max(OLDEST, max_age_s / age_s)


def _seen(asset: AssetFacts, text: str = "") -> Evidence:
    """An asset as evidence: measured when it ever answered, else registered."""
    registered = asset.registered
    label = " ".join(filter(None, (registered.vendor, registered.model))) or registered.name
    source = REGISTERED if asset.last_answer_at_s is None else MEASURED
    what = f"{label}, {text}" if text else label
    return Evidence(source, what, asset.last_answer_at_s, registered.tag)


def _nothing(question: Question) -> Finding | None:
    """The finding of a commune of which nothing at all is registered."""
    return None if question.commune.assets else Finding(None, "nothing_registered")


def asset_count(question: Question) -> Finding:
    """How many."""
    found = question.picked(question.measure.of)
    if not found:
        return _nothing(question) or Finding(0.0, "none_of_these")
    return Finding(float(len(found)), "", tuple(_seen(a) for a in found))


def assets_per_post(question: Question) -> Finding:
    """How many for each post."""
    posts = getattr(question.commune.declared, question.measure.posts)
    if not posts:
        return Finding(None, "no_posts")
    found = question.picked(question.measure.of)
    if not found:
        return _nothing(question) or Finding(0.0, "none_of_these", base=posts)
    evidence = [_seen(a) for a in found]
    evidence.append(Evidence(DECLARED, f"{question.measure.posts}: {posts}"))
    return Finding(len(found) / posts, "", tuple(evidence), base=posts)


def asset_share(question: Question) -> Finding:
    """Which share of some assets has a feature, is old, or runs what nobody supports."""
    measure, found = question.measure, question.picked(question.measure.of)
    if not found:
        return _nothing(question) or Finding(None, "none_of_these")
    if measure.having is not None:
        counted = {a.registered.tag: fits(a, measure.having) for a in found}
        evidence = [
            _seen(a, measure.having.feature or "") for a in found if counted[a.registered.tag]
        ]
        return _share(found, counted, evidence or [_seen(a) for a in found], "")
    if measure.older_than_years is not None:
        return _older(question, found, measure.older_than_years)
    counted, evidence = {}, []
    for asset in found:
        supported = is_supported(asset.os, question.today) if asset.os else None
        if supported is not None:
            counted[asset.registered.tag] = not supported
            evidence.append(_seen(asset, asset.os))
    return _share(found, counted, evidence, "no_os")


def _older(question: Question, found: Sequence[AssetFacts], years: float) -> Finding:
    counted: dict[str, bool] = {}
    evidence = []
    for asset in found:
        since = asset.registered.in_use_since
        if since is not None:
            age_years = (question.today - since).days * 86400.0 / YEAR_S
            counted[asset.registered.tag] = age_years > years
            evidence.append(_seen(asset, since.isoformat()))
    return _share(found, counted, evidence, "no_dates")


def _share(
    found: Sequence[AssetFacts],
    counted: Mapping[str, bool],
    evidence: Sequence[Evidence],
    unknown: str,
) -> Finding:
    """The share of those that are known; the others lower the coverage."""
    if not counted:
        return Finding(None, unknown)
    share = sum(counted.values()) / len(counted)
    coverage = len(counted) / len(found)
    return Finding(share, "", tuple(evidence), coverage, base=len(counted))


def availability(question: Question) -> Finding:
    """The lowest availability in office hours."""
    watched = [a for a in question.picked(question.measure.of) if a.office is not None]
    known = [a for a in watched if a.office is not None and a.office.ratio is not None]
    if not known:
        return _nothing(question) or Finding(None, "not_observed")
    coverage = sum(a.office.coverage for a in watched if a.office) / len(watched)
    if coverage < question.measure.min_coverage:
        return Finding(None, "too_little_observed")
    evidence = tuple(
        Evidence(MEASURED, _hours(a), a.last_answer_at_s, a.registered.tag) for a in known
    )
    ratios = [a.office.ratio for a in known if a.office and a.office.ratio is not None]
    return Finding(min(ratios), "", evidence, coverage)


def _hours(asset: AssetFacts) -> str:
    assert asset.office is not None
    up, down = (asset.office.totals[state] / 3600 for state in (State.UP, State.DOWN))
    return f"up {up:.1f} h, down {down:.1f} h, coverage {asset.office.coverage:.0%}"


def longest_outage(question: Question) -> Finding:
    """The longest outage in office hours, hours."""
    watched = [a for a in question.picked(question.measure.of) if a.office is not None]
    known = [a for a in watched if a.longest_outage_s is not None]
    if not known:
        return _nothing(question) or Finding(None, "not_observed")
    hours = {a.registered.tag: (a.longest_outage_s or 0.0) / 3600 for a in known}
    evidence = tuple(
        Evidence(MEASURED, f"{hours[a.registered.tag]:.2f} h", a.last_answer_at_s, a.registered.tag)
        for a in known
    )
    coverage = sum(a.office.coverage for a in watched if a.office) / len(watched)
    return Finding(max(hours.values()), "", evidence, coverage)


def figure_percentile(question: Question) -> Finding:
    """A percentile of an hourly figure; the worst asset's."""
    name, share = question.measure.figure, question.measure.percentile / 100
    found: list[tuple[float, Evidence]] = []
    for asset in question.picked(question.measure.of):
        figure = asset.figures.get(name)
        value = percentile(name, [figure.histogram], share) if figure is not None else None
        if figure is not None and value is not None:
            text = f"p{question.measure.percentile:g} {value:.3g} ({figure.count})"
            found.append((value, Evidence(MEASURED, text, figure.last_at_s, asset.registered.tag)))
    if not found:
        return _nothing(question) or Finding(None, "not_observed")
    return Finding(max(value for value, _ in found), "", tuple(e for _, e in found))


def probe_success(question: Question) -> Finding:
    """Share of probes in office hours that brought what was expected."""
    found = [
        (a, a.figures["probe_ok"])
        for a in question.picked(question.measure.of)
        if "probe_ok" in a.figures and a.figures["probe_ok"].count
    ]
    if not found:
        return _nothing(question) or Finding(None, "not_observed")
    evidence = tuple(
        Evidence(
            MEASURED, f"{figure.total:.0f} / {figure.count}", figure.last_at_s, asset.registered.tag
        )
        for asset, figure in found
    )
    count, total = (sum(getattr(f, key) for _, f in found) for key in ("count", "total"))
    return Finding(total / count, "", evidence)


def line_bandwidth(question: Question) -> Finding:
    """The contracted bandwidth."""
    bps = question.commune.declared.internet_bps
    if bps is None:
        return Finding(None, "not_declared")
    return Finding(float(bps), "", (Evidence(DECLARED, f"{bps / 1e6:g} Mbit/s"),))


def indicator(question: Question) -> Finding:
    """A declared figure while it holds."""
    declared = question.commune.declared.declared.get(question.measure.indicator)
    if declared is None:
        return Finding(None, "not_declared")
    if declared.as_of > question.today:
        return Finding(None, "not_yet")
    if declared.expires is not None and declared.expires <= question.today:
        return Finding(None, "expired")
    words: Iterable[str] = (f"{declared.value:g}", declared.document, declared.by)
    noon = dt.datetime.combine(declared.as_of, dt.time(12), dt.UTC)
    evidence = Evidence(DECLARED, ", ".join(filter(None, words)), noon.timestamp())
    return Finding(declared.value, "", (evidence,))


MEASURES: Mapping[str, Callable[[Question], Finding]] = {
    "asset_count": asset_count,
    "assets_per_post": assets_per_post,
    "asset_share": asset_share,
    "availability": availability,
    "longest_outage": longest_outage,
    "percentile": figure_percentile,
    "probe_success": probe_success,
    "line_bandwidth": line_bandwidth,
    "indicator": indicator,
}
"""Kind of measure -> its function."""


def missing_pieces(measure: Any, finding: Finding, threshold: float, *, at_least: bool) -> float:
    """How many pieces lie between a value and its threshold, in whole ones where these are things.

    Assets and shares of assets are counted in assets; everything else is one matter to mend,
    except bandwidth, which is missing in bits a second.
    """
    assert finding.value is not None
    distance = threshold - finding.value if at_least else finding.value - threshold
    if distance <= 0:
        return 0.0
    if measure.measure == "asset_count":
        return float(math.ceil(distance - 1e-9))
    if measure.measure in ("assets_per_post", "asset_share"):
        return float(max(1, math.ceil(distance * finding.base - 1e-9)))
    return distance if measure.measure == "line_bandwidth" else 1.0
