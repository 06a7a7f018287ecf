"""Words and numbers of Vietnamese papers, as Decree 30/2020/NĐ-CP has them written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from config.assets import AssetClass
from inventory.register.moves import Move, MoveKind

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
BLANK = "…………………"
"""Left to be filled in by hand."""

CLASSES = {
    AssetClass.ROUTER: "Bộ định tuyến",
    AssetClass.FIREWALL: "Tường lửa",
    AssetClass.SWITCH: "Thiết bị chuyển mạch",
    AssetClass.ACCESS_POINT: "Điểm truy cập không dây",
    AssetClass.ONT: "Thiết bị đầu cuối quang",
    AssetClass.SERVER: "Máy chủ",
    AssetClass.NAS: "Thiết bị lưu trữ mạng",
    AssetClass.DESKTOP: "Máy vi tính để bàn",
    AssetClass.LAPTOP: "Máy vi tính xách tay",
    AssetClass.PRINTER: "Máy in",
    AssetClass.SCANNER: "Máy quét tài liệu",
    AssetClass.UPS: "Bộ lưu điện",
    AssetClass.CAMERA: "Camera giám sát",
    AssetClass.VIDEO_CONFERENCE: "Thiết bị hội nghị truyền hình",
    AssetClass.PHONE: "Điện thoại",
    AssetClass.OTHER: "Thiết bị khác",
}
"""What a class is called in a form (DOMAIN's glossary)."""


MOVES = {
    MoveKind.RECEIVED: "tiếp nhận",
    MoveKind.HANDED_OVER: "bàn giao đưa vào sử dụng",
    MoveKind.TRANSFERRED: "điều chuyển",
    MoveKind.TO_REPAIR: "đưa đi sửa chữa",
    MoveKind.FROM_REPAIR: "nhận lại sau sửa chữa",
    MoveKind.LOST: "báo mất",
    MoveKind.FOUND: "tìm thấy",
    MoveKind.LIQUIDATED: "thanh lý",
    MoveKind.DESTROYED: "tiêu hủy",
}
"""What a move is called in a form."""


def reason_of(move: Move, name: Callable[[str], str]) -> str:
    """Why something left the books. name: of a commune by its code."""
    said = MOVES[move.kind].capitalize()
    if move.kind is MoveKind.TRANSFERRED and move.to_commune:
        return f"{said} đến {name(move.to_commune)}"
    return said


def short_day(day: dt.date | None) -> str:
    """A day in a table.

    >>> short_day(dt.date(2026, 2, 5)), short_day(None)
    ('05/02/2026', '')
    """
    return f"{day:%d/%m/%Y}" if day is not None else ""


def long_day(day: dt.date) -> str:
    """A day in a sentence: days below 10 and the months 1 and 2 with a zero (Decree 30/2020).

    >>> long_day(dt.date(2026, 2, 5)), long_day(dt.date(2026, 11, 24))
    ('ngày 05 tháng 02 năm 2026', 'ngày 24 tháng 11 năm 2026')
    """
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def office(unit: str) -> str:
    """The body that keeps a unit's books.

    >>> office("Xã Thuận Bắc"), office("")
    ('Ủy ban nhân dân xã Thuận Bắc', 'Ủy ban nhân dân')
    """
    return f"Ủy ban nhân dân {unit[:1].lower()}{unit[1:]}".rstrip()


def short_office(unit: str) -> str:
    """The same where there is little room; a name of another country as it is.

    >>> short_office("Xã Thuận Bắc"), short_office("Ward 7")
    ('UBND xã Thuận Bắc', 'Ward 7')
    """
    return f"UBND {unit[0].lower()}{unit[1:]}" if place_of(unit) != unit else unit


def place_of(unit: str) -> str:
    """A unit's name without its level, as it stands before a date.

    >>> place_of("Xã Thuận Bắc"), place_of("Đặc khu Trường Sa"), place_of("Thuận Bắc")
    ('Thuận Bắc', 'Trường Sa', 'Thuận Bắc')
    """
    for level in ("Xã ", "Phường ", "Thị trấn ", "Đặc khu "):
        if unit.startswith(level):
            return unit.removeprefix(level)
    return unit


def dong(amount: int | None) -> str:
    """An amount in a sentence or a printed table.

    >>> dong(12_500_000), dong(None)
    ('12.500.000', '')
    """
    return f"{amount:,}".replace(",", ".") if amount is not None else ""
