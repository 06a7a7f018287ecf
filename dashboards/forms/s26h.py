"""S26-H, fixed assets and tools at their places of use (Sổ theo dõi TSCĐ và công cụ, dụng cụ tại
nơi sử dụng): one sheet for each place, what came and what went side by side; the place keeps one
copy and the accountants the other. After the form of Circular 107/2017/TT-BTC.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from dashboards.forms.paper import Head, Paper, Value, bytes_of, new_book
from dashboards.forms.s24h import came_by, description
from dashboards.forms.words import long_day, office, place_of, short_day
from inventory.books import Booked, by_age
from inventory.money import Kind

HEADS = (
    Head("Ngày, tháng ghi sổ", 1, 1, rows=3),
    Head("Ghi tăng tài sản cố định và công cụ, dụng cụ", 1, 2, columns=7),
    Head("Ghi giảm tài sản cố định và công cụ, dụng cụ", 1, 9, columns=6),
    Head("Ghi chú", 1, 15, rows=3),
    Head("Chứng từ", 2, 2, columns=2),
    Head("Tên tài sản cố định và công cụ, dụng cụ", 2, 4, rows=2),
    Head("Đơn vị tính", 2, 5, rows=2),
    Head("Số lượng", 2, 6, rows=2),
    Head("Đơn giá", 2, 7, rows=2),
    Head("Thành tiền", 2, 8, rows=2),
    Head("Chứng từ", 2, 9, columns=2),
    Head("Lý do", 2, 11, rows=2),
    Head("Số lượng", 2, 12, rows=2),
    Head("Đơn giá", 2, 13, rows=2),
    Head("Thành tiền", 2, 14, rows=2),
    Head("Số hiệu", 3, 2),
    Head("Ngày, tháng", 3, 3),
    Head("Số hiệu", 3, 9),
    Head("Ngày, tháng", 3, 10),
)
SIGNS = (*"ABCDE", "1", "2", "3", *"GHI", "4", "5", "6", "K")

_WIDTHS = (11, 12, 11, 36, 8, 7, 13, 13, 12, 11, 18, 7, 13, 13, 20)
_NOWHERE = "Chưa rõ nơi sử dụng"
_KINDS: tuple[tuple[Kind | None, str], ...] = (
    (Kind.FIXED, "I. Tài sản cố định"),
    (Kind.TOOL, "II. Công cụ, dụng cụ"),
    (None, "III. Chưa rõ nguyên giá"),
)


def s26h(booked: Iterable[Booked], unit: str, year: int, today: dt.date) -> bytes:
    """The books of all places of a unit as an .xlsx file, a sheet each; a place is a site, of what
    has none "Chưa rõ nơi sử dụng". unit: its name. today: the day of printing.

    In them is whatever stood there on any day of the year, what has no price included.
    """
    places: dict[str, list[Booked]] = defaultdict(list)
    for line in by_age(b for b in booked if b.stood_in(year)):
        places[line.asset.site].append(line)
    book = new_book()
    for site in sorted(places or {"": []}, key=lambda name: (not name, name)):
        paper = Paper(book, site or _NOWHERE, _WIDTHS)
        _heading(paper, unit, site or _NOWHERE, year)
        paper.head(HEADS, SIGNS)
        _table(paper, places[site], min(dt.date(year, 12, 31), today))
        paper.signatures(
            (
                ("NGƯỜI LẬP SỔ", "(Ký, họ tên)"),
                ("PHỤ TRÁCH NƠI SỬ DỤNG", "(Ký, họ tên)"),
                ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, họ tên, đóng dấu)"),
            ),
            f"{place_of(unit)}, {long_day(today)}",
        )
    return bytes_of(book)


def _heading(paper: Paper, unit: str, site: str, year: int) -> None:
    paper.text(f"Đơn vị: {office(unit)}", 1, 6, bold=True, align="left")
    paper.text("Mẫu số S26-H", 11, 15, bold=True)
    paper.row += 1
    paper.text("(Theo mẫu của Thông tư số 107/2017/TT-BTC)", 11, 15, italic=True)
    paper.row += 2
    title = "SỔ THEO DÕI TÀI SẢN CỐ ĐỊNH VÀ CÔNG CỤ, DỤNG CỤ TẠI NƠI SỬ DỤNG"
    paper.text(title, 1, 15, bold=True, size=14)
    paper.row += 1
    paper.text(f"Năm: {year}", 1, 15, bold=True)
    paper.row += 1
    paper.text(f"Nơi sử dụng: {site}", 1, 15)
    paper.row += 2


def _table(paper: Paper, lines: list[Booked], day: dt.date) -> None:
    for kind, title in _KINDS:
        of_kind = [line for line in lines if line.worth(day).kind is kind]
        if not of_kind and kind is None:
            continue
        came = sum(line.asset.price_vnd or 0 for line in of_kind)
        went = sum(line.asset.price_vnd or 0 for line in of_kind if _left(line, day))
        head: list[Value] = [None] * 15
        head[3], head[5], head[7] = title, len(of_kind), came
        head[11], head[13] = sum(_left(line, day) for line in of_kind), went
        paper.values(head, bold=True)
        for line in of_kind:
            paper.values(_row(line, day), centred=(1, 3, 5, 10))


def _left(line: Booked, day: dt.date) -> bool:
    return line.gone is not None and line.gone.day <= day


def _row(line: Booked, day: dt.date) -> list[Value]:
    asset, gone = line.asset, line.gone
    went: list[Value] = [None] * 6
    if gone is not None and _left(line, day):
        price = asset.price_vnd
        went = [gone.document, short_day(gone.day), gone.reason, 1, price, price]
    return [
        short_day(line.since),
        *came_by(line),
        f"{description(asset)}; {asset.tag}",
        "Chiếc",
        1,
        asset.price_vnd,
        asset.price_vnd,
        *went,
        "; ".join(part for part in (asset.room, asset.custodian) if part),
    ]
