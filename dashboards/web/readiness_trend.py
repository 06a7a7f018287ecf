"""Readiness and confidence over time, from stored evaluations: of days past the last of each day,
of the last two days the last of each hour."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.web.area import MOST, Area
from dashboards.web.charts.lines import Series
from dashboards.web.site import Site
from dashboards.web.words import N_
from inventory.readiness.result import Score
from inventory.readiness.rollup import roll_up_scores
from inventory.snapshot import CommuneView
from inventory.store.reader import Reader
from inventory.store.scores import Moment

HOUR_S, DAY_S = 3_600.0, 86_400.0

SPANS = (2, 30, 90, 365, 1095)
"""Days that one may look back; 1,095 is how long results are kept by default."""

READINESS, CONFIDENCE = N_("Readiness"), N_("Confidence")


@dataclass(frozen=True, slots=True)
class Line:
    """One commune over time. change: from its first to its last known readiness of the span."""

    view: CommuneView
    moments: tuple[Moment, ...]

    @property
    def points(self) -> list[tuple[float, float | None]]:
        """Its readiness as a line."""
        return [(m.at_s, m.ratio) for m in self.moments]

    @property
    def change(self) -> float | None:
        """Last known readiness less the first, None where fewer than two are known."""
        known = [m.ratio for m in self.moments if m.ratio is not None]
        return known[-1] - known[0] if len(known) > 1 else None


@dataclass(frozen=True, slots=True)
class Trend:
    """The whole page. step_s: of the lines; more than twice that without a point breaks them.
    whole: all communes together, by the mean; too_many: the area has more than MOST."""

    areas: tuple[Area, ...]
    area: Area
    days: int
    step_s: float
    lines: tuple[Line, ...]
    whole: tuple[Moment, ...]
    too_many: bool

    @property
    def gap_s(self) -> float:
        """How far apart points may stand to be joined."""
        return 2 * self.step_s


def trend(
    site: Site,
    views: Mapping[str, CommuneView],
    areas: tuple[Area, ...],
    area: Area,
    days: int,
) -> Trend:
    """The page of an area. Raises StoreError."""
    step_s = HOUR_S if days <= 2 else DAY_S
    if len(area.codes) > MOST:
        return Trend(areas, area, days, step_s, (), (), True)
    now_s = site.clock.wall()
    offset_s = _offset_s(site, now_s)
    with Reader(site.database) as reader:
        known = reader.scores(area.codes, now_s - days * DAY_S, now_s, step_s, offset_s)
    lines = tuple(
        Line(views[code], _of_this_unit(site, views[code], known.get(code, ())))
        for code in area.codes
    )
    return Trend(areas, area, days, step_s, lines, _whole(lines, step_s, offset_s), False)


def line_of(site: Site, view: CommuneView, days: int) -> Line:
    """One commune by the day. Raises StoreError."""
    now_s = site.clock.wall()
    code = view.unit.code
    with Reader(site.database) as reader:
        known = reader.scores([code], now_s - days * DAY_S, now_s, DAY_S, _offset_s(site, now_s))
    return Line(view, _of_this_unit(site, view, known.get(code, ())))


def series(moments: tuple[Moment, ...], readiness: str, confidence: str) -> list[Series]:
    """Readiness and confidence as two lines."""
    return [
        Series(readiness, [(m.at_s, m.ratio) for m in moments]),
        Series(confidence, [(m.at_s, m.confidence) for m in moments]),
    ]


def _of_this_unit(
    site: Site, view: CommuneView, moments: list[Moment] | tuple[()]
) -> tuple[Moment, ...]:
    """Without those of a unit that bore the code before: it was another commune."""
    first = dt.datetime.combine(
        max(view.unit.valid_from, dt.date(1970, 1, 2)), dt.time(), site.settings.zone
    )
    return tuple(m for m in moments if m.at_s >= first.timestamp())


def _whole(lines: tuple[Line, ...], step_s: float, offset_s: float) -> tuple[Moment, ...]:
    """The mean of the communes at each step; one without a point there is not known then."""
    by_step: dict[int, dict[str, Moment]] = defaultdict(dict)
    for line in lines:
        for moment in line.moments:
            by_step[int((moment.at_s + offset_s) // step_s)][line.view.unit.code] = moment
    found = []
    for step in sorted(by_step):
        there = by_step[step]
        scores = [there.get(line.view.unit.code) for line in lines]
        together = roll_up_scores(
            [(Score(m.ratio, m.confidence) if m else None, 1.0) for m in scores], "weighted"
        )
        at_s = max(moment.at_s for moment in there.values())
        found.append(Moment(at_s, together.value, together.confidence))
    return tuple(found)


def _offset_s(site: Site, now_s: float) -> float:
    offset = dt.datetime.fromtimestamp(now_s, site.settings.zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0
