"""Why a verdict is what it is, in a few stable words with a text in each language.

The words stand in stored evaluations: one is added, never renamed.
"""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "met": ("Đạt yêu cầu.", "The requirement is met."),
    "below": ("Thấp hơn mức yêu cầu.", "Below what is asked."),
    "above": ("Cao hơn mức cho phép.", "Above what is allowed."),
    "nothing_registered": (
        "Xã chưa đăng ký thiết bị nào, nên chưa có số liệu.",
        "Nothing is registered for this commune, so nothing is known.",
    ),
    "none_of_these": (
        "Xã có đăng ký thiết bị, nhưng không có thiết bị loại này.",
        "Assets are registered for this commune, but none of this kind.",
    ),
    "no_posts": (
        "Chưa khai báo số vị trí việc làm, hoặc không có vị trí nào.",
        "The number of posts is not declared, or there are none.",
    ),
    "no_dates": (
        "Không thiết bị nào có ngày đưa vào sử dụng.",
        "No asset has the day on which it was put into use.",
    ),
    "no_os": (
        "Chưa biết hệ điều hành, hoặc chưa biết thời hạn hỗ trợ của nó.",
        "No operating system is known, or not how long it is supported.",
    ),
    "no_figure": (
        "Chưa khai báo số liệu để chia (số quầy, điểm, dân số…), hoặc số đó bằng 0.",
        "The figure to divide by (desks, sites, inhabitants …) is not declared, or it is 0.",
    ),
    "no_numbers": (
        "Không thiết bị nào cho biết con số này.",
        "No asset says this number.",
    ),
    "no_programs": (
        "Chưa biết phần mềm hoặc ngày cập nhật của thiết bị nào.",
        "Of no asset it is known which programs it has, or when it was updated.",
    ),
    "no_warranty": (
        "Không thiết bị nào có ngày hết bảo hành.",
        "No asset has the last day of its warranty.",
    ),
    "no_runtime": (
        "Chưa biết thời gian lưu điện, hoặc bộ lưu điện đang chạy bằng ắc quy.",
        "No UPS says how long it lasts, or it is being used up right now.",
    ),
    "no_uplink": (
        "Chưa đọc được tốc độ cổng uplink của thiết bị biên.",
        "The speed of the edge device's uplink port has not been read.",
    ),
    "some_unknown": (
        "Một số thiết bị chưa đủ thông tin, nên chưa kết luận được.",
        "Too little is known of some assets to decide.",
    ),
    "not_observed": (
        "Chưa được giám sát trong giờ làm việc.",
        "Not observed in office hours yet.",
    ),
    "too_little_observed": (
        "Thời gian được giám sát trong giờ làm việc còn quá ít.",
        "Too little of the office hours was observed.",
    ),
    "not_declared": ("Chưa khai báo.", "Not declared."),
    "not_yet": ("Số liệu khai báo cho một ngày sau.", "Declared for a later day."),
    "exempt": (
        "Xã được miễn yêu cầu này trong thời hạn đã nêu.",
        "The commune need not fulfil this for the time that is named.",
    ),
    "expired": ("Số liệu khai báo đã hết hạn.", "What was declared has expired."),
}
"""Reason -> (Vietnamese, English)."""


def reason_text(reason: str, language: str) -> str:
    """The text of a reason, the reason itself where it is an unknown word."""
    vi, en = TEXTS.get(reason, (reason, reason))
    return vi if language == "vi" else en
