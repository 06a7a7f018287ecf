"""Evidence is told in the reader's words, and never lost."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.profile import load_profile
from dashboards.web.evidence import evidence_text
from dashboards.web.languages import Speech
from dashboards.web.requirement import gathered, judged
from inventory.readiness.result import Evidence, RequirementResult, Verdict

VI = Speech("vi", ZoneInfo("Asia/Ho_Chi_Minh"))
EN = Speech("en", ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.mark.parametrize(
    ("text", "unit", "vietnamese", "english"),
    [
        ("posts: 30", "ratio", "Số vị trí việc làm: 30", "Posts: 30"),
        ("posts_group_8: 24", "ratio", "Số vị trí nhóm VIII: 24", "Posts of group VIII: 24"),
        (
            "up 7.5 h, down 0.5 h, coverage 74%",
            "ratio",
            "trong giờ làm việc: hoạt động 7 giờ 30 phút, mất kết nối 30 phút; giám sát được 74%",
            "office hours: up 7 h 30 min, down 30 min; 74% of them watched",
        ),
        (
            "MSI Cubi 5, 2019-06-01",
            "ratio",
            "MSI Cubi 5, sử dụng từ 01/06/2019",
            "MSI Cubi 5, in use since 1 Jun 2019",
        ),
        ("2.03 h", "hours", "2 giờ 1 phút", "2 h 1 min"),
        (
            "p95 0.05 (720)",
            "ratio",
            "95% của 720 lần đo không vượt quá 5,0%",
            "95% of 720 looks were at or below 5.0%",
        ),
        (
            "711 / 720",
            "ratio",
            "711 trong 720 lần hỏi đạt kết quả mong đợi",
            "711 of 720 looks brought what was expected",
        ),
        (
            "35 > 31",
            "ratio",
            "đã đăng ký 35, định mức cho phép 31",
            "35 registered, 31 allowed by the norm",
        ),
        ("OKI B433dn", "ratio", "OKI B433dn", "OKI B433dn"),
        ("desks: 5, BC 12", "ratio", "Số quầy Một cửa: 5, BC 12", "One-stop counters: 5, BC 12"),
        ("Switch 1, lan_ports: 8", "ratio", "Switch 1: 8 cổng mạng", "Switch 1: 8 network sockets"),
        (
            "0 × > 15 min",
            "count",
            "0 lần gián đoạn trên 15 phút",
            "0 outages of more than 15 min",
        ),
        (
            "0.5 h, 8 / 160",
            "hours",
            "đầy 30 phút: 8 trong 160 lần đo",
            "full for 30 min: 8 of 160 looks",
        ),
        ("UPS 1, 38 min", "seconds", "UPS 1, giữ được 38 phút", "UPS 1, lasts for 38 min"),
        ("0.41, BC 12/BC-UBND", "ratio", "41,0%, BC 12/BC-UBND", "41.0%, BC 12/BC-UBND"),
        ("0, BC 12", "yes", "không, BC 12", "no, BC 12"),
        ("0.4", "ratio", "40,0%", "40.0%"),
        ("MSI, 2019-13-01", "ratio", "MSI, 2019-13-01", "MSI, 2019-13-01"),
        ("1.2.3 h", "hours", "1.2.3 h", "1.2.3 h"),
    ],
)
def test_each_shape_is_told_in_both_languages(text, unit, vietnamese, english):
    assert evidence_text(text, unit, VI) == vietnamese
    assert evidence_text(text, unit, EN) == english


@given(st.text(alphabet="0123456789.-:/%> (),pehudwongcra\n", max_size=40), st.text(max_size=10))
def test_any_text_is_shown(text, unit):
    assert isinstance(evidence_text(text, unit, VI), str)


def test_evidence_that_says_the_same_of_many_assets_is_one_row():
    rows = gathered(
        [
            Evidence("registered", "MSI", None, "PC-1"),
            Evidence("measured", "MSI", 5.0, "PC-2"),
            Evidence("registered", "MSI", None, "PC-3"),
            Evidence("declared", "posts: 3"),
        ]
    )
    assert [(r.source, r.assets) for r in rows] == [
        ("registered", ("PC-1", "PC-3")),
        ("measured", ("PC-2",)),
        ("declared", ()),
    ]


def result(requirement, value, verdict=Verdict.PARTLY, **more):
    return RequirementResult(
        requirement.id,
        requirement.pillar,
        requirement.level,
        requirement.weight,
        verdict,
        value,
        requirement.threshold,
        requirement.unit,
        0.5,
        0.7,
        **more,
    )


@pytest.mark.parametrize(
    ("id", "posts", "have", "needed"),
    [("pc-per-post", 30, 27, 30), ("scanner-per-15-posts", 30, 1, 2), ("pc-per-post", 30, 0, 30)],
)
def test_devices_for_posts_are_whole_numbers(id, posts, have, needed):
    requirement = load_profile("commune-2026").requirement(id)
    figure = Evidence("declared", f"{requirement.measure.posts}: {posts}, QĐ 12")
    item = judged(result(requirement, have / posts, evidence=(figure,)), requirement)
    assert (item.per_post.have, item.per_post.needed, item.per_post.posts) == (have, needed, posts)


def test_remedies_are_counted_by_their_price():
    requirement = load_profile("commune-2026").requirement("pc-per-post")
    price = requirement.remedy.price_vnd
    item = judged(result(requirement, 0.9, gap=3, cost_vnd=3 * price), requirement)
    assert item.pieces == 3
    assert item.per_post is None
    assert item.sign == "≥"
