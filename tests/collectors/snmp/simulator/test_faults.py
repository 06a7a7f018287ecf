import random

import pytest

from collectors.snmp.simulator.faults import (
    NO_FAULTS,
    FaultError,
    Faults,
    parse_fault_option,
    parse_faults,
    worst,
)
from collectors.snmp.simulator.message import Response


def test_faults_are_read_from_one_line():
    assert parse_faults("dead, drop=0.1,delay_s=0.3,loop_at=7,links_down=2+3") == Faults(
        dead=True, drop=0.1, delay_s=0.3, loop_at=7, links_down=(2, 3)
    )


@pytest.mark.parametrize(
    "text", ["explode", "drop=x", "drop=-1", "dead=maybe", "links_down=a", "delay_s=inf"]
)
def test_a_fault_that_is_none_is_refused_with_one_line(text):
    with pytest.raises(FaultError) as caught:
        parse_faults(text)
    assert "\n" not in str(caught.value)


def test_an_option_names_its_devices_by_a_glob():
    assert parse_fault_option("sw-*:drop=0.5") == ("sw-*", Faults(drop=0.5))
    with pytest.raises(FaultError, match="GLOB:NAME=VALUE"):
        parse_fault_option("drop=0.5")


def test_of_several_faults_the_worst_holds():
    both = worst([Faults(drop=0.2, links_down=(1,)), Faults(drop=0.1, dead=True, links_down=(2,))])
    assert both == Faults(drop=0.2, dead=True, links_down=(1, 2))
    assert worst([]) == NO_FAULTS


@pytest.mark.parametrize("name", ["truncate", "garbage", "corrupt"])
def test_a_bad_line_changes_the_bytes(name):
    data = bytes(range(48, 148))
    assert Faults(**{name: 1.0}).spoil_bytes(data, random.Random(1)) != data
    assert NO_FAULTS.spoil_bytes(data, random.Random(1)) == data


def test_a_wrong_id_stays_an_id():
    for request_id in (0, 2**31 - 1):
        spoilt = Faults(wrong_id=1.0).spoil_response(Response(request_id, b""), random.Random(1))
        assert spoilt.request_id != request_id
        assert 0 <= spoilt.request_id < 2**31


def test_a_share_is_a_share():
    rng = random.Random(1)
    faults = Faults(too_big=0.3)
    hits = sum(faults.defects(rng).too_big for _ in range(10_000))
    assert 2700 < hits < 3300
