"""S3 with the recorder on a real small disk: it says so, loses nothing, and needs no restart."""

import itertools

import pytest

from inventory.observation import Outcome
from inventory.store.reader import Reader
from inventory.store.writer import BALLAST_BYTES
from inventory.uptime import State


@pytest.fixture
def database(small_disk):
    return small_disk[0] / "hatang.db"


def states_of(database):
    with Reader(database) as reader:
        assert reader.integrity_problems() == []
        line = reader.timelines_of(["A"], 0.0)["A"]
    for one, following in itertools.pairwise(line):
        assert one.start_s < one.end_s == following.start_s
    return [interval.state for interval in line]


def test_s3_the_recorder_outlives_a_full_disk_and_loses_nothing_it_was_given(
    start, small_disk, fill, database
):
    folder, _ = small_disk
    ballast = folder / "hatang.db.ballast"
    run = start()
    run.see()
    assert run.step()
    for _ in range(2000):
        filler = fill(folder)
        run.see(facts={"sys_descr": "x" * 3000})
        if not run.step(30.0):
            break
    assert run.value("hatang_store_ok") == 0
    assert run.value("hatang_store_errors_total", kind="full") == 1
    assert run.ledger.snapshot.problems["store"].startswith("full")
    assert not ballast.exists()

    # On the ballast's room it goes on at once; that it is full is still said.
    assert run.step(30.0)
    assert run.value("hatang_store_ok") == 0
    assert "make room" in run.ledger.snapshot.problems["store"]

    # Now that room is gone as well, and more happens than ever.
    failed = 0
    for number in range(2000):
        fill(folder)
        run.see(outcome=Outcome.OK if number % 6 < 3 else Outcome.UNREACHABLE)
        failed += not run.step(30.0)
        if failed == 40:
            break
    assert failed == 40
    told = [interval.state for interval in run.ledger.timelines()["A"]]
    assert told.count(State.DOWN) > 3

    filler.unlink()
    for _ in range(3):
        saved = run.step(60.0)
    assert saved
    assert run.value("hatang_store_ok") == 1
    assert "store" not in run.ledger.snapshot.problems
    assert ballast.stat().st_size == BALLAST_BYTES
    assert states_of(database)[: len(told)] == told
