"""What one profile file changes of another: the file's own keys, and how they are laid over it.

Works on the values of the files, not on models, so that what a planner wrote is checked once, as a
whole, and every problem is told at the line that caused it.
"""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any, Literal

from pydantic import Field, model_validator

from config.assets import UnitCode
from config.errors import Path_, did_you_mean
from config.groups import GroupId
from config.measures import Id
from config.profile_examples import Example
from config.reading import Source
from config.requirement import Pillar, ProfileException, Requirement
from config.scalars import Day, Section, Text

UnitType = Literal["xa", "phuong", "dac_khu", "thi_tran"]
"""What a commune is: xã, phường, đặc khu or, before 2025-07-01, thị trấn."""

INSTEAD = (("at_least", "at_most"), ("partly", "steps"))
"""Keys of which a requirement has one: writing one of them in a change removes the other."""


class For(Section):
    """Which communes a layer is for; all that is written must hold."""

    province: UnitCode | None = None
    """Those of this province, by its code in quotes."""
    group: GroupId | None = None
    """Those of this group of the settings."""
    type: UnitType | None = None
    """Those of this type."""
    commune: UnitCode | None = None
    """This one, by its code in quotes."""

    @model_validator(mode="after")
    def _means_somebody(self) -> For:
        if not self.model_dump(exclude_none=True):
            raise ValueError("must mean somebody; write province, group, type or commune")
        return self

    @property
    def rank(self) -> int:
        """From the general to the special: province 1, group 2, type 3, commune 4."""
        keys = (self.commune, self.type, self.group, self.province)
        return next(4 - at for at, key in enumerate(keys) if key is not None)


class Layer(Section):
    """A profile file that changes another: the one it `extends`, or whatever its communes have."""

    id: Id
    """Stable name."""
    version: str = Field(min_length=1)
    """Changes with every change of content."""
    title: Text
    """What people call it."""
    valid_from: Day
    """First day on which it is meant to be used."""
    valid_to: Day | None = None
    """Last day, where it is known."""
    extends: str | None = None
    """The profile that it changes: a shipped name, or a path from this file's folder."""
    meant: For | None = Field(None, alias="for")
    """The communes whose profile it changes, instead of `extends`."""
    pillars: tuple[Pillar, ...] = ()
    """More pillars, after those that are there."""
    requirements: tuple[Requirement, ...] = ()
    """More requirements, after those that are there."""
    change: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """By requirement: the keys that become something else; an empty value removes a key."""
    drop: dict[str, str] = Field(default_factory=dict)
    """By requirement: why nobody here needs it."""
    exceptions: tuple[ProfileException, ...] = ()
    """Requirements that one commune need not fulfil until a day."""
    examples: tuple[Example, ...] = ()
    """What must come out, as a test of the file."""

    @model_validator(mode="after")
    def _lies_on_one_thing(self) -> Layer:
        if (self.extends is None) == (self.meant is None):
            raise ValueError("for: stands instead of extends; write one of the two")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to: must not be before valid_from")
        return self

    def holds_on(self, day: dt.date) -> bool:
        """Whether the layer is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Laid(Source):
    """A layer's values laid over those of the profile below; problems are told in the layer.

    below: complete and in order, as `config.profile` made sure.
    """

    def __init__(self, source: Source, layer: Layer, below: dict[str, Any]) -> None:
        self._source = source
        self._layer = layer
        self._own: dict[str, int] = {}
        self._before: dict[str, int] = {}
        super().__init__(source.path, source.report, source.root, self._laid(below))
        self.noted = source.noted

    def wrong(self, path: Path_, text: str) -> None:
        """Note a problem of the result where the layer caused it."""
        self._source.wrong(self._told_at(path), text)

    def _told_at(self, path: Path_) -> Path_:
        if path[:1] in (("pillars",), ("exceptions",)) and len(path) > 1:
            at = int(path[1]) - self._before[str(path[0])]
            return (path[0], at, *path[2:]) if at >= 0 else ()
        if path[:1] != ("requirements",) or len(path) < 2:
            return path
        id = self.values["requirements"][path[1]].get("id")
        if id in self._own:
            return ("requirements", self._own[id], *path[2:])
        return ("change", id, *path[2:]) if id in self._layer.change else ()

    def _laid(self, below: dict[str, Any]) -> dict[str, Any]:
        own, layer, result = self._source.values, self._layer, copy.deepcopy(below)
        if layer.meant is None:
            for key in ("id", "version", "title", "valid_from", "valid_to"):
                result.pop(key, None)
                if key in own:
                    result[key] = own[key]
        else:  # the profile stays the nation's; its version says what lies on it
            result["version"] = f"{below['version']} + {layer.id} {layer.version}"
        kept = self._kept(result["requirements"])
        used = {requirement["pillar"] for requirement in kept}
        added = own.get("requirements", [])
        used |= {requirement["pillar"] for requirement in added}
        left = {requirement["id"] for requirement in (*kept, *added)}
        self._own = {requirement["id"]: at for at, requirement in enumerate(added)}
        result["requirements"] = [*kept, *added]
        self._put(result, "pillars", [p for p in result["pillars"] if p["id"] in used])
        self._put(
            result,
            "exceptions",
            [e for e in result.get("exceptions", ()) if e["requirement"] in left],
        )
        result["examples"] = own.get("examples", [])
        return result

    def _put(self, result: dict[str, Any], key: str, before: list[dict[str, Any]]) -> None:
        self._before[key] = len(before)
        result[key] = [*before, *self._source.values.get(key, ())]

    def _kept(self, below: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The requirements below without those that are dropped, the others as they become."""
        layer, known = self._layer, [requirement["id"] for requirement in below]
        for key, named in (("change", layer.change), ("drop", layer.drop)):
            for id in named:
                if id not in known:
                    hint = did_you_mean(id, known)
                    self._source.wrong((key, id), f"no requirement below is called so; {hint}")
        for id, reason in layer.drop.items():
            if not reason.strip():
                self._source.wrong(("drop", id), "must say why; write the reason")
            if id in layer.change:
                self._source.wrong(("drop", id), "is changed, too; remove one of the two")
        for id, change in layer.change.items():
            if "id" in change:
                self._source.wrong(("change", id, "id"), "cannot be changed; drop it and add one")
        changes = self._source.values.get("change", {})
        return [
            patched(requirement, changes.get(requirement["id"], {}))
            for requirement in below
            if requirement["id"] not in layer.drop
        ]


def patched(value: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """A requirement's values with a change merged in, after RFC 7396 (JSON Merge Patch): mappings
    are merged, an empty value removes its key, all else replaces. Another kind of measure replaces
    the whole measure.

    >>> patched({"at_least": 1, "weight": 3}, {"at_most": 2, "weight": None})
    {'at_most': 2}
    """
    result = dict(value)
    for one, other in INSTEAD:
        for key, instead in ((one, other), (other, one)):
            if change.get(key) is not None:
                result.pop(instead, None)
    for key, new in change.items():
        old = result.get(key)
        if new is None:
            result.pop(key, None)
        elif isinstance(new, dict) and isinstance(old, dict) and _same_kind(old, new):
            result[key] = patched(old, new)
        else:
            result[key] = copy.deepcopy(new)
    return result


def _same_kind(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return "measure" not in new or new["measure"] == old.get("measure")
