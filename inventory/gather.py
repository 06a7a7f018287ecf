"""The facts of every watched commune, from the database: what `inventory.readiness` judges.

Reads only; office hours and maintenance come from the settings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from config.profile import Profile
from config.sections import Settings
from inventory.judgement import Judge
from inventory.office_hours import office_spans
from inventory.readiness.facts import AssetFacts, CommuneFacts, Figure
from inventory.rollups import HOUR_S, STEPS, hour_of
from inventory.store.reader import Reader
from inventory.units import Unit
from inventory.uptime import Interval, Span, availability, outages


def gather(
    reader: Reader,
    settings: Settings,
    communes: Mapping[str, Unit],
    profile: Profile,
    now_s: float,
) -> list[CommuneFacts]:
    """The facts of each commune of `communes`, in its order. Raises StoreError."""
    start_s = now_s - settings.readiness.window
    office = office_spans(settings.office_hours, settings.zone, start_s, now_s)
    ids = {row.tag: row.id for row in reader.assets()}
    tags = {id: tag for tag, id in ids.items()}
    timelines = {tags[id]: line for id, line in reader.timelines(start_s).items() if id in tags}
    # The present hour counts from its first figure on, though its middle is still to come.
    full_hours = office_spans(
        settings.office_hours, settings.zone, start_s, hour_of(now_s) + HOUR_S
    )
    figures = _figures(reader, figures_of(profile), full_hours)
    answers = _last_answers(reader)
    systems = _operating_systems(reader)
    judge = Judge.of(settings)
    facts: dict[str, list[AssetFacts]] = defaultdict(list)
    for asset in settings.assets:
        id = ids.get(asset.tag, 0)
        watched = bool(asset.endpoints) and asset.tag in timelines
        line = judge.judged(asset.tag, timelines, now_s) if watched else []
        facts[asset.commune].append(
            AssetFacts(
                registered=asset,
                os=asset.os or systems.get(id, ""),
                last_answer_at_s=answers.get(id),
                office=availability(line, office) if watched else None,
                longest_outage_s=_longest(line, office) if watched else None,
                figures=figures.get(id, {}),
            )
        )
    declared = {commune.code: commune for commune in settings.communes}
    return [
        CommuneFacts(unit, declared[code], tuple(facts.get(code, ())))
        for code, unit in communes.items()
    ]


def figures_of(profile: Profile) -> set[str]:
    """The hourly figures that a profile asks for."""
    found = {r.measure.figure for r in profile.requirements if r.measure.measure == "percentile"}
    return found | {"probe_ok"}


def _figures(
    reader: Reader, names: Iterable[str], office: Sequence[Span]
) -> dict[int, dict[str, Figure]]:
    """Asset id -> figure -> what its office hours add up to.

    An hour counts when its middle lies in office hours.
    """
    hours = {
        hour
        for start, end in office
        for hour in _hours(start, end)
        if start <= hour + HOUR_S / 2 < end
    }
    result: dict[int, dict[str, Figure]] = defaultdict(dict)
    if not hours:
        return result
    for name in names:
        buckets = reader.rollups(name, min(hours), max(hours) + HOUR_S)
        for asset_id, found in buckets.items():
            wanted = [bucket for bucket in found if bucket.hour_s in hours]
            if wanted:
                histogram = [sum(b.histogram[step] for b in wanted) for step in range(STEPS)]
                result[asset_id][name] = Figure(
                    histogram,
                    sum(b.count for b in wanted),
                    sum(b.total for b in wanted),
                    max(b.hour_s for b in wanted),
                )
    return result


def _hours(start_s: float, end_s: float) -> Iterable[float]:
    hour = hour_of(start_s)
    while hour < end_s:
        yield hour
        hour += HOUR_S


def _last_answers(reader: Reader) -> dict[int, float]:
    found: dict[int, float] = {}
    for row in reader.endpoints():
        if row.last_answer_at_s is not None:
            found[row.asset_id] = max(found.get(row.asset_id, 0.0), row.last_answer_at_s)
    return found


def _operating_systems(reader: Reader) -> dict[int, str]:
    """Asset id -> name and version of the operating system as measured."""
    parts: dict[int, dict[str, str]] = defaultdict(dict)
    for fact in reader.facts():
        if fact.source == "measured" and fact.name in ("os", "os_version"):
            parts[fact.asset_id][fact.name] = fact.value
    return {
        id: " ".join(filter(None, (found["os"], found.get("os_version", ""))))
        for id, found in parts.items()
        if "os" in found
    }


def _longest(line: Sequence[Interval], office: Sequence[Span]) -> float:
    """Seconds of office hours that the longest outage took."""
    return max(
        (
            sum(max(0.0, min(end, stop) - max(start, outage.start_s)) for start, stop in office)
            for outage in outages(line)
            if (end := outage.end_s) is not None
        ),
        default=0.0,
    )
