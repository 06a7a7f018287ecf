"""The facts of every watched commune, from the database: what `inventory.readiness` judges.

Reads only; office hours and maintenance come from the settings.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from config.measures import Percentile, ProbeSuccess
from config.profile import Profile
from config.sections import Settings
from inventory.judgement import Judge
from inventory.office_hours import office_spans
from inventory.readiness.facts import AssetFacts, CommuneFacts, Figure
from inventory.rollups import HOUR_S, hour_of
from inventory.store.reader import Reader
from inventory.store.rows import FactRow
from inventory.units import Unit
from inventory.uptime import Interval, Span, State, availability, inside_s, outages


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
    begins = {ids[tag]: line[0].start_s for tag, line in timelines.items()}
    figures = _figures(reader, figures_of(profile), full_hours, begins)
    answers = _last_answers(reader)
    systems = _operating_systems(reader)
    judge = Judge.of(settings)
    facts: dict[str, list[AssetFacts]] = defaultdict(list)
    for asset in settings.assets:
        id = ids.get(asset.tag, 0)
        watched = bool(asset.endpoints) and asset.tag in timelines
        line = judge.judged(asset.tag, timelines, now_s) if watched else []
        system, system_at_s = systems.get(id, ("", None))
        facts[asset.commune].append(
            AssetFacts(
                registered=asset,
                os=asset.os or system,
                os_at_s=None if asset.os else system_at_s,
                last_answer_at_s=answers.get(id),
                office=availability(line, office) if watched else None,
                longest_outage_s=_longest(line, office) if watched else None,
                observed_at_s=_observed_until(line),
                figures=figures.get(id, {}),
            )
        )
    declared = {commune.code: commune for commune in settings.communes}
    return [
        CommuneFacts(unit, declared[code], tuple(facts.get(code, ())), settings.zone)
        for code, unit in communes.items()
    ]


def figures_of(profile: Profile) -> set[str]:
    """The hourly figures that a profile asks for."""
    measures = [r.measure for r in profile.requirements]
    found: set[str] = {m.figure for m in measures if isinstance(m, Percentile)}
    return found | {"probe_ok" for m in measures if isinstance(m, ProbeSuccess)}


def _figures(
    reader: Reader, names: Iterable[str], office: Sequence[Span], begins: Mapping[int, float]
) -> dict[int, dict[str, Figure]]:
    """Asset id -> figure -> what its office hours add up to.

    An hour counts when its middle lies in office hours. begins: asset id -> when it was first
    looked at; it owes nothing for the hours before.
    """
    hours = sorted(
        {
            hour
            for start, end in office
            for hour in _hours(start, end)
            if start <= hour + HOUR_S / 2 < end
        }
    )
    result: dict[int, dict[str, Figure]] = defaultdict(dict)
    for name in names:
        for asset_id, buckets in reader.rollups(name, hours).items():
            result[asset_id][name] = Figure(
                histogram=[
                    sum(column) for column in zip(*(b.histogram for b in buckets), strict=True)
                ],
                count=sum(b.count for b in buckets),
                total=sum(b.total for b in buckets),
                last_at_s=max(b.hour_s for b in buckets),
                hours=len(buckets),
                of_hours=max(
                    len(buckets),
                    len(hours) - bisect_left(hours, hour_of(begins.get(asset_id, 0.0))),
                ),
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


def _operating_systems(reader: Reader) -> dict[int, tuple[str, float]]:
    """Asset id -> name and version of the operating system as measured, and when it was."""
    parts: dict[int, dict[str, FactRow]] = defaultdict(dict)
    for fact in reader.facts():
        if fact.source == "measured" and fact.name in ("os", "os_version"):
            parts[fact.asset_id][fact.name] = fact
    return {
        id: (" ".join(row.value for name in ("os", "os_version") if (row := found.get(name))), at_s)
        for id, found in parts.items()
        if "os" in found and (at_s := found["os"].at_s)
    }


def _longest(line: Sequence[Interval], office: Sequence[Span]) -> float:
    """Seconds of office hours that the longest outage took."""
    return max((inside_s(outage, office) for outage in outages(line)), default=0.0)


def _observed_until(line: Sequence[Interval]) -> float | None:
    """Until when it is known whether the asset was up."""
    return max(
        (i.end_s for i in line if i.state in (State.UP, State.DOWN) and i.end_s), default=None
    )
