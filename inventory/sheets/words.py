"""Classes, statuses, yes and no as people write them, in Vietnamese and English."""

from __future__ import annotations

from config.assets import AssetClass as C
from config.assets import AssetStatus as S
from inventory.sheets.fields import plain

CLASS_TITLES: dict[str, dict[C, str]] = {
    "vi": {
        C.ROUTER: "Bộ định tuyến (router)",
        C.FIREWALL: "Tường lửa",
        C.SWITCH: "Thiết bị chuyển mạch (switch)",
        C.ACCESS_POINT: "Điểm truy cập Wi-Fi",
        C.ONT: "Thiết bị đầu cuối quang (ONT)",
        C.SERVER: "Máy chủ",
        C.NAS: "Thiết bị lưu trữ mạng (NAS)",
        C.DESKTOP: "Máy vi tính để bàn",
        C.LAPTOP: "Máy vi tính xách tay",
        C.PRINTER: "Máy in",
        C.SCANNER: "Máy quét (scan)",
        C.UPS: "Bộ lưu điện (UPS)",
        C.CAMERA: "Camera giám sát",
        C.VIDEO_CONFERENCE: "Hội nghị truyền hình",
        C.PHONE: "Điện thoại",
        C.OTHER: "Khác",
    },
    "en": {
        C.ROUTER: "Router",
        C.FIREWALL: "Firewall",
        C.SWITCH: "Network switch",
        C.ACCESS_POINT: "Access point",
        C.ONT: "Optical terminal (ONT)",
        C.SERVER: "Server",
        C.NAS: "Network storage (NAS)",
        C.DESKTOP: "Desktop",
        C.LAPTOP: "Laptop",
        C.PRINTER: "Printer",
        C.SCANNER: "Scanner",
        C.UPS: "UPS",
        C.CAMERA: "Camera",
        C.VIDEO_CONFERENCE: "Video conferencing",
        C.PHONE: "Phone",
        C.OTHER: "Other",
    },
}

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

_MORE_CLASSES: dict[C, tuple[str, ...]] = {
    C.ROUTER: ("bộ định tuyến", "thiết bị định tuyến", "modem", "modem router"),
    C.FIREWALL: ("thiết bị tường lửa", "utm"),
    C.SWITCH: ("switch", "thiết bị chuyển mạch", "bộ chuyển mạch", "bộ chia mạng", "hub"),
    C.ACCESS_POINT: (
        "ap",
        "wifi",
        "wi-fi",
        "bộ phát wifi",
        "thiết bị phát wifi",
        "wireless",
        "điểm truy cập không dây",
        "bộ phát sóng wifi",
        "wireless ap",
        "wireless access point",
    ),
    C.ONT: ("thiết bị đầu cuối quang", "optical terminal", "onu", "converter quang"),
    C.SERVER: ("servers", "virtual server", "máy chủ vật lý"),
    C.NAS: ("thiết bị lưu trữ mạng", "thiết bị lưu trữ", "network storage", "storage"),
    C.DESKTOP: (
        "máy tính để bàn",
        "máy vi tính",
        "máy tính",
        "bộ máy vi tính",
        "pc",
        "computer",
        "desktops",
        "bộ máy tính để bàn",
        "máy tính bàn",
        "tower",
        "mini tower",
        "workstation",
        "mini pc",
        "all in one",
        "aio",
    ),
    C.LAPTOP: (
        "máy tính xách tay",
        "máy xách tay",
        "laptops",
        "notebook",
        "máy tính bảng",
        "tablet",
        "portable",
    ),
    C.PRINTER: (
        "printers",
        "máy in laser",
        "máy photocopy",
        "máy photo",
        "copier",
        "máy in a4",
        "máy in đa năng",
        "multifunction printer",
        "laser",
    ),
    C.SCANNER: ("scanners", "máy scan", "máy quét", "máy quét tài liệu", "máy quét scan"),
    C.UPS: ("bộ lưu điện", "power", "lưu điện"),
    C.CAMERA: ("cameras", "camera an ninh", "đầu ghi", "đầu ghi hình", "nvr", "ip camera"),
    C.VIDEO_CONFERENCE: (
        "thiết bị hội nghị truyền hình",
        "video conference",
        "họp trực tuyến",
        "thiết bị họp trực tuyến",
    ),
    C.PHONE: ("phones", "điện thoại bàn", "ip phone", "máy điện thoại", "mobile phone"),
    C.OTHER: ("thiết bị khác", "misc", "others", "tài sản khác"),
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

CLASSES = {plain(c.value): c for c in C}
STATUSES = {plain(s.value): s for s in S}
for _titles in CLASS_TITLES.values():
    CLASSES |= {plain(title): c for c, title in _titles.items()}
for _status_titles in STATUS_TITLES.values():
    STATUSES |= {plain(title): s for s, title in _status_titles.items()}
for _class, _words in _MORE_CLASSES.items():
    CLASSES |= {plain(word): _class for word in _words}
for _status, _words in _MORE_STATUSES.items():
    STATUSES |= {plain(word): _status for word in _words}

YES = frozenset({"yes", "true", "1", "x", "co", "y", "dung"})
NO = frozenset({"no", "false", "0", "khong", "n", "-", "sai"})


def yes_or_no(value: bool, language: str) -> str:
    """As a sheet has it."""
    if language == "vi":
        return "có" if value else "không"
    return "yes" if value else "no"
