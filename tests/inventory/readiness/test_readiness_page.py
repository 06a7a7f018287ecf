"""docs/readiness.md: its worked examples are what the code computes."""

import re
from pathlib import Path

import pytest

from inventory.readiness.evaluate import score
from inventory.readiness.result import Evaluation, RequirementResult, Score, Verdict
from inventory.readiness.rollup import roll_up

DOC = (Path(__file__).parents[3] / "docs" / "readiness.md").read_text(encoding="utf-8")


def table(head):
    """The rows of the table whose head begins so, without its two first lines."""
    rows = DOC[DOC.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def number(cell):
    return None if cell == "–" else float(cell)


def stated(words):
    """The bold figure after some words of the text."""
    return re.search(re.escape(words) + r"[^*]*\*\*([^*]+)\*\*", " ".join(DOC.split()))[1]


def result(weight, verdict, share, confidence):
    words = {"met": "met", "partly met": "partly", "not met": "unmet", "no data": "unknown"}
    return RequirementResult(
        "r", "p", "mandatory", float(weight), Verdict(words[verdict]), share, 1.0, "count", share,
        float(confidence),
    )  # fmt: skip


def test_the_example_of_one_commune():
    rows = [(w, v, number(s), c) for _, w, v, s, c in table("requirement")]
    found = score([result(*row) for row in rows])
    assert found.ratio == pytest.approx(float(stated("Readiness =")))
    assert found.confidence == pytest.approx(float(stated("Confidence =")), abs=5e-5)
    declared = [(w, "not met", 0.0, 0.8) if v == "no data" else (w, v, s, c) for w, v, s, c in rows]
    then = score([result(*row) for row in declared])
    assert then.ratio == pytest.approx(float(stated("readiness falls to")), abs=5e-5)
    assert then.confidence > found.confidence


def test_the_example_of_three_communes():
    members = []
    for _, weight, ratio, confidence, musts in table("commune"):
        verdict = {"yes": "met", "no": "not met", "–": "no data"}[musts]
        total = Score(number(ratio), float(confidence))
        results = (result("1", verdict, None, confidence),)
        members.append((Evaluation("1", "p", "1", 0.0, total, {}, results), float(weight)))
    assert roll_up(members, "weighted").value == pytest.approx(float(stated("Weighted mean =")))
    assert roll_up(members, "worst").value == float(stated("lowest ="))
    share = roll_up(members, "ready_share")
    assert f"{share.value * share.known:.0f} of {share.known}" == stated("meet every must-have =")
    confidence = float(stated("must-have = **1 of 2**; confidence ="))
    assert roll_up(members, "weighted").confidence == pytest.approx(confidence)
