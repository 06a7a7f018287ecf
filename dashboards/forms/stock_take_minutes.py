"""Minutes of a stock-take (Biên bản kiểm kê tài sản cố định, công cụ, dụng cụ): by the books, by
the count, the difference, each as quantity, cost and residual value; over the columns of
05-TSCĐ and of its twin for public bodies, C53-HD.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from dashboards.forms.hand_over import national_head
from dashboards.forms.paper import Head, Paper, Value, bytes_of, new_book
from dashboards.forms.words import BLANK, long_day, short_day
from inventory.stock_take.report import Line, Member, MemberRole, Result, StockTakeReport

HEADS = (
    Head("STT", 1, 1, rows=2),
    Head("Tên tài sản", 1, 2, rows=2),
    Head("Mã số", 1, 3, rows=2),
    Head("Nơi sử dụng", 1, 4, rows=2),
    Head("Theo sổ kế toán", 1, 5, columns=3),
    Head("Theo kiểm kê", 1, 8, columns=3),
    Head("Chênh lệch", 1, 11, columns=3),
    Head("Ghi chú", 1, 14, rows=2),
    *(
        Head(text, 2, first + at)
        for first in (5, 8, 11)
        for at, text in enumerate(("Số lượng", "Nguyên giá", "Giá trị còn lại"))
    ),
)
SIGNS = (*"ABCD", *(str(n) for n in range(1, 10)), "E")
_WIDTHS = (5, 34, 16, 22, 7, 14, 14, 7, 14, 14, 7, 14, 14, 28)
_ROLES = {
    MemberRole.CHAIR: "Trưởng ban",
    MemberRole.MEMBER: "Ủy viên",
    MemberRole.SECRETARY: "Thư ký",
}
_RESULTS = {
    Result.COUNTED: "",
    Result.MISSING: "Thiếu",
    Result.ELSEWHERE: "Thấy ở nơi khác",
    Result.SURPLUS: "Thừa",
    Result.UNLABELLED: "Chưa dán nhãn",
}
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def minutes(report: StockTakeReport, zone: dt.tzinfo = _VIETNAM) -> bytes:
    """The minutes as an .xlsx file. zone: in which a moment is a day.

    What runs still is marked as a draft. A line without a price has empty amounts and adds nothing
    to the sums.
    """
    book = new_book()
    paper = Paper(book, "Biên bản kiểm kê", _WIDTHS)
    ended_s = report.closed_at_s
    day = dt.datetime.fromtimestamp(ended_s, zone).date() if ended_s is not None else report.day
    national_head(paper, report.unit, "", day)
    title = "BIÊN BẢN KIỂM KÊ TÀI SẢN CỐ ĐỊNH, CÔNG CỤ, DỤNG CỤ"
    paper.text(title, 1, paper.columns, bold=True, size=14)
    paper.row += 1
    draft = " (BẢN DỰ THẢO: đang kiểm kê)" if ended_s is None else ""
    paper.text(f"{report.title}{draft}", 1, paper.columns, italic=True)
    paper.row += 2
    _opening(paper, report, zone)
    paper.head(HEADS, SIGNS)
    for number, line in enumerate(report.lines, 1):
        paper.values(_row(number, line, report.site), centred=(1,))
    _sums(paper, report)
    _closing(paper, report)
    return bytes_of(book)


def _opening(paper: Paper, report: StockTakeReport, zone: dt.tzinfo) -> None:
    begun = dt.datetime.fromtimestamp(report.opened_at_s, zone)
    when = f"Thời điểm kiểm kê: từ {begun:%H} giờ {begun:%M}, {long_day(begun.date())}"
    if report.closed_at_s is not None:
        end = dt.datetime.fromtimestamp(report.closed_at_s, zone)
        when += f" đến {end:%H} giờ {end:%M}, {long_day(end.date())}"
    paper.line(f"{when}. Sổ kế toán tính đến ngày {short_day(report.day)}.")
    paper.line(f"Nơi kiểm kê: {report.site or 'toàn đơn vị'}.")
    if report.reason:
        paper.line(f"Lý do kiểm kê: {report.reason}")
    paper.line("Ban kiểm kê gồm:", bold=True)
    board = report.members or (
        Member("", role=MemberRole.CHAIR),
        Member(""),
        Member("", role=MemberRole.SECRETARY),
    )
    for member in board:
        who = f"- Ông/Bà: {member.name or BLANK}     Chức vụ: {member.title or BLANK}"
        paper.line(f"{who}     {_ROLES[member.role]}")
    paper.line("Đã kiểm kê tài sản, kết quả như sau:")


def _row(number: int, line: Line, site: str) -> list[Value]:
    known = line.registered or line.found
    where = "; ".join(part for part in (known.site or site, known.room) if part) if known else ""
    made = " ".join(part for part in (line.vendor, line.model) if part)
    what = "; ".join(part for part in (line.name, made, line.serial) if part)
    amounts = (line.price_vnd, line.residual_vnd)
    book, here, change = line.book_quantity, line.counted_quantity, line.difference

    def times(count: int) -> list[Value]:
        return [count, *(a * count if a is not None else None for a in amounts)]

    return [
        number, what, line.tag, where, *times(book), *times(here), *times(change), _note(line)
    ]  # fmt: skip


def _note(line: Line) -> str:
    found = line.found
    at = "; ".join(part for part in (found.site, found.room) if part) if found else ""
    said = _RESULTS[line.result]
    if line.result is Result.ELSEWHERE and at:
        said += f": {at}"
    return "; ".join(part for part in (said, line.note) if part)


def _sums(paper: Paper, report: StockTakeReport) -> None:
    book, here = report.book, report.counted
    amounts = [(side.quantity, side.price_vnd, side.residual_vnd) for side in (book, here)]
    change = [b - a for a, b in zip(*amounts, strict=True)]
    paper.values(["", "Cộng", "", "", *amounts[0], *amounts[1], *change, ""], bold=True)
    paper.row += 1
    unpriced = sum(line.price_vnd is None for line in report.lines)
    if unpriced:
        paper.line(f"{unpriced} tài sản chưa có nguyên giá, không tính vào giá trị ở trên.")


def _closing(paper: Paper, report: StockTakeReport) -> None:
    short = sum(line.difference < 0 for line in report.lines)
    over = sum(line.difference > 0 for line in report.lines)
    paper.line(f"Kết quả: thiếu {short}, thừa {over}.", bold=True)
    paper.line(f"Kết luận của ban kiểm kê: {report.conclusion or BLANK}")
    paper.line(f"Ý kiến giải quyết số chênh lệch của thủ trưởng đơn vị: {BLANK}")
    paper.signatures(
        (
            ("NGƯỜI LẬP BIÊN BẢN", "(Ký, họ tên)"),
            ("KẾ TOÁN TRƯỞNG", "(Ký, họ tên)"),
            ("TRƯỞNG BAN KIỂM KÊ", "(Ký, họ tên)"),
            ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, họ tên, đóng dấu)"),
        )
    )
