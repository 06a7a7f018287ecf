"""Office hours by the local calendar, and percentiles of hourly rollups."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.sections import OfficeHours
from inventory.office_hours import office_spans
from inventory.rollups import FULL_SCALE, STEPS, Bucket, percentile

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
BRUSSELS = ZoneInfo("Europe/Brussels")
HOURS = OfficeHours()


def at(zone, *when):
    return dt.datetime(*when, tzinfo=zone).timestamp()


def test_a_working_day_has_a_lunch_break():
    spans = office_spans(HOURS, VIETNAM, at(VIETNAM, 2026, 11, 25), at(VIETNAM, 2026, 11, 26))
    assert spans == [
        (at(VIETNAM, 2026, 11, 25, 7, 30), at(VIETNAM, 2026, 11, 25, 11, 30)),
        (at(VIETNAM, 2026, 11, 25, 13), at(VIETNAM, 2026, 11, 25, 17)),
    ]


def test_weekends_and_holidays_have_none():
    hours = OfficeHours(holidays=(dt.date(2026, 9, 2),))
    assert office_spans(hours, VIETNAM, at(VIETNAM, 2026, 11, 28), at(VIETNAM, 2026, 11, 30)) == []
    assert office_spans(hours, VIETNAM, at(VIETNAM, 2026, 9, 2), at(VIETNAM, 2026, 9, 3)) == []


def test_the_window_cuts_spans():
    start, end = at(VIETNAM, 2026, 11, 25, 9), at(VIETNAM, 2026, 11, 25, 10)
    assert office_spans(HOURS, VIETNAM, start, end) == [(start, end)]


def test_daylight_saving_moves_the_hours_as_it_moves_the_people():
    winter = office_spans(HOURS, BRUSSELS, at(BRUSSELS, 2026, 3, 27), at(BRUSSELS, 2026, 3, 28))
    summer = office_spans(HOURS, BRUSSELS, at(BRUSSELS, 2026, 3, 30), at(BRUSSELS, 2026, 3, 31))
    assert summer[0][0] - winter[0][0] == 3 * 86400 - 3600
    assert sum(end - start for start, end in summer) == 8 * 3600


ZONES = [
    VIETNAM,
    BRUSSELS,
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),  # half an hour of summer time
    ZoneInfo("Asia/Kolkata"),
    ZoneInfo("Pacific/Apia"),  # left out the whole of 30 December 2011
    ZoneInfo("America/Sao_Paulo"),  # changed at midnight: some days began at one o'clock
]
NIGHTS = OfficeHours(
    days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    spans=("00:00-00:30", "01:30-02:30", "02:30-03:30", "23:00-23:59"),
)


@given(
    st.floats(0, 3e9),
    st.floats(0, 40 * 86400),
    st.sampled_from(ZONES),
    st.sampled_from([HOURS, NIGHTS]),
)
def test_spans_rise_are_apart_and_stay_inside_the_window(start, length, zone, hours):
    spans = office_spans(hours, zone, start, start + length)
    assert all(start <= begin < end <= start + length for begin, end in spans)
    assert all(one[1] <= following[0] for one, following in itertools.pairwise(spans))


@given(st.floats(0, 3e9), st.floats(0, 20 * 86400), st.floats(0, 1), st.sampled_from(ZONES))
def test_a_window_cut_in_two_has_the_same_office_hours(start, length, share, zone):
    end, middle = start + length, start + length * share
    whole = sum(b - a for a, b in office_spans(HOURS, zone, start, end))
    first = sum(b - a for a, b in office_spans(HOURS, zone, start, middle))
    second = sum(b - a for a, b in office_spans(HOURS, zone, middle, end))
    assert first + second == pytest.approx(whole, abs=1e-3)


def test_t4_what_the_change_to_summer_time_leaves_out_is_no_office_hour():
    hours = OfficeHours(days=("sun",), spans=("01:30-02:30", "03:00-04:00"))
    spans = office_spans(hours, BRUSSELS, at(BRUSSELS, 2026, 3, 29), at(BRUSSELS, 2026, 3, 30))
    assert sum(end - start for start, end in spans) == 1.5 * 3600
    assert spans[0][1] <= spans[1][0]


def test_a_window_over_midnight_and_new_year_has_both_days():
    start, end = at(VIETNAM, 2026, 12, 31, 16), at(VIETNAM, 2027, 1, 1, 8)
    assert office_spans(OfficeHours(public_holidays="none"), VIETNAM, start, end) == [
        (start, at(VIETNAM, 2026, 12, 31, 17)),
        (at(VIETNAM, 2027, 1, 1, 7, 30), end),
    ]
    assert len(office_spans(HOURS, VIETNAM, start, end)) == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=200), st.floats(0.01, 0.99))
def test_a_percentile_is_known_to_one_step(values, share):
    bucket = Bucket("cpu_ratio", 0.0)
    for value in values:
        bucket.add(value)
    found = percentile("cpu_ratio", [bucket.histogram], share)
    rank = max(1, -(-len(values) * share // 1))
    true = sorted(values)[int(rank) - 1]
    assert true <= found + 1e-9
    assert found <= true + 1 / STEPS + 1e-9


def test_a_percentile_of_nothing_is_unknown():
    assert percentile("latency_s", [], 0.95) is None
    assert percentile("latency_s", [[0] * STEPS], 0.95) is None


@pytest.mark.parametrize("metric", sorted(FULL_SCALE))
def test_what_is_above_the_scale_counts_in_the_last_step_and_as_peak(metric):
    bucket = Bucket(metric, 0.0)
    bucket.add(FULL_SCALE[metric] * 5)
    assert bucket.histogram[-1] == 1
    assert bucket.peak == FULL_SCALE[metric] * 5


def office_days(hours, first, last):
    start = dt.datetime.combine(first, dt.time(), VIETNAM).timestamp()
    end = dt.datetime.combine(last, dt.time(23, 59), VIETNAM).timestamp()
    spans = office_spans(hours, VIETNAM, start, end)
    return sorted({dt.datetime.fromtimestamp(begin, VIETNAM).date().day for begin, _ in spans})


def test_tet_is_no_time_of_office_and_a_saturday_that_is_made_up_is():
    february = (dt.date(2026, 2, 9), dt.date(2026, 2, 24))
    assert office_days(OfficeHours(), *february) == [9, 10, 11, 12, 13, 23, 24]
    august = (dt.date(2026, 8, 17), dt.date(2026, 8, 31))
    assert office_days(OfficeHours(), *august) == [
        *(17, 18, 19, 20, 21, 22),
        *(24, 25, 26, 27, 28),
    ]


def test_without_public_holidays_only_those_that_are_written_down_are_off():
    hours = OfficeHours(public_holidays="none", holidays=(dt.date(2026, 2, 18),))
    assert office_days(hours, dt.date(2026, 2, 16), dt.date(2026, 2, 20)) == [16, 17, 19, 20]


def test_ones_own_holiday_stays_beside_the_public_ones_even_on_a_made_up_saturday():
    hours = OfficeHours(holidays=(dt.date(2026, 8, 22), dt.date(2026, 8, 20)))
    days = office_days(hours, dt.date(2026, 8, 17), dt.date(2026, 8, 23))
    assert days == [17, 18, 19, 21]
