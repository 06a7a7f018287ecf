"""What is counted in the register: how many, how many a post, which share is how."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.readiness.matching import age_years
from inventory.readiness.result import Verdict

DAY = 86400.0
PCS = {"classes": ["desktop"]}
COUNT = {"measure": "asset_count", "of": PCS}
REMEDY = {
    "name": {"vi": "v", "en": "e"},
    "price_vnd": 1000,
    "price_date": "2026-01-01",
    "source": "test",
}


def test_a_count_is_met_partly_or_unmet_and_its_gap_has_a_price(asset, asked):
    found = [
        asked(
            COUNT,
            [asset("ups"), *(asset() for _ in range(n))],
            at_least=3,
            partly=1,
            remedy=REMEDY,
        )
        for n in range(4)
    ]
    assert [r.verdict for r in found] == [
        Verdict.UNMET,
        Verdict.PARTLY,
        Verdict.PARTLY,
        Verdict.MET,
    ]
    assert [r.gap for r in found] == [3, 2, 1, 0]
    assert [r.cost_vnd for r in found] == [3000, 2000, 1000, 0]
    assert found[0].explanation == "none_of_these"
    assert [e.asset for e in found[3].evidence] == ["T8", "T9", "T10"]


@pytest.mark.parametrize(
    ("measure", "bounds"),
    [
        (COUNT, {"at_least": 1}),
        (
            {"measure": "assets_per_post", "posts": "posts", "of": PCS},
            {"at_least": 1, "unit": "ratio"},
        ),
        (
            {"measure": "asset_share", "of": PCS, "having": {"feature": "antivirus"}},
            {"at_least": 1, "unit": "ratio"},
        ),
    ],
)
def test_nothing_registered_at_all_is_unknown_and_never_zero(asked, measure, bounds):
    found = asked(measure, declared={"posts": 20}, remedy=REMEDY, **bounds)
    assert (found.verdict, found.value, found.share) == (Verdict.UNKNOWN, None, None)
    assert (found.gap, found.cost_vnd, found.confidence) == (0, 0, 0)
    assert found.explanation == "nothing_registered"


def test_none_of_a_class_beside_other_things_is_zero_with_less_confidence(asset, asked):
    none = asked(COUNT, [asset("ups")], at_least=1)
    one = asked(COUNT, [asset("ups"), asset()], at_least=1)
    assert (none.verdict, none.value, none.evidence) == (Verdict.UNMET, 0, ())
    assert none.confidence == 0.5 < one.confidence


def test_what_is_only_registered_is_believed_less_than_what_answers(asset, asked, now_s):
    def sure(**given):
        return asked(COUNT, [asset(**given)], at_least=1)

    assert sure().confidence == 0.7
    assert sure().evidence[0].source == "registered"
    assert sure(last_answer_at_s=now_s - 10).confidence == 1.0
    assert sure(last_answer_at_s=now_s - 10).evidence[0].source == "measured"
    assert sure(last_answer_at_s=now_s - 100 * DAY).confidence == pytest.approx(0.9)


def test_an_asset_that_went_silent_long_ago_is_believed_no_less_than_one_never_seen(
    asset, asked, now_s
):
    silent = asset(last_answer_at_s=now_s - 2000 * DAY)
    assert asked(COUNT, [silent], at_least=1).confidence == 0.7


def test_one_asset_more_than_enough_makes_a_count_no_less_sure(asset, asked, now_s):
    answers = asset(last_answer_at_s=now_s)
    assert asked(COUNT, [answers], at_least=1).confidence == 1.0
    assert asked(COUNT, [answers, asset()], at_least=1).confidence == 1.0
    assert asked(COUNT, [answers, asset()], at_least=2).confidence == pytest.approx(0.85)
    assert asked(COUNT, [answers], at_least=2).confidence == pytest.approx(0.75)


def test_assets_in_stock_or_retired_do_not_count(asset, asked):
    for status in ("planned", "in_stock", "in_repair", "lost", "retired"):
        assert asked(COUNT, [asset(status=status)], at_least=1).verdict is Verdict.UNMET


def test_a_filter_asks_for_class_status_feature_and_edge_at_once(asset, asked):
    wanted = {"classes": ["router"], "statuses": ["in_repair"], "feature": "vpn", "edge": True}
    fitting = {"edge": True, "status": "in_repair", "features": ["vpn"]}
    assets = [
        asset("router", **fitting),
        asset("firewall", **fitting),
        *(asset("router", **{k: v for k, v in fitting.items() if k != gone}) for gone in fitting),
    ]
    found = asked({"measure": "asset_count", "of": wanted}, assets, at_least=1)
    assert [e.asset for e in found.evidence] == ["T1"]


def test_assets_per_post_need_declared_posts_and_round_the_gap_up(asset, asked):
    def found(count, posts):
        return asked(
            {"measure": "assets_per_post", "posts": "posts", "of": PCS},
            [asset() for _ in range(count)],
            declared={"posts": posts},
            at_least=0.0666,
            partly=0.03,
            unit="ratio",
            remedy=REMEDY,
        )

    assert (found(1, None).verdict, found(1, None).explanation) == (Verdict.UNKNOWN, "no_posts")
    assert found(1, 0).explanation == "no_posts"
    assert (found(1, 40).gap, found(1, 40).cost_vnd) == (2, 2000)
    assert found(1, 15).verdict is Verdict.MET
    assert found(3, 40).evidence[-1].text == "posts: 40"


def test_a_ratio_is_no_surer_than_the_declared_number_of_posts(asset, asked, now_s):
    found = asked(
        {"measure": "assets_per_post", "posts": "posts", "of": PCS},
        [asset(last_answer_at_s=now_s) for _ in range(5)],
        declared={"posts": 5},
        at_least=1,
        unit="ratio",
    )
    assert found.confidence == 0.8


def test_the_share_past_its_life_counts_only_what_has_a_date(asset, asked):
    measure = {"measure": "asset_share", "of": PCS, "older_than_years": 7}
    old, new = asset(in_use_since="2015-01-01"), asset(in_use_since="2024-01-01")
    found = asked(measure, [new, old, asset(), asset()], at_most=0.2, unit="ratio")
    assert (found.value, found.gap, found.explanation) == (0.5, 1, "above")
    assert found.confidence == pytest.approx(0.7 * 0.5)
    assert [e.text for e in found.evidence] == ["x, 2015-01-01", "x, 2024-01-01"]
    nothing = asked(measure, [asset()], at_most=0.2, unit="ratio")
    assert (nothing.verdict, nothing.explanation) == (Verdict.UNKNOWN, "no_dates")


def test_a_share_of_none_is_unknown(asset, asked):
    measure = {"measure": "asset_share", "of": PCS, "older_than_years": 7}
    found = asked(measure, [asset("ups")], at_most=0.2, unit="ratio")
    assert (found.verdict, found.explanation) == (Verdict.UNKNOWN, "none_of_these")


@pytest.mark.parametrize(
    ("since", "verdict"), [("2019-11-25", Verdict.MET), ("2019-11-24", Verdict.UNMET)]
)
def test_the_life_ends_on_the_day_after_seven_years(asset, asked, since, verdict):
    measure = {"measure": "asset_share", "of": PCS, "older_than_years": 7}
    found = asked(measure, [asset(in_use_since=since)], at_most=0.0, unit="ratio")
    assert found.verdict is verdict


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 40))
def test_an_age_grows_with_every_day_and_is_whole_on_birthdays(since, years):
    birthday = since.replace(year=since.year + years, day=min(since.day, 28))
    assert age_years(since, birthday) < age_years(since, birthday + dt.timedelta(days=1))
    if since.day <= 28:
        assert age_years(since, birthday) == years
        assert age_years(birthday, since) == pytest.approx(-years)


def test_who_was_born_on_29_february_is_a_year_older_on_1_march():
    born = dt.date(2020, 2, 29)
    assert age_years(born, dt.date(2021, 2, 28)) < 1 == age_years(born, dt.date(2021, 3, 1))
    assert age_years(born, dt.date(2024, 2, 29)) == 4


def test_a_feature_that_is_missing_is_counted_in_assets_and_shown_first(asset, asked, now_s):
    have = [asset(features=["antivirus"], last_answer_at_s=now_s) for _ in range(3)]
    found = asked(
        {"measure": "asset_share", "of": PCS, "having": {"feature": "antivirus"}},
        [*have, asset(vendor="MSI", model="Cubi 5"), asset()],
        at_least=1,
        partly=0.5,
        unit="ratio",
        remedy=REMEDY,
    )
    assert (found.verdict, found.gap, found.cost_vnd) == (Verdict.PARTLY, 2, 2000)
    assert [(e.asset, e.text) for e in found.evidence][:3] == [
        ("T4", "MSI Cubi 5, antivirus ✗"),
        ("T5", "x, antivirus ✗"),
        ("T1", "x, antivirus ✓"),
    ]


def test_a_feature_is_what_the_register_says_even_of_a_device_that_answers(asset, asked, now_s):
    measure = {"measure": "asset_share", "of": PCS, "having": {"feature": "antivirus"}}
    protected = asset(features=["antivirus"], last_answer_at_s=now_s)
    bare = asset(last_answer_at_s=now_s)
    assert asked(measure, [protected], at_least=1, unit="ratio").confidence == 0.7
    found = asked(measure, [bare], at_least=1, unit="ratio")
    assert (found.confidence, found.evidence[0].source) == (0.5, "registered")


def test_an_operating_system_counts_when_its_support_is_known(asset, asked, now_s):
    measure = {"measure": "asset_share", "of": PCS, "os_unsupported": True}
    nothing = asked(measure, [asset(os="BeOS"), asset()], at_most=0, unit="ratio")
    assert (nothing.verdict, nothing.explanation) == (Verdict.UNKNOWN, "no_os")
    seven = asset(os="Windows 7 Pro", os_at_s=now_s - 60, last_answer_at_s=now_s)
    found = asked(measure, [asset(os="Debian 12"), seven], at_most=0, unit="ratio")
    assert (found.value, found.verdict, found.gap) == (0.5, Verdict.UNMET, 1)
    assert found.confidence == pytest.approx((0.7 + 1.0) / 2)
    assert [(e.source, e.text, e.at_s) for e in found.evidence] == [
        ("measured", "x, Windows 7 Pro", now_s - 60),
        ("registered", "x, Debian 12", None),
    ]
