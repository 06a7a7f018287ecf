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
from inventory.store.rows import TrapRow
from inventory.uptime import Availability, Interval, State, availability

DAYS = 30

MOST_TRAPS = 20
"""On a page; the database has more."""

FULL_HEIGHT = 24
"""Of a day's cell in an uptime bar, in pixels; `hatang.css` has the same."""

_STUB = 3
_SOME_ANSWERS = 0.9
"""From this availability a day with an outage is drawn as one that was mostly up."""
_WELL_WATCHED = 0.5
"""Below this coverage a day's cell is drawn pale: little was seen of it."""


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of an uptime bar. look: up, part or down after what was up of what was seen;
    the state that filled the day where neither was seen; before, when it was not yet known.
    height: of its cell, in pixels. pale: less than half of the day was watched."""

    day: dt.date
    seen: Availability
    look: str
    height: int
    pale: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many days of a bar had no outage, had one, or have no evidence."""

    whole: int
    broken: int
    unseen: int


def lines(site: Site, tags: Iterable[str], now_s: float) -> Mapping[str, list[Interval]] | None:
    """Tag -> judged time line of the last 30 days; None when the database cannot be read."""
    wanted = list(tags)
    around = {above for tag in wanted for above in site.judge.above(tag)}
    since_s = _midnight(_today(site, now_s) - dt.timedelta(days=DAYS - 1), site)
    try:
        with Reader(site.database) as reader:
            found = reader.timelines_of(sorted({*wanted, *around}), since_s)
    except StoreError:
        return None
    return {tag: site.judge.judged(tag, found, now_s) for tag in wanted}


def traps(site: Site, tag: str) -> Sequence[TrapRow]:
    """The newest SNMP traps of an asset, newest first; none when the database cannot be read."""
    try:
        with Reader(site.database) as reader:
            return reader.traps(tag, MOST_TRAPS)
    except StoreError:
        return ()


def days(line: Sequence[Interval], site: Site, now_s: float) -> list[Day]:
    """The last 30 local days, oldest first, today included; empty for an empty line."""
    if not line:
        return []
    today = _today(site, now_s)
    found = []
    for back in range(DAYS - 1, -1, -1):
        day = today - dt.timedelta(days=back)
        seen = availability(
            line, [(_midnight(day, site), _midnight(day + dt.timedelta(days=1), site))]
        )
        look, height = _look(seen)
        pale = seen.ratio is not None and seen.coverage < _WELL_WATCHED
        found.append(Day(day, seen, look, height, pale))
    return found


def tally(found: Sequence[Day]) -> Tally:
    """What a bar says, for who cannot see it."""
    seen = [day for day in found if day.seen.ratio is not None]
    whole = sum(day.seen.ratio == 1 for day in seen)
    return Tally(whole, len(seen) - whole, len(found) - len(seen))


def _today(site: Site, now_s: float) -> dt.date:
    return dt.datetime.fromtimestamp(now_s, site.settings.zone).date()


def _midnight(day: dt.date, site: Site) -> float:
    return dt.datetime.combine(day, dt.time(), site.settings.zone).timestamp()


def _look(seen: Availability) -> tuple[str, int]:
    if seen.ratio is None:
        most = max(
            (State.UNREACHABLE, State.MAINTENANCE, State.UNKNOWN), key=lambda s: seen.totals[s]
        )
        return (most.value, _STUB) if seen.totals[most] else ("before", 1)
    if seen.ratio == 1:
        return "up", FULL_HEIGHT
    look = "part" if seen.ratio >= _SOME_ANSWERS else "down"
    return look, min(FULL_HEIGHT - 2, max(_STUB, round(FULL_HEIGHT * seen.ratio)))
