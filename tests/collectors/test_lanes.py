"""Room for looks: how much there is, and that all of it comes back."""

import asyncio

import pytest

from collectors.lanes import Lanes


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_lanes_never_hold_more_than_their_limit_and_give_every_place_back(virtual, limit):
    async def main(loop, clock):
        lanes = Lanes(limit)
        inside, most = 0, 0

        async def look(number):
            nonlocal inside, most
            async with lanes.place(number % 2 == 0, 1.0):
                inside += 1
                most = max(most, inside)
                try:
                    await asyncio.sleep(number % 5)
                finally:
                    inside -= 1

        tasks = [asyncio.create_task(look(n)) for n in range(60)]
        await asyncio.sleep(3)
        for task in tasks[::3]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(10), lanes.place(True, 1.0), lanes.place(False, 1.0):
            pass
        return most, inside

    most, inside = virtual(main)
    assert most <= max(2, limit)
    assert inside == 0


def test_n6_room_grows_with_the_endpoints(virtual, scheduled, target):
    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        pairs = [target(f"T{n}", lambda _: 1000.0) for n in range(2500)]
        schedule.start()
        await schedule.watch([t for t, _ in pairs])
        most = 0
        for _ in range(30):
            await asyncio.sleep(1)
            most = max(most, sum(collector.looks for _, collector in pairs) - len(seen))
        await schedule.stop()
        return most

    assert virtual(main) == 250
