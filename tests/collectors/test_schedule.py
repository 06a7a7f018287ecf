"""The schedule in virtual time: hours in seconds, and nobody delayed by the dead."""

import asyncio
import datetime as dt
import itertools
import time
from collections import Counter, defaultdict

import pytest

from collectors.base import CollectorError
from collectors.schedule import FIRST_WITHIN_S
from config.sections import Polling
from inventory.observation import Outcome, Reading

DEAD = CollectorError(Outcome.UNREACHABLE, "timeout", "no answer")


def quantile(values, share):
    return sorted(values)[int(share * (len(values) - 1))]


def test_n6_300_dead_of_1000_do_not_delay_the_living(virtual, scheduled, target, value):
    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        pairs = [
            target(f"T{n}", (lambda _: 10.0) if n % 10 < 3 else (lambda _: 0.05))
            for n in range(1000)
        ]
        schedule.start()
        await schedule.watch([t for t, _ in pairs], 100)
        await asyncio.sleep(720)
        await schedule.stop()
        return seen

    seen = virtual(main)
    looks = Counter(o.endpoint for o in seen)
    living = [n for n in range(1000) if n % 10 >= 3]
    assert min(looks[f"T{n}/tcp"] for n in living) >= 11
    starts = defaultdict(list)
    for o in seen:
        starts[o.endpoint].append(o.monotonic_s - o.duration_s)
    gaps = [
        b - a
        for n in living
        for a, b in zip(starts[f"T{n}/tcp"], starts[f"T{n}/tcp"][1:], strict=False)
    ]
    assert quantile(gaps, 0.99) < 61
    assert value("hatang_endpoints_scheduled") == 1000


def test_n5_one_black_hole_among_300_changes_nothing_for_the_others(virtual, scheduled, target):
    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        pairs = [
            target(f"T{n}", (lambda _: 10.0) if n == 7 else (lambda _: 0.01)) for n in range(300)
        ]
        schedule.start()
        await schedule.watch([t for t, _ in pairs], 20)
        await asyncio.sleep(1200)
        await schedule.stop()
        return Counter(o.endpoint for o in seen)

    looks = virtual(main)
    assert all(looks[f"T{n}/tcp"] >= 19 for n in range(300) if n != 7)


def test_j1_a_look_longer_than_its_interval_never_overlaps_and_the_skip_is_counted(
    virtual, scheduled, target, value
):
    times = Polling.model_validate(
        {"interval": "60s", "timeout": "2s", "deadline": "300s", "retry": "5s"}
    )
    under_way, most = 0, 0

    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        slow, collector = target("SLOW", times=times)

        async def collect(steps):
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(150)
            under_way -= 1
            return Reading()

        collector.collect = collect
        schedule.start()
        await schedule.watch([slow], 10)
        await asyncio.sleep(1800)
        await schedule.stop()
        return len(seen)

    assert virtual(main) == 10
    assert most == 1
    assert value("hatang_slots_missed_total", reason="overrun") == pytest.approx(20, abs=2)


def test_t3_after_a_pause_of_five_minutes_there_is_one_run_and_the_rest_is_counted(
    virtual, scheduled, target, value
):
    async def main(loop, clock):
        schedule, _ = scheduled(clock)
        one, collector = target()
        schedule.start()
        await schedule.watch([one], 10)
        await asyncio.sleep(120)
        before = collector.looks
        loop.pause(300)
        await asyncio.sleep(0.001)
        await asyncio.sleep(1)
        after = collector.looks
        await schedule.stop()
        return before, after

    before, after = virtual(main)
    assert after - before == 1
    assert value("hatang_slots_missed_total", reason="late") == 4


def test_t1_setting_the_wall_clock_moves_no_slot(virtual, scheduled, target):
    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        one, _ = target()
        schedule.start()
        await schedule.watch([one], 10)
        for jump in (0.0, -3600.0, 86_400.0, 0.0):
            clock.offset += jump
            await asyncio.sleep(600)
        await schedule.stop()
        return [o.monotonic_s for o in seen]

    times = virtual(main)
    assert len(times) == 1 + 40  # the first one is beside the slots
    assert all(b - a == pytest.approx(60, abs=0.01) for a, b in itertools.pairwise(times[1:]))


def test_t4_a_change_to_summer_time_skips_and_doubles_nothing(
    virtual, scheduled, target, monkeypatch
):
    def slots(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()

        async def main(loop, clock):
            clock.offset = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC).timestamp()
            schedule, seen = scheduled(clock)
            one, _ = target()
            schedule.start()
            await schedule.watch([one], 10)
            await asyncio.sleep(3 * 3600)
            await schedule.stop()
            return [o.at_s for o in seen]

        return virtual(main)

    try:
        assert slots("Europe/Brussels") == slots("Asia/Ho_Chi_Minh")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_first_looks_come_within_ten_seconds_and_all_looks_are_spread(virtual, scheduled, target):
    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        schedule.start()
        await schedule.watch([target(f"T{n}")[0] for n in range(100)], 100)
        await asyncio.sleep(FIRST_WITHIN_S + 0.5)
        first = {o.endpoint: o.monotonic_s for o in reversed(seen)}
        await asyncio.sleep(300)
        await schedule.stop()
        return first, [o.monotonic_s for o in seen]

    first, looks = virtual(main)
    assert len(first) == 100
    assert max(Counter(int(at) for at in first.values()).values()) < 30
    # After that they are spread over the whole interval of a minute.
    later = Counter(int(at) % 60 // 10 for at in looks if 120 <= at < 300)
    assert min(later.values()) >= 25


def test_a_reload_leaves_equal_targets_alone_and_closes_what_is_gone(virtual, scheduled, target):
    async def main(loop, clock):
        schedule, _ = scheduled(clock)
        stays, kept = target("STAYS")
        goes, gone = target("GOES", lambda n: 5.0)
        changes, old = target("CHANGES")
        schedule.start()
        await schedule.watch([stays, goes, changes], 10)
        await asyncio.sleep(100)
        changed, new = target(
            "CHANGES", times=Polling.model_validate({"interval": "30s", "timeout": "1s"})
        )
        await schedule.watch([stays, changed], 10)
        looks = gone.looks
        await asyncio.sleep(100)
        await schedule.stop()
        await schedule.stop()
        return kept, gone, old, new, gone.looks - looks

    kept, gone, old, new, more = virtual(main)
    assert (kept.looks, kept.closed) == (4, 1)
    assert (gone.closed, old.closed, new.closed) == (1, 1, 1)
    assert more == 0
    assert new.looks in (3, 4)


def test_a_collector_that_cannot_be_made_says_so_by_its_endpoint(virtual, scheduled, target):
    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        one, _ = target()
        broken = type(one)(
            one.id,
            one.asset,
            one.endpoint,
            one.times,
            None,
            lambda *_: (_ for _ in ()).throw(ValueError("credential 'x' is not in the settings")),
        )
        schedule.start()
        await schedule.watch([broken], 10)
        await asyncio.sleep(11)
        await schedule.stop()
        return seen[0]

    seen = virtual(main)
    assert (seen.outcome, seen.reason) == (Outcome.ERROR, "unusable")
    assert "credential" in seen.message


def test_j2_a_job_that_fails_is_counted_and_comes_again(virtual, scheduled, value, caplog):
    async def main(loop, clock):
        schedule, _ = scheduled(clock)
        runs = []

        async def fails():
            runs.append(clock.monotonic())
            if len(runs) < 3:
                raise RuntimeError("broken")

        schedule.start()
        schedule.every("readiness", 60.0, fails, 5.0)
        await asyncio.sleep(250)
        await schedule.stop()
        return runs

    runs = virtual(main)
    assert runs == pytest.approx([5, 65, 125, 185, 245], abs=0.1)
    assert value("hatang_job_failures_total", task="readiness") == 2
    assert len([r for r in caplog.records if r.levelname == "ERROR"]) == 1


def test_j2_a_look_that_breaks_at_any_await_ends_nothing(virtual, scheduled, target, value):
    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        errors = [ValueError("x"), KeyError("y"), TimeoutError(), OSError("z"), DEAD]
        one, _ = target("BAD", lambda n: errors[n % len(errors)])
        good, collector = target("GOOD")
        schedule.start()
        await schedule.watch([one, good], 10)
        await asyncio.sleep(1200)
        await schedule.stop()
        return seen, collector.looks

    seen, looks = virtual(main)
    assert looks == 1 + 20  # the first one is beside the slots
    assert len([o for o in seen if o.endpoint == "BAD/tcp"]) >= 20
    assert {o.reason for o in seen if o.endpoint == "BAD/tcp"} == {"defect", "timeout"}


def test_naming_a_job_again_replaces_it(virtual, scheduled):
    async def main(loop, clock):
        schedule, _ = scheduled(clock)
        first, second = [], []

        async def one():
            first.append(1)

        async def two():
            second.append(1)

        schedule.start()
        schedule.every("job", 10.0, one)
        await asyncio.sleep(25)
        schedule.every("job", 10.0, two)
        await asyncio.sleep(25)
        await schedule.stop()
        return len(first), len(second)

    assert virtual(main) == (2, 2)


def test_news_of_a_device_has_it_looked_at_at_once_and_slots_stay(virtual, scheduled, target):
    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        (one, _), (other, _) = target("A", lambda n: 0.5), target("B", lambda n: 0.5)
        schedule.start()
        await schedule.watch([one, other], 10)
        await asyncio.sleep(90)
        before = len(seen)
        schedule.look_soon("A")
        schedule.look_soon("NOBODY")
        await asyncio.sleep(1)
        new = [o.endpoint for o in seen[before:]]
        await asyncio.sleep(300)
        await schedule.stop()
        return new, [o.monotonic_s for o in seen if o.endpoint == "A/tcp"]

    new, ends = virtual(main)
    assert new == ["A/tcp"]
    assert len(ends) == 1 + 7 + 1
    slots = {round(end % 60, 3) for end in ends}
    assert len(slots) == 3  # its own, and those of the first look and the look beside


def test_a_flood_of_news_is_one_look_in_ten_seconds(virtual, scheduled, target):
    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        one, _ = target("A", lambda n: 0.1)
        schedule.start()
        await schedule.watch([one], 10)
        for _ in range(3000):
            schedule.look_soon("A")
            await asyncio.sleep(0.1)
        await asyncio.sleep(5)
        began = [o.monotonic_s - o.duration_s for o in seen]
        await schedule.stop()
        return began

    began = virtual(main)
    beside = [b - a for a, b in itertools.pairwise(began)]
    assert 30 <= len(began) <= 36
    # Only a regular slot may come sooner than ten seconds after a look beside the slots.
    assert sum(gap < 9.99 for gap in beside) <= 6


def test_a_look_beside_the_slots_never_runs_beside_another_of_its_endpoint(
    virtual, scheduled, target
):
    running = []

    async def main(loop, clock):
        schedule, seen = scheduled(clock)
        one, collector = target("A", lambda n: 8.0)
        collect = collector.collect

        async def watched(steps):
            running.append(1)
            assert len(running) == 1
            try:
                return await collect(steps)
            finally:
                running.pop()

        collector.collect = watched
        schedule.start()
        await schedule.watch([one], 10)
        for _ in range(600):
            schedule.look_soon("A")
            await asyncio.sleep(1)
        await schedule.stop()
        return [o.outcome for o in seen]

    outcomes = virtual(main)
    assert len(outcomes) > 20
    assert {outcome.value for outcome in outcomes} == {"ok"}


def test_news_of_an_endpoint_that_is_gone_or_of_a_stopped_schedule_does_nothing(
    virtual, scheduled, target
):
    async def main(loop, clock):
        schedule, _ = scheduled(clock)
        (one, collector), (other, _) = target("A"), target("B")
        schedule.start()
        await schedule.watch([one, other], 10)
        await asyncio.sleep(20)
        looks = collector.looks
        schedule.look_soon("A")  # at the earliest in some seconds
        await schedule.watch([other], 10)
        schedule.look_soon("A")
        await asyncio.sleep(30)
        await schedule.stop()
        schedule.look_soon("B")
        await asyncio.sleep(30)
        return looks, collector

    looks, collector = virtual(main)
    assert collector.closed == 1
    assert collector.looks <= looks + 1
