"""Everything that a report says, as it was known at the end of a day.

It comes from what was kept then: evaluations with their evidence (figures, names and ages stand in
it), the content of the profile that each was judged by, the groups of that time, and the names of
units valid on the day. Nothing of today's register, settings or profile is looked at, so an edit
of today changes no word of it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from inventory.readiness.kept_profile import KeptProfile, KeptText, kept_profile
from inventory.readiness.result import Evaluation
from inventory.units import Unit, UnitTable

TOGETHER_S = 86_400.0
"""A commune was watched on a day when its last result is at most this much older than the last of
all: what left the settings leaves the reports, and a daemon that was off leaves them as they were.
"""


class Past(Protocol):
    """Where the past is kept; `inventory.store.reader.Reader` is one."""

    def evaluations(self, as_of_s: float) -> dict[str, Evaluation]:
        """Commune -> its newest evaluation of that moment or before."""
        ...

    def profile_body(self, digest: str) -> str | None:
        """The content of a profile, None where it was not kept."""
        ...

    def profile_body_named(self, id: str, version: str) -> str | None:
        """The first content that was kept of a version."""
        ...

    def groups(self, as_of_s: float) -> str | None:
        """The groups of communes of a moment, as JSON."""
        ...


class NothingKnown(ValueError):
    """There is nothing to report of a day; says what was not found."""

    def __init__(self, day: dt.date, text: str) -> None:
        super().__init__(text)
        self.day = day


@dataclass(frozen=True, slots=True)
class Scope:
    """Which communes: one by its code of that day, those of a group, or all. only: those that the
    reader may see, None for all."""

    commune: str | None = None
    group: str | None = None
    only: frozenset[str] | None = None


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class FrozenGroup:
    """A group of communes as it was."""

    id: str
    title: KeptText
    communes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrozenCommune:
    """One commune: its unit and province on the day of its evaluation, and that. ended: whether
    the unit was no more on the report's day."""

    unit: Unit
    province: Unit | None
    evaluation: Evaluation
    profile: KeptProfile
    ended: bool


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was known at the end of a day in a zone, by code of commune.

    at_s: the last of these evaluations. group: which one, where one was asked for. unknown: members
    of the group of which there is no evaluation. province: where all communes lie in one.
    """

    day: dt.date
    zone: ZoneInfo
    at_s: float
    scope: Scope
    communes: tuple[FrozenCommune, ...]
    group: FrozenGroup | None = None
    unknown: tuple[str, ...] = ()

    @property
    def profiles(self) -> tuple[KeptProfile, ...]:
        """Every profile that a commune was judged by, once."""
        found = {_key(c.evaluation): c.profile for c in self.communes}
        return tuple(found[key] for key in sorted(found))

    @property
    def province(self) -> Unit | None:
        """The province, where all communes lie in one."""
        found = {c.province for c in self.communes}
        return found.pop() if len(found) == 1 else None


def end_of_day_s(day: dt.date, zone: dt.tzinfo) -> float:
    """The last moment of a day in a time zone, seconds since 1970."""
    following = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    return following.timestamp() - 0.001


def freeze(
    past: Past, units: UnitTable, zone: ZoneInfo, day: dt.date, scope: Scope = EVERYTHING
) -> Frozen:
    """What was known at the end of a day.

    Raises NothingKnown where there is no result of that day or before, and StoreError.
    """
    until_s = end_of_day_s(day, zone)
    found = past.evaluations(until_s)
    if not found:
        raise NothingKnown(day, f"nothing was evaluated on {day} or before")
    newest_s = max(e.at_s for e in found.values())
    watched = {c: e for c, e in found.items() if e.at_s >= newest_s - TOGETHER_S}
    group = _group(past, day, until_s, scope.group) if scope.group is not None else None
    wanted = _wanted(watched, scope, group)
    if not wanted:
        raise NothingKnown(day, f"nothing is known of {_what(scope)} on {day}")
    profiles = _profiles(past, wanted.values())
    communes = tuple(
        FrozenCommune(
            unit := _unit(units, code, _day_of(e, zone)),
            _province(units, unit, _day_of(e, zone)),
            e,
            profiles[_key(e)],
            not unit.holds_on(day),
        )
        for code, e in sorted(wanted.items())
    )
    unknown = tuple(sorted(set(group.communes) - set(wanted))) if group is not None else ()
    if scope.only is not None:
        unknown = tuple(code for code in unknown if code in scope.only)
    at_s = max(e.at_s for e in wanted.values())
    return Frozen(day, zone, at_s, scope, communes, group, unknown)


def groups_then(past: Past, until_s: float) -> tuple[FrozenGroup, ...]:
    """The groups of a moment; of before any was kept none."""
    body = past.groups(until_s)
    if body is None:
        return ()
    return tuple(
        FrozenGroup(
            str(one["id"]), KeptText.model_validate(one["title"]), tuple(map(str, one["communes"]))
        )
        for one in json.loads(body)
    )


def _group(past: Past, day: dt.date, until_s: float, id: str) -> FrozenGroup:
    known = groups_then(past, until_s)
    found = next((group for group in known if group.id == id), None)
    if found is None:
        names = ", ".join(group.id for group in known)
        raise NothingKnown(day, f"there was no group {id} then; known were: {names or 'none'}")
    return found


def _wanted(
    watched: Mapping[str, Evaluation], scope: Scope, group: FrozenGroup | None
) -> dict[str, Evaluation]:
    return {
        code: evaluation
        for code, evaluation in watched.items()
        if scope.commune in (None, code)
        and (group is None or code in group.communes)
        and (scope.only is None or code in scope.only)
    }


def _what(scope: Scope) -> str:
    if scope.commune is not None:
        return f"commune {scope.commune}"
    return f"group {scope.group}" if scope.group is not None else "these communes"


def _day_of(evaluation: Evaluation, zone: dt.tzinfo) -> dt.date:
    return dt.datetime.fromtimestamp(evaluation.at_s, zone).date()


def _unit(units: UnitTable, code: str, day: dt.date) -> Unit:
    """The unit that bore a code; one named by its code where the table knows none."""
    return units.at(code, day) or Unit(code, "commune", code, "", day)


def _province(units: UnitTable, unit: Unit, day: dt.date) -> Unit | None:
    """What stands at the top above a unit."""
    above = None
    while unit.parent and (found := units.at(unit.parent, day)) is not None and found != unit:
        above = unit = found
    return above


_Key = tuple[str, str, str]


def _key(evaluation: Evaluation) -> _Key:
    return evaluation.profile_digest, evaluation.profile, evaluation.profile_version


def _profiles(past: Past, evaluations: Iterable[Evaluation]) -> dict[_Key, KeptProfile]:
    return {key: _profile(past, *key) for key in {_key(e) for e in evaluations}}


def _profile(past: Past, digest: str, id: str, version: str) -> KeptProfile:
    body = past.profile_body(digest) if digest else None
    exact = body is not None
    if body is None:
        body = past.profile_body_named(id, version)
    return kept_profile(id, version, digest, body, exact)
