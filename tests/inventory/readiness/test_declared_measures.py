"""What rests on somebody's word: it holds from its day until it expires, where the commune is."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from inventory.readiness.evaluate import judge
from inventory.readiness.result import Verdict

INDICATOR = {"measure": "indicator", "indicator": "x"}


def test_the_contracted_line_is_met_partly_or_unmet(asked):
    def line(bps):
        return asked(
            {"measure": "line_bandwidth"},
            declared={"internet_bps": bps},
            at_least=200_000_000,
            partly=20_000_000,
            unit="bps",
        )

    found = [line(bps) for bps in (300_000_000, 100_000_000, 10_000_000, 0, None)]
    assert [r.verdict for r in found] == [
        Verdict.MET,
        Verdict.PARTLY,
        Verdict.UNMET,
        Verdict.UNMET,
        Verdict.UNKNOWN,
    ]
    assert [r.gap for r in found] == [0, 100_000_000, 190_000_000, 200_000_000, 0]
    assert (found[0].confidence, found[0].evidence[0].text) == (0.8, "300 Mbit/s")
    assert found[4].explanation == "not_declared"


def test_a_faster_line_is_bought_in_pieces(asked):
    remedy = {
        "name": {"vi": "v", "en": "e"},
        "price_vnd": 1000,
        "price_date": "2026-01-01",
        "source": "test",
        "per": 100_000_000,
    }
    costs = [
        asked(
            {"measure": "line_bandwidth"},
            declared={"internet_bps": bps},
            at_least=200_000_000,
            unit="bps",
            remedy=remedy,
        ).cost_vnd
        for bps in (200_000_000, 199_999_999, 100_000_000, 99_000_000, 0)
    ]
    assert costs == [0, 1000, 1000, 2000, 2000]


def test_a_declared_figure_is_judged_and_says_who_answers_for_it(asked):
    declared = {"x": {"value": 0.7, "as_of": "2026-11-01", "document": "BC 12", "by": "An"}}
    found = asked(INDICATOR, declared={"declared": declared}, at_least=1, unit="ratio", partly=0.6)
    assert (found.value, found.verdict, found.confidence) == (0.7, Verdict.PARTLY, 0.8)
    assert found.evidence[0].text == "0.7, BC 12, An"
    assert found.evidence[0].source == "declared"


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ({}, "not_declared"),
        ({"y": {"value": 1, "as_of": "2026-01-01"}}, "not_declared"),
        ({"x": {"value": 1, "as_of": "2026-11-26"}}, "not_yet"),
        ({"x": {"value": 1, "as_of": "2025-01-01", "expires": "2026-11-25"}}, "expired"),
    ],
)
def test_a_declared_figure_that_does_not_hold_is_unknown(asked, declared, reason):
    found = asked(INDICATOR, declared={"declared": declared}, at_least=1, unit="yes")
    assert (found.verdict, found.explanation) == (Verdict.UNKNOWN, reason)


def test_a_figure_holds_on_its_own_day_and_until_the_day_before_it_expires(asked):
    for days in (
        {"as_of": "2026-11-25"},
        {"as_of": "2025-01-01", "expires": "2026-11-26"},
    ):
        declared = {"x": {"value": 1} | days}
        found = asked(INDICATOR, declared={"declared": declared}, at_least=1, unit="yes")
        assert found.verdict is Verdict.MET


def test_the_day_is_that_of_the_commune(commune, requirement):
    early = dt.datetime(2026, 11, 25, 6, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).timestamp()
    wanted = requirement(INDICATOR, at_least=1, unit="yes")
    declared = {"declared": {"x": {"value": 1, "as_of": "2026-11-25"}}}
    there = commune(zone=ZoneInfo("Asia/Ho_Chi_Minh"), **declared)
    assert judge(wanted, there, early).verdict is Verdict.MET
    assert judge(wanted, commune(**declared), early).explanation == "not_yet"


def test_old_evidence_is_believed_less_and_never_nothing(asked):
    sure = [
        asked(
            INDICATOR,
            declared={"declared": {"x": {"value": 1, "as_of": day}}},
            at_least=1,
            unit="yes",
            max_age="30d",
        ).confidence
        for day in ("2026-11-25", "2026-11-20", "2026-09-01", "1999-01-01")
    ]
    assert sure[:2] == [pytest.approx(0.8)] * 2
    assert sure[1] > sure[2] > sure[3] == pytest.approx(0.8 * 0.2)
