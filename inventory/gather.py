"""The facts of every watched commune, from the database: what `inventory.readiness` judges.

Reads only; office hours and maintenance come from the settings.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from config.measures import (
    Availability,
    Coverage,
    LongestOutage,
    OutageCount,
    Percentile,
    ProbeSuccess,
    SaturationHours,
)
from config.profile import Profile
from config.sections import Asset, Commune, Settings
from inventory.gather_devices import equipment_seen, kinds_of, numbers_seen
from inventory.indicators.declaration import by_commune, declared_on
from inventory.judgement import Judge
from inventory.office_hours import office_spans
from inventory.readiness.facts import AssetFacts, CommuneFacts, Figure
from inventory.readiness.matching import fits_plainly
from inventory.readiness.os_support import SupportTable, read_table
from inventory.rollups import HOUR_S, Bucket, hour_of
from inventory.store.reader import Reader
from inventory.store.rows import FactRow
from inventory.units import Unit
from inventory.uptime import Inside, Interval, Span, State, availability, outages

_AT_ONCE = 4096
"""Assets of two registers that are compared at once."""

_OVER_TIME = (Availability, Coverage, LongestOutage, OutageCount)
"""Measures of time lines."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """What is the same for all communes at one moment."""

    start_s: float
    office: Inside
    hours: Sequence[float]


class Gathering:
    """The facts of communes, from a register that is sorted once and asked as often as one likes.

    To make one costs a walk over all assets; `facts` costs only what the communes asked for have.
    """

    def __init__(self, settings: Settings, communes: Mapping[str, Unit]) -> None:
        self._settings = settings
        self._communes = communes
        self._declared = {commune.code: commune for commune in settings.communes}
        self.systems = read_table(settings.readiness.os_support)
        """Until when makers support operating systems."""
        self._assets: dict[str, list[Asset]] = defaultdict(list)
        for asset in settings.assets:
            self._assets[asset.commune].append(asset)

    def after(self, settings: Settings, communes: Mapping[str, Unit]) -> Gathering:
        """The same after a change of the register; of what did not change nothing is sorted."""
        gone, came = changed_assets(self._settings.assets, settings.assets)
        made = Gathering(settings.model_copy(update={"assets": ()}), communes)
        made._settings = settings
        made._assets = self._assets.copy()
        left, waiting = set(map(id, gone)), {asset.tag: asset for asset in came}
        for code in {asset.commune for asset in (*gone, *came)}:
            mine = made._assets[code] = []
            for asset in self._assets.get(code, ()):
                if id(asset) not in left:
                    mine.append(asset)
                elif asset.tag in waiting and waiting[asset.tag].commune == code:
                    mine.append(waiting.pop(asset.tag))  # in the place of what it was
        for asset in waiting.values():
            made._assets[asset.commune].append(asset)
        return made

    def facts(
        self, reader: Reader, codes: Sequence[str], profiles: Iterable[Profile], now_s: float
    ) -> list[CommuneFacts]:
        """The facts of some of the communes, in this order, as far as the profiles ask for them.

        Raises StoreError, and KeyError for a commune that is not watched.
        """
        assets = [asset for code in codes for asset in self._assets.get(code, ())]
        moment = self._moment(now_s)
        ids = reader.ids(asset.tag for asset in assets)
        judge = Judge.of(self._settings.model_copy(update={"assets": self._around(codes)}))
        known = ids.values()
        profiles = list(profiles)
        kinds = kinds_of(profiles)
        figures = {name for profile in profiles for name in figures_of(profile)}
        hourly = {name: reader.rollups(name, moment.hours, known) for name in sorted(figures)}
        timed = _timed(assets, ids, profiles, {id for found in hourly.values() for id in found})
        timelines = _timelines(reader, judge, timed, moment.start_s)
        begins = {id: timelines[tag][0].start_s for tag, id in timed.items() if tag in timelines}
        counted = _figures(hourly, moment.hours, begins)
        answers = reader.last_answers(known)
        said = reader.facts(known)
        systems = _operating_systems(said, self.systems)
        programs, runtimes = equipment_seen(reader, kinds, known)
        numbers = numbers_seen(reader, kinds, assets, ids, said)
        declared = self._declared_on(reader, codes, now_s)
        facts: dict[str, list[AssetFacts]] = defaultdict(list)
        for asset in assets:
            id = ids.get(asset.tag, 0)
            watched = bool(asset.endpoints) and asset.tag in timed and asset.tag in timelines
            line = judge.judged(asset.tag, timelines, now_s) if watched else []
            system, system_at_s = systems.get(id, ("", None))
            down_s = _outages(line, moment.office)
            facts[asset.commune].append(
                AssetFacts(
                    registered=asset,
                    os=asset.os or system,
                    os_at_s=None if asset.os else system_at_s,
                    last_answer_at_s=answers.get(id),
                    office=availability(line, moment.office) if watched else None,
                    longest_outage_s=max(down_s, default=0.0) if watched else None,
                    observed_at_s=_observed_until(line),
                    figures=counted.get(id, {}),
                    outages_s=down_s,
                    programs=programs.get(id),
                    ups=runtimes.get(id),
                    numbers=numbers.get(id, {}),
                )
            )
        return [
            CommuneFacts(
                self._communes[code],
                declared[code],
                tuple(facts.get(code, ())),
                self._settings.zone,
                self.systems,
            )
            for code in codes
        ]

    def _around(self, codes: Iterable[str]) -> tuple[Asset, ...]:
        """The assets of some communes, and of those that theirs lie behind, however far."""
        found: dict[str, list[Asset]] = {}
        waiting = list(codes)
        while waiting:
            code = waiting.pop()
            if code in found:
                continue
            found[code] = self._assets.get(code, [])
            above = {a.upstream for a in found[code] if a.upstream}
            if elsewhere := above - {a.tag for a in found[code]}:
                waiting.extend(self._home[tag] for tag in elsewhere if tag in self._home)
        return tuple(asset for assets in found.values() for asset in assets)

    @cached_property
    def _home(self) -> dict[str, str]:
        """Tag -> commune; asked for only where something lies behind another commune's."""
        return {asset.tag: asset.commune for asset in self._settings.assets}

    def _declared_on(
        self, reader: Reader, codes: Sequence[str], now_s: float
    ) -> dict[str, Commune]:
        """Code -> the commune with the figures that count on the day, as they are known by then."""
        day = dt.datetime.fromtimestamp(now_s, self._settings.zone).date()
        rows = by_commune(reader.declarations(codes))
        return {
            code: declared_on(self._declared[code], rows.get(code, ()), day, now_s)
            for code in codes
        }

    def _moment(self, now_s: float) -> _Moment:
        start_s = now_s - self._settings.readiness.window
        hours, zone = self._settings.office_hours, self._settings.zone
        # The present hour counts from its first figure on, though its middle is still to come.
        full = office_spans(hours, zone, start_s, hour_of(now_s) + HOUR_S)
        office = Inside(office_spans(hours, zone, start_s, now_s))
        return _Moment(start_s, office, _hours_inside(full))


def changed_assets(
    old: Sequence[Asset], new: Sequence[Asset]
) -> tuple[Sequence[Asset], Sequence[Asset]]:
    """What is in one register alone, and in the other: what did not change is the same object.

    What both begin and end with is passed by, so that one change among 200,000 is soon found.
    """
    shorter = min(len(old), len(new))
    begin = _alike(old, new, shorter)
    end = _alike(old, new, shorter - begin, at_end=True)
    old, new = old[begin : len(old) - end], new[begin : len(new) - end]
    known, wanted = set(map(id, old)), set(map(id, new))
    return [a for a in old if id(a) not in wanted], [a for a in new if id(a) not in known]


def _alike(old: Sequence[Asset], new: Sequence[Asset], most: int, *, at_end: bool = False) -> int:
    """How many both begin, or end, with; a few less at times, and no more than `most`. Pieces are
    compared at once, which of the same objects asks for nothing but where they are."""
    alike, step = 0, _AT_ONCE
    while alike < most and step:
        upto = min(alike + step, most)
        mine, its = (
            part[len(part) - upto : len(part) - alike] if at_end else part[alike:upto]
            for part in (old, new)
        )
        # The ends first: of a register that was read anew nothing is the same.
        if mine[0] is its[0] and mine[-1] is its[-1] and mine == its:
            alike = upto
        else:
            step = (upto - alike) // 8
    return alike


def gather(
    reader: Reader,
    settings: Settings,
    communes: Mapping[str, Unit],
    profile: Profile,
    now_s: float,
) -> list[CommuneFacts]:
    """The facts of each commune of `communes`, in its order. Raises StoreError."""
    gathering = Gathering(settings, communes)
    return gathering.facts(reader, list(communes), [profile], now_s)


def _timed(
    assets: Iterable[Asset],
    ids: Mapping[str, int],
    profiles: Iterable[Profile],
    counted: Collection[int],
) -> dict[str, int]:
    """Tag -> id of the assets whose time line some requirement may ask about, and of those that
    have an hourly figure (`counted`): of a commune's sixty things the line and some devices."""
    measures = (r.measure for profile in profiles for r in profile.requirements)
    asked = [measure.of for measure in measures if isinstance(measure, _OVER_TIME)]
    return {
        asset.tag: id
        for asset in assets
        if (id := ids.get(asset.tag)) is not None
        and (id in counted or any(fits_plainly(asset, wanted) for wanted in asked))
    }


def _timelines(
    reader: Reader, judge: Judge, ids: Mapping[str, int], start_s: float
) -> dict[str, list[Interval]]:
    """Tag -> time line of assets, and of what any of them was ever seen to lie behind."""
    tags = {id: tag for tag, id in ids.items()}
    found = {tags[id]: line for id, line in reader.timelines(start_s, ids.values()).items()}
    behind = {interval.behind for line in found.values() for interval in line} - {None}
    causes = {tag for below in behind if below for tag in (below, *judge.above(below))}
    more = sorted(causes - ids.keys())
    if more:
        found |= {tag: line for tag, line in reader.timelines_of(more, start_s).items() if line}
    return found


def figures_of(profile: Profile) -> set[str]:
    """The hourly figures that a profile asks for."""
    measures = [r.measure for r in profile.requirements]
    found: set[str] = {m.figure for m in measures if isinstance(m, Percentile)}
    if any(isinstance(m, SaturationHours) for m in measures):
        found.add("uplink_utilisation_ratio")
    return found | {"probe_ok" for m in measures if isinstance(m, ProbeSuccess)}


def _hours_inside(office: Iterable[Span]) -> list[float]:
    """The hours whose middle lies in office hours, in order."""
    return sorted(
        {
            hour
            for start, end in office
            for hour in _hours(start, end)
            if start <= hour + HOUR_S / 2 < end
        }
    )


def _figures(
    hourly: Mapping[str, Mapping[int, Sequence[Bucket]]],
    hours: Sequence[float],
    begins: Mapping[int, float],
) -> dict[int, dict[str, Figure]]:
    """Asset id -> figure -> what its hours add up to.

    begins: asset id -> when it was first looked at; it owes nothing for the hours before.
    """
    result: dict[int, dict[str, Figure]] = defaultdict(dict)
    for name, found in hourly.items():
        for asset_id, buckets in found.items():
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


def _operating_systems(
    facts: Iterable[FactRow], systems: SupportTable
) -> dict[int, tuple[str, float]]:
    """Asset id -> name and version of the operating system as measured, and when it was.

    The one word that SNMP gives a kind of system by (os_family) stands for a name only where that,
    with its version, is one whose support is known: "fortios 7.2.8" is, "linux 6.1" is a kernel.
    """
    parts: dict[int, dict[str, FactRow]] = defaultdict(dict)
    for fact in facts:
        if fact.source == "measured" and fact.name in ("os", "os_family", "os_version"):
            parts[fact.asset_id][fact.name] = fact
    result = {}
    for id, found in parts.items():
        name = found.get("os") or found.get("os_family")
        if name is None:
            continue
        version = found.get("os_version")
        text = name.value if version is None else f"{name.value} {version.value}"
        if name.name == "os" or systems.of(text) is not None:
            result[id] = (text, name.at_s)
    return result


def _outages(line: Sequence[Interval], office: Inside) -> tuple[float, ...]:
    """Seconds of office hours that each outage took which reached into them."""
    return tuple(taken for outage in outages(line) if (taken := office.seconds(outage)) > 0)


def _observed_until(line: Sequence[Interval]) -> float | None:
    """Until when it is known whether the asset was up."""
    return max(
        (i.end_s for i in line if i.state in (State.UP, State.DOWN) and i.end_s), default=None
    )
