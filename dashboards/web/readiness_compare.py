"""The difference between two days: which requirement of which commune changed, and why.

A commune is shown as it was on each day: where it was formed in between, each of those that became
it is held against it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from config.profile import Profile, Requirement, profile_from_body
from dashboards.web.area import MOST, Area
from dashboards.web.asset_form import read_day
from dashboards.web.site import Site
from dashboards.web.words import N_
from inventory.communes import codes_on
from inventory.readiness.difference import Change, differences
from inventory.readiness.result import Evaluation
from inventory.snapshot import CommuneView
from inventory.store.reader import Reader
from inventory.units import Unit

NO_DAY = N_("This is no day; write 31/12/2026 or 2026-12-31.")
NOT_LATER = N_("It must be later than the first day.")
NOT_YET = N_("This day has not come yet.")

CAUSE_WORDS = {
    "asked_now": N_("the profile asks it since then"),
    "asked_no_more": N_("the profile asks it no more"),
    "other_target": N_("another target"),
    "exempt_now": N_("an exception began"),
    "exempt_no_more": N_("an exception ended"),
    "known_now": N_("there is data now"),
    "known_no_more": N_("there is no data any more"),
    "assets_came": N_("more assets stand behind it"),
    "assets_went": N_("assets stand behind it no more"),
    "declared_anew": N_("declared anew"),
    "measured_anew": N_("measured anew"),
}
"""Cause of a change -> English."""

BACK_DAYS = 30
"""How far before today the first day is where none is asked for."""


@dataclass(frozen=True, slots=True)
class Days:
    """What was asked for, as it was typed, and the two days; wrong: field -> what is wrong."""

    typed: Mapping[str, str]
    first: dt.date
    last: dt.date
    wrong: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """One commune of the later day held against one of the earlier day. before_unit None: nothing
    of it is known by another name. changes: empty where one side was never evaluated. For the
    titles, profile: today's; asked_before: what only the profile of the earlier day asked."""

    unit: Unit
    profile: Profile
    before_unit: Unit | None
    before: Evaluation | None
    after: Evaluation | None
    changes: tuple[Change, ...]
    asked_before: Mapping[str, Requirement] = field(default_factory=dict)

    def requirement(self, id: str) -> Requirement | None:
        """A requirement as today's profile has it, else as the earlier one had it."""
        return self.profile.requirement(id) or self.asked_before.get(id)

    @property
    def formed(self) -> bool:
        """Whether it was another unit on the earlier day."""
        return self.before_unit is not None and self.before_unit != self.unit


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole page. since: the day of the first evaluation, where that is after the first day."""

    areas: tuple[Area, ...]
    area: Area
    days: Days
    pairs: tuple[Pair, ...]
    since: dt.date | None = None

    @property
    def too_many(self) -> bool:
        """Whether the area has more communes than a page."""
        return len(self.area.codes) > MOST

    @property
    def changed(self) -> tuple[Pair, ...]:
        """Communes with a change."""
        return tuple(pair for pair in self.pairs if pair.changes)


def days_of(typed: Mapping[str, str], today: dt.date) -> Days:
    """The days of an address; today and a month before it where none are asked for."""
    wrong: dict[str, str] = {}
    found = {"from": today - dt.timedelta(days=BACK_DAYS), "to": today}
    for key, text in typed.items():
        day = read_day(text) if text else None
        if text and day is None:
            wrong[key] = NO_DAY
        elif day is not None and day > today:
            wrong[key] = NOT_YET
        elif day is not None:
            found[key] = day
    if typed.get("to") and not typed.get("from") and not wrong:
        found["from"] = found["to"] - dt.timedelta(days=BACK_DAYS)
    if not wrong and found["to"] <= found["from"]:
        wrong["to"] = NOT_LATER
    return Days(dict(typed), found["from"], found["to"], wrong)


def comparison(
    site: Site,
    views: Mapping[str, CommuneView],
    areas: tuple[Area, ...],
    area: Area,
    days: Days,
) -> Comparison:
    """The page of an area; without pairs while the days are wrong. Where no first day was asked for
    and nothing is known of it, the first that something is known of. Raises StoreError."""
    if days.wrong or len(area.codes) > MOST:
        return Comparison(areas, area, days, ())
    with Reader(site.database) as reader:
        since = _since(site, reader, days.first)
        if since is not None and since < days.last and not days.typed.get("from"):
            days, since = replace(days, first=since), None
        first = reader.evaluations(_end_s(site, days.first))
        last = reader.evaluations(_end_s(site, days.last))
        pairs = _pairs(site, views, area, days, first, last)
        return Comparison(areas, area, days, _with_titles(reader, pairs), since)


def _since(site: Site, reader: Reader, day: dt.date) -> dt.date | None:
    """The day of the first evaluation where that is after a day."""
    end_s = _end_s(site, day)
    first_s = reader.first_evaluated(end_s)
    if first_s is None or first_s <= end_s:
        return None
    return dt.datetime.fromtimestamp(first_s, site.settings.zone).date()


def _pairs(
    site: Site,
    views: Mapping[str, CommuneView],
    area: Area,
    days: Days,
    first: Mapping[str, Evaluation],
    last: Mapping[str, Evaluation],
) -> list[Pair]:
    pairs: list[Pair] = []
    for code in area.codes:
        profile = site.profile_of(views[code].unit)
        for unit in _units_on(site, views[code].unit, days.last):
            after = _of(site, last, unit)
            befores: list[Unit | None] = [*_units_on(site, unit, days.first)]
            for before_unit in befores or [None]:
                before = _of(site, first, before_unit) if before_unit is not None else None
                pairs.append(
                    Pair(unit, profile, before_unit, before, after, differences(before, after))
                )
    return pairs


def _with_titles(reader: Reader, pairs: list[Pair]) -> tuple[Pair, ...]:
    """The pairs with what only the profile of the earlier day asked, from its stored content."""
    profiles: dict[str, Profile | None] = {}
    found = []
    for pair in pairs:
        gone = [c.requirement for c in pair.changes if pair.requirement(c.requirement) is None]
        digest = pair.before.profile_digest if pair.before is not None else ""
        if gone and digest:
            if digest not in profiles:
                body = reader.profile_body(digest)
                profiles[digest] = profile_from_body(body) if body is not None else None
            profile = profiles[digest]
            if profile is not None:
                asked = {r.id: r for r in profile.requirements if r.id in gone}
                found.append(replace(pair, asked_before=asked))
                continue
        found.append(pair)
    return tuple(found)


def _units_on(site: Site, unit: Unit, day: dt.date) -> list[Unit]:
    """What the area of a unit was on a day, by code."""
    found = (site.units.at(code, day) for code in sorted(codes_on(site.units, unit, day)))
    return [unit for unit in found if unit is not None]


def _of(site: Site, evaluations: Mapping[str, Evaluation], unit: Unit) -> Evaluation | None:
    """A unit's evaluation; not that of another one which bore the code before."""
    found = evaluations.get(unit.code)
    if found is None:
        return None
    day = dt.datetime.fromtimestamp(found.at_s, site.settings.zone).date()
    return found if unit.holds_on(day) else None


def _end_s(site: Site, day: dt.date) -> float:
    """The end of a local day."""
    after = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), site.settings.zone)
    return after.timestamp() - 1e-3
