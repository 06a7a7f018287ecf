"""Statuses, yes and no as people write them, in Vietnamese and English."""

from __future__ import annotations

from config.assets import AssetStatus as S
from inventory.sheets.fields import plain

STATUS_TITLES: dict[str, dict[S, str]] = {
    "vi": {
        S.PLANNED: "Dự kiến mua",
        S.IN_STOCK: "Chưa sử dụng",
        S.IN_USE: "Đang sử dụng",
        S.IN_REPAIR: "Đang sửa chữa",
        S.LOST: "Mất",
        S.RETIRED: "Đã thanh lý",
    },
    "en": {
        S.PLANNED: "Planned",
        S.IN_STOCK: "In stock",
        S.IN_USE: "In use",
        S.IN_REPAIR: "In repair",
        S.LOST: "Lost",
        S.RETIRED: "Retired",
    },
}

_MORE_STATUSES: dict[S, tuple[str, ...]] = {
    S.PLANNED: ("dự kiến", "kế hoạch", "đang mua", "staged", "on order", "pending"),
    S.IN_STOCK: (
        "trong kho",
        "tồn kho",
        "lưu kho",
        "idle",
        "stock",
        "ready to deploy",
        "inventory",
        "available",
        "new",
        "dự phòng",
        "spare",
    ),
    S.IN_USE: (
        "sử dụng",
        "dùng",
        "tốt",
        "bình thường",
        "active",
        "deployed",
        "using",
        "hoạt động",
        "đang hoạt động",
        "còn sử dụng",
        "đang dùng",
        "production",
        "ok",
        "good",
    ),
    S.IN_REPAIR: (
        "sửa chữa",
        "đang sửa",
        "hư hỏng",
        "hỏng",
        "bảo hành",
        "repair",
        "broken",
        "out for repair",
        "out for diagnostics",
        "failed",
        "đang bảo hành",
        "hư",
    ),
    S.LOST: ("thất lạc", "bị mất", "lost/stolen", "stolen", "missing"),
    S.RETIRED: (
        "thanh lý",
        "tiêu hủy",
        "đã tiêu hủy",
        "archived",
        "decommissioning",
        "disposed",
        "decommissioned",
        "thu hồi",
        "không sử dụng",
        "hết sử dụng",
        "out of service",
    ),
}

STATUSES = {plain(s.value): s for s in S}
for _status_titles in STATUS_TITLES.values():
    STATUSES |= {plain(title): s for s, title in _status_titles.items()}
for _status, _words in _MORE_STATUSES.items():
    STATUSES |= {plain(word): _status for word in _words}

YES = frozenset({"yes", "true", "1", "x", "co", "y", "dung"})
NO = frozenset({"no", "false", "0", "khong", "n", "-", "sai"})


def yes_or_no(value: bool, language: str) -> str:
    """As a sheet has it."""
    if language == "vi":
        return "có" if value else "không"
    return "yes" if value else "no"
