"""Minutes of a hand-over (Biên bản bàn giao) of equipment, to print or as a spreadsheet.

Who gives, who takes, on which document; each asset with its worth on that day. Set as
Decree 30/2020/NĐ-CP sets a document: nation and motto, number, place and day, signatures.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from config.assets import Asset
from dashboards.forms.paper import Head, Paper, bytes_of, new_book
from dashboards.forms.s24h import description
from dashboards.forms.words import BLANK, MOTTO, NATION, long_day, office, place_of
from inventory.money import begins, worth

HEADS = ("STT", "Tên, đặc điểm, ký hiệu", "Mã tài sản", "Số sê-ri", "Năm sử dụng")
_AMOUNTS = ("Số lượng", "Nguyên giá (đồng)", "Giá trị còn lại (đồng)")
_WIDTHS = (5, 38, 16, 18, 11, 8, 16, 16, 20)


@dataclass(frozen=True, slots=True)
class Party:
    """One side. unit: the commune's name; '' for somebody outside. outside: the name of a body
    that is no commune, as a supplier."""

    unit: str
    person: str = ""
    title: str = ""
    outside: str = ""

    @property
    def body(self) -> str:
        """The body that acts."""
        return office(self.unit) if self.unit else self.outside or BLANK


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the minutes say. document: number of the decision or minutes. kind: why, in Vietnamese
    words (điều chuyển, bàn giao đưa vào sử dụng …). by: the unit that draws them up."""

    day: dt.date
    by: str
    giver: Party
    taker: Party
    assets: tuple[Asset, ...]
    document: str = ""
    kind: str = "bàn giao"
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """A row of the table; amounts in dong, None where they are not known."""

    number: int
    what: str
    tag: str
    serial: str
    year: str
    cost: int | None
    residual: int | None
    note: str


def lines(minutes: HandOver) -> list[HandOverLine]:
    """The rows of the table, worth as of the day of the hand-over."""
    found = []
    for number, asset in enumerate(minutes.assets, 1):
        value, start = worth(asset, minutes.day), begins(asset)
        found.append(
            HandOverLine(
                number,
                description(asset, serial=False),
                asset.tag,
                asset.serial,
                str(start.year) if start is not None else "",
                value.cost,
                value.residual,
                "; ".join(part for part in (asset.site, asset.room) if part),
            )
        )
    return found


def hand_over(minutes: HandOver) -> bytes:
    """The minutes as an .xlsx file."""
    book = new_book()
    paper = Paper(book, "Biên bản bàn giao", _WIDTHS)
    national_head(paper, minutes.by, minutes.document, minutes.day)
    paper.text("BIÊN BẢN BÀN GIAO TÀI SẢN", 1, paper.columns, bold=True, size=14)
    paper.row += 1
    paper.text(f"(V/v {minutes.kind})", 1, paper.columns, italic=True)
    paper.row += 2
    paper.line(f"Hôm nay, {long_day(minutes.day)}, chúng tôi gồm:")
    for title, side in (("BÊN GIAO (Bên A)", minutes.giver), ("BÊN NHẬN (Bên B)", minutes.taker)):
        paper.line(f"{title}: {side.body}", bold=True)
        paper.line(f"Đại diện: {side.person or BLANK}     Chức vụ: {side.title or BLANK}")
    paper.line("Hai bên bàn giao các tài sản sau đây:")
    names = (*HEADS, *_AMOUNTS, "Ghi chú")
    paper.head(
        [Head(name, 1, at) for at, name in enumerate(names, 1)],
        ("A", "B", "C", "D", "E", "1", "2", "3", "F"),
        freeze=False,
    )
    rows = lines(minutes)
    for row in rows:
        cells = (row.number, row.what, row.tag, row.serial, row.year, 1, row.cost, row.residual)
        paper.values((*cells, row.note), centred=(1, 5))
    cost = sum(row.cost or 0 for row in rows)
    residual = sum(row.residual or 0 for row in rows)
    paper.values(("", "Cộng", "", "", "", len(rows), cost, residual, ""), bold=True)
    paper.row += 1
    if minutes.note:
        paper.line(f"Ghi chú: {minutes.note}")
    paper.line(
        "Kể từ ngày bàn giao, Bên B chịu trách nhiệm quản lý, sử dụng các tài sản nêu trên. "
        "Biên bản được lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản."
    )
    paper.signatures((("ĐẠI DIỆN BÊN GIAO", "(Ký, họ tên)"), ("ĐẠI DIỆN BÊN NHẬN", "(Ký, họ tên)")))
    return bytes_of(book)


def national_head(paper: Paper, unit: str, document: str, day: dt.date) -> None:
    """Body and number on the left; nation, motto, place and day on the right."""
    half = paper.columns // 2
    paper.text(office(unit).upper(), 1, half, bold=True)
    paper.text(NATION, half + 1, paper.columns, bold=True)
    paper.row += 1
    paper.text(f"Số: {document or BLANK}", 1, half)
    paper.text(MOTTO, half + 1, paper.columns, bold=True, underline=True)
    paper.row += 1
    paper.text(f"{place_of(unit)}, {long_day(day)}", half + 1, paper.columns, italic=True)
    paper.row += 2
