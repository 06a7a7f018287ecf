"""What was observed in office hours: availability, outages, figures by the hour, probes."""

import pytest

from inventory.readiness.result import Verdict

DAY = 86400.0
SWITCHES = {"classes": ["switch"]}
AVAILABILITY = {"measure": "availability", "of": SWITCHES}
BOUNDS = {"at_least": 0.98, "partly": 0.9, "unit": "ratio"}
EDGE = {"edge": True}


@pytest.fixture
def two(asset, seen, now_s):
    """A switch that was always up, and one of which half the time is unknown."""
    good = asset("switch", office=seen(up_h=200), observed_at_s=now_s)
    bad = asset("switch", office=seen(up_h=95, down_h=5, unknown_h=100), observed_at_s=now_s - 9)
    return [good, bad]


def test_availability_is_the_lowest_and_its_confidence_the_coverage(two, asked, now_s):
    found = asked(AVAILABILITY, two, **BOUNDS)
    assert (found.value, found.verdict) == (pytest.approx(0.95), Verdict.PARTLY)
    assert (found.explanation, found.gap) == ("below", 1)
    assert found.confidence == pytest.approx((1 + 0.5) / 2)
    assert [(e.asset, e.at_s) for e in found.evidence] == [("T2", now_s - 9), ("T1", now_s)]
    assert found.evidence[0].text == "up 95.0 h, down 5.0 h, coverage 50%"


def test_availability_may_be_the_mean(two, asked):
    found = asked(AVAILABILITY | {"take": "mean"}, two, **BOUNDS)
    assert found.value == pytest.approx(0.975)


def test_an_asset_that_was_hardly_observed_says_nothing(two, asked):
    found = asked(AVAILABILITY | {"min_coverage": 0.6}, two, **BOUNDS)
    assert (found.value, found.verdict) == (1.0, Verdict.MET)
    assert found.confidence == pytest.approx(1 / 2)
    nothing = asked(AVAILABILITY | {"min_coverage": 0.6}, two[1:], **BOUNDS)
    assert (nothing.verdict, nothing.explanation) == (Verdict.UNKNOWN, "too_little_observed")


def test_an_asset_that_nobody_looks_at_lowers_the_confidence(two, asset, asked):
    found = asked(AVAILABILITY, [two[0], asset("switch")], **BOUNDS)
    assert (found.value, found.confidence) == (1.0, 0.5)


@pytest.mark.parametrize(
    "measure",
    [
        (AVAILABILITY, BOUNDS),
        ({"measure": "longest_outage", "of": SWITCHES}, {"at_most": 4, "unit": "hours"}),
        (
            {"measure": "percentile", "figure": "cpu_ratio", "of": SWITCHES},
            {"at_most": 0.8, "unit": "ratio"},
        ),
        ({"measure": "probe_success", "of": SWITCHES}, {"at_least": 0.9, "unit": "ratio"}),
    ],
    ids=lambda pair: pair[0]["measure"],
)
def test_no_evidence_is_unknown_neither_all_nor_nothing(asset, seen, asked, measure):
    kind, bounds = measure
    dark = asset("switch", watched=True, office=seen(unknown_h=100), longest_outage_s=0.0)
    found = asked(kind, [dark], **bounds)
    assert (found.verdict, found.explanation) == (Verdict.UNKNOWN, "not_observed")
    assert asked(kind, [asset("ups")], **bounds).explanation == "none_of_these"
    assert asked(kind, [], **bounds).explanation == "nothing_registered"


def test_the_longest_outage_is_in_hours(asset, seen, asked):
    edge = asset(
        "router", edge=True, office=seen(up_h=9, down_h=6, unknown_h=5), longest_outage_s=6 * 3600
    )
    found = asked(
        {"measure": "longest_outage", "of": EDGE}, [edge], at_most=4, partly=8, unit="hours"
    )
    assert (found.value, found.verdict, found.share) == (6, Verdict.PARTLY, 0.75)
    assert (found.evidence[0].text, found.confidence) == ("6.00 h", 0.75)


def test_a_percentile_comes_from_hourly_figures_and_the_worst_asset_counts(
    asset, seen, figure, asked, now_s
):
    def switch(step, hours):
        figures = {"cpu_ratio": figure(step, hours=hours, of_hours=8)}
        return asset("switch", watched=True, office=seen(up_h=8), figures=figures)

    found = asked(
        {"measure": "percentile", "figure": "cpu_ratio", "of": SWITCHES},
        [switch(3, 8), switch(18, 4)],
        at_most=0.8,
        unit="ratio",
    )
    assert (found.value, found.verdict) == (pytest.approx(0.95), Verdict.UNMET)
    assert found.confidence == pytest.approx((1 + 0.5) / 2)
    assert [e.text for e in found.evidence] == ["p95 0.2 (10)", "p95 0.95 (10)"]


def test_a_latency_is_counted_in_seconds(asset, figure, asked):
    edge = asset("router", edge=True, watched=True, figures={"latency_s": figure(4)})
    found = asked(
        {"measure": "percentile", "figure": "latency_s", "percentile": 50, "of": EDGE},
        [edge],
        at_most=0.2,
        partly=1,
        unit="seconds",
    )
    assert (found.value, found.verdict) == (pytest.approx(0.5), Verdict.PARTLY)


def test_figures_that_ended_long_ago_are_believed_less(asset, figure, asked, now_s):
    old = {"cpu_ratio": figure(3, last_at_s=now_s - 200 * DAY)}
    edge = asset("router", edge=True, watched=True, figures=old)
    found = asked(
        {"measure": "percentile", "figure": "cpu_ratio", "of": EDGE},
        [edge],
        at_most=0.8,
        unit="ratio",
        max_age="100d",
    )
    assert found.confidence == pytest.approx(0.5, abs=0.01)


def test_probes_of_all_assets_count_together(asset, figure, asked):
    portal = asset("other", watched=True, figures={"probe_ok": figure(19, 20, 19.0)})
    mail = asset("other", watched=True, figures={"probe_ok": figure(19, 60, 60.0)})
    silent = asset("other", watched=True)
    found = asked(
        {"measure": "probe_success"},
        [portal, mail, silent, asset()],
        at_least=0.99,
        partly=0.9,
        unit="ratio",
    )
    assert (found.value, found.verdict) == (pytest.approx(79 / 80), Verdict.PARTLY)
    assert found.confidence == pytest.approx(2 / 3)
    assert [e.text for e in found.evidence] == ["19 / 20", "60 / 60"]
