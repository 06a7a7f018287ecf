"""Time lines from the database for a page, judged as the metrics judge them.

One reader a request; when the database cannot be read the page goes on without history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboards.web.site import Site
from inventory.store.errors import StoreError
from inventory.store.reader import Reader
from inventory.uptime import Availability, Interval, State, availability

DAYS = 30


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of an uptime bar: what was observed and the word for it."""

    day: dt.date
    seen: Availability
    state: str
    height: int


def lines(site: Site, tags: Iterable[str]) -> Mapping[str, Sequence[Interval]] | None:
    """Tag -> judged time line of the last 30 days; None when the database cannot be read."""
    wanted = list(tags)
    now_s = site.clock.wall()
    around = {above for tag in wanted for above in site.judge.above(tag)}
    try:
        with Reader(site.database) as reader:
            found = reader.timelines_of(sorted({*wanted, *around}), now_s - (DAYS + 1) * 86400.0)
    except StoreError:
        return None
    return {tag: site.judge.judged(tag, found, now_s) for tag in wanted}


def days(line: Sequence[Interval], site: Site) -> list[Day]:
    """The last 30 local days, oldest first, today included."""
    zone = site.settings.zone
    today = dt.datetime.fromtimestamp(site.clock.wall(), zone).date()
    found = []
    for back in range(DAYS - 1, -1, -1):
        day = today - dt.timedelta(days=back)
        start, end = (
            dt.datetime.combine(day + dt.timedelta(days=n), dt.time(), zone).timestamp()
            for n in (0, 1)
        )
        seen = availability(line, [(start, end)])
        found.append(Day(day, seen, *_look(seen)))
    return found


def _look(seen: Availability) -> tuple[str, int]:
    """A word for a day and how much of its bar stands: what was up of what was seen."""
    if seen.ratio is None:
        most = max(
            (State.UNREACHABLE, State.MAINTENANCE, State.UNKNOWN), key=lambda s: seen.totals[s]
        )
        return (most.value if seen.totals[most] else State.UNKNOWN.value), 3
    if seen.ratio == 1:
        return "up", 24
    return "part" if seen.ratio >= 0.9 else "down", max(3, round(24 * seen.ratio))
