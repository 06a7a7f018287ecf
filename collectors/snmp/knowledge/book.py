"""All device profiles, and which of them a device is.

Files are read once and checked whole: one that is wrong is refused with its line, none of it used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from collectors.snmp.knowledge.own_tree import rooted
from collectors.snmp.knowledge.schema import DeviceProfile, Match
from collectors.snmp.session import Oid
from config.errors import Report, did_you_mean
from config.reading import Source, open_source, validated

BASE = "base"
"""The profile that all others inherit from: what the standard MIBs tell."""

_FOLDER = Path(__file__).parent.parent / "profiles"
_MOST_KINDS = 1024
_JOINED = (
    "vendor",
    "model",
    "version",
    "serial",
    "features",
    "base_mac",
    "processors",
    "memory_pools",
    "storage",
    "sensors",
    "supplies",
    "entity_sensors",
)


_Read = tuple[DeviceProfile, Source]
"""A profile as its file has it, and where its problems go."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A profile that a device may be: when it has something at one of `has` (empty: it is)."""

    profile: DeviceProfile
    has: tuple[Oid, ...]
    rank: tuple[int, int, int]


class ProfileBook:
    """The profiles by name, each with what it inherits already put in."""

    def __init__(self, profiles: Mapping[str, DeviceProfile]) -> None:
        self._profiles = dict(profiles)
        self.candidates = lru_cache(maxsize=_MOST_KINDS)(self._candidates)
        """(sysObjectID, sysDescr) -> what such a device may be, the likeliest first; see
        `_candidates`. A district has a thousand devices and some dozens of kinds."""

    def __len__(self) -> int:
        return len(self._profiles)

    def __eq__(self, other: object) -> bool:
        """Whether both know devices in the same way."""
        return isinstance(other, ProfileBook) and self._profiles == other._profiles

    def __hash__(self) -> int:
        return hash(frozenset(self._profiles))

    def __getitem__(self, name: str) -> DeviceProfile:
        return self._profiles[name]

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._profiles)

    def _candidates(self, object_id: Oid, descr: str) -> tuple[Candidate, ...]:
        """The longest sysObjectID counts most, then the number of conditions, then `priority`."""
        found = [
            Candidate(rooted(profile, object_id), rooted(match, object_id).has, rank)
            for profile in self._profiles.values()
            for match in profile.match
            if (rank := _rank(profile, match, object_id, descr)) is not None
        ]
        return tuple(sorted(found, key=lambda c: (*(-part for part in c.rank), c.profile.name)))

    def choose(self, candidates: Iterable[Candidate], present: Collection[Oid]) -> DeviceProfile:
        """The first candidate whose condition holds; present: those OIDs of the candidates' `has`
        below which the device has something. Without one it is `base`."""
        for candidate in candidates:
            if not candidate.has or any(oid in present for oid in candidate.has):
                return candidate.profile
        return self._profiles[BASE]


@cache
def shipped_book() -> ProfileBook:
    """The profiles of the package."""
    return read_book(())


def read_book(folders: Iterable[Path]) -> ProfileBook:
    """The shipped profiles and those of an operator's folders, of which a later one replaces an
    earlier one of the same name. Raises ConfigError with every problem of every file."""
    report = Report()
    raw = dict(_shipped())
    for folder in folders:
        if folder.is_dir():
            raw |= _files_in(folder, report)
        else:
            report.add(str(folder), 0, (), "is no folder; write the folder of your device profiles")
    for name, (profile, source) in raw.items():
        if name != BASE and profile.inherits not in raw:
            hint = did_you_mean(profile.inherits, raw)
            source.wrong(("inherits",), f"there is no profile {profile.inherits!r}; {hint}")
        elif name != BASE and _is_circular(name, raw):
            source.wrong(("inherits",), "goes round in a circle")
    report.raise_if_any()
    whole: dict[str, DeviceProfile] = {}
    for name in raw:
        _inherit(name, raw, whole)
    return ProfileBook(whole)


@cache
def _shipped() -> Mapping[str, _Read]:
    report = Report()
    found = _files_in(_FOLDER, report)
    report.raise_if_any()
    return found


def _files_in(folder: Path, report: Report) -> dict[str, _Read]:
    """The profiles of a folder that are in order by themselves."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        source = open_source(path, report, None)
        profile = validated(source, DeviceProfile)
        if profile is not None and profile.name != path.stem:
            source.wrong(("name",), f"must be {path.stem!r}, as the file is called")
        elif profile is not None:
            found[profile.name] = profile, source
    return found


def _is_circular(name: str, raw: Mapping[str, _Read]) -> bool:
    seen = set()
    while name != BASE and name in raw:
        if name in seen:
            return True
        seen.add(name)
        name = raw[name][0].inherits
    return False


def _inherit(
    name: str,
    raw: Mapping[str, _Read],
    whole: dict[str, DeviceProfile],
) -> DeviceProfile:
    if name in whole:
        return whole[name]
    own = raw[name][0]
    if name != BASE:
        parent = _inherit(own.inherits, raw, whole)
        changes: dict[str, Any] = {
            key: getattr(own, key) + (() if key in own.without else getattr(parent, key))
            for key in _JOINED
        }
        changes["without"] = tuple(dict.fromkeys(own.without + parent.without))
        for key in ("os", "class_"):
            changes[key] = getattr(own, key) or getattr(parent, key)
        if "quirks" not in own.model_fields_set:
            changes["quirks"] = parent.quirks
        own = own.model_copy(update=changes)
    whole[name] = own
    return own


def _rank(
    profile: DeviceProfile, match: Match, object_id: Oid, descr: str
) -> tuple[int, int, int] | None:
    length = 0
    if match.object_id:
        below = [len(oid) for oid in match.object_id if object_id[: len(oid)] == oid]
        if not below:
            return None
        length = max(below)
    if match.descr is not None and not re.search(match.descr, descr, re.IGNORECASE | re.DOTALL):
        return None
    conditions = bool(match.object_id) + (match.descr is not None) + bool(match.has)
    return length, conditions, profile.priority
