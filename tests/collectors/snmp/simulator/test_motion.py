import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.simulator.motion import Moment, Traffic, Wave, plan_motion, rates_of
from collectors.snmp.simulator.snmprec import parse_recording

_IN_32 = (1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 1)
_IN_64 = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1)
_OPER = (1, 3, 6, 1, 2, 1, 2, 2, 1, 8, 1)
_UP = (1, 3, 6, 1, 2, 1, 1, 3, 0)
_ROWS = parse_recording(
    b"""1.3.6.1.2.1.1.3.0|67|4294967290
1.3.6.1.2.1.2.2.1.5.1|66|1000000000
1.3.6.1.2.1.2.2.1.8.1|2|1
1.3.6.1.2.1.2.2.1.8.2|2|2
1.3.6.1.2.1.2.2.1.10.1|65|4294967295
1.3.6.1.2.1.2.2.1.10.2|65|9
1.3.6.1.2.1.25.3.3.1.2.1|2|50
1.3.6.1.2.1.31.1.1.1.6.1|70|1000
1.3.6.1.6.3.10.2.1.2.0|2|3
""",
    name="x",
    source="x",
).rows
_FLAT = {1: Traffic(in_bps=8e6, out_bps=8e6, swing=0)}


@pytest.fixture
def movers():
    return plan_motion(_ROWS, "x", _FLAT)


def test_a_counter_moves_at_the_promised_rate(movers):
    assert rates_of(_ROWS, "x", _FLAT)[_IN_64].mean == 1e6
    assert movers[_IN_64](Moment(running_s=100)) == 1000 + 100_000_000


def test_a_32_bit_counter_wraps_and_goes_with_its_64_bit_twin(movers):
    assert movers[_IN_32](Moment(running_s=0)) == 2**32 - 1
    assert movers[_IN_32](Moment(running_s=2)) == 1_999_999


def test_a_link_without_a_rule_stays_below_a_quarter_of_its_speed():
    rate = rates_of(_ROWS, "x")[_IN_64]
    assert 0 < rate.mean <= 0.2505 * 1e9 / 8


def test_a_link_that_is_recorded_as_down_stays_still(movers):
    assert (*_IN_32[:-1], 2) not in movers


def test_uptime_wraps_after_497_days(movers):
    assert movers[_UP](Moment(running_s=1)) == 94


def test_after_a_reboot_uptime_and_counters_begin_at_zero(movers):
    moment = Moment(running_s=2, reboots=1)
    assert movers[_UP](moment) == 200
    assert movers[_IN_64](moment) == 2_000_000
    assert movers[(1, 3, 6, 1, 6, 3, 10, 2, 1, 2, 0)](moment) == 4


def test_a_cut_link_says_down_and_its_counters_stand_still(movers):
    cut = Moment(running_s=100, links_down=frozenset({1}), link_lost_s={1: 40})
    assert movers[_OPER](cut) == 2
    assert movers[_OPER](Moment(running_s=100)) == 1
    assert movers[_IN_64](cut) == 1000 + 60_000_000


def test_processor_load_stays_a_percentage(movers):
    load = movers[(1, 3, 6, 1, 2, 1, 25, 3, 3, 1, 2, 1)]
    values = {load(Moment(running_s=second)) for second in range(600)}
    assert len(values) > 5
    assert values <= set(range(1, 100))


def test_the_same_seed_moves_the_same_on_every_machine():
    assert rates_of(_ROWS, "x")[_IN_64] == rates_of(_ROWS, "x")[_IN_64]
    assert rates_of(_ROWS, "x")[_IN_64].mean != rates_of(_ROWS, "y")[_IN_64].mean


@given(
    st.floats(0, 1e9),
    st.floats(0, 1),
    st.floats(1, 1e5),
    st.floats(0, 7),
    st.lists(st.floats(0, 1e6), min_size=2).map(sorted),
)
def test_the_amount_of_a_wave_never_falls(mean, swing, period_s, phase, times):
    wave = Wave(mean, swing, period_s, phase)
    amounts = [wave.amount(time_s) for time_s in times]
    slack = 1e-6 * max(1.0, amounts[-1])
    assert all(b >= a - slack for a, b in itertools.pairwise(amounts))


def test_the_amount_of_a_wave_is_the_integral_of_its_rate():
    wave = Wave(100, 0.5, 60, 1)
    steps = sum(wave.rate(i / 100) / 100 for i in range(4500))
    assert wave.amount(45) == pytest.approx(steps, rel=1e-3)
