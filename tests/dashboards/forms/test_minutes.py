"""Minutes of hand-overs and of stock-takes."""

import datetime as dt

import pytest

from dashboards.forms.hand_over import HandOver, Party, hand_over, lines
from dashboards.forms.stock_take_minutes import minutes
from inventory.stock_take.report import (
    Line,
    Member,
    MemberRole,
    Place,
    Result,
    StockTakeReport,
)

HERE = Place("22849", "Trụ sở", "P. 101")
MOMENT = dt.datetime(2026, 12, 28, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=7))).timestamp()


def _hand_over(assets, **more):
    return HandOver(
        dt.date(2026, 2, 5),
        "Xã Thuận Bắc",
        Party("Xã Thuận Bắc", "Trần Văn Đức", "Công chức"),
        Party("Xã Công Hải", "Lê Thị Hồng"),
        tuple(assets),
        **more,
    )


def _report(lines, **more):
    return StockTakeReport(
        id=1,
        title="Kiểm kê cuối năm",
        commune="22849",
        unit="Xã Thuận Bắc",
        site="",
        day=dt.date(2026, 12, 31),
        opened_at_s=MOMENT,
        opened_by="an",
        lines=tuple(lines),
        **more,
    )


def _texts(found):
    return [str(v) for rows in found.values() for row in rows for v in row if v is not None]


def test_hand_over_names_both_sides_the_document_and_what_each_thing_is_worth_that_day(
    make, sheets
):
    found = sheets(hand_over(_hand_over([make()], document="12/BB-UBND", kind="điều chuyển")))
    texts = _texts(found)
    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN XÃ THUẬN BẮC",
        "Số: 12/BB-UBND",
        "Thuận Bắc, ngày 05 tháng 02 năm 2026",
        "(V/v điều chuyển)",
        "BÊN NHẬN (Bên B): Ủy ban nhân dân xã Công Hải",
    ):
        assert text in texts
    row = next(row for rows in found.values() for row in rows if row[2] == "PC-1")
    assert row[5:8] == [1, 17_800_000, 10_680_000]


def test_what_is_not_known_of_a_hand_over_is_left_empty_not_zero(make):
    (line,) = lines(_hand_over([make(price_vnd=None, in_use_since=None)]))
    assert (line.cost, line.residual, line.year) == (None, None, "")


def test_stock_take_shows_book_count_and_difference(sheets):
    price = {"price_vnd": 10_000_000, "residual_vnd": 4_000_000, "registered": HERE}
    report = _report(
        [
            Line(Result.COUNTED, "PC-1", "Máy 1", True, True, **price),
            Line(Result.MISSING, "PC-2", "Máy 2", True, False, **price),
            Line(Result.UNLABELLED, "", "Máy in cũ", False, True, found=HERE, note="hỏng"),
        ],
        closed_at_s=MOMENT + 3600,
        conclusion="Đủ, trừ một máy",
        members=(Member("Ng. Văn A", "Chủ tịch", MemberRole.CHAIR),),
    )
    found = sheets(minutes(report))
    (rows,) = found.values()
    by_name = {row[1]: row for row in rows}
    assert by_name["Máy 1"][4:13] == [1, 10_000_000, 4_000_000] * 2 + [0, 0, 0]
    assert by_name["Máy 2"][4:] == [
        *(1, 10_000_000, 4_000_000, 0, 0, 0, -1, -10_000_000, -4_000_000),
        "Thiếu",
    ]
    assert by_name["Máy in cũ"][4:] == [
        0,
        None,
        None,
        1,
        None,
        None,
        1,
        None,
        None,
        "Chưa dán nhãn; hỏng",
    ]
    assert by_name["Cộng"][4:13] == [
        *(2, 20_000_000, 8_000_000, 2, 10_000_000, 4_000_000, 0, -10_000_000, -4_000_000)
    ]
    texts = _texts(found)
    assert "Kết quả: thiếu 1, thừa 1." in texts
    assert any("từ 09 giờ 30, ngày 28 tháng 12 năm 2026 đến 10 giờ 30" in text for text in texts)
    assert any("Ng. Văn A" in text and "Trưởng ban" in text for text in texts)
    assert not any("DỰ THẢO" in text for text in texts)


def test_minutes_of_what_is_still_counted_say_that_they_are_a_draft(sheets):
    assert any("DỰ THẢO" in text for text in _texts(sheets(minutes(_report([])))))


@pytest.mark.parametrize("text", ["=1+1", "@x", "+2", "-3", "\t=1"])
def test_no_words_of_minutes_become_a_formula(make, sheets, text):
    sheets(hand_over(_hand_over([make(name=text, site=text)], document=text, note=text)))
    sheets(minutes(_report([Line(Result.SURPLUS, text, text, note=text)], conclusion=text)))


def test_libreoffice_opens_minutes(make, in_libreoffice):
    rows = in_libreoffice(hand_over(_hand_over([make()])))
    assert any("BIÊN BẢN BÀN GIAO TÀI SẢN" in row for row in rows)
