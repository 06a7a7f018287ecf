"""Which of the profiles for everybody counts on which day: each for the days it is valid for, and
from the day of somebody's choice on what was chosen.

Some profile counts on every day, so that a daemon whose profile has run out goes on watching; the
days that nobody meant are told by `uncovered`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from config.errors import ConfigError, Problem
from config.profile import Profile, ReadProfile, problem_at

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Days that no profile is valid for, both included; None: since ever, from then on. counts:
    what communes are held against all the same. chosen: whether somebody chose that."""

    since: dt.date | None
    until: dt.date | None
    counts: Profile
    chosen: bool = False

    def __str__(self) -> str:
        when = [f"from {self.since}"] if self.since else []
        when += [f"to {self.until}"] if self.until else ["on"]
        if self.chosen:
            return (
                f"the chosen profile {self.counts.id} is not valid {' '.join(when)} and counts all "
                "the same: choose one that is valid then (docs/profiles.md)"
            )
        return (
            f"no profile of readiness.profile is valid {' '.join(when)}; {self.counts.id} counts "
            "all the same: name one beside it that is valid then (docs/profiles.md)"
        )


class ProfileDays:
    """Profiles that follow each other. Raises ConfigError where two are valid on one day.

    Before the first day of all the first one counts; between two and after the last, the one
    that ended last. chosen: from each day on another one instead, None for those again; in the
    order of the days, none twice.
    """

    def __init__(
        self,
        reads: Sequence[ReadProfile],
        chosen: Sequence[tuple[dt.date, ReadProfile | None]] = (),
    ) -> None:
        if not reads:
            raise ValueError("some profile must count")
        self._chosen = list(chosen)
        self._reads = sorted(reads, key=lambda read: read.profile.valid_from)
        problems = [
            _overlap(before, after)
            for before, after in pairwise(self._reads)
            if after.profile.valid_from <= _last(before)
        ]
        if problems:
            raise ConfigError(problems)

    @property
    def reads(self) -> tuple[ReadProfile, ...]:
        """The profiles in the order of time, without what was chosen."""
        return tuple(self._reads)

    def __getitem__(self, at: int) -> ReadProfile:
        if at < len(self._reads):
            return self._reads[at]
        read = self._chosen[at - len(self._reads)][1]
        assert read is not None  # `at` gives no such place
        return read

    def at(self, day: dt.date) -> int:
        """The place of the profile that counts on a day: in the order of time, then in that of the
        choices."""
        made = sum(since <= day for since, _ in self._chosen)
        if made and self._chosen[made - 1][1] is not None:
            return len(self._reads) + made - 1
        begun = sum(read.profile.valid_from <= day for read in self._reads)
        return max(begun - 1, 0)

    def on(self, day: dt.date) -> ReadProfile:
        """The profile that counts on a day."""
        return self[self.at(day)]

    def begins(self) -> list[dt.date]:
        """The days from which each counts, in order."""
        named = (read.profile.valid_from for read in self._reads)
        return sorted([*named, *(since for since, _ in self._chosen)])

    def uncovered(self, today: dt.date) -> list[Uncovered]:
        """The days that no profile is valid for: those between two, and today with all around; of
        chosen ones those to come, too."""
        found: list[Uncovered] = []
        for first, last, read in self._spans():
            if read is None:
                cut = (_cut(days, first, last) for days in self._uncovered(today))
                found += [days for days in cut if days is not None]
            elif _last(read) < last and today <= last:
                until = None if last == dt.date.max else last
                found.append(Uncovered(_last(read) + _DAY, until, read.profile, chosen=True))
        return found

    def _spans(self) -> Iterator[tuple[dt.date, dt.date, ReadProfile | None]]:
        """First and last day of what was chosen; None where the settings' profiles count."""
        edges = [(dt.date.min, None), *self._chosen, (dt.date.max, None)]
        for (first, read), (following, _) in pairwise(edges):
            yield first, following if following == dt.date.max else following - _DAY, read

    def _uncovered(self, today: dt.date) -> list[Uncovered]:
        reads = self._reads
        found = [
            Uncovered(_last(before) + _DAY, after.profile.valid_from - _DAY, before.profile)
            for before, after in pairwise(reads)
            if _last(before) + _DAY < after.profile.valid_from
        ]
        first, last = reads[0].profile, reads[-1].profile
        if today < first.valid_from:
            found.append(Uncovered(None, first.valid_from - _DAY, first))
        elif today > _last(reads[-1]):
            found.append(Uncovered(_last(reads[-1]) + _DAY, None, last))
        return found


def _cut(days: Uncovered, first: dt.date, last: dt.date) -> Uncovered | None:
    """The part of some days that lies between two; None where there is none."""
    since = max(days.since or dt.date.min, first)
    until = min(days.until or dt.date.max, last)
    if since > until:
        return None
    return replace(
        days,
        since=None if since == dt.date.min else since,
        until=None if until == dt.date.max else until,
    )


def _last(read: ReadProfile) -> dt.date:
    return read.profile.valid_to or dt.date.max


def _overlap(before: ReadProfile, after: ReadProfile) -> Problem:
    end = before.profile.valid_to
    text = (
        f"{after.profile.valid_from} lies in the days of {_file(before)}, which is valid from "
        f"{before.profile.valid_from} {f'to {end}' if end else 'on'}; end that one the day before"
    )
    if after.source is None:
        return Problem("readiness.profile", 0, "valid_from", text)
    return problem_at(after.source, ("valid_from",), text)


def _file(read: ReadProfile) -> str:
    return str(read.source.path) if read.source is not None else read.name
