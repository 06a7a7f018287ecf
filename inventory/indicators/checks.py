"""What is wrong with what somebody wants to declare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.sections import Commune
from inventory.indicators.declaration import Declaration, by_commune, declared_on, standing
from inventory.indicators.definition import Definition
from inventory.indicators.values import typed
from inventory.register.problems import FieldProblem

FIRST_DAY = dt.date(2000, 1, 1)
AHEAD = dt.timedelta(days=366)
"""A day further ahead is taken for a slip of the keyboard."""
LONGEST = 300
"""Characters of a document or name."""

_PART = "the posts of group VIII ({part}) would be more than all posts ({whole}) on {day}"

TEXTS = (
    "is no indicator of the profiles in use",
    "is not a commune that is watched",
    "must be at most {most}",
    "must not be below 0",
    "must be a whole number",
    "must be yes or no",
    "must not be before {day}",
    "must not be more than a year ahead",
    "must be later than the day for which it holds",
    "must have at most {most} characters",
    "{name} is given twice for {day}",
    _PART,
)
"""Everything that can be wrong, for translating."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wants to declare; see Declaration. row: of a sheet, or its place in a form."""

    commune: str
    name: str
    value: float
    as_of: dt.date
    expires: dt.date | None = None
    document: str = ""
    by: str = ""
    row: int | None = None

    def declared(self, entered_by: str, at_s: float, batch: str) -> Declaration:
        """As it is kept."""
        return Declaration(
            self.commune,
            self.name,
            self.value,
            self.as_of,
            self.expires,
            clean(self.document),
            clean(self.by),
            entered_by,
            at_s,
            batch=batch,
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds now. communes: code -> the commune as hatang.yaml has it; names: code -> its name,
    for those that are watched; definitions: what can be declared."""

    communes: Mapping[str, Commune]
    names: Mapping[str, str]
    definitions: Mapping[str, Definition]
    zone: ZoneInfo

    def commune(self, code: str) -> Commune:
        """The commune as hatang.yaml has it."""
        return self.communes.get(code) or Commune(code=code)


def clean(text: str) -> str:
    """A text on one line, without characters that are not shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def same_as(entry: Entry, known: Iterable[Declaration]) -> bool:
    """Whether the entry says what stands for that day already."""
    bare = Commune(code=entry.commune)
    said = standing(bare, known, entry.as_of).get(entry.name)
    if said is None or said.declaration is None or said.as_of != entry.as_of:
        return False
    was = said.declaration
    return (was.value, was.expires, was.document, was.by) == (
        *(entry.value, entry.expires),
        clean(entry.document),
        clean(entry.by),
    )


def check(
    entries: Sequence[Entry], ground: Ground, known: Sequence[Declaration], today: dt.date
) -> list[FieldProblem]:
    """Everything that is wrong with entries, alone and together; the field is that of Entry."""
    found: list[FieldProblem] = []
    seen: set[tuple[str, str, dt.date]] = set()
    for entry in entries:
        problems = list(_alone(entry, ground, today))
        key = (entry.commune, entry.name, entry.as_of)
        if key in seen:
            values = {"name": entry.name, "day": entry.as_of.isoformat()}
            problems.append(FieldProblem("value", "{name} is given twice for {day}", values))
        seen.add(key)
        found += [problem.at(entry.row) for problem in problems]
    if not found:
        found += _together(entries, ground, known)
    return found


def _alone(entry: Entry, ground: Ground, today: dt.date) -> Iterator[FieldProblem]:
    if entry.commune not in ground.names:
        yield FieldProblem("commune", "is not a commune that is watched")
    definition = ground.definitions.get(entry.name)
    if definition is None:
        yield FieldProblem("name", "is no indicator of the profiles in use")
    else:
        yield from _value(entry.value, definition)
    if entry.as_of < FIRST_DAY:
        yield FieldProblem("as_of", "must not be before {day}", {"day": FIRST_DAY.isoformat()})
    if entry.as_of > today + AHEAD:
        yield FieldProblem("as_of", "must not be more than a year ahead")
    if entry.expires is not None and entry.expires <= entry.as_of:
        yield FieldProblem("expires", "must be later than the day for which it holds")
    for field, text in (("document", entry.document), ("by", entry.by)):
        if len(text) > LONGEST:
            yield FieldProblem(field, "must have at most {most} characters", {"most": str(LONGEST)})


def _value(value: float, definition: Definition) -> Iterator[FieldProblem]:
    if not value >= 0:  # what is no number is not, either
        yield FieldProblem("value", "must not be below 0")
    elif value > definition.most:
        most = typed(definition.kind, definition.most)
        yield FieldProblem("value", "must be at most {most}", {"most": most})
    elif definition.kind in ("count", "bps") and value != int(value):
        yield FieldProblem("value", "must be a whole number")
    elif definition.kind == "yes" and value not in (0.0, 1.0):
        yield FieldProblem("value", "must be yes or no")


def _together(
    entries: Sequence[Entry], ground: Ground, known: Sequence[Declaration]
) -> Iterator[FieldProblem]:
    """Group VIII is a part of all posts, on the day of each entry about either."""
    kept = by_commune([*known, *(entry.declared("", float("inf"), "") for entry in entries)])
    for entry in entries:
        if entry.name not in ("posts", "posts_group_8"):
            continue
        then = declared_on(ground.commune(entry.commune), kept[entry.commune], entry.as_of)
        part, whole = then.posts_group_8, then.posts
        if part is not None and whole is not None and part > whole:
            values = {"part": str(part), "whole": str(whole), "day": entry.as_of.isoformat()}
            yield FieldProblem("value", _PART, values, entry.row)
