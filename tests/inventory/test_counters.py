"""Rates that are right or absent, and restarts told from wraps (N13)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.counters import has_restarted, rate

WRAP_S = 2**32 / 100
GIGABIT = 125_000_000.0


@given(
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**64 - 1),
    st.floats(0.001, 1e6),
    st.sampled_from([32, 64]),
    st.booleans(),
)
def test_n13_a_rate_is_never_negative_nor_above_the_link(before, after, elapsed, bits, restarted):
    found = rate(before, after, elapsed, bits=bits, restarted=restarted, limit=GIGABIT)
    assert found is None or 0 <= found <= GIGABIT * 1.05


@given(
    st.integers(0, 2**32 - 1),
    st.floats(0, 1),
    st.floats(1, 100_000),
    st.sampled_from([8_000.0, 1_250_000.0, GIGABIT / 10, GIGABIT]),
)
def test_n13_a_32_bit_counter_gives_the_true_rate_or_none_however_often_it_turned(
    before, load, elapsed, limit
):
    octets = int(load * limit * elapsed)
    found = rate(before, (before + octets) % 2**32, elapsed, bits=32, limit=limit)
    if limit * elapsed < 2**32:
        assert found == pytest.approx(octets / elapsed)
    else:
        assert found is None


def test_n13_a_32_bit_counter_of_a_gigabit_is_believed_for_half_a_minute():
    assert rate(0, 3000, 30.0, bits=32, limit=GIGABIT) == 100
    assert rate(0, 6000, 60.0, bits=32, limit=GIGABIT) is None


def test_n13_a_64_bit_counter_that_fell_was_reset_and_the_next_look_heals():
    assert rate(10**15, 500, 60.0) is None
    assert rate(500, 60_500, 60.0) == 1000


def test_n13_above_2_to_the_53_nothing_is_rounded_away():
    assert rate(2**63, 2**63 + 6000, 60.0) == 100


def test_a_32_bit_counter_that_fell_is_a_reset_where_no_speed_is_known():
    assert rate(1000, 10, 60.0, bits=32) is None


def test_no_rate_without_two_readings_or_time():
    assert rate(None, 5, 1.0) is None
    assert rate(5, None, 1.0) is None
    assert rate(5, 9, 0.0) is None


def test_sys_up_time_that_wraps_after_497_days_is_no_restart():
    assert not has_restarted(WRAP_S - 30, 30.0, 60.0, WRAP_S)
    assert has_restarted(WRAP_S - 30_000, 30.0, 60.0, WRAP_S)
    assert has_restarted(WRAP_S - 30, 30.0, 60.0, None)


@given(st.floats(0, WRAP_S * 3), st.floats(1, 3600))
def test_a_device_that_runs_on_never_restarts_wherever_its_clock_wraps(up_s, elapsed):
    before, after = up_s % WRAP_S, (up_s + elapsed) % WRAP_S
    assert not has_restarted(before, after, elapsed, WRAP_S)


@given(st.floats(5000, WRAP_S - 5000), st.floats(1, 3600), st.floats(0, 0.9))
def test_a_device_that_started_again_is_always_noticed(before, elapsed, share):
    assert has_restarted(before, elapsed * share, elapsed, WRAP_S)
