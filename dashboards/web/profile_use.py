"""Which profile counts, as its page tells it, and what a form about that asks for."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from config.errors import ConfigError
from config.profile import LayerFile, ReadProfile, Text
from config.profile_layers import Layer
from dashboards.web.asset_form import read_day
from dashboards.web.forms import one
from dashboards.web.profiles import Content, Entry, Profiles
from dashboards.web.site import Site
from inventory.profile_choice import (
    REASON_MAX,
    Choice,
    Choices,
    State,
    content_of,
    opened,
    states,
)
from inventory.register.problems import FieldProblem

SETTINGS = "-"
"""In an address: what the settings name, instead of a profile's name."""

MOST_EARLIER = 50


@dataclass(frozen=True, slots=True)
class Counting:
    """One line of what counts. title: None where nobody knows it. layer: for whom, where not for
    everybody. linked: whether its file is there still; changed: whether it says something else
    than what was chosen. back: where a planned choice is taken back, "" where nothing is planned
    or what counts before it has no file."""

    choice: Choice
    state: State
    title: Text | None
    layer: Layer | None
    linked: bool
    changed: bool
    back: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What counts now and is planned, and choices that count no more. settings: what counts for
    everybody without a choice, where that is so today."""

    standing: Sequence[Counting]
    earlier: Sequence[Counting]
    settings: tuple[str, Text] | None
    left_out: Sequence[str]

    def of(self, name: str) -> Counting | None:
        """The choice by which a file counts today, or will."""
        return next((one for one in self.standing if one.choice.name == name), None)


def choices_of(site: Site) -> Choices:
    """The choices that were made."""
    return Choices(site.desk, site.clock, site.settings.zone)


def counts(site: Site, rows: Sequence[tuple[Entry, Content]]) -> Counts:
    """What counts by these files. Raises StoreError."""
    files = {entry.name: _kept_as(content) for entry, content in rows}
    found = [
        _counting(choice, state, files)
        for choice, state in states(choices_of(site).list(), site.today)
    ]
    standing = [line for line in found if line.state in ("now", "planned")]
    standing.sort(key=lambda line: (line.choice.since, line.choice.id))
    standing = [replace(line, back=_back(line, standing)) for line in standing]
    chosen = any(
        line.state == "now" and not line.choice.layer and line.choice.name for line in standing
    )
    base = site.profiles.base_read_on(site.today)
    name = base.source.path.stem if base.source is not None else base.name
    return Counts(
        standing,
        [line for line in found if line.state in ("over", "replaced")][:MOST_EARLIER],
        None if chosen else (name, base.profile.title),
        [str(one) for one in site.profiles.left_out],
    )


def _back(line: Counting, standing: Sequence[Counting]) -> str:
    """The page that chooses, for the day of a planned choice, what counts before it."""
    if line.state != "planned":
        return ""
    since, subject = line.choice.since, line.choice.subject
    earlier = [
        one for one in standing if one.choice.subject == subject and one.choice.since < since
    ]
    before = earlier[-1] if earlier else None
    if line.choice.layer:
        what = "use" if before and before.choice.content else "end"
        return f"/profiles/{line.choice.name}/use?what={what}&since={since}" if line.linked else ""
    if before is None or not before.choice.name:
        return f"/profiles/{SETTINGS}/use?since={since}"
    return f"/profiles/{before.choice.name}/use?since={since}" if before.linked else ""


def _counting(choice: Choice, state: State, files: Mapping[str, str | None]) -> Counting:
    title, layer = None, None
    try:
        chosen = opened(choice)
    except ConfigError:
        pass
    else:
        layer = chosen.layer.layer if chosen.layer else None
        held = layer or (chosen.read.profile if chosen.read else None)
        title = held.title if held else None
    linked = choice.name in files
    now = files.get(choice.name)
    changed = bool(choice.content) and now is not None and now != choice.content
    return Counting(choice, state, title, layer, linked, changed)


def _kept_as(content: Content) -> str | None:
    """What a choice of a file would keep; None while something is wrong with it."""
    read: ReadProfile | LayerFile | None = content.layer or content.read
    return content_of(read) if content.read and read else None


@dataclass(frozen=True, slots=True)
class Use:
    """What a form asks for. typed: as it was typed; choice: None where `problems` says why."""

    typed: Mapping[str, str]
    choice: Choice | None
    problems: Sequence[FieldProblem]

    @property
    def digest(self) -> str:
        """What a preview of this is known by, so that nothing else is kept than was shown."""
        if self.choice is None:
            return ""
        parts = (self.choice.subject, str(self.choice.since), self.choice.content)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def use_of(
    posted: Mapping[str, Sequence[str]], profiles: Profiles, entry: Entry | None, today: dt.date
) -> Use:
    """What is asked for. entry: the profile; None for what the settings name."""
    since, reason = one(posted, "since", 20), one(posted, "reason", REASON_MAX + 1)
    end = one(posted, "what") == "end"
    typed = {"since": since, "reason": reason, "what": "end" if end else "use"}
    day = read_day(since) if since else today
    if day is None:
        text = "is no day; write it as 31/12/2026"
        return Use(typed, None, [FieldProblem("since", text)])
    if entry is None:
        return Use(typed, Choice("", False, day, "", "", reason=reason), ())
    content = profiles.content(entry)
    layer, read = content.layer, content.read
    if layer is not None and end:
        return Use(typed, Choice(entry.name, True, day, "", "", reason=reason), ())
    if read is None:
        return Use(typed, None, [FieldProblem("", "mend the text first")])
    if layer is not None:
        found = Choice(entry.name, True, day, layer.layer.version, content_of(layer))
    else:
        found = Choice(entry.name, False, day, read.profile.version, content_of(read))
    return Use(typed, replace(found, reason=reason), ())
