"""Reports that one process leaves for another."""

import stat

import pytest

from inventory.sighting import Decision, How, Report, Sighting, ThingState
from inventory.spool import Spool
from inventory.store.errors import StoreError


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "hatang.db")


def report(address):
    return Report((Sighting(How.SCAN, address, 1.0, facts={"sys_name": "Xã Thuận Bắc"}),))


def test_reports_come_out_as_they_went_in_the_oldest_first(spool):
    decision = Report(decisions=(Decision(7, ThingState.IGNORED, "khách", 2.0),))
    reports = [report("10.20.0.1"), decision, report("10.20.0.2")]
    for one in reports:
        spool.put(one)
    assert [found for _, found in spool.take()] == reports


def test_a_report_waits_until_it_is_unlinked(spool):
    spool.put(report("10.20.0.1"))
    ((path, _),) = spool.take()
    assert [path] == spool.waiting()
    path.unlink()
    assert spool.take() == []


def test_what_cannot_be_read_is_set_aside_and_the_rest_comes(spool):
    spool.put(report("10.20.0.1"))
    (spool.folder / "00000000000000000001-1-1.json").write_text('{"sightings": 5}')
    (spool.folder / ".00000000000000000002-1-1.json").write_text("half of a rep")
    assert [found for _, found in spool.take()] == [report("10.20.0.1")]
    assert len(list(spool.folder.glob("*.refused"))) == 1


def test_nobody_else_may_read_the_reports(spool):
    spool.put(report("10.20.0.1"))
    (path,) = spool.waiting()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700


def test_without_a_folder_there_is_nothing(spool):
    assert spool.take() == []


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "inbox-spool").write_text("a file")
    with pytest.raises(StoreError, match="inbox-spool"):
        Spool(tmp_path / "hatang.db").put(report("10.20.0.1"))
