"""Classes of assets as people write them, in Vietnamese and English.

A word that may mean two classes ("thiết bị mạng") is none: whoever wrote it is asked.
"""

from __future__ import annotations

import re

from config.assets import AssetClass as C
from inventory.sheets.fields import plain, without_brackets

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

_MORE: dict[C, tuple[str, ...]] = {
    C.ROUTER: (
        "thiết bị định tuyến",
        "modem",
        "modem router",
        "modem wifi",
        "router wifi",
        "wifi router",
        "wireless router",
        "bộ định tuyến wifi",
        "bộ định tuyến không dây",
        "router cân bằng tải",
    ),
    C.FIREWALL: ("thiết bị tường lửa", "utm", "bộ tường lửa"),
    C.SWITCH: (
        "switch mạng",
        "switch poe",
        "switch quang",
        "bộ chuyển mạch",
        "bộ chia mạng",
        "thiết bị chia mạng",
        "hub",
    ),
    C.ACCESS_POINT: (
        "ap",
        "wifi",
        "thiết bị wifi",
        "bộ wifi",
        "bộ phát wifi",
        "cục phát wifi",
        "thiết bị phát wifi",
        "bộ phát sóng wifi",
        "thiết bị phát sóng wifi",
        "bộ thu phát wifi",
        "bộ thu phát sóng wifi",
        "bộ kích sóng wifi",
        "wifi mesh",
        "điểm truy cập",
        "điểm truy cập không dây",
        "wireless",
        "wireless ap",
        "wireless access point",
        "repeater",
    ),
    C.ONT: (
        "optical terminal",
        "onu",
        "gpon",
        "modem quang",
        "modem cáp quang",
        "converter quang",
        "media converter",
        "bộ chuyển đổi quang",
        "bộ chuyển đổi quang điện",
    ),
    C.SERVER: ("servers", "virtual server", "máy chủ vật lý", "máy chủ ảo"),
    C.NAS: ("thiết bị lưu trữ", "network storage", "storage", "tủ đĩa", "ổ cứng mạng"),
    C.DESKTOP: (
        "máy tính để bàn",
        "bộ máy tính để bàn",
        "bộ máy vi tính để bàn",
        "máy tính bàn",
        "máy vi tính",
        "bộ máy vi tính",
        "máy tính",
        "bộ máy tính",
        "máy tính đồng bộ",
        "máy tính cá nhân",
        "máy vi tính cá nhân",
        "máy tính all in one",
        "máy tính aio",
        "máy trạm",
        "case máy tính",
        "cây máy tính",
        "thùng máy tính",
        "pc",
        "desktop pc",
        "desktop computer",
        "personal computer",
        "computer",
        "desktops",
        "tower",
        "mini tower",
        "workstation",
        "mini pc",
        "all in one",
        "aio",
        "thin client",
    ),
    C.LAPTOP: (
        "laptops",
        "máy laptop",
        "máy tính laptop",
        "máy tính xách tay",
        "máy xách tay",
        "notebook",
        "macbook",
        "chromebook",
        "máy tính bảng",
        "máy vi tính bảng",
        "tablet",
        "ipad",
        "portable",
    ),
    C.PRINTER: (
        "printers",
        "máy in laser",
        "máy in laze",
        "máy in đen trắng",
        "máy in màu",
        "máy in kim",
        "máy in phun",
        "máy in nhiệt",
        "máy in hóa đơn",
        "máy in nhãn",
        "máy in mã vạch",
        "máy in a3",
        "máy in a4",
        "máy in đa năng",
        "máy in đa chức năng",
        "máy photocopy",
        "máy photo",
        "máy phô tô",
        "máy phô tô copy",
        "máy phô tô cóp pi",
        "máy sao chụp",
        "photocopy",
        "photo",
        "copier",
        "multifunction printer",
        "laser",
    ),
    C.SCANNER: (
        "scanners",
        "scan",
        "máy scan",
        "máy scanner",
        "máy scan tài liệu",
        "máy quét tài liệu",
    ),
    C.UPS: ("power", "lưu điện", "bộ tích điện", "thiết bị lưu điện", "bộ lưu điện ups"),
    C.CAMERA: (
        "cameras",
        "camera an ninh",
        "camera quan sát",
        "camera ip",
        "camera wifi",
        "ip camera",
        "network camera",
        "hệ thống camera",
        "đầu ghi",
        "đầu ghi hình",
        "đầu ghi camera",
        "đầu ghi hình camera",
        "đầu thu camera",
        "nvr",
        "dvr",
        "video recorder",
    ),
    C.VIDEO_CONFERENCE: (
        "video conference",
        "thiết bị hội nghị truyền hình",
        "hệ thống hội nghị truyền hình",
        "hội nghị trực tuyến",
        "thiết bị hội nghị trực tuyến",
        "họp trực tuyến",
        "thiết bị họp trực tuyến",
        "camera hội nghị",
        "camera họp trực tuyến",
        "mcu",
        "polycom",
    ),
    C.PHONE: (
        "phones",
        "ip phone",
        "voip",
        "voip phone",
        "mobile phone",
        "smartphone",
        "máy điện thoại",
        "điện thoại ip",
        "điện thoại voip",
        "điện thoại bàn",
        "điện thoại để bàn",
        "điện thoại cố định",
        "điện thoại di động",
        "điện thoại thông minh",
        "tổng đài",
        "tổng đài ip",
        "tổng đài nội bộ",
        "tổng đài điện thoại",
        "pbx",
    ),
    C.OTHER: (
        "others",
        "misc",
        "thiết bị khác",
        "tài sản khác",
        "màn hình",
        "màn hình máy tính",
        "màn hình led",
        "màn hình tương tác",
        "monitor",
        "ti vi",
        "ti vi thông minh",
        "tv",
        "smart tv",
        "máy chiếu",
        "màn chiếu",
        "projector",
        "webcam",
        "máy ảnh",
        "máy quay",
        "máy quay phim",
        "máy fax",
        "máy lấy số",
        "máy lấy số thứ tự",
        "kiosk",
        "ki ốt",
        "ki ốt tra cứu",
        "máy tra cứu",
        "máy quét mã vạch",
        "đầu đọc mã vạch",
        "đầu đọc thẻ",
        "đầu đọc thẻ cccd",
        "máy chấm công",
        "máy hủy tài liệu",
        "ổn áp",
        "tủ rack",
        "tủ mạng",
        "loa",
        "âm ly",
        "micro",
    ),
}
"""What else people call them. The last has what lists of communes hold and no class is for."""


def class_of(text: str) -> C | None:
    """The class that a text names, however its words are apart and whatever its marks; None for
    one that is not known, or that names two.

    >>> class_of("MÁY PHOTO COPY").value, class_of("Laptop / may tinh bang").value
    ('printer', 'laptop')
    >>> class_of("Máy in, máy quét"), class_of("Thiết bị mạng")
    (None, None)
    """
    key = plain(text)
    for one in (key, without_brackets(key)):
        if (found := _KNOWN.get(_run_together(one))) is not None:
            return found
        parts = [_KNOWN.get(_run_together(part)) for part in re.split("[/,+]", one)]
        if len(set(parts)) == 1 and parts[0] is not None:
            return parts[0]
    return None


def _run_together(key: str) -> str:
    return key.replace(" ", "").replace("-", "")


_KNOWN: dict[str, C] = {_run_together(plain(c.value)): c for c in C}
for _titles in CLASS_TITLES.values():
    for _class, _title in _titles.items():
        _KNOWN[_run_together(plain(_title))] = _class
        _KNOWN[_run_together(without_brackets(plain(_title)))] = _class
for _class, _words in _MORE.items():
    _KNOWN |= {_run_together(plain(word)): _class for word in _words}
