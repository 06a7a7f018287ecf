"""Traps in the database: kept whole, held while it cannot be written, deleted by age and number."""

import pytest

from inventory.ledger import MOST_UNSAVED_TRAPS
from inventory.store.reader import Reader
from inventory.store.rows import AssetRow, Batch, TrapRow
from inventory.store.traps import MOST_OF_AN_ASSET
from inventory.store.writer import Writer
from inventory.trap import Trap

ASSETS = [AssetRow(1, "A", "22849", "{}", 0.0), AssetRow(2, "B", "22849", "{}", 0.0)]


def row(asset_id, at_s, **more):
    plain = {
        "kind": "link_down",
        "oid": "1.3.6.1.6.3.1.1.5.3",
        "version": "v2c",
        "sender": "192.0.2.1",
        "uptime_s": 5.0,
        "bindings": (("1.3.6.1.2.1.2.2.1.2.7", "Cổng số 7"),),
    }
    return TrapRow(asset_id, at_s, **{**plain, **more})


@pytest.fixture
def writer(tmp_path):
    made = Writer(tmp_path / "hatang.db")
    made.write(Batch(0.0, assets=ASSETS))
    yield made
    made.close(clean=True)


def kept(writer, tag, most=10_000):
    with Reader(writer.path) as reader:
        return reader.traps(tag, most)


def prune(writer, traps_before_s):
    return writer.prune(
        outages_before_s=0.0,
        rollups_before_s=0.0,
        readiness_before_s=0.0,
        traps_before_s=traps_before_s,
    )


def test_a_trap_comes_back_as_it_was_written_newest_first(writer):
    traps = [row(1, 10.0), row(1, 20.0, uptime_s=None, bindings=()), row(2, 15.0)]
    writer.write(Batch(30.0, traps=traps))
    assert kept(writer, "A") == [traps[1], traps[0]]
    assert kept(writer, "A", 1) == [traps[1]]
    assert kept(writer, "NOBODY") == []


def test_old_traps_go_and_of_one_asset_the_newest_thousand_stay(writer):
    many = [row(1, 100.0 + n) for n in range(MOST_OF_AN_ASSET + 50)]
    writer.write(Batch(0.0, traps=[row(2, 50.0), row(2, 150.0), *many]))
    assert prune(writer, 60.0) == 1 + 50
    assert [r.at_s for r in kept(writer, "B")] == [150.0]
    assert len(kept(writer, "A")) == MOST_OF_AN_ASSET
    assert kept(writer, "A")[-1].at_s == 150.0
    assert prune(writer, 60.0) == 0


def trap(n=0, asset="A"):
    return Trap(asset, 100.0 + n, "link_down", "1.3.6.1.6.3.1.1.5.3", "v1", "192.0.2.1", 1.0, ())


def test_a_trap_is_held_until_it_is_saved_and_is_saved_once(start, database):
    run = start()
    run.ledger.note_trap(trap())
    run.ledger.note_trap(trap(asset="NOBODY"))
    assert run.step()
    assert run.step()
    with Reader(database) as reader:
        assert [found.at_s for found in reader.traps("A", 10)] == [100.0]


def test_traps_that_cannot_be_saved_are_bounded_and_the_lost_are_counted(start):
    run = start()
    for n in range(MOST_UNSAVED_TRAPS + 3):
        run.ledger.note_trap(trap(n))
    batch = run.ledger.batch(0.0)
    assert len(batch.traps) == MOST_UNSAVED_TRAPS
    assert batch.traps[-1].at_s == 100.0 + MOST_UNSAVED_TRAPS + 2
    assert run.value("hatang_snmp_traps_rejected_total", reason="not_kept") == 3


def test_a_trap_changes_no_state(start, timeline_of):
    run = start()
    run.see()
    run.step()
    before = timeline_of()
    run.ledger.note_trap(trap())
    run.step()
    assert timeline_of() == before
