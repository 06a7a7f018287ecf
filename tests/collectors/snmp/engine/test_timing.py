"""Timeouts that follow a device, the wheel that they hang on, and the window that is shared."""

import asyncio

import pytest

from collectors.snmp.engine.timing import RoundTrips, Wheel, Window
from tests.collectors.still_time import run_still


def test_before_anything_was_measured_the_longest_wait_holds():
    assert RoundTrips().timeout_s(3.0) == 3.0


def test_the_first_round_trip_gives_three_times_itself():
    """RFC 6298 §2.2: SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR."""
    trips = RoundTrips()
    trips.measured(0.4)
    assert trips.timeout_s(5.0) == pytest.approx(1.2)


def test_later_ones_are_smoothed():
    """RFC 6298 §2.3: RTTVAR = 3/4 · 0.2 + 1/4 · |0.4 - 0.8|, SRTT = 7/8 · 0.4 + 1/8 · 0.8."""
    trips = RoundTrips()
    trips.measured(0.4)
    trips.measured(0.8)
    assert trips.timeout_s(5.0) == pytest.approx(0.45 + 4 * 0.25)


def test_a_steady_device_is_waited_for_a_quarter_second_at_least():
    trips = RoundTrips()
    for _ in range(100):
        trips.measured(0.001)
    assert trips.timeout_s(5.0) == 0.25
    assert trips.timeout_s(0.1) == 0.1


def test_no_device_is_waited_for_longer_than_the_setting_says():
    trips = RoundTrips()
    trips.measured(9.0)
    assert trips.timeout_s(2.0) == 2.0


class Waiter:
    """Notes when it was woken."""

    def __init__(self, woken, name, again=None):
        self.woken, self.name, self.again = woken, name, again

    def due(self, now_s):
        self.woken.append((self.name, now_s))
        if self.again is not None:
            self.again()


def test_the_wheel_wakes_in_order_never_early_and_those_that_came_later_but_are_due_before():
    async def main():
        loop = asyncio.get_running_loop()
        wheel, woken, done = Wheel(loop), [], asyncio.Event()
        begin_s = loop.time()
        dues = {"c": 0.06, "a": 0.01, "b": 0.03, "b2": 0.03}
        for name, due_s in dues.items():
            wheel.add(begin_s + due_s, due_s, Waiter(woken, name))
        last = Waiter(woken, "last", done.set)
        again = Waiter(woken, "again", lambda: wheel.add(begin_s + 0.08, 0.06, last))
        wheel.add(begin_s + 0.02, 0.02, again)
        await done.wait()
        return dues | {"again": 0.02, "last": 0.08}, begin_s, woken

    dues, begin_s, woken = run_still(main())
    assert [name for name, _ in woken] == ["a", "again", "b", "b2", "c", "last"]
    assert all(now_s >= begin_s + dues[name] for name, now_s in woken)


def test_long_waits_end_together_and_none_early():
    async def main():
        loop = asyncio.get_running_loop()
        wheel, woken, done = Wheel(loop), [], asyncio.Event()
        begin_s = loop.time()
        dues = [begin_s + 0.2 + 0.001 * n for n in range(40)]
        for due_s in dues[1:]:
            wheel.add(due_s, due_s - begin_s, Waiter(woken, due_s))
        wheel.add(begin_s + 0.35, 0.35, Waiter([], None, done.set))
        await done.wait()
        return woken

    woken = run_still(main())
    assert len(woken) == 39
    assert all(due_s <= now_s for due_s, now_s in woken)
    assert len({now_s for _, now_s in woken}) <= 2


def test_a_wheel_that_is_closed_wakes_nobody():
    async def main():
        loop = asyncio.get_running_loop()
        wheel, woken = Wheel(loop), []
        wheel.add(loop.time(), 0.0, Waiter(woken, "x"))
        wheel.close()
        other, done = Wheel(loop), asyncio.Event()
        other.add(loop.time() + 0.02, 0.02, Waiter([], "y", done.set))
        await done.wait()
        return woken

    assert run_still(main()) == []


def test_the_window_lets_the_others_in_by_their_turn():
    async def main():
        window, entered = Window(most=2), []

        async def one(name):
            await window.enter()
            entered.append(name)

        tasks = [asyncio.create_task(one(name)) for name in "abcde"]
        await asyncio.sleep(0)
        first = list(entered)
        for _ in range(3):
            window.leave()
        await asyncio.gather(*tasks)
        return first, entered

    assert run_still(main()) == (["a", "b"], ["a", "b", "c", "d", "e"])


def test_who_gives_up_waiting_takes_no_place_with_it():
    async def main():
        window = Window(most=1)
        await window.enter()
        waiting = [asyncio.create_task(window.enter()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()  # while it waits
        await asyncio.sleep(0)
        window.leave()
        waiting[1].cancel()  # when it has just been let in
        await asyncio.gather(*waiting[:2], return_exceptions=True)
        await asyncio.wait_for(waiting[2], 5)
        window.leave()
        await asyncio.wait_for(window.enter(), 5)

    run_still(main())
