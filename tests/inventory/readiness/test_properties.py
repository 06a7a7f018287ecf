"""What holds whatever a commune has, and whatever of it is known."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.profile import load_profile
from config.sections import Asset, Commune
from inventory.readiness.codec import evaluation_from_json, evaluation_to_json
from inventory.readiness.evaluate import evaluate, score
from inventory.readiness.facts import AssetFacts, CommuneFacts, Figure
from inventory.readiness.reasons import TEXTS
from inventory.readiness.result import Verdict
from inventory.rollups import STEPS
from inventory.units import Unit
from inventory.uptime import Availability, State

PROFILE = load_profile("commune-2026")
"""The shipped profile; every kind of measure is asked in test_evidence_properties.py."""

NOW = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
NOW_S = NOW.timestamp()
DAY = 86400.0
UNIT = Unit("22849", "commune", "Xã Thuận Bắc", "56", dt.date(2025, 7, 1))
MOMENTS = st.integers(0, 1000).map(lambda days: NOW_S - days * DAY)
DAYS = st.integers(0, 5000).map(lambda days: NOW.date() - dt.timedelta(days=days))
COVERAGE = next(r.id for r in PROFILE.requirements if r.measure.measure == "coverage")
INDICATORS = [r.measure.indicator for r in PROFILE.requirements if r.measure.measure == "indicator"]


@st.composite
def offices(draw):
    hours = {s: draw(st.sampled_from([0.0, 0.5, 3.0, 160.0])) * 3600 for s in State}
    return Availability(hours)


@st.composite
def figures(draw):
    histogram = [0] * STEPS
    count = draw(st.integers(1, 1000))
    histogram[draw(st.integers(0, STEPS - 1))] = count
    total = count * draw(st.sampled_from([0.0, 0.5, 0.95, 1.0]))
    hours = draw(st.integers(1, 200))
    more = draw(st.integers(0, 200))
    return Figure(histogram, count, total, draw(MOMENTS), hours, hours + more)


@st.composite
def assets(draw, tag):
    asset_class = draw(
        st.sampled_from(
            ["desktop", "printer", "scanner", "router", "switch", "access_point", "ups", "nas"]
        )
    )
    registered = {
        "tag": tag,
        "name": "x",
        "class": asset_class,
        "commune": "22849",
        "status": draw(st.sampled_from(["in_use", "in_use", "in_use", "retired"])),
        "edge": asset_class == "router",
        "features": draw(st.sampled_from([[], ["antivirus"], ["backup"]])),
        "in_use_since": draw(st.none() | DAYS),
    }
    system = draw(st.sampled_from(["", "Windows 7", "Windows 11 Pro 25H2", "BeOS"]))
    facts = {
        "os": system,
        "os_at_s": draw(st.none() | MOMENTS) if system else None,
        "last_answer_at_s": draw(st.none() | MOMENTS),
    }
    if draw(st.booleans()):
        registered |= {"address": "127.0.0.1", "endpoints": [{"kind": "tcp", "port": 22}]}
        facts |= {
            "office": draw(offices()),
            "longest_outage_s": draw(st.sampled_from([0.0, 7200.0, 36000.0])),
            "observed_at_s": draw(st.none() | MOMENTS),
            "figures": draw(
                st.dictionaries(
                    st.sampled_from(["probe_ok", "uplink_utilisation_ratio"]), figures()
                )
            ),
        }
    return AssetFacts(Asset.model_validate(registered), **facts)


@st.composite
def communes(draw):
    posts = draw(st.none() | st.integers(0, 12))
    declared = draw(
        st.dictionaries(
            st.sampled_from(INDICATORS),
            st.builds(
                lambda value, as_of: {"value": value, "as_of": as_of.isoformat()},
                st.sampled_from([0.0, 0.3, 0.7, 1.0]),
                DAYS,
            ),
        )
    )
    entry = {
        "code": "22849",
        "posts": posts,
        "posts_group_8": None if posts is None else draw(st.none() | st.integers(0, posts)),
        "internet_bps": draw(st.none() | st.integers(0, 400_000_000)),
        "declared": declared,
    }
    owned = tuple(draw(assets(f"T{n}")) for n in range(draw(st.integers(0, 6))))
    return CommuneFacts(UNIT, Commune.model_validate(entry), owned)


def judged(facts):
    return evaluate(PROFILE, facts, NOW_S)


def by_id(evaluation):
    return {r.requirement: r for r in evaluation.results}


@settings(max_examples=40, deadline=None)
@given(communes())
def test_every_result_lies_within_its_bounds_and_survives_json(facts):
    found = judged(facts)
    assert [r.requirement for r in found.results] == [r.id for r in PROFILE.requirements]
    for part in (found.total, *found.pillars.values()):
        assert 0 <= part.confidence <= 1
        assert part.ratio is None or 0 <= part.ratio <= 1
    for result in found.results:
        unknown = result.verdict is Verdict.UNKNOWN
        assert 0 <= result.confidence <= 1
        assert unknown == (result.share is None) == (result.value is None)
        assert unknown == (result.confidence == 0)
        assert unknown or 0 <= result.share <= 1
        assert (result.gap > 0) == (result.verdict in (Verdict.PARTLY, Verdict.UNMET))
        assert result.gap or not result.cost_vnd
        assert result.explanation in TEXTS
        assert unknown or result.evidence or result.explanation == "none_of_these"
    if all(r.verdict is Verdict.UNKNOWN for r in found.results):
        assert (found.total.ratio, found.total.confidence) == (None, 0)
    assert evaluation_from_json(evaluation_to_json(found)) == found


@settings(max_examples=40, deadline=None)
@given(communes())
def test_of_a_commune_without_assets_and_declarations_nothing_is_known(facts):
    bare = replace(facts, assets=(), declared=Commune(code="22849", posts=facts.declared.posts))
    found = judged(bare)
    assert {r.verdict for r in found.results} == {Verdict.UNKNOWN}
    assert (found.total.ratio, found.cost_vnd) == (None, 0)


def without(**changes):
    """A change that takes something of each asset away."""
    return lambda facts: replace(
        facts, assets=tuple(replace(asset, **changes) for asset in facts.assets)
    )


def undeclared(**changes):
    """A change that takes a declaration away."""
    return lambda facts: replace(facts, declared=facts.declared.model_copy(update=changes))


def undated(facts):
    return replace(
        facts,
        assets=tuple(
            replace(a, registered=a.registered.model_copy(update={"in_use_since": None}))
            for a in facts.assets
        ),
    )


FORGET = {
    "posts": undeclared(posts=None),
    "posts_group_8": undeclared(posts_group_8=None),
    "the line": undeclared(internet_bps=None),
    "indicators": undeclared(declared={}),
    "operating systems": without(os="", os_at_s=None),
    "uptime": without(office=None, longest_outage_s=None, observed_at_s=None),
    "figures": without(figures={}),
    "dates": undated,
    "everything registered": lambda facts: replace(facts, assets=()),
}


@pytest.mark.parametrize("what", FORGET)
@settings(max_examples=10, deadline=None)
@given(facts=communes())
def test_what_becomes_unknown_changes_no_other_verdict_and_no_score_of_the_rest(what, facts):
    before, after = judged(facts), judged(FORGET[what](facts))
    rest = []
    for old, new in zip(before.results, after.results, strict=True):
        if new.verdict is not Verdict.UNKNOWN:
            assert (new.verdict, new.value, new.share) == (old.verdict, old.value, old.share)
            rest.append(old)
    assert after.total.ratio == score(rest).ratio
    assert after.total.confidence <= before.total.confidence + 1e-12


def answered(facts):
    """Every asset that is looked at answers now."""
    return replace(
        facts,
        assets=tuple(
            replace(a, last_answer_at_s=NOW_S, os_at_s=NOW_S if a.os_at_s else None)
            for a in facts.assets
        ),
    )


def observed_longer(facts):
    """The time nobody knew of went as the rest did."""

    def longer(office):
        known = office.totals[State.UP] + office.totals[State.DOWN] if office else 0.0
        if not known:
            return office
        grown = 1 + office.totals[State.UNKNOWN] / known
        totals = {s: office.totals[s] * grown for s in (State.UP, State.DOWN)}
        return Availability(office.totals | totals | {State.UNKNOWN: 0.0})

    return replace(facts, assets=tuple(replace(a, office=longer(a.office)) for a in facts.assets))


def declared_again(facts):
    """Whoever answers for a figure says today that it still holds."""
    again = {
        name: figure.model_copy(update={"as_of": NOW.date()})
        for name, figure in facts.declared.declared.items()
    }
    return undeclared(declared=again)(facts)


def counted_later(facts):
    """The same figures, up to now and in more hours."""

    def later(figure):
        return replace(figure, last_at_s=NOW_S - 3600, hours=min(figure.hours + 1, figure.of_hours))

    return replace(
        facts,
        assets=tuple(
            replace(a, figures={name: later(f) for name, f in a.figures.items()})
            for a in facts.assets
        ),
    )


def one_more(facts):
    """Each asset has a twin that is only registered."""
    twins = tuple(
        AssetFacts(a.registered.model_copy(update={"tag": f"{a.registered.tag}b", "endpoints": ()}))
        for a in facts.assets
    )
    return replace(facts, assets=facts.assets + twins)


@pytest.mark.parametrize(
    "more", [answered, observed_longer, declared_again, counted_later], ids=lambda f: f.__name__
)
@settings(max_examples=20, deadline=None)
@given(facts=communes())
def test_more_evidence_of_the_same_never_makes_it_less_sure(more, facts):
    before, after = by_id(judged(facts)), by_id(judged(more(facts)))
    for id, old in before.items():
        new = after[id]
        assert (new.value is None) == (old.value is None)
        if id != COVERAGE:  # how much was observed is what it measures
            assert new.value == (None if old.value is None else pytest.approx(old.value))
        assert new.confidence >= old.confidence - 1e-12, id


@settings(max_examples=40, deadline=None)
@given(facts=communes())
def test_one_asset_more_makes_no_count_less_sure(facts):
    before, after = by_id(judged(facts)), by_id(judged(one_more(facts)))
    for wanted in PROFILE.requirements:
        if wanted.measure.measure in ("asset_count", "assets_per_post"):
            assert after[wanted.id].confidence >= before[wanted.id].confidence - 1e-12
            assert (after[wanted.id].share or 0) >= (before[wanted.id].share or 0)
