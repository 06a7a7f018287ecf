"""Verdicts, shares, ceilings, scores, and an evaluation as JSON and back."""

import datetime as dt
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.profile import ProfileException, load_profile
from inventory.readiness.codec import evaluation_from_json, evaluation_to_json
from inventory.readiness.evaluate import evaluate, score, share_of, verdict_of
from inventory.readiness.reasons import TEXTS, reason_text
from inventory.readiness.result import Exemption, Verdict

PCS = {"classes": ["desktop"]}
COUNT = {"measure": "asset_count", "of": PCS}
CEILING = {"basis": {"kind": "norm", "document": "test"}}
ORDER = [Verdict.UNMET, Verdict.PARTLY, Verdict.MET]


@pytest.mark.parametrize(
    ("bounds", "points"),
    [
        (
            {"at_least": 10},
            {0: (0, "unmet"), 5: (0.5, "unmet"), 10: (1, "met"), 11: (1, "met")},
        ),
        (
            {"at_least": 10, "partly": 8},
            {0: (0, "unmet"), 4: (0.25, "unmet"), 8: (0.5, "partly"), 9: (0.75, "partly")},
        ),
        ({"at_least": 10, "partly": 0}, {0: (0.5, "partly"), 5: (0.75, "partly")}),
        ({"at_most": 4}, {0: (1, "met"), 4: (1, "met"), 8: (0.5, "unmet"), 40: (0.1, "unmet")}),
        (
            {"at_most": 4, "partly": 8},
            {6: (0.75, "partly"), 8: (0.5, "partly"), 16: (0.25, "unmet")},
        ),
        (
            {"at_least": 10, "steps": [{"at": 4, "share": 0.3}, {"at": 8, "share": 0.6}]},
            {3: (0, "unmet"), 4: (0.3, "partly"), 7: (0.3, "partly"), 9: (0.6, "partly")},
        ),
        (
            {"at_most": 4, "steps": [{"at": 8, "share": 0.3}, {"at": 6, "share": 0.6}]},
            {9: (0, "unmet"), 8: (0.3, "partly"), 5: (0.6, "partly"), 4: (1, "met")},
        ),
        ({"at_most": 0}, {0: (1, "met"), 3: (0, "unmet")}),
    ],
)
def test_a_share_is_linear_up_to_the_threshold_half_at_partly_and_that_of_its_step(
    requirement, bounds, points
):
    wanted = requirement({"measure": "line_bandwidth"}, unit="bps", **bounds)
    for value, (share, verdict) in points.items():
        assert share_of(wanted, value) == pytest.approx(share)
        assert verdict_of(wanted, value) == verdict


@given(
    st.floats(0.01, 100),
    st.floats(0, 0.99),
    st.tuples(st.floats(0, 200), st.floats(0, 200)),
    st.booleans(),
    st.booleans(),
)
def test_more_is_never_worse_and_met_is_exactly_a_full_share(
    requirement, threshold, easier, values, upwards, two_steps
):
    low, high = sorted(values)
    bounds = {"at_least": threshold} if upwards else {"at_most": threshold}
    if two_steps:
        bounds["partly"] = threshold * (easier if upwards else 1.01 + easier)
    wanted = requirement({"measure": "line_bandwidth"}, unit="bps", **bounds)
    worse, better = (low, high) if upwards else (high, low)
    assert 0 <= share_of(wanted, worse) <= share_of(wanted, better) <= 1
    order = [ORDER.index(verdict_of(wanted, value)) for value in (worse, better)]
    assert order == sorted(order)
    for value in values:
        assert (share_of(wanted, value) == 1) == (verdict_of(wanted, value) is Verdict.MET)


def test_a_value_next_to_the_threshold_is_not_met(requirement):
    wanted = requirement({"measure": "line_bandwidth"}, unit="bps", at_least=1, partly=0)
    assert share_of(wanted, math.nextafter(1.0, 0.0)) < 1


def test_a_gap_says_which_way_it_lies(asset, asked):
    assert asked(COUNT, [asset()], at_least=2).explanation == "below"
    assert asked(COUNT, [asset(), asset()], at_most=1).explanation == "above"
    assert asked(COUNT, [asset()], at_least=1).explanation == "met"


def test_a_gap_without_a_price_costs_nothing_and_is_still_a_gap(asset, asked):
    found = asked(COUNT, [asset()], at_least=2)
    assert (found.gap, found.cost_vnd) == (1, 0)


@pytest.mark.parametrize(
    ("allow", "declared", "most"),
    [
        ({"plus": 1, "allow": [{"posts": "posts"}]}, {"posts": 40}, 41),
        ({"allow": [{"posts": "posts", "per": 15}]}, {"posts": 31}, 3),
        ({"allow": [{"posts": "posts", "per": 15}]}, {"posts": 30}, 2),
        (
            {"allow": [{"posts": "posts_group_8", "per": 3}, {"posts": "posts_above_group_8"}]},
            {"posts": 40, "posts_group_8": 33},
            18,
        ),
        ({"plus": 2}, {"posts": 5}, 2),
    ],
)
def test_more_than_a_norm_allows_is_a_finding_and_no_gap(asset, asked, allow, declared, most):
    for count in (most, most + 1):
        found = asked(
            COUNT,
            [asset() for _ in range(count)],
            declared=declared,
            at_least=1,
            ceiling=CEILING | allow,
        )
        assert (found.verdict, found.gap, found.cost_vnd) == (Verdict.MET, 0, 0)
        assert found.above_norm == (count > most)
    assert (found.evidence[0].source, found.evidence[0].text) == (
        "declared",
        f"{most + 1} > {most}",
    )


@pytest.mark.parametrize("declared", [{}, {"posts": 1}, {"posts_group_8": 1}])
def test_nobody_is_above_a_norm_whose_posts_are_not_declared(asset, asked, declared):
    allow = {"allow": [{"posts": "posts_above_group_8"}]}
    found = asked(
        COUNT,
        [asset() for _ in range(50)],
        declared=declared,
        at_least=1,
        ceiling=CEILING | allow,
    )
    assert not found.above_norm


def test_unknown_lowers_the_confidence_and_never_the_score(asset, asked):
    met = asked(COUNT, [asset()], at_least=1)
    unknown = asked({"measure": "indicator", "indicator": "x"}, at_least=1, unit="yes")
    alone, both = score([met]), score([met, unknown])
    assert (alone.ratio, both.ratio) == (1, 1)
    assert both.confidence == pytest.approx(alone.confidence / 2)
    assert score([unknown]).ratio is None
    assert score([unknown]).confidence == 0
    assert score([]).ratio is None


def test_a_score_weighs_requirements(asset, asked):
    met = asked(COUNT, [asset()], at_least=1, weight=3)
    unmet = asked(COUNT, [asset("ups")], at_least=1, weight=1)
    assert score([met, unmet]).ratio == pytest.approx(0.75)
    assert score([met, unmet]).confidence == pytest.approx((3 * 0.7 + 0.5) / 4)


def test_an_evaluation_survives_json(asset, seen, figure, commune, now_s):
    assets = [
        asset("router", edge=True, watched=True, office=seen(up_h=9, down_h=1)),
        asset(vendor="HP", in_use_since="2015-01-01", os="Windows 7", last_answer_at_s=now_s),
        asset("other", watched=True, figures={"probe_ok": figure(19, 3, 2.0)}),
    ]
    facts = commune(assets, posts=1, declared={"tslcd-line": {"value": 1, "as_of": "2026-11-01"}})
    found = evaluate(load_profile("commune-2026"), facts, now_s)
    assert {r.verdict for r in found.results} >= {Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN}
    text = evaluation_to_json(found)
    assert evaluation_from_json(text) == found
    assert json.loads(text)["results"][0]["evidence"][0]["text"] == "HP"


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"commune": 3}'])
def test_what_is_no_evaluation_is_refused(text):
    with pytest.raises(ValueError, match="Evaluation"):
        evaluation_from_json(text)


def test_every_reason_has_all_languages():
    assert all(vi and en and vi != en for vi, en, _ in TEXTS.values())
    assert reason_text("expired", "en") == TEXTS["expired"][1]
    assert reason_text("expired", "vi") == TEXTS["expired"][0]
    assert reason_text("expired", "hi") == TEXTS["expired"][2]
    assert all("\u0900" <= hi[0] <= "\u097f" for _, _, hi in TEXTS.values())
    assert reason_text("of a later version", "vi") == "of a later version"


def exempting(until, code="22849"):
    """The shipped profile in which one commune needs no firewall until a day."""
    return load_profile("commune-2026").model_copy(
        update={
            "exceptions": (
                ProfileException(
                    requirement="firewall",
                    commune=code,
                    reason="Dùng chung với tỉnh",
                    document="12/QĐ-UBND",
                    until=until,
                ),
            )
        }
    )


def test_an_exception_exempts_until_its_last_day_and_then_no_longer(asset, commune, now_s):
    facts = commune([asset("ups")])
    verdicts = []
    for until in (dt.date(2026, 11, 24), dt.date(2026, 11, 25)):
        found = evaluate(exempting(until), facts, now_s)
        (result,) = (r for r in found.results if r.requirement == "firewall")
        verdicts.append((result.verdict, result.cost_vnd, result.gap, result.share, result.value))
    assert verdicts == [("unmet", 58_000_000, 1, 0, 0), ("exempt", 0, 0, None, 0)]
    assert result.exemption == Exemption("Dùng chung với tỉnh", "12/QĐ-UBND", dt.date(2026, 11, 25))
    assert reason_text(result.explanation, "en").startswith("The commune need not")
    assert evaluation_from_json(evaluation_to_json(found)) == found


def test_what_is_exempt_counts_neither_in_the_score_nor_in_its_confidence(asset, commune, now_s):
    facts = commune([asset("ups")])
    plain = evaluate(load_profile("commune-2026"), facts, now_s)
    found = evaluate(exempting(dt.date(2027, 1, 1)), facts, now_s)
    rest = [r for r in plain.results if r.requirement != "firewall"]
    assert found.total == score(rest)
    assert found.total.ratio > plain.total.ratio
    assert found.cost_vnd == plain.cost_vnd - 58_000_000
    assert evaluate(exempting(dt.date(2027, 1, 1), "22840"), facts, now_s).total == plain.total
    exempt = [r for r in found.results if r.requirement == "firewall"]
    assert (score(exempt).ratio, score(exempt).confidence) == (None, 0.0)


def test_an_evaluation_says_which_content_it_was_held_against(commune, now_s):
    profile = load_profile("commune-2026")
    assert evaluate(profile, commune(), now_s).profile_digest == profile.digest


def test_an_evaluation_of_before_exceptions_and_digests_is_still_read(asset, commune, now_s):
    found = evaluate(load_profile("commune-2026"), commune([asset("ups")]), now_s)
    stored = json.loads(evaluation_to_json(found))
    del stored["profile_digest"]
    for result in stored["results"]:
        del result["exemption"]
    read = evaluation_from_json(json.dumps(stored))
    assert read.profile_digest == ""
    assert read.results == found.results
