"""Which figures and indicators there are: the figures of every commune, and what the profiles in
use ask for. Says what each is called, what it is counted in and between which bounds.

Which indicators exist comes from the profiles, so that nobody types what nothing asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from config.measures import Indicator as IndicatorMeasure
from config.measures import indicators_named
from config.profile import Profile, Requirement, Text

Kind = Literal["count", "share", "ratio", "hours", "seconds", "bps", "yes"]
"""How a value is typed and shown. share: from 0 to 1, typed as per cent; ratio: any number."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure or indicator. most: the largest value that makes sense. max_age_s: after how long
    a declaration counts for less, None where nothing says so. asked_by: titles of the requirements
    that ask for it; figure: a field of the commune, which hatang.yaml may have without a day."""

    name: str
    title: Text
    kind: Kind
    most: float
    max_age_s: float | None = None
    asked_by: tuple[Text, ...] = ()
    figure: bool = False


_TERABIT = 1e12

FIGURES: tuple[Definition, ...] = (
    Definition(
        "posts",
        Text(vi="Biên chế (tổng số vị trí)", en="Posts", hi="कुल पद"),
        "count",
        10_000,
        figure=True,
    ),
    Definition(
        "posts_group_8",
        Text(vi="Vị trí thuộc nhóm VIII", en="Posts of group VIII", hi="समूह VIII के पद"),
        "count",
        10_000,
        figure=True,
    ),
    Definition(
        "desks",
        Text(vi="Quầy Một cửa", en="Counters of the one-stop desk", hi="एकल खिड़की के काउंटर"),
        "count",
        1_000,
        figure=True,
    ),
    Definition(
        "sites",
        Text(vi="Địa điểm làm việc", en="Places of work", hi="कार्यस्थल"),
        "count",
        1_000,
        figure=True,
    ),
    Definition(
        "inhabitants",
        Text(vi="Dân số", en="Inhabitants", hi="जनसंख्या"),
        "count",
        5_000_000,
        figure=True,
    ),
    Definition(
        "internet_bps",
        Text(vi="Băng thông Internet", en="Internet bandwidth", hi="इंटरनेट बैंडविड्थ"),
        "bps",
        _TERABIT,
        figure=True,
    ),
    Definition(
        "tslcd_bps",
        Text(
            vi="Băng thông mạng TSLCD",
            en="Bandwidth of the government line (TSLCD)",
            hi="सरकारी लाइन (TSLCD) की बैंडविड्थ",
        ),
        "bps",
        _TERABIT,
        figure=True,
    ),
)
"""The figures of a commune, in the order of pages and sheets."""

_TITLES: Mapping[str, Text] = {
    "case-files-online": Text(
        vi="Hồ sơ công việc xử lý trên môi trường mạng",
        en="Case files processed online",
        hi="ऑनलाइन निपटाई गई फ़ाइलें",
    ),
    "content-filter": Text(
        vi="Trường học có lọc nội dung",
        en="Schools with a content filter",
        hi="सामग्री फ़िल्टर वाले विद्यालय",
    ),
    "documents-electronic": Text(
        vi="Văn bản không mật gửi, nhận bằng điện tử",
        en="Documents that are not secret, handled online",
        hi="गोपनीय न होने वाले दस्तावेज़, ऑनलाइन",
    ),
    "level-dossier-approved": Text(
        vi="Hồ sơ đề xuất cấp độ được phê duyệt",
        en="Security level dossier approved",
        hi="सुरक्षा-स्तर प्रस्ताव स्वीकृत",
    ),
    "one-stop-equipped": Text(
        vi="Thiết bị Một cửa so với danh mục của tỉnh",
        en="One-stop desk equipment of the province's list",
        hi="प्रांत की सूची से एकल खिड़की के उपकरण",
    ),
    "pupils": Text(vi="Số học sinh", en="Pupils", hi="विद्यार्थी"),
    "school-bps-per-user": Text(
        vi="Băng thông trường học cho mỗi học sinh",
        en="Bandwidth of schools for each pupil",
        hi="प्रति विद्यार्थी विद्यालय बैंडविड्थ",
    ),
    "schools-connected": Text(
        vi="Trường học có Internet", en="Schools on the Internet", hi="इंटरनेट वाले विद्यालय"
    ),
    "slowest-school-bps": Text(
        vi="Tốc độ của trường chậm nhất",
        en="Speed at the slowest school",
        hi="सबसे धीमे विद्यालय की गति",
    ),
    "staff-trained": Text(
        vi="Cán bộ được tập huấn an toàn thông tin",
        en="Staff trained in security",
        hi="सुरक्षा में प्रशिक्षित कर्मचारी",
    ),
    "stock-take-done": Text(
        vi="Đã kiểm kê thiết bị", en="Equipment counted", hi="उपकरणों का भौतिक सत्यापन हुआ"
    ),
    "teachers-trained": Text(
        vi="Giáo viên được tập huấn kỹ năng số",
        en="Teachers trained in digital skills",
        hi="डिजिटल कौशल में प्रशिक्षित शिक्षक",
    ),
    "unauthorised-programs": Text(
        vi="Số phần mềm không được phép",
        en="Unauthorised programs",
        hi="अनधिकृत सॉफ़्टवेयर",
    ),
    "unknown-devices-waiting": Text(
        vi="Số thiết bị lạ chờ xử lý quá một tuần",
        en="Unknown devices that wait for over a week",
        hi="एक सप्ताह से अधिक प्रतीक्षारत अज्ञात उपकरण",
    ),
    "tslcd-line": Text(
        vi="Có đường truyền TSLCD", en="Line of the government network (TSLCD)", hi="TSLCD लाइन है"
    ),
}
"""What indicators of the shipped profiles are called; others by the requirement that asks."""

_MOST: Mapping[Kind, float] = {
    "count": 1e9,
    "share": 1.0,
    "ratio": 1e9,
    "hours": 100_000.0,
    "seconds": 1e9,
    "bps": _TERABIT,
    "yes": 1.0,
}


def definitions(profiles: Iterable[Profile]) -> dict[str, Definition]:
    """Name -> what it is: the figures, then the indicators in the order in which profiles ask."""
    found = {one.name: one for one in FIGURES}
    for profile in profiles:
        for requirement in profile.requirements:
            for name in indicators_named(requirement.measure):
                one = _asked(name, requirement)
                known = found.get(name)
                found[name] = one if known is None else _both(known, one)
    return found


def _asked(name: str, requirement: Requirement) -> Definition:
    """An indicator as one requirement asks for it."""
    measure = requirement.measure
    itself = isinstance(measure, IndicatorMeasure) and measure.indicator == name
    kind: Kind = "count"
    if itself and isinstance(measure, IndicatorMeasure) and measure.per is None:
        unit = requirement.unit
        kind = ("share" if requirement.threshold <= 1 else "ratio") if unit == "ratio" else unit
    title = _TITLES.get(name) or (requirement.title if itself else _named(name))
    age_s = requirement.max_age if itself else None
    return Definition(name, title, kind, _MOST[kind], age_s, (requirement.title,))


def _both(known: Definition, more: Definition) -> Definition:
    """What two requirements say of one; the first says what it is counted in."""
    ages = [age for age in (known.max_age_s, more.max_age_s) if age is not None]
    asked = known.asked_by + tuple(t for t in more.asked_by if t not in known.asked_by)
    return replace(known, max_age_s=min(ages, default=None), asked_by=asked)


def _named(name: str) -> Text:
    return Text(vi=name, en=name)
