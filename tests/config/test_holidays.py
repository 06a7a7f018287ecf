"""Public holidays of Việt Nam: the announced years day by day, and what is computed."""

import datetime as dt
import itertools

import pytest

from config.holidays import ANNOUNCED, holidays_of, is_day_off, is_made_up
from config.lunar import lunar_day

DAY = dt.timedelta(days=1)


def working_days_off(year):
    return [f"{d:%d/%m}" for d in holidays_of(year).off if d.weekday() < 5]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        # Tết 20-26/01 (7 days), 29/04-03/05 with two days made good, 01-04/09: the whole row is off
        (2023, "02/01 20/01 23/01 24/01 25/01 26/01 01/05 02/05 03/05 01/09 04/09"),
        (2024, "01/01 08/02 09/02 12/02 13/02 14/02 18/04 29/04 30/04 01/05 02/09 03/09"),
        (2025, "01/01 27/01 28/01 29/01 30/01 31/01 07/04 30/04 01/05 02/05 01/09 02/09"),
        (
            2026,
            "01/01 02/01 16/02 17/02 18/02 19/02 20/02 27/04 30/04 01/05 31/08 01/09 02/09",
        ),
        # Computed: Tết Đinh Mùi on Saturday 06/02, two days of it made good; 01/05 is a Saturday
        (2027, "01/01 04/02 05/02 08/02 09/02 10/02 16/04 30/04 03/05 02/09 03/09"),
    ],
)
def test_the_working_days_that_are_off_in_a_year(year, days):
    assert working_days_off(year) == days.split()


def test_saturdays_that_make_up_a_swapped_day_are_worked():
    assert [d for y in range(2023, 2028) for d in holidays_of(y).made_up] == [
        dt.date(2024, 5, 4),
        dt.date(2025, 4, 26),
        dt.date(2026, 1, 10),
        dt.date(2026, 8, 22),
    ]
    assert is_made_up(dt.date(2026, 8, 22))
    assert not is_day_off(dt.date(2026, 8, 22))
    assert is_day_off(dt.date(2026, 8, 31))


def test_every_announced_year_names_its_document_and_others_say_that_they_are_computed():
    assert all(choices.source and choices.mark for choices in ANNOUNCED.values())
    assert {holidays_of(year).basis for year in ANNOUNCED} == {"announced"}
    assert holidays_of(2027).basis == holidays_of(2040).basis == "computed"


@pytest.mark.parametrize("year", range(2000, 2060))
def test_every_year_gives_back_each_holiday_that_falls_on_a_weekend(year):
    found = holidays_of(year)
    free = [day for day in found.off if day.weekday() < 5]
    swapped = len(found.made_up)
    assert len(free) == 11 + swapped
    assert all(day.weekday() == 5 for day in found.made_up)


@pytest.mark.parametrize(
    "day",
    [
        *("1985-01-21", "2007-02-17", "2030-02-02"),  # China has 20/02, 18/02 and 03/02
        *("2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26"),
        *("2000-02-05", "2017-01-28", "2020-01-25", "2021-02-12", "2029-02-13", "2033-01-31"),
    ],
)
def test_tet_falls_where_the_clock_of_ha_noi_puts_it(day):
    tet = dt.date.fromisoformat(day)
    assert lunar_day(tet.year, 1, 1) == tet


@pytest.mark.parametrize(
    "day",
    # 2023 has its leap month (the second) before the third, 2020 (the fourth) after it
    ["2020-04-02", "2022-04-10", "2023-04-29", "2024-04-18", "2025-04-07", "2026-04-26"],
)
def test_the_day_of_the_hung_kings_passes_over_leap_months(day):
    found = dt.date.fromisoformat(day)
    assert lunar_day(found.year, 3, 10) == found


def test_every_lunar_year_has_twelve_or_thirteen_months_of_29_or_30_days():
    for year in range(1950, 2100):
        length = (lunar_day(year + 1, 1, 1) - lunar_day(year, 1, 1)).days
        assert length in (353, 354, 355, 383, 384, 385)
        months = [lunar_day(year, month, 1) for month in range(1, 13)]
        steps = [(b - a).days for a, b in itertools.pairwise(months)]
        assert all(step in (29, 30, 58, 59, 60) for step in steps)
