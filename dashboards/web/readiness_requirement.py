"""One requirement over all communes: who is worst, why, and what each number rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.profile import Requirement
from dashboards.web.area import MOST, Area
from dashboards.web.charts.bars import Bar
from dashboards.web.languages import Speech
from dashboards.web.requirement import Judged, judged
from dashboards.web.site import Site
from inventory.alphabet import order
from inventory.snapshot import CommuneView

TONES = {"met": "good", "partly": "warn", "unmet": "bad"}
"""Verdict -> tone of a bar; its word stands beside it."""


@dataclass(frozen=True, slots=True)
class Held:
    """One commune against the requirement."""

    view: CommuneView
    judged: Judged


@dataclass(frozen=True, slots=True)
class RequirementPage:
    """The whole page. requirement: as the profile has it, None where it has it no more. unasked:
    communes of which it is not asked, or which were not evaluated. more: communes
    that fare better and are not named."""

    id: str
    requirement: Requirement | None
    areas: tuple[Area, ...]
    area: Area
    rows: tuple[Held, ...]
    more: int
    unasked: tuple[CommuneView, ...]
    counts: Mapping[str, int]
    cost_vnd: int


def requirement_page(
    site: Site, views: Mapping[str, CommuneView], areas: tuple[Area, ...], area: Area, id: str
) -> RequirementPage | None:
    """The page of a requirement in an area, worst first; None where no commune is asked it."""
    rows, unasked = [], []
    for code in area.codes:
        view = views[code]
        results = view.evaluation.results if view.evaluation is not None else ()
        result = next((r for r in results if r.requirement == id), None)
        if result is None:
            unasked.append(view)
            continue
        asked = site.profile_of(view.unit).requirement(id)
        rows.append(Held(view, judged(result, asked)))
    known = site.profile.requirement(id) or next(
        (row.judged.requirement for row in rows if row.judged.requirement), None
    )
    if not rows and known is None:
        return None
    rows.sort(key=_place)
    return RequirementPage(
        id,
        known,
        areas,
        area,
        tuple(rows[:MOST]),
        max(0, len(rows) - MOST),
        tuple(unasked[:MOST]),
        Counter(str(row.judged.result.verdict) for row in rows),
        sum(row.judged.result.cost_vnd for row in rows),
    )


def _place(row: Held) -> tuple[bool, float, int, object]:
    result = row.judged.result
    share = result.share
    return share is None, share or 0.0, -result.cost_vnd, order(row.view.unit.name)


def bars_of(rows: Sequence[Held], speech: Speech, words: Mapping[str, str]) -> list[Bar]:
    """Each commune's value with the threshold marked; words: verdict -> what it is called."""
    return [
        Bar(
            row.view.unit.name,
            result.value,
            f"{speech.quantity(result.value, result.unit)} – {words[str(result.verdict)]}",
            result.threshold,
            speech.limit(result.threshold, result.unit, row.judged.sign),
            f"#c-{row.view.unit.code}",
            tone=TONES.get(str(result.verdict), ""),
        )
        for row in rows
        for result in [row.judged.result]
    ]
