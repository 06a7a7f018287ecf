"""Which of the profiles for everybody counts on which day: each for the days it is valid for.

Some profile counts on every day, so that a daemon whose profile has run out goes on watching; the
days that nobody meant are told by `uncovered`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from config.errors import ConfigError, Problem
from config.profile import Profile, ReadProfile, problem_at

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Days that no profile is valid for, both included; None: since ever, from then on. counts:
    what communes are held against all the same."""

    since: dt.date | None
    until: dt.date | None
    counts: Profile

    def __str__(self) -> str:
        when = [f"from {self.since}"] if self.since else []
        when += [f"to {self.until}"] if self.until else ["on"]
        return (
            f"no profile of readiness.profile is valid {' '.join(when)}; {self.counts.id} counts "
            "all the same: name one beside it that is valid then (docs/profiles.md)"
        )


class ProfileDays:
    """Profiles that follow each other. Raises ConfigError where two are valid on one day.

    Before the first day of all the first one counts; between two and after the last, the one
    that ended last.
    """

    def __init__(self, reads: Sequence[ReadProfile]) -> None:
        if not reads:
            raise ValueError("some profile must count")
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
        """The profiles in the order of time."""
        return tuple(self._reads)

    def __getitem__(self, at: int) -> ReadProfile:
        return self._reads[at]

    def at(self, day: dt.date) -> int:
        """The place, in the order of time, of the profile that counts on a day."""
        begun = sum(read.profile.valid_from <= day for read in self._reads)
        return max(begun - 1, 0)

    def on(self, day: dt.date) -> ReadProfile:
        """The profile that counts on a day."""
        return self._reads[self.at(day)]

    def begins(self) -> list[dt.date]:
        """The days from which each counts, in order."""
        return [read.profile.valid_from for read in self._reads]

    def uncovered(self, today: dt.date) -> list[Uncovered]:
        """The days that no profile is valid for: those between two, and today with all around."""
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
