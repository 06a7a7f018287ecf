"""Profiles for their pages: which there are, what is in each, and what a changed text would do.

A planner's own files lie in `data_dir/profiles`; nothing else is ever written. A text from the page
may stand on shipped profiles, on own ones and on those of the settings, and on no other file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from config.errors import ConfigError, Problem, Report
from config.profile import (
    FOLDER,
    YAML_ENDS,
    LayerFile,
    ReadProfile,
    is_layer,
    layer_in,
    problem_at,
    profile_in,
    shipped_profiles,
)
from config.profile_diff import RequirementChange, profile_changes
from config.reading import Source, open_source, parsed
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor
from inventory.alphabet import order
from inventory.gather import Gathering
from inventory.profile_choice import Choice, opened
from inventory.profile_set import ProfileSet
from inventory.readiness.examples import mismatches
from inventory.readiness.impact import Impact, impacts
from inventory.store.reader import Reader

MOST_CHARACTERS = 200_000
"""Of a text from the page; the shipped profile has 16,000."""

MOST_COMMUNES = 60
"""Communes that a preview evaluates, by name: it is shown while somebody types."""

NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")

Origin = Literal["shipped", "own", "settings"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One profile file. name: its id on the pages. in_use: it counts today. planned: it will."""

    name: str
    path: Path
    origin: Origin
    in_use: bool = False
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a text comes to. read: None while something is wrong; for a layer it lies on the
    settings' profile. layer: where it is one. examples: how many hold."""

    read: ReadProfile | None
    layer: LayerFile | None
    problems: tuple[Problem, ...]
    examples: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What communes would have by a text. looked_at: of how many; all: whether those are all that
    the reader sees. problems: why it could not be told."""

    changes: tuple[RequirementChange, ...]
    impacts: tuple[Impact, ...]
    looked_at: int
    all: bool
    problems: tuple[Problem, ...] = ()


class Profiles:
    """The profile files of a site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.folder = site.settings.data_dir / "profiles"

    def entries(self) -> list[Entry]:
        """Every file: shipped, named by the settings, the planner's own."""
        readiness = self._site.settings.readiness
        named = [
            *(Path(name) for name in readiness.profile if name.endswith(YAML_ENDS)),
            *readiness.layers,
        ]
        found = [Entry(name, FOLDER / f"{name}.yaml", "shipped") for name in shipped_profiles()]
        own = sorted(self.folder.glob("*.yaml")) if self.folder.is_dir() else []
        found += [Entry(path.stem, path, "own") for path in own if _fit(path.stem)]
        known = {entry.path.resolve() for entry in found}
        names = {entry.name for entry in found}
        for path in named:
            if path.resolve() not in known and path.stem not in names and _fit(path.stem):
                found.append(Entry(path.stem, path, "settings"))
                names.add(path.stem)
        today, profiles = self._site.today, self._site.profiles
        now, later = profiles.names_on(today), profiles.names_after(today)
        return [
            replace(entry, in_use=entry.name in now, planned=entry.name in later - now)
            for entry in found
        ]

    def entry(self, name: str) -> Entry | None:
        """A file by its name on the pages."""
        return next((entry for entry in self.entries() if entry.name == name), None)

    def own(self, name: str) -> Entry | None:
        """One of the planner's own files."""
        found = self.entry(name)
        return found if found is not None and found.origin == "own" else None

    def text(self, entry: Entry) -> str:
        """A file's text; "" where it cannot be read."""
        try:
            return entry.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def content(self, entry: Entry) -> Content:
        """What a file comes to."""
        if entry.origin == "shipped":
            return _shipped(entry.name)
        try:
            return self._content(open_source(entry.path, Report(), None))
        except ConfigError as error:
            return Content(None, None, error.found)

    def content_of(self, entry: Entry, text: str) -> Content:
        """What a text would come to as this file. Only shipped, own and named files are read."""
        report = Report()
        if len(text) > MOST_CHARACTERS:
            report.add(str(entry.path), 0, (), f"is longer than {MOST_CHARACTERS} characters")
            return Content(None, None, tuple(report.problems))
        try:
            source = parsed(text, entry.path, report)
            self._refuse_other_files(source)
            return self._content(source)
        except ConfigError as error:
            return Content(None, None, error.found)

    def preview(self, content: Content, visitor: Visitor) -> Preview:
        """What the communes that a reader sees would have. Raises StoreError."""
        site, read = self._site, content.read
        assert read is not None  # nothing is previewed that is not in order
        now = site.profiles
        changes = profile_changes(site.profile, read.profile)
        try:
            new = now.with_layer(content.layer) if content.layer else now.with_base(read)
        except ConfigError as error:
            return Preview(changes, (), 0, True, error.found)
        return self._compared(changes, new, visitor, site.today)

    def preview_of(self, choice: Choice, visitor: Visitor) -> Preview:
        """What the communes that a reader sees would have from the day of a choice on, by what is
        known of them now. Raises StoreError."""
        now, day = self._site.profiles, choice.since
        try:
            new = now.choosing(choice)
        except ConfigError as error:
            return Preview((), (), 0, True, error.found)
        chosen = opened(choice)
        asked = chosen.layer.on(now.base_read_on(day)).profile if chosen.layer else new.base_on(day)
        changes = profile_changes(now.base_on(day), asked)
        return self._compared(changes, new, visitor, day)

    def save(self, entry: Entry, text: str) -> None:
        """Write a text into the planner's own file, whole or not at all. Raises OSError."""
        self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o640)
            os.replace(name, self.folder / f"{entry.name}.yaml")
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def new(self, name: str) -> Entry:
        """The own file of a name that is free."""
        return Entry(name, self.folder / f"{name}.yaml", "own")

    def _content(self, source: Source) -> Content:
        layer = layer_in(source) if is_layer(source.values) else None
        read = layer.on(self._below(layer)) if layer else profile_in(source)
        return _tried(source, read, layer)

    def _below(self, layer: LayerFile) -> ReadProfile:
        """What a layer is checked on: the profile of today, or of its first day to come."""
        day = max(self._site.today, layer.layer.valid_from)
        return self._site.profiles.base_read_on(day)

    def _refuse_other_files(self, source: Source) -> None:
        """A planner has no right to read whatever file the daemon may."""
        extends = source.values.get("extends") if isinstance(source.values, dict) else None
        if isinstance(extends, str) and extends.endswith(YAML_ENDS):
            allowed = {entry.path.resolve() for entry in self.entries()}
            if (source.path.parent / extends).resolve() not in allowed:
                source.wrong(
                    ("extends",), "is none of the profiles of this list; extend one of them"
                )
        source.report.raise_if_any()

    def _compared(
        self,
        changes: tuple[RequirementChange, ...],
        new: ProfileSet,
        visitor: Visitor,
        day: dt.date,
    ) -> Preview:
        site, now = self._site, self._site.profiles
        seen = [
            (order(view.unit.name), code, view.unit)
            for code, view in list(site.snapshot.communes.items())
            if visitor.communes is None or code in visitor.communes
        ]
        units = {code: unit for _, code, unit in sorted(seen)[:MOST_COMMUNES]}
        now_s = site.clock.wall()
        profiles = {
            id(p): p for unit in units.values() for p in (now.of(unit, day), new.of(unit, day))
        }
        with Reader(site.database) as reader:
            facts = Gathering(site.settings, units).facts(
                reader, list(units), list(profiles.values()), now_s
            )
        found = impacts(
            facts, lambda unit: now.of(unit, day), lambda unit: new.of(unit, day), now_s
        )
        return Preview(changes, found, len(units), len(units) == len(seen))


@cache
def _shipped(name: str) -> Content:
    """What a shipped file comes to, which is the same as long as this process lives."""
    source = open_source(FOLDER / f"{name}.yaml", Report(), None)
    return _tried(source, profile_in(source), None)


def _tried(source: Source, read: ReadProfile, layer: LayerFile | None) -> Content:
    """A file that was read, after its examples have been tried."""
    wrong = tuple(
        problem_at(source, ("examples", one.at, "expect", one.key), str(one))
        for one in mismatches(read.profile)
    )
    if wrong:
        return Content(None, layer, wrong)
    return Content(read, layer, (), len(read.profile.examples))


def digest_of(text: str) -> str:
    """What a text is known by, so that two who edit one file see each other's change."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def lines_of(problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
    """(line:column, key path, what would be right) of each problem."""
    return [
        (":".join(str(n) for n in (one.line, one.column) if n), one.path, one.text)
        for one in problems
    ]


def _fit(name: str) -> bool:
    return NAME.fullmatch(name) is not None
