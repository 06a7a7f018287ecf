"""The shipped profile: every requirement can be met, unmet and unknown, and none pretends."""

import datetime as dt

import pytest

from config.profile import load_profile
from inventory.readiness.evaluate import evaluate, verdict_of
from inventory.readiness.result import Verdict

PROFILE = load_profile("commune-2026")
POSTS = {"posts": 12, "posts_group_8": 9}


def indicators(value):
    names = [r.measure.indicator for r in PROFILE.requirements if r.measure.measure == "indicator"]
    return {name: {"value": value, "as_of": "2026-11-20"} for name in names}


@pytest.fixture
def rich(asset, seen, figure, commune):
    """A commune that has all that is asked."""
    new = {"in_use_since": "2025-01-01"}
    steady = {"office": seen(up_h=160), "longest_outage_s": 0.0, "watched": True} | new
    figures = {
        "uplink_utilisation_ratio": figure(6, hours=160),
        "probe_ok": figure(19, 100, 100.0, hours=160),
    }
    assets = [
        asset("router", edge=True, figures=figures, **steady),
        *(asset(c, **steady) for c in ("switch", "access_point", "access_point")),
        *(asset(os="Windows 11 Pro 25H2", features=["antivirus"], **new) for _ in range(12)),
        *(asset("printer", **new) for _ in range(3)),
        *(asset(c, **new) for c in ("scanner", "ups", "firewall")),
        asset("nas", features=["backup"], **steady),
    ]
    return commune(assets, internet_bps=300_000_000, declared=indicators(1), **POSTS)


@pytest.fixture
def poor(asset, seen, figure, commune):
    """A commune that has next to nothing, and of which that is known."""
    old = {"in_use_since": "2010-01-01"}
    shaky = {"office": seen(up_h=80, down_h=80), "longest_outage_s": 36000.0, "watched": True} | old
    figures = {
        "uplink_utilisation_ratio": figure(19, hours=160),
        "probe_ok": figure(0, 100, 10.0, hours=160),
    }
    assets = [
        asset("router", edge=True, figures=figures, **shaky),
        asset("server", **shaky),
        asset(os="Windows XP", **old),
    ]
    return commune(assets, internet_bps=1_000_000, declared=indicators(0), **POSTS)


def verdicts(facts, now_s):
    return {r.requirement: r.verdict for r in evaluate(PROFILE, facts, now_s).results}


def all_of(verdict):
    return {r.id: verdict for r in PROFILE.requirements}


def test_every_requirement_can_be_met(rich, now_s):
    assert verdicts(rich, now_s) == all_of(Verdict.MET)
    assert evaluate(PROFILE, rich, now_s).total.ratio == 1


def test_every_requirement_can_be_unmet(poor, now_s):
    assert verdicts(poor, now_s) == all_of(Verdict.UNMET)
    found = evaluate(PROFILE, poor, now_s)
    assert 0 <= found.total.ratio < 0.3
    assert all(r.gap > 0 for r in found.results)


def test_every_requirement_can_be_unknown(commune, now_s):
    assert verdicts(commune(), now_s) == all_of(Verdict.UNKNOWN)
    assert evaluate(PROFILE, commune(), now_s).total.ratio is None


def test_every_gap_that_has_a_remedy_has_a_cost(poor, now_s):
    found = {r.requirement: r for r in evaluate(PROFILE, poor, now_s).results}
    for requirement in PROFILE.requirements:
        assert (found[requirement.id].cost_vnd > 0) == (requirement.remedy is not None)


def test_every_step_between_is_partly_met():
    for requirement in PROFILE.requirements:
        if requirement.partly is not None:
            assert verdict_of(requirement, requirement.partly) is Verdict.PARTLY


def test_all_five_pillars_have_requirements():
    assert len(PROFILE.requirements) >= 16
    assert {r.pillar for r in PROFILE.requirements} == {
        "devices",
        "network",
        "uptime",
        "security",
        "service",
    }


def test_only_the_level_dossier_is_called_law():
    # DOMAIN names a binding rule for nothing else that is asked here.
    assert [r.id for r in PROFILE.requirements if r.basis.kind == "law"] == ["level-dossier"]


def test_maxima_of_a_norm_are_ceilings_and_the_targets_made_of_them_are_ours():
    limited = [r for r in PROFILE.requirements if r.ceiling is not None]
    assert {r.id for r in limited} >= {"pc-per-post", "printer-per-3-posts", "scanner-per-15-posts"}
    for requirement in limited:
        assert requirement.ceiling.basis.kind == "norm"
        assert requirement.basis.kind == "ours"
        assert requirement.basis.note


def test_the_worked_example_of_the_decision_is_not_above_the_norm(asset, commune, now_s):
    # 40 posts, 33 of group VIII: 41 computers, 11 shared and 7 personal printers, 3 scanners.
    for extra, above in (
        (0, set()),
        (1, {"pc-per-post", "printer-per-3-posts", "scanner-per-15-posts"}),
    ):
        owned = [
            *(asset() for _ in range(41 + extra)),
            *(asset("printer") for _ in range(18 + extra)),
            *(asset("scanner") for _ in range(3 + extra)),
        ]
        facts = commune(owned, posts=40, posts_group_8=33)
        found = evaluate(PROFILE, facts, now_s).results
        assert {r.requirement for r in found if r.above_norm} == above


def test_every_price_has_a_day_in_the_past_and_a_source():
    for requirement in PROFILE.requirements:
        if remedy := requirement.remedy:
            assert dt.date(2025, 1, 1) <= remedy.price_date <= dt.date(2026, 11, 25)
            assert remedy.price_vnd > 0
            assert "list" in remedy.source


def test_titles_and_helps_are_in_both_languages():
    for requirement in PROFILE.requirements:
        for text in filter(None, (requirement.title, requirement.help)):
            assert text.vi != text.en
            assert text.text("hi") == text.en
            assert text.text("vi") == text.vi
