"""The examples of a profile held against it: what a planner wrote down must be what comes out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from config.profile import Profile
from config.profile_examples import Example
from inventory.readiness.evaluate import exempted, judge
from inventory.readiness.given import facts_of, noon_of
from inventory.readiness.result import RequirementResult


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that does not come out. at: which example, from 0; key: of its `expect`."""

    at: int
    requirement: str
    key: str
    expected: object
    found: object

    def __str__(self) -> str:
        return f"{self.expected} is expected and {_plain(self.found)} comes out"


def mismatches(profile: Profile) -> tuple[Mismatch, ...]:
    """What of a profile's examples does not come out; nothing where all of them hold."""
    return tuple(
        wrong
        for at, example in enumerate(profile.examples)
        for wrong in _mismatches(at, example, example_result(profile, example))
    )


def example_result(profile: Profile, example: Example) -> RequirementResult:
    """What comes out of an example at noon (UTC) of its day, else of the profile's first day."""
    given, requirement = example.given, profile.requirement(example.requirement)
    assert requirement is not None  # a profile with another one is refused
    day = given.day or profile.valid_from
    now_s = noon_of(day)
    exception = profile.exception(requirement.id, given.code, day)
    return exempted(judge(requirement, facts_of(given, now_s), now_s), exception)


def _mismatches(at: int, example: Example, found: RequirementResult) -> Iterator[Mismatch]:
    wanted = example.expect
    if wanted.verdict != found.verdict:
        yield Mismatch(at, example.requirement, "verdict", wanted.verdict, found.verdict.value)
    for key in ("value", "gap", "cost_vnd"):
        expected, got = getattr(wanted, key), getattr(found, key)
        if expected is not None and not _as_written(expected, got):
            yield Mismatch(at, example.requirement, key, _plain(expected), got)


def _as_written(expected: float, found: float | None) -> bool:
    """Whether a number is the written one, to its decimals; a whole number is meant exactly.

    >>> _as_written(0.93, 0.9333), _as_written(1, 0.93)
    (True, False)
    """
    if found is None:
        return False
    decimals = repr(float(expected)).partition(".")[2]
    if decimals in ("", "0") or "e" in decimals:
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-9)
    return abs(expected - found) <= 0.5 * 10.0 ** -len(decimals) + 1e-12


def _plain(value: object) -> object:
    """A number without the digits that nobody wrote."""
    return f"{value:.10g}" if isinstance(value, float) else value
