"""Blocking calls that may never come back: nobody waits for them, and the process ends."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from collectors import address, host
from collectors.base import CollectorError, Steps
from collectors.daemon_threads import DaemonThreads
from collectors.host import HostCollector
from collectors.tcp import TcpCollector
from config.sections import Polling
from inventory.observation import Outcome

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hanging():
    """An event that calls hang on, set at the end so that no thread outlives its test."""
    gate = threading.Event()
    yield gate
    gate.set()


def test_a_call_gives_what_it_returns_and_raises_what_it_raises():
    threads = DaemonThreads("test", 2)

    async def run():
        assert await threads.run(lambda: 42) == 42
        with pytest.raises(ZeroDivisionError):
            await threads.run(lambda: 1 // 0)
        assert await threads.run(lambda: 43) == 43

    asyncio.run(run())


def test_never_more_threads_than_allowed_and_every_call_is_made():
    threads, lock = DaemonThreads("test", 3), threading.Lock()
    busy, most, met = 0, 0, threading.Barrier(3)

    def work():
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        met.wait(30)  # passes only in threes: all three threads are used
        with lock:
            busy -= 1

    async def run():
        await asyncio.gather(*(threads.run(work) for _ in range(12)))

    asyncio.run(run())
    assert most == 3


def test_a_call_that_nobody_waits_for_any_more_is_never_made(hanging):
    threads, made = DaemonThreads("test", 1), []

    async def run():
        first = asyncio.create_task(threads.run(lambda: hanging.wait(30)))
        second = asyncio.create_task(threads.run(lambda: made.append("second")))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        hanging.set()
        await first
        await threads.run(lambda: made.append("third"))

    asyncio.run(run())
    assert made == ["third"]


def test_a_hanging_resolver_is_no_outage_of_the_device(monkeypatch, hanging):
    real = address.socket.getaddrinfo

    def silent(name, port, **more):
        if "flags" not in more:
            hanging.wait(30)
        return real(name, port, **more)

    monkeypatch.setattr(address.socket, "getaddrinfo", silent)
    with pytest.raises(CollectorError) as caught:
        asyncio.run(TcpCollector("printer.example.net", 80, 1.0, 0.05).collect(Steps()))
    assert (caught.value.outcome, caught.value.reason) == (Outcome.ERROR, "name_timeout")


@pytest.mark.parametrize(
    ("timeout", "deadline", "patience_s"),
    [("1s", "3s", 2.0), ("3s", "4s", 2.0), ("2s", "30s", 10.0), ("5s", "5s", 2.5)],
)
def test_a_name_is_waited_for_as_long_as_the_deadline_leaves(timeout, deadline, patience_s):
    times = Polling.model_validate({"timeout": timeout, "deadline": deadline})
    assert address.lookup_patience_s(times) == patience_s


def test_a_host_that_hangs_is_said_and_no_second_thread_hangs_with_it(monkeypatch, hanging):
    calls = []

    def hang(sysfs):
        calls.append(sysfs)
        loop.call_soon_threadsafe(begun.set)
        hanging.wait(30)
        raise OSError("gone")

    monkeypatch.setattr(host, "read_sample", hang)
    collector = HostCollector()
    begun = loop = None

    async def run():
        nonlocal begun, loop
        begun, loop = asyncio.Event(), asyncio.get_running_loop()
        first = asyncio.create_task(collector.collect(Steps()))
        await begun.wait()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        with pytest.raises(CollectorError) as caught:
            await collector.collect(Steps())
        assert (caught.value.outcome, caught.value.reason) == (Outcome.ERROR, "still_reading")

    asyncio.run(run())
    assert len(calls) == 1


def test_a_look_up_that_never_returns_does_not_keep_the_process_alive():
    code = """
import asyncio, sys, threading
sys.path.insert(0, sys.argv[1])
from collectors import address
from collectors.base import CollectorError
real = address.socket.getaddrinfo
def silent(name, port, **more):
    if "flags" not in more:
        threading.Event().wait()
    return real(name, port, **more)
address.socket.getaddrinfo = silent
try:
    asyncio.run(address.resolved("printer.example.net", 80, 0.05))
except CollectorError as error:
    print(error.reason, threading.active_count())
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "name_timeout 2\n", "")
