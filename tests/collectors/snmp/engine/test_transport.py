"""Many sessions over few sockets: everyone gets their own, and nothing is left behind."""

import asyncio
import contextlib
import os
import socket

import pytest
from prometheus_client import CollectorRegistry

from collectors.snmp.engine import transport
from collectors.snmp.engine.session import EngineSession
from collectors.snmp.engine.timing import Window
from collectors.snmp.session import NoAnswer, SnmpError
from collectors.snmp.simulator.ber import OCTET_STRING
from collectors.snmp.simulator.message import decode_message
from inventory.metrics import Instruments
from inventory.observation import Outcome
from tests.collectors.still_time import run_still
from tests.free_port import free_port

NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
ASK = {"sysName": NAME}


@pytest.fixture
def engine():
    return "hatang"


@pytest.fixture
def instruments():
    return Instruments(CollectorRegistry())


@pytest.fixture
def made(v2c, instruments):
    """Makes a session: made(community, timeout_s=…)."""

    def make(community="public", timeout_s=5.0):
        return EngineSession(v2c(community), timeout_s, instruments)

    return make


def open_files():
    return len(os.listdir("/proc/self/fd"))


async def asked(session, where):
    session.open(socket.AF_INET, where)
    try:
        until_s = asyncio.get_running_loop().time() + 20
        return (await session.get(ASK, until_s)).values["sysName"]
    finally:
        await session.close()


def named(reply, name):
    return lambda packet: [reply(packet, [(NAME, OCTET_STRING, name)])]


def test_a_hundred_devices_are_asked_at_once_over_a_few_sockets(agent, made, reply):
    async def main():
        async with contextlib.AsyncExitStack() as stack:
            places = []
            for n in range(100):
                handler = named(reply, b"device %d" % n)
                _, where = await stack.enter_async_context(agent(handler))
                places.append(where)
            before = open_files()
            sessions = [made() for _ in places]
            for session, where in zip(sessions, places, strict=True):
                session.open(socket.AF_INET, where)
            between = open_files()
            found = await asyncio.gather(*map(asked, sessions, places))
            return before, between, open_files(), found

    before, between, after, found = run_still(main())
    assert found == [b"device %d" % n for n in range(100)]
    assert 1 <= between - before <= 4
    assert after == before
    assert transport._TRANSPORTS == {}


def test_two_credentials_at_one_device_each_get_their_own_answer(agent, made, reply, instruments):
    waiting = []

    def handler(packet):
        waiting.append(packet)
        if len(waiting) < 2:
            return []
        return [
            reply(packet, [(NAME, OCTET_STRING, decode_message(packet).community)])
            for packet in waiting
        ]

    async def main():
        async with agent(handler) as (_, where):
            return await asyncio.gather(asked(made("one"), where), asked(made("two"), where))

    assert run_still(main()) == [b"one", b"two"]
    assert sum(metric.value for metric in rejected(instruments)) == 0


def rejected(instruments):
    (family,) = instruments.snmp_rejected.collect()
    return [sample for sample in family.samples if sample.name.endswith("_total")]


def test_a_closed_port_concerns_only_who_asked_there(agent, made, reply):
    closed = ("127.0.0.1", free_port())
    late = []

    async def main():
        loop = asyncio.get_running_loop()

        def handler(packet):
            answer = reply(packet, [(NAME, OCTET_STRING, b"alive")])
            late.append(loop.call_later(0.05, live.transport.sendto, answer, live_client))
            return []

        async with agent(handler) as (live, where):
            arrived = live.datagram_received

            def received(data, address):
                nonlocal live_client
                live_client = address
                arrived(data, address)

            live_client = None
            live.datagram_received = received
            asking = asyncio.create_task(asked(made(), where))
            refused = await asyncio.gather(
                *(asked(made(), closed) for _ in range(20)), return_exceptions=True
            )
            return await asking, refused

    alive, refused = run_still(main())
    assert alive == b"alive"
    assert {(type(error), error.reason) for error in refused} == {(SnmpError, "connection_refused")}


def test_an_answer_after_the_session_was_closed_is_nobodys_and_no_forgery(
    agent, made, reply, instruments
):
    held = []

    async def main():
        def hold(packet):
            held.append(packet)
            return []

        async with agent(hold) as (slow, slow_at), agent(named(reply, b"x")) as (_, where):
            came_from = []
            arrived = slow.datagram_received
            slow.datagram_received = lambda data, addr: (
                came_from.append(addr),
                arrived(data, addr),
            )
            keeper = made()  # keeps the sockets open
            keeper.open(socket.AF_INET, where)
            with contextlib.suppress(NoAnswer):
                await asked(made(timeout_s=0.02), slow_at)
            for packet, client in zip(held, came_from, strict=True):
                slow.transport.sendto(reply(packet, [(NAME, OCTET_STRING, b"late")]), client)
            name = await asked(made(), where)
            await keeper.close()
            return name

    assert run_still(main()) == b"x"
    assert held
    assert rejected(instruments) == []


def test_a_device_that_was_quick_is_asked_again_early_and_given_up_as_late_as_ever(
    agent, made, reply
):
    lost, sent = [], []

    async def main():
        loop = asyncio.get_running_loop()

        def handler(packet):
            sent.append(loop.time())
            if lost:
                lost.pop()
                return []
            return [reply(packet, [(NAME, OCTET_STRING, b"quick")])]

        async with agent(handler) as (_, where):
            session = made(timeout_s=30.0)
            for _ in range(10):
                await asked(session, where)
            sent.clear()
            lost.append(True)
            name = await asked(session, where)
            return name, sent[1] - sent[0]

    name, waited_s = run_still(main())
    assert name == b"quick"
    assert waited_s < 15.0


def test_a_session_that_is_closed_while_it_waits_ends_at_once(agent, made):
    async def main():
        arrived = asyncio.Event()
        async with agent(lambda packet: arrived.set()) as (_, where):
            session = made(timeout_s=30.0)
            session.open(socket.AF_INET, where)
            until_s = asyncio.get_running_loop().time() + 60
            asking = asyncio.create_task(session.get(ASK, until_s))
            await arrived.wait()
            await session.close()
            with pytest.raises(SnmpError) as caught:
                await asyncio.wait_for(asking, 10)
            return caught.value

    assert run_still(main()).reason == "closed"


def test_a_session_that_is_not_open_says_so(made):
    async def main():
        with pytest.raises(SnmpError) as caught:
            await made().get(ASK, asyncio.get_running_loop().time() + 1)
        return caught.value

    assert run_still(main()).reason == "closed"


def test_without_a_socket_to_be_had_the_error_is_ours(made, monkeypatch):
    def none_left(*_):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(transport.Transport, "_new_socket", none_left)

    async def main():
        with pytest.raises(SnmpError) as caught:
            made().open(socket.AF_INET, ("127.0.0.1", 161))
        return caught.value

    error = run_still(main())
    assert (error.outcome, error.reason) == (Outcome.ERROR, "too_many_files")
    assert transport._TRANSPORTS == {}


def test_the_window_of_all_sessions_holds_and_everybody_has_a_turn(agent, made, reply, monkeypatch):
    window = Window(3)
    monkeypatch.setattr(transport, "Window", lambda: window)
    waiting, crowds = [], []

    async def main():
        loop = asyncio.get_running_loop()
        async with agent(named(reply, b"x")) as (peer, where):
            answer = peer.datagram_received

            def later(data, address):
                crowds.append(len(waiting) + 1)
                waiting.append(data)

                def send():
                    waiting.remove(data)
                    answer(data, address)

                loop.call_later(0.005, send)

            peer.datagram_received = later
            return await asyncio.gather(*(asked(made(), where) for _ in range(40)))

    assert run_still(main()) == [b"x"] * 40
    assert max(crowds) == 3
