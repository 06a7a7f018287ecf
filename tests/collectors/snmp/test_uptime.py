import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.uptime import WRAP_S, UptimeChoice, uptimes_of
from inventory.counters import has_restarted

DAY = 86400
TICKS = 2**32


def values(agent=None, host=None, engine=None):
    found = {"sysUpTime": agent, "hrSystemUptime": host, "snmpEngineTime": engine}
    return {name: value for name, value in found.items() if value is not None}


def test_a_hosts_own_uptime_comes_before_its_agents():
    found = UptimeChoice().choose(values(agent=60_00, host=90 * DAY * 100, engine=60))
    assert (found.seconds, found.wrap_s) == (90 * DAY, WRAP_S)


def test_engine_time_outlives_the_wrap_of_sysuptime():
    up_s = 600 * DAY
    found = UptimeChoice().choose(values(agent=up_s * 100 % TICKS, engine=up_s + 1))
    assert (found.seconds, found.wrap_s) == (up_s + 1, None)


@pytest.mark.parametrize(
    "engine",
    [
        5 * DAY * 100,  # in hundredths
        90 * DAY,  # of the box, where the agent restarted
        0,
        -5,
    ],
)
def test_an_engine_time_that_does_not_fit_sysuptime_is_left_alone(engine):
    found = UptimeChoice().choose(values(agent=5 * DAY * 100, engine=engine))
    assert (found.seconds, found.wrap_s) == (5 * DAY, WRAP_S)


def test_nothing_said_is_nothing_known():
    assert UptimeChoice().choose({}) is None
    assert uptimes_of({"sysUpTime": b"12", "hrSystemUptime": (1, 3)}) == {}


def test_a_host_uptime_of_zero_is_not_implemented():
    assert UptimeChoice().choose(values(agent=700, host=0)).source == "sysUpTime"


def test_a_look_without_the_chosen_variable_says_nothing_rather_than_another():
    choice = UptimeChoice()
    assert choice.choose(values(agent=500, host=90000)).source == "hrSystemUptime"
    assert choice.choose(values(agent=1500)) is None
    assert choice.choose(values(agent=2500, host=92000)).seconds == 920


def test_a_variable_that_stays_away_is_given_up():
    choice = UptimeChoice()
    choice.choose(values(agent=500, host=90000))
    found = [choice.choose(values(agent=1000 * n)) for n in range(1, 7)]
    assert found[:4] == [None] * 4
    assert found[5].source == "sysUpTime"


@pytest.mark.parametrize("host_per_s", [0, 1, 10000], ids=["stuck", "in seconds", "too fast"])
def test_a_host_uptime_that_does_not_keep_pace_is_given_up(host_per_s):
    choice = UptimeChoice()
    for passed_s in range(0, 600, 60):
        now = values(agent=(1000 + passed_s) * 100, host=5_000_000 + passed_s * host_per_s)
        found = choice.choose(now)
    assert (found.source, found.seconds) == ("sysUpTime", 1540)


def test_a_host_uptime_that_wraps_is_kept():
    choice = UptimeChoice()
    for passed_s in range(0, 300, 60):
        host = (TICKS - 10_000 + passed_s * 100) % TICKS
        assert choice.choose(values(agent=10_000 + passed_s * 100, host=host)) is not None


def test_a_restart_of_the_agent_is_no_restart_of_the_host():
    choice = UptimeChoice()
    before = choice.choose(values(agent=50 * DAY * 100, host=90 * DAY * 100))
    after = choice.choose(values(agent=500, host=90 * DAY * 100 + 6000))
    assert after.seconds == before.seconds + 60


@given(
    start=st.integers(0, 2**32 - 1),
    steps=st.lists(st.tuples(st.integers(30, 300), st.booleans(), st.booleans()), max_size=40),
    has_host=st.booleans(),
    has_engine=st.booleans(),
)
def test_n13_no_uptime_of_a_device_that_runs_ever_looks_like_a_restart(
    start, steps, has_host, has_engine
):
    """Whatever single answers are lost, over the wraps of its TimeTicks."""
    choice, ticks, at_s = UptimeChoice(), start * 100, 0
    last = None
    for passed_s, lose_host, lose_engine in [(60, False, False), *steps]:
        ticks, at_s = ticks + passed_s * 100, at_s + passed_s
        now = values(
            agent=ticks % TICKS,
            host=(ticks + 700) % TICKS or 1 if has_host and not lose_host else None,
            engine=ticks // 100 if has_engine and not lose_engine and ticks < 2**37 else None,
        )
        found = choice.choose(now)
        if found is None:
            continue
        if last is not None and last[0].source == found.source:
            wrap_s, elapsed_s = found.wrap_s, at_s - last[1]
            assert not has_restarted(last[0].seconds, found.seconds, elapsed_s, wrap_s)
        last = (found, at_s)
