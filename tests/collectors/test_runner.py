"""The runner: the one place where a look is bounded, counted, logged and turned into data."""

import asyncio
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.base import CollectorError
from collectors.runner import MAX_MESSAGE, Runner, one_line
from config.sections import Polling
from inventory.observation import Outcome, Reading

LOST = CollectorError(Outcome.UNREACHABLE, "timeout", "no answer")


def looks(virtual, instruments, pair, count=1, sink=None):
    """The observations of `count` slots of one target."""
    one, collector = pair

    async def main(loop, clock):
        seen = []
        runner = Runner("node", "epoch", clock, sink or seen.append, instruments)
        for _ in range(count):
            await runner.slot(one, collector)
            await asyncio.sleep(1)
        return seen

    return virtual(main)


@pytest.mark.parametrize(
    ("script", "outcome", "reason"),
    [
        (lambda n: Reading(), Outcome.OK, ""),
        (lambda n: Reading(problems=("ifTable: gone",)), Outcome.PARTIAL, "partial"),
        (lambda n: LOST, Outcome.UNREACHABLE, "timeout"),
        (
            lambda n: CollectorError(Outcome.REFUSED, "wrong_digest", "no", permanent=True),
            Outcome.REFUSED,
            "wrong_digest",
        ),
        (lambda n: 60.0, Outcome.UNREACHABLE, "deadline"),
        (lambda n: ZeroDivisionError("secret"), Outcome.ERROR, "defect"),
    ],
)
def test_each_way_a_look_can_end_is_an_outcome(
    virtual, instruments, target, value, script, outcome, reason
):
    seen = looks(virtual, instruments, target(script=script))
    assert (seen[0].outcome, seen[0].reason) == (outcome, reason)
    assert value("hatang_polls_total", kind="tcp", outcome=outcome.value) == len(seen)
    assert "secret" not in seen[0].message


def test_down_is_certain_after_down_after_attempts_a_retry_apart(virtual, instruments, target):
    seen = looks(virtual, instruments, target(script=lambda n: LOST))
    assert len(seen) == 3
    assert seen[-1].monotonic_s - seen[0].monotonic_s == pytest.approx(10, abs=0.1)


def test_one_answer_ends_the_retries(virtual, instruments, target):
    seen = looks(virtual, instruments, target(script=lambda n: LOST if n == 0 else None))
    assert [o.outcome for o in seen] == [Outcome.UNREACHABLE, Outcome.OK]


def test_a_permanent_error_and_a_known_outage_are_not_retried(virtual, instruments, target):
    permanent = CollectorError(Outcome.UNREACHABLE, "x", "x", permanent=True)
    assert len(looks(virtual, instruments, target(script=lambda n: permanent))) == 1
    assert len(looks(virtual, instruments, target(script=lambda n: LOST), count=3)) == 5


def test_retries_never_reach_into_the_next_slot(virtual, instruments, target):
    times = Polling.model_validate(
        {"interval": "7s", "timeout": "2s", "deadline": "6s", "retry": "5s", "down_after": 9}
    )
    assert len(looks(virtual, instruments, target(script=lambda n: LOST, times=times))) == 2


def test_log_lines_come_on_change_only(virtual, instruments, target, caplog):
    caplog.set_level(logging.INFO)
    script = [LOST, LOST, LOST, LOST, None, None]
    looks(virtual, instruments, target(script=lambda n: script[min(n, 5)]), count=4)
    lines = [(r.levelname, r.getMessage()) for r in caplog.records]
    assert [level for level, _ in lines] == ["WARNING", "INFO"]
    assert "answers again" in lines[1][1]


def test_a_defect_is_logged_once_for_each_place_and_without_its_text(
    virtual, instruments, target, caplog
):
    looks(virtual, instruments, target(script=lambda n: RuntimeError("secret")), count=5)
    errors = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert len(errors) == 1
    assert "RuntimeError" in errors[0]
    assert "secret" not in caplog.text


def test_a_sink_that_fails_stops_no_looking(virtual, instruments, target, value, caplog):
    taken = []

    def sink(seen):
        if len(taken) < 2:
            taken.append(None)
            raise OSError("full")
        taken.append(seen)

    looks(virtual, instruments, target(), count=4, sink=sink)
    assert len(taken) == 4
    assert value("hatang_observations_dropped_total") == 2
    assert len([r for r in caplog.records if r.levelname == "ERROR"]) == 1


def test_sequence_numbers_rise_and_make_the_id(virtual, instruments, target):
    seen = looks(virtual, instruments, target(), count=3)
    assert [o.seq for o in seen] == [1, 2, 3]
    assert len({o.id for o in seen}) == 3


@given(st.text(max_size=2000))
def test_a_message_is_one_printable_line_of_bounded_length(text):
    line = one_line(text)
    assert len(line) <= MAX_MESSAGE
    assert line.isprintable()
