"""What one profile asks and another does not: requirement by requirement, key by key. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from config.profile import Profile, ReadProfile
from config.requirement import Requirement


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key of a requirement, as remedy.price_vnd; None where it is not there."""

    key: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.key}: {_plain(self.before)} → {_plain(self.after)}"


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """One requirement that two profiles ask differently."""

    requirement: str
    kind: Literal["added", "dropped", "changed"]
    keys: tuple[KeyChange, ...] = ()


def profile_changes(before: Profile, after: Profile) -> tuple[RequirementChange, ...]:
    """What differs, in the order of the later profile, then what it asks no more."""
    found = []
    for new in after.requirements:
        old = before.requirement(new.id)
        if old is None:
            found.append(RequirementChange(new.id, "added"))
        elif old != new:
            found.append(RequirementChange(new.id, "changed", tuple(_keys(old, new))))
    for old in before.requirements:
        if after.requirement(old.id) is None:
            found.append(RequirementChange(old.id, "dropped"))
    return tuple(found)


def origins(read: ReadProfile) -> dict[str, tuple[str, ...]]:
    """Requirement -> the files that say what it is, the one that first asked it at the head."""
    steps = [read]
    while steps[-1].below is not None:
        steps.append(steps[-1].below)
    found: dict[str, tuple[str, ...]] = {}
    before: Profile | None = None
    for step in reversed(steps):
        for requirement in step.profile.requirements:
            old = before.requirement(requirement.id) if before is not None else None
            if old != requirement:
                found[requirement.id] = (*(found.get(requirement.id, ()) if old else ()), step.name)
        before = step.profile
    return {r.id: found[r.id] for r in read.profile.requirements}


def _keys(before: Requirement, after: Requirement) -> Iterator[KeyChange]:
    old, new = _flat(before), _flat(after)
    for key in (*new, *(key for key in old if key not in new)):
        if old.get(key) != new.get(key):
            yield KeyChange(key, old.get(key), new.get(key))


def _flat(requirement: Requirement) -> dict[str, Any]:
    data = requirement.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return dict(_leaves((), data))


def _leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves((*path, key), inner)
    else:
        yield ".".join(path), value


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.10g}" if isinstance(value, float) else str(value)
