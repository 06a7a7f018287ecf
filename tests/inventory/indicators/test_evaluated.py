"""What is declared is what communes are held against: as it counts on the day, as it was known."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from config.profile import load_profile
from config.sections import Settings
from inventory.gather import Gathering
from inventory.indicators.checks import Entry
from inventory.readiness.evaluate import evaluate
from inventory.readiness.result import Verdict
from inventory.store.reader import Reader
from inventory.units import Unit

TRAINED = Entry("22849", "staff-trained", 1.0, dt.date(2026, 6, 1), dt.date(2027, 6, 1), "BC 7")


@pytest.fixture
def judged(desk, tmp_path):
    """judged(at_s) -> result of the requirement staff-trained, and the commune as it counted."""
    settings = Settings.model_validate({"communes": [{"code": "22849", "posts": 20}]})
    unit = Unit("22849", "Thuận Bắc", "commune", "56", dt.date(2025, 7, 1))
    profile = load_profile("commune-2026")

    def make(at_s):
        with Reader(Path(tmp_path / "hatang.db")) as reader:
            gathering = Gathering(settings, {"22849": unit})
            (facts,) = gathering.facts(reader, ["22849"], [profile], at_s)
        results = evaluate(profile, facts, at_s).results
        (found,) = (r for r in results if r.requirement == "staff-trained")
        return found, facts.declared

    return make


def test_a_declaration_is_evidence_with_its_paper_until_it_expires(
    judged, indicators, planner, clock
):
    assert judged(clock.at_s)[0].verdict is Verdict.UNKNOWN
    indicators.declare([TRAINED, Entry("22849", "posts", 45, dt.date(2026, 6, 1))], planner)
    found, declared = judged(clock.at_s)
    assert (found.verdict, declared.posts) == (Verdict.MET, 45)
    assert "BC 7" in found.evidence[0].text
    after = clock.at_s + 365 * 86400
    assert (judged(after)[0].verdict, judged(after)[0].explanation) == (Verdict.UNKNOWN, "expired")


def test_an_evaluation_of_a_past_moment_is_not_changed_by_what_is_entered_later(
    judged, indicators, planner, clock
):
    indicators.declare([TRAINED], planner)
    moment = clock.at_s
    before = judged(moment)
    clock.at_s += 5 * 86400
    indicators.declare([replace(TRAINED, value=0.1)], planner)
    indicators.undo(indicators.history("22849", "staff-trained")[1].batch, planner)
    assert judged(moment) == before
    assert judged(clock.at_s)[0].verdict is Verdict.UNMET
