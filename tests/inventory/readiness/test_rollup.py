"""Communes rolled up: between the communes, never counting one without data as 0 %."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.readiness.result import Evaluation, RequirementResult, Score, Verdict
from inventory.readiness.rollup import METHODS, ready, roll_up, roll_up_scores

V = Verdict


def evaluation(ratio, confidence=0.5, verdicts=(V.MET,), level="mandatory"):
    results = tuple(
        RequirementResult(f"r{n}", "p", level, 1.0, v, 1.0, 1.0, "count", None, 1.0)
        for n, v in enumerate(verdicts)
    )
    return Evaluation("1", "p", "1", 0.0, Score(ratio, confidence), {}, results)


READY, NOT_READY = evaluation(1.0), evaluation(0.4, verdicts=(V.MET, V.PARTLY))
NO_DATA = evaluation(None, 0.0, (V.UNKNOWN,))


def test_each_method_says_what_it_is_named():
    members = [
        (evaluation(0.80, 0.9, (V.MET,)), 40.0),
        (evaluation(0.50, 0.6, (V.UNMET,)), 20.0),
        (NO_DATA, 40.0),
    ]
    weighted = roll_up(members, "weighted")
    assert weighted.value == pytest.approx((40 * 0.80 + 20 * 0.50) / 60)
    assert weighted.confidence == pytest.approx((40 * 0.9 + 20 * 0.6 + 40 * 0) / 100)
    assert (weighted.communes, weighted.known) == (3, 2)
    assert roll_up(members, "worst").value == 0.50
    share = roll_up(members, "ready_share")
    assert (share.value, share.known) == (0.5, 2)


def test_a_commune_without_data_lowers_the_confidence_and_no_value():
    for nothing in (NO_DATA, None):
        for method in METHODS:
            alone = roll_up([(READY, 1.0)], method)
            both = roll_up([(READY, 1.0), (nothing, 1.0)], method)
            assert both.value == alone.value == 1.0
            assert both.confidence == pytest.approx(alone.confidence / 2)
            assert (both.communes, both.known) == (2, 1)


@pytest.mark.parametrize("method", METHODS)
def test_where_nothing_is_known_there_is_no_value(method):
    for members in ([], [(None, 1.0)], [(NO_DATA, 1.0)]):
        found = roll_up(members, method)
        assert (found.value, found.confidence, found.known) == (None, 0.0, 0)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ((V.MET, V.MET), True),
        ((), True),
        ((V.MET, V.UNKNOWN), None),
        ((V.UNMET, V.UNKNOWN), False),
        ((V.PARTLY,), False),
    ],
)
def test_ready_is_who_meets_every_must_have_and_unknown_is_neither(verdicts, expected):
    assert ready(evaluation(0.9, verdicts=verdicts)) is expected


def test_what_is_only_desirable_keeps_nobody_from_being_ready():
    assert ready(evaluation(0.1, verdicts=(V.UNMET, V.UNKNOWN), level="desirable")) is True


@pytest.mark.parametrize("weight", [-1.0, math.inf, math.nan])
@pytest.mark.parametrize("method", METHODS)
def test_a_weight_that_is_none_is_refused(weight, method):
    with pytest.raises(ValueError, match="weight"):
        roll_up([(READY, weight)], method)


ratios = st.one_of(st.none(), st.floats(0, 1))
scores = st.builds(lambda r, c: Score(r, 0.0 if r is None else c), ratios, st.floats(0, 1))
evaluations = st.builds(
    lambda s, vs: evaluation(s.ratio, s.confidence, tuple(vs)),
    scores,
    st.lists(st.sampled_from([V.MET, V.PARTLY, V.UNMET, V.UNKNOWN]), max_size=3),
)
members = st.lists(
    st.tuples(st.one_of(st.none(), evaluations), st.floats(0, 1e12)), min_size=1, max_size=8
)


@given(members, st.sampled_from(METHODS))
@settings(max_examples=150, deadline=None)
def test_roll_ups_lie_between_the_children(those, method):
    found = roll_up(those, method)
    if method == "ready_share":
        children = [float(r) for e, _ in those if (r := ready(e)) is not None]
    else:
        children = [e.total.ratio for e, _ in those if e and e.total.ratio is not None]
    sure = [e.total.confidence if e else 0.0 for e, _ in those]
    if found.value is not None:
        assert min(children) <= found.value <= max(children)
    else:
        assert not children or all(w == 0 for e, w in those if e and e.total.ratio is not None)
    assert min([*sure, 0.0]) <= found.confidence <= max(sure)
    assert found.known == len(children) <= found.communes == len(those)


@given(st.lists(st.tuples(scores, st.floats(0.001, 1e6)), min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_rolling_up_in_two_steps_stays_between_the_children(those):
    half = len(those) // 2
    parts = []
    for part in (those[:half], those[half:]):
        found = roll_up_scores(part, "weighted")
        parts.append((Score(found.value, found.confidence), sum(w for _, w in part)))
    whole = roll_up_scores(parts, "weighted")
    known = [s.ratio for s, _ in those if s.ratio is not None]
    assert (whole.value is None) == (not known)
    if known:
        assert min(known) <= whole.value <= max(known)
