"""S24-H, the book of fixed assets of a unit in a year (Sổ tài sản cố định).

Columns as the form of Circular 107/2017/TT-BTC has them: 19, A to S on the sheet. Whether its
successor, Circular 24/2024/TT-BTC, keeps the number is not known to us. Depreciation (khấu hao)
stays empty: it is only for assets used in business. What cannot stand in the book stands on a
second sheet with the reason, so that nothing is lost without a word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from openpyxl import Workbook

from config.assets import Asset, AssetStatus
from dashboards.forms.paper import Head, Paper, Value, bytes_of, new_book
from dashboards.forms.words import CLASSES, long_day, office, place_of, short_day
from inventory.books import Booked, by_age
from inventory.money import Kind, begins

HEADS = (
    Head("STT", 1, 1, rows=3),
    Head("Ghi tăng TSCĐ", 1, 2, columns=8),
    Head("Khấu hao (hao mòn) TSCĐ", 1, 10, columns=6),
    Head("Ghi giảm TSCĐ", 1, 16, columns=4),
    Head("Chứng từ", 2, 2, columns=2),
    Head("Tên, đặc điểm, ký hiệu TSCĐ", 2, 4, rows=2),
    Head("Nước sản xuất", 2, 5, rows=2),
    Head("Tháng, năm đưa vào sử dụng ở đơn vị", 2, 6, rows=2),
    Head("Số hiệu TSCĐ", 2, 7, rows=2),
    Head("Thẻ TSCĐ", 2, 8, rows=2),
    Head("Nguyên giá TSCĐ", 2, 9, rows=2),
    Head("Khấu hao", 2, 10, columns=2),
    Head("Hao mòn", 2, 12, columns=2),
    Head("Tổng số khấu hao (hao mòn) phát sinh trong năm", 2, 14, rows=2),
    Head("Lũy kế khấu hao (hao mòn) đã tính đến khi chuyển sổ hoặc ghi giảm TSCĐ", 2, 15, rows=2),
    Head("Chứng từ", 2, 16, columns=2),
    Head("Lý do ghi giảm TSCĐ", 2, 18, rows=2),
    Head("Giá trị còn lại của TSCĐ", 2, 19, rows=2),
    Head("Số hiệu", 3, 2),
    Head("Ngày, tháng", 3, 3),
    Head("Tỷ lệ %", 3, 10),
    Head("Số tiền", 3, 11),
    Head("Tỷ lệ %", 3, 12),
    Head("Số tiền", 3, 13),
    Head("Số hiệu", 3, 16),
    Head("Ngày, tháng", 3, 17),
)
SIGNS = (*"ABCDEGHI", "1", "2", "3", "4", "5", "6", "7", "K", "L", "M", "8")
"""The form's own names of the columns."""

_WIDTHS = (5, 13, 11, 34, 11, 12, 15, 11, 14, 7, 11, 7, 13, 15, 18, 14, 11, 18, 14)
_STANDING = {
    AssetStatus.RETIRED: "Thôi sử dụng, chưa có chứng từ ghi giảm",
    AssetStatus.LOST: "Bị mất, chưa có chứng từ ghi giảm",
}
"""Of what stands in the book still and should not for long."""

_MISSING = {"price_vnd": "Thiếu nguyên giá", "in_use_since": "Thiếu ngày đưa vào sử dụng"}


def s24h(booked: Iterable[Booked], unit: str, year: int, today: dt.date) -> bytes:
    """The book of a unit as an .xlsx file. unit: its name. today: the day of printing.

    In it is each fixed asset that stood in the books on any day of the year; wear is that of the
    year and all that was counted by its end, or by the day on which the asset left.
    """
    end = dt.date(year, 12, 31)
    standing = by_age(b for b in booked if b.stood_in(year))
    # A year that goes on has no December yet: what is asked is what the books say today.
    day = min(end, today)
    lines = [b for b in standing if not b.missing(day) and b.worth(day).kind is Kind.FIXED]
    book = new_book()
    paper = Paper(book, f"S24-H {year}", _WIDTHS)
    _heading(paper, unit, year)
    paper.head(HEADS, SIGNS)
    sums = dict.fromkeys((9, 13, 14, 15, 19), 0)
    for number, line in enumerate(lines, 1):
        row = _row(number, line, year, day)
        paper.values(row, centred=(1, 3, 6, 17))
        for column in sums:
            amount = row[column - 1]
            sums[column] += amount if isinstance(amount, int) else 0
    total: list[Value] = [sums.get(column) for column in range(1, 20)]
    total[3] = "Cộng"
    paper.values(total, bold=True)
    paper.row += 1
    paper.line(f"Sổ có {len(lines)} tài sản; hao mòn tính một lần vào tháng 12 hằng năm.")
    paper.signatures(
        (
            ("NGƯỜI LẬP SỔ", "(Ký, họ tên)"),
            ("KẾ TOÁN TRƯỞNG", "(Ký, họ tên)"),
            ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, họ tên, đóng dấu)"),
        ),
        f"{place_of(unit)}, {long_day(today)}",
    )
    _left_out([b for b in standing if b.missing(day)], day, book)
    return bytes_of(book)


def _heading(paper: Paper, unit: str, year: int) -> None:
    paper.text(f"Đơn vị: {office(unit)}", 1, 8, bold=True, align="left")
    paper.text("Mẫu số S24-H", 13, 19, bold=True)
    paper.row += 1
    paper.text("(Theo mẫu của Thông tư số 107/2017/TT-BTC)", 13, 19, italic=True)
    paper.row += 2
    paper.text("SỔ TÀI SẢN CỐ ĐỊNH", 1, 19, bold=True, size=14)
    paper.row += 1
    paper.text(f"Năm: {year}", 1, 19, bold=True)
    paper.row += 2


def description(asset: Asset, serial: bool = True) -> str:
    """Name, class where the name does not say it, maker, model and, if asked, serial number."""
    kind = CLASSES[asset.asset_class]
    said = kind.casefold() in asset.name.casefold()
    made = " ".join(part for part in (asset.vendor, asset.model) if part)
    number = f"S/N {asset.serial}" if serial and asset.serial else ""
    return "; ".join(part for part in (asset.name, "" if said else kind, made, number) if part)


def came_by(line: Booked) -> tuple[str, str]:
    """Number and day of the document by which an asset came into these books."""
    if line.came is not None:
        return line.came.document, short_day(line.came.day)
    return line.asset.document or line.asset.invoice, short_day(line.asset.purchased or line.since)


def _row(number: int, line: Booked, year: int, day: dt.date) -> list[Value]:
    asset, gone = line.asset, line.gone
    left = gone is not None and gone.day <= day and gone.day.year == year
    found = line.worth(day)
    counted = found.of(year)
    wear = counted.wear if counted is not None else 0
    start = begins(asset)
    return [
        number,
        *came_by(line),
        description(asset),
        asset.country,
        f"{start:%m/%Y}" if start is not None else "",
        asset.tag,
        asset.card,
        asset.price_vnd,
        None,
        None,
        counted.rate if counted is not None else None,
        wear,
        wear,
        found.wear,
        gone.document if gone is not None and left else "",
        short_day(gone.day) if gone is not None and left else "",
        gone.reason if gone is not None and left else _STANDING.get(asset.status, ""),
        found.residual if left else None,
    ]


def _left_out(lines: list[Booked], day: dt.date, book: Workbook) -> None:
    if not lines:
        return
    paper = Paper(book, "Chưa đủ số liệu", (5, 18, 40, 16, 32))
    paper.line("Tài sản chưa đưa vào sổ vì chưa đủ số liệu; bổ sung rồi lập lại sổ.", bold=True)
    names = ("STT", "Số hiệu", "Tên", "Nguyên giá", "Lý do")
    paper.head([Head(name, 1, at) for at, name in enumerate(names, 1)], ("A", "B", "C", "1", "D"))
    for number, line in enumerate(lines, 1):
        why = ", ".join(_MISSING[field] for field in line.missing(day))
        paper.values(
            [number, line.asset.tag, line.asset.name, line.asset.price_vnd, why], centred=(1,)
        )
