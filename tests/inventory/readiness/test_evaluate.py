"""Verdicts, gaps, costs, confidence and scores."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.profile import load_profile
from inventory.readiness.codec import evaluation_from_json, evaluation_to_json
from inventory.readiness.evaluate import evaluate, judge, score, share_of, verdict_of
from inventory.readiness.facts import Figure
from inventory.readiness.reasons import TEXTS, reason_text
from inventory.readiness.result import Verdict
from inventory.rollups import STEPS
from inventory.uptime import Availability, State

REMEDY = {
    "name": {"vi": "v", "en": "e"},
    "price_vnd": 1000,
    "price_date": "2026-01-01",
    "source": "test",
}
PCS = {"classes": ["desktop"]}


def seen(up_h=0.0, down_h=0.0, unknown_h=0.0):
    totals = dict.fromkeys(State, 0.0)
    totals |= {
        State.UP: up_h * 3600,
        State.DOWN: down_h * 3600,
        State.UNKNOWN: unknown_h * 3600,
    }
    return Availability(totals)


def figure(step, count=10, total=0.0):
    histogram = [0] * STEPS
    histogram[step] = count
    return Figure(histogram, count, total, 1_795_000_000.0)


def test_a_count_is_met_partly_or_unmet_and_its_gap_has_a_price(asset, commune, requirement, now_s):
    wanted = requirement({"measure": "asset_count", "of": PCS}, at_least=3, partly=1, remedy=REMEDY)
    found = [
        judge(wanted, commune([asset() for _ in range(n)] + [asset("ups")]), now_s)
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
    assert [e.asset for e in found[3].evidence] == ["T7", "T8", "T9"]


def test_nothing_registered_at_all_is_unknown_and_never_zero(commune, requirement, now_s):
    wanted = requirement({"measure": "asset_count", "of": PCS}, at_least=1, remedy=REMEDY)
    found = judge(wanted, commune(), now_s)
    assert (found.verdict, found.value, found.share) == (Verdict.UNKNOWN, None, None)
    assert (found.gap, found.cost_vnd, found.confidence) == (0, 0, 0)
    assert found.explanation == "nothing_registered"


def test_assets_in_stock_or_retired_do_not_count(asset, commune, requirement, now_s):
    wanted = requirement({"measure": "asset_count", "of": PCS}, at_least=1)
    for status in ("planned", "in_stock", "in_repair", "lost", "retired"):
        assert judge(wanted, commune([asset(status=status)]), now_s).verdict is Verdict.UNMET


def test_assets_per_post_need_declared_posts_and_round_the_gap_up(
    asset, commune, requirement, now_s
):
    wanted = requirement(
        {"measure": "assets_per_post", "posts": "posts", "of": PCS},
        at_least=0.0666,
        partly=0.03,
        ceiling=0.2,
        unit="ratio",
        remedy=REMEDY,
    )
    assert judge(wanted, commune([asset()]), now_s).explanation == "no_posts"
    found = judge(wanted, commune([asset()], posts=40), now_s)
    assert found.gap == 2
    assert found.cost_vnd == 2000
    assert not found.above_norm
    assert judge(wanted, commune([asset() for _ in range(9)], posts=40), now_s).above_norm


def test_the_share_past_its_life_counts_only_what_has_a_date(asset, commune, requirement, now_s):
    wanted = requirement(
        {"measure": "asset_share", "of": PCS, "older_than_years": 7}, at_most=0.2, unit="ratio"
    )
    old, new = asset(in_use_since="2015-01-01"), asset(in_use_since="2024-01-01")
    found = judge(wanted, commune([old, new, asset(), asset()]), now_s)
    assert found.value == 0.5
    assert found.gap == 1
    assert found.confidence == pytest.approx(0.7 * 0.5)
    assert judge(wanted, commune([asset()]), now_s).explanation == "no_dates"


def test_the_life_ends_after_seven_years_and_not_before(asset, commune, requirement, now_s):
    wanted = requirement(
        {"measure": "asset_share", "of": PCS, "older_than_years": 7}, at_most=0.0, unit="ratio"
    )
    for since, verdict in (("2019-11-27", Verdict.MET), ("2019-11-20", Verdict.UNMET)):
        assert judge(wanted, commune([asset(in_use_since=since)]), now_s).verdict is verdict


def test_a_feature_that_is_missing_is_counted_in_assets(asset, commune, requirement, now_s):
    wanted = requirement(
        {"measure": "asset_share", "of": PCS, "having": PCS | {"feature": "antivirus"}},
        at_least=1,
        partly=0.5,
        unit="ratio",
        remedy=REMEDY,
    )
    have = [asset(features=["antivirus"]) for _ in range(3)]
    found = judge(wanted, commune([*have, asset(), asset()]), now_s)
    assert (found.verdict, found.gap, found.cost_vnd) == (Verdict.PARTLY, 2, 2000)


def test_an_unknown_operating_system_is_unknown(asset, commune, requirement, now_s):
    wanted = requirement(
        {"measure": "asset_share", "of": PCS, "os_unsupported": True}, at_most=0, unit="ratio"
    )
    assert judge(wanted, commune([asset(os="BeOS")]), now_s).explanation == "no_os"
    found = judge(wanted, commune([asset(os="Windows 7 Pro"), asset(os="Debian 12")]), now_s)
    assert (found.value, found.verdict) == (0.5, Verdict.UNMET)


def test_availability_is_the_worst_and_its_confidence_the_coverage(
    asset, commune, requirement, now_s
):
    wanted = requirement(
        {"measure": "availability", "of": {"classes": ["switch"]}},
        at_least=0.98,
        partly=0.9,
        unit="ratio",
    )
    good = asset("switch", office=seen(up_h=100), last_answer_at_s=now_s)
    bad = asset("switch", office=seen(up_h=95, down_h=5, unknown_h=100), last_answer_at_s=now_s)
    found = judge(wanted, commune([good, bad]), now_s)
    assert found.value == pytest.approx(0.95)
    assert found.verdict is Verdict.PARTLY
    assert found.confidence == pytest.approx((1 + 0.5) / 2)
    dark = asset("switch", office=seen(unknown_h=100))
    assert judge(wanted, commune([dark]), now_s).explanation == "not_observed"


def test_the_longest_outage_is_in_hours(asset, commune, requirement, now_s):
    wanted = requirement(
        {"measure": "longest_outage", "of": {"edge": True}}, at_most=4, partly=8, unit="hours"
    )
    edge = asset("router", edge=True, office=seen(up_h=10, down_h=6), longest_outage_s=6 * 3600)
    found = judge(wanted, commune([edge]), now_s)
    assert (found.value, found.verdict, found.share) == (6, Verdict.PARTLY, 0.75)


def test_a_percentile_and_a_probe_come_from_hourly_figures(asset, commune, requirement, now_s):
    use = requirement(
        {"measure": "percentile", "figure": "uplink_utilisation_ratio", "of": {"edge": True}},
        at_most=0.8,
        unit="ratio",
    )
    edge = asset("router", edge=True, figures={"uplink_utilisation_ratio": figure(18)})
    assert judge(use, commune([edge]), now_s).value == pytest.approx(0.95)
    probe = requirement({"measure": "probe_success"}, at_least=0.99, partly=0.9, unit="ratio")
    portal = asset("other", figures={"probe_ok": figure(19, 20, 19.0)})
    assert judge(probe, commune([portal]), now_s).value == pytest.approx(0.95)
    assert judge(probe, commune([asset()]), now_s).explanation == "not_observed"


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ({}, "not_declared"),
        ({"x": {"value": 1, "as_of": "2027-01-01"}}, "not_yet"),
        ({"x": {"value": 1, "as_of": "2025-01-01", "expires": "2026-01-01"}}, "expired"),
    ],
)
def test_a_declared_figure_that_does_not_hold_is_unknown(
    commune, requirement, now_s, declared, reason
):
    wanted = requirement({"measure": "indicator", "indicator": "x"}, at_least=1, unit="yes")
    assert judge(wanted, commune(declared=declared), now_s).explanation == reason


def test_old_evidence_is_believed_less(commune, requirement, now_s):
    wanted = requirement(
        {"measure": "indicator", "indicator": "x"}, at_least=1, unit="yes", max_age="30d"
    )
    sure = [
        judge(wanted, commune(declared={"x": {"value": 1, "as_of": day}}), now_s).confidence
        for day in ("2026-11-20", "2026-09-01", "2020-01-01")
    ]
    assert sure[0] == pytest.approx(0.8)
    assert sure[0] > sure[1] > sure[2] == pytest.approx(0.8 * 0.2)


def test_unknown_lowers_the_confidence_and_never_the_score(asset, commune, requirement, now_s):
    met = judge(
        requirement({"measure": "asset_count", "of": PCS}, at_least=1), commune([asset()]), now_s
    )
    unknown = judge(
        requirement({"measure": "indicator", "indicator": "x"}, at_least=1), commune(), now_s
    )
    alone, both = score([met]), score([met, unknown])
    assert (alone.ratio, both.ratio) == (1, 1)
    assert both.confidence == pytest.approx(alone.confidence / 2)
    assert score([unknown]).ratio is None


THRESHOLDS = st.floats(0.01, 100)


@given(
    THRESHOLDS,
    st.floats(0, 0.99),
    st.lists(st.floats(0, 200), min_size=2, max_size=2),
    st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_more_is_never_worse_and_met_is_exactly_a_full_share(
    requirement, threshold, easier, values, upwards
):
    low, high = sorted(values)
    bounds = (
        {"at_least": threshold, "partly": threshold * easier}
        if upwards
        else {"at_most": threshold, "partly": threshold * (1.01 + easier)}
    )
    wanted = requirement({"measure": "line_bandwidth"}, **bounds)
    worse, better = (low, high) if upwards else (high, low)
    assert 0 <= share_of(wanted, worse) <= share_of(wanted, better) <= 1
    for value in values:
        assert (share_of(wanted, value) == 1) == (verdict_of(wanted, value) is Verdict.MET)


@pytest.mark.parametrize("posts", [None, 20])
@pytest.mark.parametrize("count", [0, 1, 30])
def test_the_shipped_profile_judges_any_commune_within_bounds(asset, commune, now_s, posts, count):
    profile = load_profile("commune-2026")
    assets = [
        asset(c, last_answer_at_s=now_s, office=seen(up_h=9, down_h=1))
        for c in ("desktop", "printer", "switch", "ups", "firewall")
        for _ in range(count)
    ]
    found = evaluate(profile, commune(assets, posts=posts, posts_group_8=posts), now_s)
    assert len(found.results) == len(profile.requirements) >= 12
    assert {r.explanation for r in found.results} <= set(TEXTS)
    for result in found.results:
        assert 0 <= result.confidence <= 1
        assert (result.verdict is Verdict.UNKNOWN) == (result.share is None)
        assert (result.gap > 0) == (result.verdict in (Verdict.PARTLY, Verdict.UNMET))
    assert found.total.ratio is None or 0 <= found.total.ratio <= 1
    if not assets:
        assert found.total.ratio is None
    assert evaluation_from_json(evaluation_to_json(found)) == found


def test_every_reason_has_both_languages():
    assert all(vi and en and vi != en for vi, en in TEXTS.values())
    assert reason_text("expired", "en") == TEXTS["expired"][1]
