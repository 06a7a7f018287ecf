import pytest

from collectors.snmp.simulator.agent import SimulatedDevice
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.faults import Faults
from collectors.snmp.simulator.message import GET, GET_BULK, GET_NEXT
from collectors.snmp.simulator.motion import plan_motion
from collectors.snmp.simulator.scenario import Event
from collectors.snmp.simulator.snmprec import read_recording

_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
_UPTIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)
_PORTS = (1, 3, 6, 1, 2, 1, 2, 2, 1)


@pytest.fixture
def agent(switch):
    def make(**faults):
        rows = read_recording(switch / "sw-01.snmprec").rows
        device = Device(rows, plan_motion(rows, "sw-01"))
        return SimulatedDevice(
            "sw-01",
            device,
            address="127.0.0.1",
            views={"public": device, "public@9": Device(rows[:2])},
            faults=Faults(**faults),
        )

    return make


@pytest.fixture
def ask(request_bytes):
    def run(agent, kind=GET, oids=(_NAME,), now_s=0.0, **fields):
        return agent.answer(request_bytes(kind, oids, **fields), now_s)

    return run


@pytest.mark.parametrize("version", [0, 1])
def test_a_sound_device_answers_once_and_at_once(agent, ask, response_of, version):
    (sending,) = ask(agent(), version=version)
    assert response_of(sending.data) == (77, 0, 0, 1)
    assert b"sw-01" in sending.data
    assert (sending.delay_s, sending.from_elsewhere) == (0.0, False)


def test_a_wrong_community_gets_silence_and_a_context_its_own_view(agent, ask, response_of):
    device = agent()
    assert ask(device, community=b"guess") == []
    assert device.counts.dropped == 1
    (sending,) = ask(device, community=b"public@9")
    assert b"sw-01" not in sending.data


@pytest.mark.parametrize("data", [b"", b"\x30", b"hello", b"\x30\x03\x02\x01\x07", b"\x02\x01\x01"])
def test_what_cannot_be_read_is_counted_and_gets_silence(agent, data):
    device = agent()
    assert device.answer(data, 0) == []
    assert device.counts.malformed == 1


def test_v3_without_users_and_bulk_in_v1_get_silence(agent, ask):
    assert agent().answer(b"\x30\x03\x02\x01\x03", 0) == []
    assert ask(agent(), kind=GET_BULK, version=0) == []


@pytest.mark.parametrize(
    ("faults", "fields"),
    [
        ({"dead": True}, {}),
        ({"drop": 1.0}, {}),
        ({"v1_only": True}, {"version": 1}),
        ({"v2c_only": True}, {"version": 0}),
        ({"v3_only": True}, {"version": 0}),
        ({"v3_only": True}, {"version": 1}),
        ({"no_bulk": True}, {"kind": GET_BULK, "second": 5}),
    ],
)
def test_a_silent_fault_is_silent_and_counted(agent, ask, faults, fields):
    device = agent(**faults)
    assert ask(device, **fields) == []
    assert device.counts.dropped == 1


def test_a_share_of_requests_is_dropped(agent, ask):
    device = agent(drop=0.5)
    answered = sum(bool(ask(device)) for _ in range(1000))
    assert 420 < answered < 580


def test_delay_and_jitter_put_an_answer_off(agent, ask):
    (sending,) = ask(agent(delay_s=0.3, jitter_s=0.1))
    assert 0.3 <= sending.delay_s <= 0.4


def test_a_slow_walk_leaves_get_fast(agent, ask):
    device = agent(slow_walk_s=2.0)
    delays = [ask(device, kind=kind, second=3)[0].delay_s for kind in (GET, GET_NEXT, GET_BULK)]
    assert delays == [0.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("faults", "answer"),
    [
        ({"too_big": 1.0}, (77, 1, 0, 0)),
        ({"gen_error": 1.0}, (77, 5, 1, 1)),
        ({"empty": 1.0}, (77, 0, 0, 0)),
        ({"wrong_id": 1.0}, (78, 0, 0, 1)),
    ],
)
def test_a_lying_agent_lies_as_told(agent, ask, response_of, faults, answer):
    (sending,) = ask(agent(**faults))
    assert response_of(sending.data) == answer


def test_more_names_than_it_takes_are_too_big(agent, ask, response_of):
    device = agent(max_names=2)
    assert response_of(ask(device, oids=[_NAME] * 2)[0].data)[1] == 0
    assert response_of(ask(device, oids=[_NAME] * 3)[0].data)[1] == 1


def test_a_looping_walk_comes_back_to_the_same_row(agent, ask):
    device = agent(loop_at=4)
    answers = {ask(device, kind=GET_NEXT, oids=[(*_PORTS, 8, n)])[0].data for n in (1, 2)}
    assert len(answers) == 1


@pytest.mark.parametrize("fault", ["truncate", "garbage", "corrupt", "wrong_version"])
def test_a_bad_line_gives_other_bytes(agent, ask, fault):
    assert ask(agent(**{fault: 1.0}))[0].data != ask(agent())[0].data


def test_an_answer_may_come_twice_or_from_elsewhere(agent, ask):
    assert len(ask(agent(duplicate=1.0))) == 2
    assert ask(agent(other_source=1.0))[0].from_elsewhere


def test_a_cut_link_is_down_from_the_start_when_it_is_a_fault(agent, ask):
    up, down = agent(), agent(links_down=(1,))
    status = [(*_PORTS, 8, 1)]
    assert ask(up, oids=status)[0].data[-1] == 1
    assert ask(down, oids=status, now_s=50)[0].data[-1] == 2
    octets = [(*_PORTS, 10, 1)]
    assert ask(down, oids=octets, now_s=0)[0].data == ask(down, oids=octets, now_s=50)[0].data


def test_an_event_happens_and_ends_by_the_clock_that_is_given(agent, ask):
    device = agent()
    device.add(Event(at_s="10s", for_s="20s", reboot=True))
    assert ask(device, oids=[_UPTIME], now_s=9)
    assert ask(device, oids=[_UPTIME], now_s=10) == []
    (sending,) = ask(device, oids=[_UPTIME], now_s=31)
    assert int.from_bytes(sending.data[-1:], "big") == 100


def test_a_packet_is_never_longer_than_an_ethernet_frame_holds(agent, ask):
    (sending,) = ask(agent(), kind=GET_BULK, oids=[(1, 3)] * 30, second=100)
    assert len(sending.data) <= 1472
