"""The spans of office hours inside a window, in the commune's own time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from config.sections import OfficeHours
from inventory.uptime import Span

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def office_spans(hours: OfficeHours, zone: ZoneInfo, start_s: float, end_s: float) -> list[Span]:
    """Office hours between two moments (seconds since 1970), in order, without the holidays.

    Each span is placed by the local calendar, so a change to or from daylight saving time moves
    it as it moves the people.
    """
    spans: list[Span] = []
    day = dt.datetime.fromtimestamp(start_s, zone).date()
    last = dt.datetime.fromtimestamp(end_s, zone).date()
    while day <= last:
        if _DAYS[day.weekday()] in hours.days and day not in hours.holidays:
            for text in hours.spans:
                begin, _, end = text.partition("-")
                spans.append((_at(day, begin, zone), _at(day, end, zone)))
        day += dt.timedelta(days=1)
    clipped = ((max(start, start_s), min(end, end_s)) for start, end in spans)
    return [(start, end) for start, end in clipped if end > start]


def _at(day: dt.date, text: str, zone: ZoneInfo) -> float:
    return dt.datetime.combine(day, dt.time.fromisoformat(text), zone).timestamp()
