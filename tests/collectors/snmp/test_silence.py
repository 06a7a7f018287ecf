"""N5, N7: silence and slowness cost their own time and no more."""

from inventory.observation import Outcome
from tests.collectors.still_time import run_still

QUICK = {"timeout": "60ms", "deadline": "5s"}


def test_n5_a_black_hole_costs_three_packets_and_no_more(agent, looker, v2c):
    async def main():
        async with agent(lambda packet: []) as (peer, where):
            looking = looker(where, v2c(), **QUICK)
            return await looking.look(), len(peer.requests), looking

    error, requests, looking = run_still(main())
    assert error.outcome is Outcome.UNREACHABLE
    assert requests == 3
    assert looking.count("snmp_retries") == 2


def test_n5_a_device_that_dies_during_a_look_leaves_what_it_said(agent, looker, v2c, honest):
    left = [6]

    def handler(packet):
        left[0] -= 1
        return [honest(packet)] if left[0] > 0 else []

    async def main():
        async with agent(handler) as (peer, where):
            return await looker(where, v2c(), **QUICK).look(), len(peer.requests)

    reading, requests = run_still(main())
    assert reading.facts["sys_name"] == "switch-ruijie"
    assert 0 < len(reading.interfaces) < 28
    assert len(reading.problems) == 1
    assert "no answer" in reading.problems[0]
    assert requests == 5 + 3 + 3


def test_n7_an_agent_that_trickles_is_ended_by_the_deadline_and_its_part_is_kept(
    simulated, looker, v2c, serve_one, faults
):
    device = simulated(faults=faults(delay_s=0.15))
    times = {"timeout": "200ms", "deadline": "600ms"}
    looking, reading = serve_one(device, looker, v2c(), **times)
    assert reading.facts["sys_name"] == "switch-ruijie"
    assert 0 < len(reading.interfaces) < 28
    assert any("deadline" in problem for problem in reading.problems)
    assert looking.count("snmp_walk_aborted", reason="deadline") >= 1
