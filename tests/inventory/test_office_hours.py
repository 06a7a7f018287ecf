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


@given(st.floats(0, 3e9), st.floats(0, 40 * 86400), st.sampled_from([VIETNAM, BRUSSELS]))
def test_spans_rise_and_stay_inside_the_window(start, length, zone):
    spans = office_spans(HOURS, zone, start, start + length)
    assert all(start <= begin < end <= start + length for begin, end in spans)
    assert all(one[1] <= following[0] for one, following in itertools.pairwise(spans))


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
