"""The shipped profile: every requirement can be met, unmet and unknown, and none pretends."""

import datetime as dt
from dataclasses import replace

import pytest

from config.profile import load_profile
from inventory.readiness.evaluate import evaluate, verdict_of
from inventory.readiness.result import Verdict

PROFILE = load_profile("commune-2026")
POSTS = {"posts": 12, "posts_group_8": 9, "desks": 4}
DESK = {"room": "Bộ phận Một cửa"}


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
        "probe_latency_s": figure(1, hours=160),
        "probe_ok": figure(19, 100, 100.0, hours=160),
    }
    pc = {"os": "Windows 11 Pro 25H2", "features": ["antivirus"], **new}
    patched = {"custom": {"patched_on": "2026-11-20"}}
    assets = [
        asset("router", edge=True, figures=figures, **steady),
        asset("switch", custom={"lan_ports": "24"}, **steady),
        *(asset("access_point", **steady) for _ in range(2)),
        *(asset(**pc, **patched, **DESK) for _ in range(4)),
        *(asset(**pc, **patched, room="Kế toán") for _ in range(8)),
        *(asset("printer", features=["photocopy"], **DESK, **new) for _ in range(3)),
        *(asset("scanner", **DESK, **new) for _ in range(2)),
        *(asset(c, **new) for c in ("firewall", "video_conference")),
        asset("ups", custom={"runtime_minutes": "30"}, **new),
        asset("other", features=["queue-machine"]),
        asset("nas", features=["backup"], **steady),
    ]
    lines = {"internet_bps": 300_000_000, "tslcd_bps": 200_000_000}
    return commune(assets, **lines, declared=indicators(1), **POSTS)


@pytest.fixture
def poor(asset, seen, figure, commune):
    """A commune that has next to nothing, and of which that is known."""
    old = {"in_use_since": "2010-01-01"}
    office = {"office": seen(up_h=40, down_h=80, unknown_h=160), "longest_outage_s": 36000.0}
    shaky = {**office, "outages_s": (36000.0,) * 8, "watched": True} | old
    figures = {
        "uplink_utilisation_ratio": figure(19, hours=160),
        "probe_latency_s": figure(19, hours=160),
        "probe_ok": figure(0, 100, 10.0, hours=160),
    }
    assets = [
        asset("ont", edge=True, figures=figures, room="Phòng máy", **shaky),
        asset("server", room="Phòng máy", **shaky),
        asset(os="Windows XP", room="Kế toán", custom={"patched_on": "2014-04-01"}, **old),
    ]
    lines = {"internet_bps": 1_000_000, "tslcd_bps": 1_000_000}
    return commune(assets, **lines, declared=indicators(0), **POSTS)


def verdicts(facts, now_s):
    return {r.requirement: r.verdict for r in evaluate(PROFILE, facts, now_s).results}


def all_of(verdict):
    return {r.id: verdict for r in PROFILE.requirements}


def test_every_requirement_can_be_met(rich, now_s):
    assert verdicts(rich, now_s) == all_of(Verdict.MET)
    assert evaluate(PROFILE, rich, now_s).total.ratio == 1


OF_WHAT_IS_THERE = {"printer-past-life", "ups-runtime"}
"""Asks how old or strong something is: of whom has none of it, it is unknown."""


def test_every_requirement_can_be_unmet(poor, asset, now_s):
    assert verdicts(poor, now_s) == all_of(Verdict.UNMET) | dict.fromkeys(
        OF_WHAT_IS_THERE, Verdict.UNKNOWN
    )
    found = evaluate(PROFILE, poor, now_s)
    assert 0 <= found.total.ratio < 0.3
    assert all(r.gap > 0 for r in found.results if r.verdict is Verdict.UNMET)
    weak = asset("ups", custom={"runtime_minutes": "1"})
    more = (*poor.assets, asset("printer", in_use_since="2010-01-01"), weak)
    then = verdicts(replace(poor, assets=more), now_s)
    assert {then[id] for id in OF_WHAT_IS_THERE} == {Verdict.UNMET}


def test_every_requirement_can_be_unknown(commune, now_s):
    assert verdicts(commune(), now_s) == all_of(Verdict.UNKNOWN)
    assert evaluate(PROFILE, commune(), now_s).total.ratio is None


def test_every_gap_that_has_a_remedy_has_a_cost(poor, now_s):
    found = {r.requirement: r for r in evaluate(PROFILE, poor, now_s).results}
    for requirement in PROFILE.requirements:
        if requirement.id not in OF_WHAT_IS_THERE:
            assert (found[requirement.id].cost_vnd > 0) == (requirement.remedy is not None)


def test_every_step_between_is_partly_met():
    for requirement in PROFILE.requirements:
        if requirement.partly is not None:
            assert verdict_of(requirement, requirement.partly) is Verdict.PARTLY


def test_all_seven_pillars_have_requirements():
    assert len(PROFILE.requirements) == 45
    assert [p.id for p in PROFILE.pillars] == list(
        dict.fromkeys(r.pillar for r in PROFILE.requirements)
    )
    assert {r.pillar for r in PROFILE.requirements} == {
        "devices",
        "desk",
        "network",
        "uptime",
        "power",
        "security",
        "service",
    }


def test_only_what_the_law_asks_of_every_system_is_called_law():
    law = [r.id for r in PROFILE.requirements if r.basis.kind == "law"]
    assert law == ["security-regulation", "level-dossier"]


def test_a_number_that_no_law_names_is_a_default_or_ours():
    for requirement in PROFILE.requirements:
        basis = requirement.basis
        if basis.kind == "norm":
            assert basis.note.startswith("Default to be checked") or "CIS" in basis.document
        if basis.kind == "aim":
            assert basis.note
        if basis.kind == "ours":
            assert basis.document.startswith("Hatang")


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
            assert "list" in remedy.source.lower()


def test_titles_and_helps_are_in_each_language():
    for requirement in PROFILE.requirements:
        for text in filter(None, (requirement.title, requirement.help)):
            assert text.vi != text.en
            assert text.text("hi") == text.hi != text.en
            assert text.text("vi") == text.vi
