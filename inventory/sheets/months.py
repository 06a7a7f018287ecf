"""A day so many months after another."""

from __future__ import annotations

import calendar
import datetime as dt


def months_after(day: str, months: int) -> str:
    """As YYYY-MM-DD; the last day of a month that is too short. `day` itself beyond the calendar.

    >>> months_after("2025-01-31", 1), months_after("2024-06-15", 36)
    ('2025-02-28', '2027-06-15')
    """
    start = dt.date.fromisoformat(day)
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    if year > dt.MAXYEAR:
        return day
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(start.day, last)).isoformat()
