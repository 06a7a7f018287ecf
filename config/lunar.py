"""Days of the Vietnamese lunar calendar: month and day to the day of the common calendar.

Months begin on the day of the new moon and the eleventh month holds the winter solstice, both by
the clock of Ha Noi (UTC+7), which is why Tết sometimes differs from the Chinese new year. Moon and
sun are those of J. Meeus, Astronomical Algorithms (1998), ch. 49 and 25, cut as Hồ Ngọc Đức does
in "Thuật toán tính âm lịch"; good for the years 1900 to 2199.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import cache

_ZONE_DAYS = 7 / 24
_MONTH_DAYS = 29.530588861
_JULIAN_DAY_OF_ORDINAL_ZERO = 1_721_424.5
"""At midnight UTC of the day before 0001-01-01, whose ordinal is 0."""


@cache
def lunar_day(year: int, month: int, day: int) -> dt.date:
    """The day of the common calendar on which a lunar day falls; never one of a leap month.

    >>> lunar_day(2026, 1, 1), lunar_day(2026, 3, 10)
    (datetime.date(2026, 2, 17), datetime.date(2026, 4, 26))
    """
    start, end = _eleventh_month(year - 1), _eleventh_month(year)
    if month >= 11:
        start, end = end, _eleventh_month(year + 1)
    steps = (month + 1) % 12
    has_leap = round((end - start) / _MONTH_DAYS) == 13
    if has_leap and steps >= _leap_month(start):
        steps += 1
    begins = _new_moon_day(_moon_of(start) + steps)
    return dt.date.fromordinal(begins + day - 1)


def _eleventh_month(year: int) -> int:
    """The first day (ordinal) of the month with the winter solstice of a year."""
    number = _moon_of(dt.date(year, 12, 31).toordinal())
    begins = _new_moon_day(number)
    if _sun_twelfth(begins) >= 9:  # the solstice lies before this month
        begins = _new_moon_day(number - 1)
    return begins


def _leap_month(start: int) -> int:
    """Which month after the eleventh one (0) is the leap month: the first without a mid-month of
    the sun's year."""
    first = _moon_of(start)
    before = _sun_twelfth(start)
    for steps in range(1, 14):
        now = _sun_twelfth(_new_moon_day(first + steps))
        if now == before:
            return steps - 1
        before = now
    return 13


def _moon_of(day: int) -> int:
    """The number of the last new moon that is not after a day, counted from January 1900."""
    number = int((day + _JULIAN_DAY_OF_ORDINAL_ZERO - 2_415_021.076998695) / _MONTH_DAYS) + 1
    while _new_moon_day(number) > day:
        number -= 1
    return number


@cache
def _new_moon_day(number: int) -> int:
    """The day (ordinal, in Ha Noi) of a new moon."""
    t = number / 1236.85
    t2, t3 = t * t, t * t * t
    mean = 2_415_020.75933 + 29.53058868 * number + 0.0001178 * t2 - 0.000000155 * t3
    mean += 0.00033 * _sin(166.56 + 132.87 * t - 0.009173 * t2)
    sun = 359.2242 + 29.10535608 * number - 0.0000333 * t2 - 0.00000347 * t3
    moon = 306.0253 + 385.81691806 * number + 0.0107306 * t2 + 0.00001236 * t3
    latitude = 21.2964 + 390.67050646 * number - 0.0016528 * t2 - 0.00000239 * t3
    change = (0.1734 - 0.000393 * t) * _sin(sun) + 0.0021 * _sin(2 * sun)
    change += -0.4068 * _sin(moon) + 0.0161 * _sin(2 * moon) - 0.0004 * _sin(3 * moon)
    change += 0.0104 * _sin(2 * latitude) - 0.0051 * _sin(sun + moon)
    change += -0.0074 * _sin(sun - moon) + 0.0004 * _sin(2 * latitude + sun)
    change += -0.0004 * _sin(2 * latitude - sun) - 0.0006 * _sin(2 * latitude + moon)
    change += 0.0010 * _sin(2 * latitude - moon) + 0.0005 * _sin(2 * moon + sun)
    delta_t = -0.000278 + 0.000265 * t + 0.000262 * t2
    julian = mean + change - delta_t
    return math.floor(julian + _ZONE_DAYS - _JULIAN_DAY_OF_ORDINAL_ZERO)


def _sun_twelfth(day: int) -> int:
    """In which twelfth of the ecliptic (0 from the spring equinox) the sun is as a day begins."""
    julian = day + _JULIAN_DAY_OF_ORDINAL_ZERO - _ZONE_DAYS
    t = (julian - 2_451_545.0) / 36_525
    anomaly = 357.52910 + 35_999.05030 * t - 0.0001559 * t * t
    mean = 280.46645 + 36_000.76983 * t + 0.0003032 * t * t
    centre = (1.914600 - 0.004817 * t) * _sin(anomaly)
    centre += 0.019993 * _sin(2 * anomaly) + 0.000290 * _sin(3 * anomaly)
    return int((mean + centre) % 360 // 30)


def _sin(degrees: float) -> float:
    return math.sin(math.radians(degrees))
