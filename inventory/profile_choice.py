"""What people chose: from a day on this profile counts, for everybody or for whom its layer means.

A choice keeps the whole content of the profile, so that nothing that happens to the file later
changes what counts; it is never changed itself. What takes it back is another choice for the day.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from config.errors import Report
from config.profile import LayerFile, ReadProfile, layer_in, profile_in
from config.reading import parsed
from inventory.clock import Clock
from inventory.register.entry import Actor
from inventory.register.problems import FieldProblem, Refused
from inventory.register.register import new_batch
from inventory.store.changes import Line, add_changes
from inventory.store.desk import Connection, Desk, read_once
from inventory.store.profile_choices import Row, add_choice, choices

KIND = "profile"
"""What the log of changes calls these."""

State = Literal["now", "planned", "over", "replaced"]
"""What has become of a choice: it counts, will count, has counted; another one was made for its
day."""

REASON_MAX = 400

YEARS_AHEAD = 10
"""Nobody plans further ahead; a year that is mistyped is told."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice. name: of the profile's file, without its end; "" for what the settings name.
    layer: for whom its `for` means instead of everybody. since: the first day. content: what
    `content_of` made of the file; "" ends a layer, and what the settings name for everybody has
    none. at_s: when it was made, seconds since 1970. id: 0 until it is kept.
    """

    name: str
    layer: bool
    since: dt.date
    version: str
    content: str
    by: str = ""
    at_s: float = 0.0
    reason: str = ""
    id: int = 0

    @property
    def subject(self) -> str:
        """What it decides on: "" for what counts for everybody, else the layer's name."""
        return self.name if self.layer else ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice and the profile or the layer in it; neither where it goes back to the settings or
    ends a layer."""

    choice: Choice
    read: ReadProfile | None = None
    layer: LayerFile | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A choice that does not count, and why."""

    choice: Choice
    why: str

    def __str__(self) -> str:
        one = self.choice
        return (
            f"the profile {one.name} that {one.by} chose from {one.since} on does not count: "
            f"{self.why}; choose again (docs/profiles.md)"
        )


def content_of(read: ReadProfile | LayerFile) -> str:
    """All that a file comes to, by itself: what a profile extends is in it."""
    values = read.source.values if isinstance(read, LayerFile) else read.values
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=str)


def opened(choice: Choice) -> Chosen:
    """What a choice holds. Raises ConfigError where this Hatang does not understand it."""
    if not choice.content:
        return Chosen(choice)
    source = parsed(choice.content, Path(f"{choice.name}.yaml"), Report())
    if choice.layer:
        return Chosen(choice, layer=layer_in(source))
    return Chosen(choice, read=profile_in(source))


def standing(made: Iterable[Choice]) -> list[Choice]:
    """Of each thing that is decided and each day the last choice, in the order of the days."""
    last = {(choice.subject, choice.since): choice for choice in made}
    return sorted(last.values(), key=lambda choice: (choice.since, choice.id))


def states(made: Iterable[Choice], today: dt.date) -> list[tuple[Choice, State]]:
    """Every choice with what has become of it, the newest first."""
    made = list(made)
    stand = standing(made)
    now = {choice.subject: choice for choice in stand if choice.since <= today}
    counting = {choice.id for choice in now.values()}
    found: list[tuple[Choice, State]] = []
    for choice in sorted(made, key=lambda choice: -choice.id):
        if choice not in stand:
            found.append((choice, "replaced"))
        elif choice.since > today:
            found.append((choice, "planned"))
        else:
            found.append((choice, "now" if choice.id in counting else "over"))
    return found


def kept_choices(database: Path) -> list[Choice]:
    """Every choice in a database, in the order in which they were made; none where there is no
    database yet. Raises StoreError."""
    if not database.exists():
        return []
    return [_choice(row) for row in read_once(database, choices)]


class Choices:
    """The choices of a database. Every method raises StoreError; for threads."""

    def __init__(self, desk: Desk, clock: Clock, zone: dt.tzinfo) -> None:
        self._desk = desk
        self._clock = clock
        self._zone = zone

    def list(self) -> list[Choice]:
        """All that were ever made, in that order."""
        return [_choice(row) for row in self._desk.read(choices)]

    def check(self, choice: Choice) -> None:
        """Raises Refused with what is wrong with a choice that is to be made. Days before today
        keep what counted on them, so that reports of them stay as they are."""
        today = dt.datetime.fromtimestamp(self._clock.wall(), self._zone).date()
        problems = [*_wrong_day(choice, today), *_wrong_reason(choice.reason)]
        if problems:
            raise Refused(problems)

    def make(self, choice: Choice, actor: Actor) -> int:
        """Keep a choice and log it; its number. Raises Refused as `check`."""
        self.check(choice)
        at_s = self._clock.wall()
        since, reason = choice.since.isoformat(), " ".join(choice.reason.split())

        def keep(connection: Connection) -> int:
            before = _before(map(_choice, choices(connection)), choice)
            id_ = add_choice(
                connection,
                choice.name,
                choice.layer,
                since,
                choice.version,
                choice.content,
                actor.name,
                at_s,
                reason,
            )
            action = "ended" if choice.layer and not choice.content else "chosen"
            after = {"profile": choice.name, "version": choice.version, "since": since}
            line: Line = (action, KIND, choice.name, None, "", before, after)
            add_changes(connection, actor, at_s, new_batch(), reason, [line])
            return id_

        return self._desk.write("choose a profile", keep)


def _before(made: Iterable[Choice], new: Choice) -> dict[str, object]:
    """What counted by choice on the day of a new one, for the log."""
    found = [c for c in standing(made) if c.subject == new.subject and c.since <= new.since]
    if not found:
        return {}
    return {"profile": found[-1].name, "version": found[-1].version, "since": str(found[-1].since)}


def _wrong_day(choice: Choice, today: dt.date) -> list[FieldProblem]:
    since = choice.since
    if since < today:
        return [FieldProblem("since", "must not be before today: what counted stays as it was")]
    if since.year > today.year + YEARS_AHEAD:
        most = {"years": str(YEARS_AHEAD)}
        return [FieldProblem("since", "must not be more than {years} years ahead", most)]
    chosen = opened(choice)
    held = chosen.layer.layer if chosen.layer else chosen.read.profile if chosen.read else None
    if held is None:
        return []
    if since < held.valid_from:
        text = "the profile is valid from {day} on only"
        return [FieldProblem("since", text, {"day": held.valid_from.isoformat()})]
    if held.valid_to is not None and since > held.valid_to:
        text = "the profile is valid to {day} only"
        return [FieldProblem("since", text, {"day": held.valid_to.isoformat()})]
    return []


def _wrong_reason(reason: str) -> list[FieldProblem]:
    if not reason.strip():
        return [FieldProblem("reason", "must not be empty")]
    if len(reason) > REASON_MAX:
        most = {"most": str(REASON_MAX)}
        return [FieldProblem("reason", "must have at most {most} characters", most)]
    return []


def _choice(row: Row) -> Choice:
    id_, name, layer, since, version, content, by, at_s, reason = row
    day = dt.date.fromisoformat(since)
    return Choice(name, bool(layer), day, version, content, by, at_s, reason, id_)
