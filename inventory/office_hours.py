"""The spans of office hours inside a window, in the commune's own time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from config.sections import OfficeHours
from inventory.uptime import Span


def office_spans(hours: OfficeHours, zone: ZoneInfo, start_s: float, end_s: float) -> list[Span]:
    """Office hours between two moments (seconds since 1970), in order: without holidays,
    with Saturdays that are made up.

    Each span is placed by the local calendar, so a change to or from daylight saving time moves
    it as it moves the people. Spans never overlap: what ends in the hour that a change leaves out
    does not reach into the span after it.
    """
    spans: list[Span] = []
    done_s = start_s
    day = dt.datetime.fromtimestamp(start_s, zone).date()
    last = dt.datetime.fromtimestamp(end_s, zone).date()
    while day <= last:
        if hours.works_on(day):
            for text in hours.spans:
                begin, _, end = text.partition("-")
                opens, closes = max(done_s, _at(day, begin, zone)), min(end_s, _at(day, end, zone))
                if closes > opens:
                    spans.append((opens, closes))
                    done_s = closes
        day += dt.timedelta(days=1)
    return spans


def _at(day: dt.date, text: str, zone: ZoneInfo) -> float:
    return dt.datetime.combine(day, dt.time.fromisoformat(text), zone).timestamp()
