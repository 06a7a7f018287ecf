"""What changed between two evaluations, and why."""

from dataclasses import replace

import pytest

from inventory.readiness.difference import CAUSES, differences
from inventory.readiness.result import Evaluation, Evidence, RequirementResult, Score, Verdict

PC = RequirementResult(
    "pc", "p", "mandatory", 1.0, Verdict.PARTLY, 0.9, 1.0, "ratio", 0.5, 0.7, 2.0, 30_000_000,
    (Evidence("registered", "desktop", None, "PC-1"),),
)  # fmt: skip
UPTIME = RequirementResult(
    "uptime", "p", "desirable", 1.0, Verdict.UNMET, 0.95, 0.99, "ratio", 0.4, 1.0,
    evidence=(Evidence("measured", "up 152 h, down 8 h, coverage 100%", 9.0, "RT-1"),),
)  # fmt: skip
LINE = RequirementResult("line", "p", "mandatory", 1.0, Verdict.UNKNOWN, None, 1.0, "yes", None, 0)


def evaluated(*results):
    return Evaluation("1", "p", "1", 0.0, Score(0.5, 0.5), {}, results)


def only(before, after):
    (change,) = differences(evaluated(before), evaluated(after))
    return change


def test_what_is_the_same_is_no_change_even_if_it_was_measured_again():
    again = replace(UPTIME, value=0.9500001, evidence=(Evidence("measured", "up 151 h", 99.0),))
    assert differences(evaluated(PC, UPTIME, LINE), evaluated(PC, again, LINE)) == ()


def test_a_bought_computer_is_told_with_its_tag_and_what_it_saves():
    more = (*PC.evidence, Evidence("registered", "desktop", None, "PC-2"))
    met = replace(PC, value=1.0, verdict=Verdict.MET, share=1.0, cost_vnd=0, evidence=more)
    change = only(PC, met)
    assert change.causes == ("assets_came",)
    assert (change.came, change.went) == (("PC-2",), ())
    assert (change.direction, change.cost_vnd) == (1, -30_000_000)


def test_the_same_device_that_does_worse_is_measured_anew():
    change = only(UPTIME, replace(UPTIME, value=0.90, share=0.2))
    assert (change.causes, change.direction) == (("measured_anew",), -1)


def test_data_that_comes_or_goes_is_neither_better_nor_worse():
    known = replace(
        LINE, verdict=Verdict.MET, value=1.0, share=1.0, evidence=(Evidence("declared", "1"),)
    )
    assert only(LINE, known).causes == ("known_now", "declared_anew")
    assert only(known, LINE).causes == ("known_no_more", "declared_anew")
    assert only(LINE, known).direction == only(known, LINE).direction == 0


def test_another_target_is_told_apart_from_another_value():
    assert only(PC, replace(PC, threshold=0.8, verdict=Verdict.MET, share=1.0)).causes == (
        "other_target",
    )


def test_what_one_profile_asks_and_the_other_does_not_stands_on_one_side():
    gone, came = differences(evaluated(PC), evaluated(LINE))[::-1]
    assert (came.before, came.after, came.causes) == (None, LINE, ("asked_now",))
    assert (gone.before, gone.after, gone.causes) == (PC, None, ("asked_no_more",))
    assert gone.cost_vnd == -30_000_000


@pytest.mark.parametrize("sides", [(None, None), (None, PC), (PC, None)])
def test_without_an_evaluation_of_one_day_nothing_is_a_change(sides):
    before, after = (evaluated(r) if r else None for r in sides)
    assert differences(before, after) == ()


def test_causes_are_stable_words():
    assert len(set(CAUSES)) == len(CAUSES)
    assert all(cause.replace("_", "").isalpha() for cause in CAUSES)
