"""What a stock-take says: sums, differences, and that frozen minutes read back as they were."""

import datetime as dt

import pytest

from inventory.stock_take.report import (
    Glimpse,
    How,
    Line,
    Member,
    MemberRole,
    Place,
    Result,
    Seen,
    StockTakeReport,
    Totals,
    report_from_json,
    report_to_json,
)

HERE = Place("22849", "Trụ sở")


def _report():
    return StockTakeReport(
        id=3,
        title="Kiểm kê cuối năm",
        commune="22849",
        unit="Xã Thuận Bắc",
        site="",
        day=dt.date(2026, 12, 31),
        opened_at_s=1000.0,
        opened_by="lan",
        members=(Member("Nguyễn Thị Lan", "Phó Chủ tịch", MemberRole.CHAIR),),
        lines=(
            Line(
                Result.COUNTED, "PC-1", "Máy", in_book=True, here=True, price_vnd=10,
                residual_vnd=4, registered=HERE, found=HERE, how=How.SCAN, times=2,
            ),
            Line(
                Result.MISSING, "PC-2", "Máy", in_book=True, price_vnd=5, registered=HERE,
                in_use_since=dt.date(2020, 1, 1),
                seen=Seen("10.0.0.2", "up", 1500.0, (Glimpse("10.9.0.2", "22840", 1600.0),), True),
            ),
            Line(Result.ELSEWHERE, "PC-3", "Máy", here=True, price_vnd=None, found=HERE),
            Line(Result.UNLABELLED, "", "Màn hình", here=True, note="Màn hình"),
        ),
    )  # fmt: skip


def test_a_report_reads_back_as_it_was_written():
    assert report_from_json(report_to_json(_report())) == _report()


def test_what_is_no_report_is_refused():
    with pytest.raises(ValueError, match="title"):
        report_from_json("{}")


def test_book_count_and_difference_add_up():
    report = _report()
    assert report.book == Totals(quantity=2, price_vnd=15, residual_vnd=4)
    assert report.counted == Totals(quantity=3, price_vnd=10, residual_vnd=4, unpriced=2)
    assert [line.difference for line in report.lines] == [0, -1, 1, 1]
    assert sum(line.difference for line in report.lines) == 1


def test_lines_are_found_by_result():
    assert [line.tag for line in _report().of(Result.MISSING, Result.ELSEWHERE)] == ["PC-2", "PC-3"]
