"""Requirement profiles: what a commune should have, on what basis, and what mending costs.

A profile is data that a planner can read: no code stands in it. Shipped ones lie in
`config/profiles/`; your own is a path. A file may change another one (`config.profile_layers`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from config.errors import ConfigError, Path_, Problem, Report, did_you_mean, path_text
from config.measures import AssetsPerPost, Filter, Id, Measure
from config.profile_examples import Example
from config.profile_layers import Laid, Layer
from config.reading import Source, open_source, validated
from config.requirement import (
    Allowance,
    Basis,
    Ceiling,
    Pillar,
    ProfileException,
    Remedy,
    Requirement,
    Step,
)
from config.scalars import Day, Section, Text

__all__ = [
    "Allowance",
    "AssetsPerPost",
    "Basis",
    "Ceiling",
    "Filter",
    "LayerFile",
    "Measure",
    "Pillar",
    "Profile",
    "ProfileException",
    "ReadProfile",
    "Remedy",
    "Requirement",
    "Step",
    "Text",
    "is_layer",
    "is_layer_file",
    "laid_over",
    "layer_in",
    "load_profile",
    "problem_at",
    "profile_from_body",
    "profile_in",
    "read_layer",
    "read_profile",
    "shipped_profiles",
]

FOLDER = Path(__file__).parent / "profiles"

YAML_ENDS = (".yaml", ".yml")

MOST_LAYERS = 10
"""How many files may stand on each other; nobody understands more."""


class Profile(Section):
    """What communes are held against."""

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
    pillars: tuple[Pillar, ...]
    """In the order of the pages."""
    requirements: tuple[Requirement, ...]
    """In the order of the pages."""
    exceptions: tuple[ProfileException, ...] = ()
    """Requirements that one commune need not fulfil until a day."""
    examples: tuple[Example, ...] = Field((), exclude=True)
    """What must come out, as a test of the file; no part of what is asked."""

    @model_validator(mode="after")
    def _asks_something(self) -> Profile:
        for name in ("pillars", "requirements"):
            if not getattr(self, name):
                raise ValueError(f"{name}: must not be empty")
        return self

    def requirement(self, id: str) -> Requirement | None:
        """A requirement by its id."""
        return next((r for r in self.requirements if r.id == id), None)

    def pillar(self, id: str) -> Pillar | None:
        """A pillar by its id."""
        return next((p for p in self.pillars if p.id == id), None)

    def exception(self, requirement: str, commune: str, day: Day) -> ProfileException | None:
        """What exempts a commune from a requirement on a day."""
        return next(
            (e for e in self.exceptions if e.requirement == requirement and e.holds(commune, day)),
            None,
        )

    def body(self) -> str:
        """All that is asked as JSON, the same text for the same content; without examples.

        Defaults are written out: another one of a later Hatang does not change what was asked."""
        data = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `body`, in hexadecimal."""
        return hashlib.sha256(self.body().encode()).hexdigest()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Profile:
        """pydantic's copy, which has a digest of its own."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("digest", None)
        return copied


def profile_from_body(text: str) -> Profile:
    """The profile whose `body` a text is. Raises ValueError on anything else."""
    try:
        return Profile.model_validate_json(text, by_alias=True, by_name=False)
    except ValidationError:
        raise ValueError("not the body of a profile") from None


@dataclass(frozen=True, slots=True)
class ReadProfile:
    """A profile, and the values of its files laid over each other, on which others can lie.

    name: of the file that lies on top, source: that file. below: what it lies on.
    """

    profile: Profile
    values: dict[str, Any]
    name: str
    below: ReadProfile | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class LayerFile:
    """A layer and the file that it stands in."""

    layer: Layer
    source: Source

    def on(self, below: ReadProfile) -> ReadProfile:
        """What communes have with this layer over what they had. Raises ConfigError."""
        return laid_over(below, self)

    def problem(self, path: Path_, text: str) -> Problem:
        """What is wrong at a key path of the file."""
        return problem_at(self.source, path, text)


def problem_at(source: Source, path: Path_, text: str) -> Problem:
    """What is wrong at a key path of a file."""
    line, column = source.root.place_of(path)
    return Problem(str(source.path), line, path_text(path), text, column)


def load_profile(name_or_path: str) -> Profile:
    """A shipped profile by its name, or one by its path. Raises ConfigError."""
    if name_or_path in shipped_profiles():
        return _shipped(name_or_path)
    return read_profile(name_or_path).profile


@cache
def _shipped(name: str) -> Profile:
    return read_profile(name).profile


def read_profile(name_or_path: str) -> ReadProfile:
    """`load_profile` with the values that it came from. Raises ConfigError."""
    return profile_in(open_source(_path_of(name_or_path), Report(), None))


def profile_in(source: Source) -> ReadProfile:
    """`read_profile` of what was read already."""
    return _complete(source, ())


def read_layer(path: Path) -> LayerFile:
    """A file with `for`, which changes the profile of some communes. Raises ConfigError."""
    return layer_in(open_source(path, Report(), None))


def layer_in(source: Source) -> LayerFile:
    """`read_layer` of what was read already."""
    if not is_layer(source.values):
        source.wrong(("for",), 'is missing: a layer says for whom it is, as {province: "56"}')
    source.report.raise_if_any()
    return _layer(source)


def laid_over(below: ReadProfile, file: LayerFile) -> ReadProfile:
    """A layer over a profile. Raises ConfigError with what does not fit, told in the layer."""
    report = Report()
    source = Source(file.source.path, report, file.source.root, file.source.values)
    laid = Laid(source, file.layer, below.values)
    report.raise_if_any()
    found = _checked(laid)
    return ReadProfile(found.profile, found.values, file.layer.id, below, file.source)


def shipped_profiles() -> list[str]:
    """The names of the profiles in the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def is_layer_file(path: Path) -> bool:
    """Whether a file changes what some communes have, so that it stands on nothing of its own.

    Raises ConfigError where it cannot be read."""
    return is_layer(open_source(path, Report(), None).values)


def is_layer(values: Any) -> bool:
    """Whether these are the values of a layer."""
    return isinstance(values, dict) and "for" in values


def _complete(source: Source, above: tuple[Path, ...]) -> ReadProfile:
    """The profile in a file; above: the files that extend it."""
    values = source.values
    if is_layer(values) and "extends" not in values:
        source.wrong(("for",), "makes this a layer; name it in readiness.layers, not as a profile")
        source.report.raise_if_any()
    if not isinstance(values, dict) or "extends" not in values:
        for key in ("change", "drop"):
            if isinstance(values, dict) and key in values:
                text = "changes another profile; write `extends: NAME` beside it"
                source.wrong((key,), text)
        source.report.raise_if_any()
        return _checked(source)
    file = _layer(source)
    assert file.layer.extends is not None
    return laid_over(_below(file, file.layer.extends, (*above, source.path)), file)


def _below(file: LayerFile, name: str, above: tuple[Path, ...]) -> ReadProfile:
    source = file.source
    try:
        path = _path_of(name, source.path.parent)
    except ConfigError:
        text = f"{name!r} is neither a shipped profile nor a path to a .yaml file"
        source.wrong(("extends",), f"{text}; {did_you_mean(name, shipped_profiles())}")
        source.report.raise_if_any()
    if path.resolve() in [file.resolve() for file in above]:
        source.wrong(("extends",), "leads back to this file; extend another one")
    elif len(above) >= MOST_LAYERS:
        source.wrong(("extends",), f"stands on more than {MOST_LAYERS} files; extend less")
    source.report.raise_if_any()
    return _complete(open_source(path, Report(), None), above)


def _layer(source: Source) -> LayerFile:
    layer = validated(source, Layer)
    source.report.raise_if_any()
    assert layer is not None
    return LayerFile(layer, source)


def _checked(source: Source) -> ReadProfile:
    profile = validated(source, Profile)
    if profile is not None:
        for path, text in (fault for rule in RULES for fault in rule(profile)):
            source.wrong(path, text)
    source.report.raise_if_any()
    assert profile is not None
    return ReadProfile(profile, source.values, profile.id, None, source)


def _path_of(name_or_path: str, folder: Path = Path()) -> Path:
    if name_or_path.endswith(YAML_ENDS):
        return folder / name_or_path
    known = shipped_profiles()
    if name_or_path not in known:
        hint = did_you_mean(name_or_path, known)
        text = f"{name_or_path!r} is neither a shipped profile nor a path to a .yaml file; {hint}"
        raise ConfigError([Problem("readiness.profile", 0, "", text)])
    return FOLDER / f"{name_or_path}.yaml"


Fault = tuple[Path_, str]
"""A key path and what is wrong there."""


def _ends_after_it_begins(profile: Profile) -> Iterator[Fault]:
    if profile.valid_to is not None and profile.valid_to < profile.valid_from:
        yield ("valid_to",), "must not be before valid_from"


def _ids_are_unique(profile: Profile) -> Iterator[Fault]:
    lists = {
        "pillars": [pillar.id for pillar in profile.pillars],
        "requirements": [requirement.id for requirement in profile.requirements],
    }
    for key, ids in lists.items():
        for at, id in enumerate(ids):
            if id in ids[:at]:
                yield (key, at, "id"), f"{id} stands twice; give each its own"


def _pillars_exist(profile: Profile) -> Iterator[Fault]:
    known = {pillar.id for pillar in profile.pillars}
    for at, requirement in enumerate(profile.requirements):
        if requirement.pillar not in known:
            hint = did_you_mean(requirement.pillar, known)
            path = ("requirements", at, "pillar")
            yield path, f"{requirement.pillar} is not one of `pillars`; {hint}"


def _pillars_hold_something(profile: Profile) -> Iterator[Fault]:
    used = {requirement.pillar for requirement in profile.requirements}
    for at, pillar in enumerate(profile.pillars):
        if pillar.id not in used:
            yield ("pillars", at, "id"), f"no requirement stands below {pillar.id}; remove it"


def _exceptions_and_examples_are_of_something(profile: Profile) -> Iterator[Fault]:
    known = {requirement.id for requirement in profile.requirements}
    for key in ("exceptions", "examples"):
        for at, part in enumerate(getattr(profile, key)):
            if part.requirement not in known:
                hint = did_you_mean(part.requirement, known)
                yield (key, at, "requirement"), f"{part.requirement} is no requirement; {hint}"


RULES: tuple[Callable[[Profile], Iterator[Fault]], ...] = (
    _ends_after_it_begins,
    _ids_are_unique,
    _pillars_exist,
    _pillars_hold_something,
    _exceptions_and_examples_are_of_something,
)
"""What must fit over the parts of a profile; each yields what does not."""
