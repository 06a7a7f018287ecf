"""SNMPv1: no GETBULK, no exceptions, noSuchName for one name that is missing."""

from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.message import GET, GET_NEXT, decode_message, encode_message
from inventory.observation import Outcome, Reading
from tests.collectors.still_time import run_still


def test_a_device_that_speaks_only_v1_is_read_whole(simulated, looker, v1, v2c, serve_one, faults):
    _, new = serve_one(simulated(), looker, v2c())
    looking, old = serve_one(simulated(faults=faults(v1_only=True)), looker, v1(), looks=2)
    assert isinstance(old, Reading), old
    assert old.problems == ()
    assert old.facts == new.facts
    assert [i.name for i in old.interfaces] == [i.name for i in new.interfaces]
    assert {i.counter_bits for i in old.interfaces} == {32}
    assert looking.count("snmp_retries") == 0


def test_a_v1_agent_is_never_sent_what_v1_does_not_have(agent, looker, v1, recording):

    device = Device(recording("router_mikrotik"))

    def answer(packet):
        message = decode_message(packet)
        response = device.respond(message.pdu, version=0)
        return [encode_message(0, message.community, response.encode())]

    async def main():
        async with agent(answer) as (peer, where):
            looking = looker(where, v1())
            found = [await looking.look() for _ in range(2)]
            return found, [decode_message(packet) for packet in peer.requests]

    found, messages = run_still(main())
    assert all(isinstance(reading, Reading) for reading in found)
    assert {message.version for message in messages} == {0}
    kinds = {message.pdu.kind for message in messages}
    assert kinds == {GET, GET_NEXT}


def test_a_device_of_another_version_is_silent(simulated, looker, v1, v2c, serve_one, faults):
    for credential, only in ((v1(), "v2c_only"), (v2c(), "v1_only")):
        device = simulated(faults=faults(**{only: True}))
        _, error = serve_one(device, looker, credential, timeout="20ms", deadline="5s")
        assert (error.outcome, error.reason) == (Outcome.UNREACHABLE, "timeout")
