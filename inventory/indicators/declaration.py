"""What was declared of a commune, and what of it holds on a day: entries of the database beside
those of hatang.yaml.

Nothing is ever overwritten: a correction is a later entry for the same day, and one that was
withdrawn stays in the history. So it can be told what held on a day, and what was known of that
day at any moment since (`known_at_s`). Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from config.sections import Commune, Declared

FIGURES = (
    "posts",
    "posts_group_8",
    "desks",
    "sites",
    "inhabitants",
    "internet_bps",
    "tslcd_bps",
)
"""Fields of `Commune` that are figures; hatang.yaml has them without a day."""

State = Literal["holds", "expired", "not_yet"]
"""Whether a declaration counts on a day."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One entry. value: in the indicator's own unit, a share from 0 to 1, yes as 1. as_of: the day
    for which it holds; expires: the day from which it no longer counts. by: who answers for it;
    entered_by: who typed it, entered_at_s when. batch: what was entered together. withdrawn_at_s:
    when it was taken back, None while it stands."""

    commune: str
    name: str
    value: float
    as_of: dt.date
    expires: dt.date | None = None
    document: str = ""
    by: str = ""
    entered_by: str = ""
    entered_at_s: float = 0.0
    id: int = 0
    batch: str = ""
    withdrawn_at_s: float | None = None
    withdrawn_by: str = ""

    def known_at(self, at_s: float | None) -> bool:
        """Whether it had been entered, and not withdrawn, at a moment; None stands for now."""
        if at_s is None:
            return self.withdrawn_at_s is None
        return self.entered_at_s <= at_s and (
            self.withdrawn_at_s is None or self.withdrawn_at_s > at_s
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What is said of one figure or indicator on a day. as_of: None for a figure of hatang.yaml,
    which has no day. declaration: the entry of the database, None for hatang.yaml."""

    name: str
    value: float
    as_of: dt.date | None
    expires: dt.date | None
    document: str
    by: str
    state: State
    declaration: Declaration | None = None

    @property
    def holds(self) -> bool:
        """Whether it counts on that day."""
        return self.state == "holds"


def standing(
    commune: Commune,
    declarations: Iterable[Declaration],
    day: dt.date,
    known_at_s: float | None = None,
) -> dict[str, Standing]:
    """Name -> what is said of it on a day, for everything of which anything is said.

    commune: as hatang.yaml has it. declarations: of any communes, in any order. Of what is for the
    day or an earlier one the latest day counts; of the same day the database before the file, and
    what was entered last. Where that has expired, a figure of the file, which has no day, counts
    again; an indicator is expired. Where everything is for later days, the first is not yet there.
    """
    found: dict[str, list[Standing]] = {}
    for one in _of_file(commune, day):
        found.setdefault(one.name, []).append(one)
    rows = [d for d in declarations if d.commune == commune.code and d.known_at(known_at_s)]
    # By number, not by the clock, which may have been set back; what is not kept yet comes last.
    for row in sorted(rows, key=lambda d: (d.id == 0, d.id, d.entered_at_s)):
        state = _state(row.as_of, row.expires, day)
        said = Standing(
            row.name, row.value, row.as_of, row.expires, row.document, row.by, state, row
        )
        found.setdefault(row.name, []).append(said)
    return {name: _chosen(said) for name, said in sorted(found.items())}


def declared_on(
    commune: Commune,
    declarations: Iterable[Declaration],
    day: dt.date,
    known_at_s: float | None = None,
) -> Commune:
    """The commune with the figures and indicators that count on a day.

    `declared` has indicators, expired and future ones too (a measure says so), and beside them the
    entry of every figure that came from the database, under the figure's name.
    """
    figures: dict[str, Any] = {}
    declared: dict[str, Declared] = {}
    for name, one in standing(commune, declarations, day, known_at_s).items():
        if name in FIGURES:
            figures[name] = int(one.value) if one.holds else None
            if one.declaration is None or not one.holds:
                continue
        declared[name] = _declared(one)
    if not figures and not declared:
        return commune
    return commune.model_copy(update={**figures, "declared": declared})


def by_commune(declarations: Iterable[Declaration]) -> Mapping[str, list[Declaration]]:
    """Code -> its declarations, in their order."""
    found: dict[str, list[Declaration]] = {}
    for one in declarations:
        found.setdefault(one.commune, []).append(one)
    return found


def _of_file(commune: Commune, day: dt.date) -> Iterable[Standing]:
    for name in FIGURES:
        value = getattr(commune, name)
        if value is not None:
            yield Standing(name, float(value), None, None, "", "", "holds")
    for name, one in commune.declared.items():
        state = _state(one.as_of, one.expires, day)
        yield Standing(name, one.value, one.as_of, one.expires, one.document, one.by, state)


def _state(as_of: dt.date, expires: dt.date | None, day: dt.date) -> State:
    if as_of > day:
        return "not_yet"
    return "expired" if expires is not None and expires <= day else "holds"


def _chosen(said: list[Standing]) -> Standing:
    begun = [one for one in said if one.state != "not_yet"]
    if not begun:
        return min(said, key=lambda one: one.as_of or dt.date.min)
    best = begun[0]
    for one in begun[1:]:  # in the order in which they were entered, the file first
        if (one.as_of or dt.date.min) >= (best.as_of or dt.date.min):
            best = one
    if best.state == "expired":
        return next((one for one in begun if one.as_of is None), best)
    return best


def _declared(one: Standing) -> Declared:
    return Declared.model_construct(
        value=one.value,
        as_of=one.as_of or dt.date.min,
        expires=one.expires,
        document=one.document,
        by=one.by,
    )
