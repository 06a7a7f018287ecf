"""Why a verdict is what it is, in a few stable words with a text in each language.

The words stand in stored evaluations: one is added, never renamed.
"""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str, str]] = {
    "met": (
        "Đạt yêu cầu.",
        "The requirement is met.",
        "आवश्यकता पूरी होती है।",
    ),
    "below": (
        "Thấp hơn mức yêu cầu.",
        "Below what is asked.",
        "अपेक्षित मान से कम।",
    ),
    "above": (
        "Cao hơn mức cho phép.",
        "Above what is allowed.",
        "अनुमत मान से अधिक।",
    ),
    "nothing_registered": (
        "Xã chưa đăng ký thiết bị nào, nên chưa có số liệu.",
        "Nothing is registered for this commune, so nothing is known.",
        "इस कम्यून के लिए कुछ भी दर्ज नहीं है, इसलिए कुछ ज्ञात नहीं।",
    ),
    "none_of_these": (
        "Xã có đăng ký thiết bị, nhưng không có thiết bị loại này.",
        "Assets are registered for this commune, but none of this kind.",
        "इस कम्यून की परिसंपत्तियाँ दर्ज हैं, पर इस प्रकार की कोई नहीं।",
    ),
    "no_posts": (
        "Chưa khai báo số vị trí việc làm, hoặc không có vị trí nào.",
        "The number of posts is not declared, or there are none.",
        "पदों की संख्या घोषित नहीं है, या कोई पद नहीं है।",
    ),
    "no_dates": (
        "Không thiết bị nào có ngày đưa vào sử dụng.",
        "No asset has the day on which it was put into use.",
        "किसी परिसंपत्ति में उपयोग में लाने का दिन नहीं है।",
    ),
    "no_os": (
        "Chưa biết hệ điều hành, hoặc chưa biết thời hạn hỗ trợ của nó.",
        "No operating system is known, or not how long it is supported.",
        "कोई ऑपरेटिंग सिस्टम ज्ञात नहीं, या यह ज्ञात नहीं कि उसे कब तक समर्थन मिलता है।",
    ),
    "no_figure": (
        "Chưa khai báo số liệu để chia (số quầy, điểm, dân số…), hoặc số đó bằng 0.",
        "The figure to divide by (desks, sites, inhabitants …) is not declared, or it is 0.",
        "जिस आँकड़े से भाग देना है (डेस्क, परिसर, निवासी …) वह घोषित नहीं है, या 0 है।",
    ),
    "no_numbers": (
        "Không thiết bị nào cho biết con số này.",
        "No asset says this number.",
        "कोई परिसंपत्ति यह संख्या नहीं बताती।",
    ),
    "no_programs": (
        "Chưa biết phần mềm hoặc ngày cập nhật của thiết bị nào.",
        "Of no asset it is known which programs it has, or when it was updated.",
        "किसी परिसंपत्ति के प्रोग्राम या अद्यतन का दिन ज्ञात नहीं है।",
    ),
    "no_warranty": (
        "Không thiết bị nào có ngày hết bảo hành.",
        "No asset has the last day of its warranty.",
        "किसी परिसंपत्ति में वारंटी की अंतिम तिथि नहीं है।",
    ),
    "no_runtime": (
        "Chưa biết thời gian lưu điện, hoặc bộ lưu điện đang chạy bằng ắc quy.",
        "No UPS says how long it lasts, or it is being used up right now.",
        "कोई यूपीएस नहीं बताता कि वह कितनी देर चलेगा, या वह अभी बैटरी पर चल रहा है।",
    ),
    "no_uplink": (
        "Chưa đọc được tốc độ cổng uplink của thiết bị biên.",
        "The speed of the edge device's uplink port has not been read.",
        "किनारे के उपकरण के अपलिंक पोर्ट की गति पढ़ी नहीं गई।",
    ),
    "some_unknown": (
        "Một số thiết bị chưa đủ thông tin, nên chưa kết luận được.",
        "Too little is known of some assets to decide.",
        "कुछ परिसंपत्तियों के बारे में इतना ज्ञात नहीं कि निर्णय हो सके।",
    ),
    "not_observed": (
        "Chưa được giám sát trong giờ làm việc.",
        "Not observed in office hours yet.",
        "कार्यालय समय में अभी तक निगरानी नहीं हुई।",
    ),
    "too_little_observed": (
        "Thời gian được giám sát trong giờ làm việc còn quá ít.",
        "Too little of the office hours was observed.",
        "कार्यालय समय के बहुत कम भाग की निगरानी हुई।",
    ),
    "not_declared": (
        "Chưa khai báo.",
        "Not declared.",
        "घोषित नहीं।",
    ),
    "not_yet": (
        "Số liệu khai báo cho một ngày sau.",
        "Declared for a later day.",
        "बाद के दिन के लिए घोषित।",
    ),
    "exempt": (
        "Xã được miễn yêu cầu này trong thời hạn đã nêu.",
        "The commune need not fulfil this for the time that is named.",
        "बताई गई अवधि तक कम्यून को इसे पूरा करना आवश्यक नहीं।",
    ),
    "expired": (
        "Số liệu khai báo đã hết hạn.",
        "What was declared has expired.",
        "घोषित आँकड़े की अवधि समाप्त हो गई है।",
    ),
}
"""Reason -> (Vietnamese, English, Hindi)."""


def reason_text(reason: str, language: str) -> str:
    """The text of a reason, the reason itself where it is an unknown word."""
    vi, en, hi = TEXTS.get(reason, (reason, reason, reason))
    return {"vi": vi, "hi": hi}.get(language, en)
