"""What evidence does to a result, whatever is measured: every kind of measure is asked here."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.profile import Profile
from config.sections import Asset, Commune
from inventory.readiness.evaluate import evaluate, score
from inventory.readiness.facts import AssetFacts, CommuneFacts, Figure, Number, Programs, Runtime
from inventory.readiness.measures import MEASURES
from inventory.readiness.reasons import TEXTS
from inventory.readiness.result import Verdict
from inventory.rollups import STEPS
from inventory.units import Unit
from inventory.uptime import Availability, State

NOW = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
NOW_S, TODAY, DAY_S = NOW.timestamp(), NOW.date(), 86400.0
UNIT = Unit("22849", "commune", "Xã Thuận Bắc", "56", dt.date(2025, 7, 1))
PCS = {"classes": ["desktop"]}
EDGE = {"edge": True}
CHOSEN = {"site": "UBND"}
SHARE = {"measure": "asset_share", "of": PCS}
LEAST, MOST = ("ratio", "least"), ("ratio", "most")
COUNT = {"measure": "asset_count"}
WORST = {"measure": "percentile"}
ASKED = {
    "count": (COUNT | {"of": PCS}, "count", "least", 2, 1),
    "count-new": (COUNT | {"of": {"younger_than_years": 5}}, "count", "least", 2),
    "count-supported": (COUNT | {"of": {"support": "supported"}}, "count", "least", 2, 1),
    "count-old": (COUNT | {"of": {"past_life": True}}, "count", "most", 1, 3),
    "count-software": (COUNT | {"of": {"software": "office"}}, "count", "least", 1),
    "count-site": (COUNT | {"of": CHOSEN}, "count", "least", 2),
    "per-post": ({"measure": "assets_per_post", "of": PCS, "posts": "posts"}, *LEAST, 1),
    "per-desk": ({"measure": "assets_per", "of": CHOSEN, "per": "desks"}, *LEAST, 1, 0.5),
    "per-pupil": (
        {"measure": "assets_per", "of": PCS, "per": "pupils", "each": 10},
        "ratio",
        "least",
        1,
    ),
    "ports": ({"measure": "asset_sum", "of": {}, "figure": "lan_ports"}, "count", "least", 24, 12),
    "seats": (
        {"measure": "asset_sum", "of": PCS, "custom": "Ghế", "per": "posts"},
        "ratio",
        "least",
        1,
    ),
    "having": (SHARE | {"having": {"support": "supported"}}, *LEAST, 1),
    "older": (
        {"measure": "asset_share", "of": CHOSEN, "older_than_years": 7},
        *MOST,
        0.2,
        0.5,
    ),
    "past-life": (SHARE | {"past_life": True}, *MOST, 0.2),
    "warranty": (SHARE | {"out_of_warranty": True}, *MOST, 0.5),
    "unsupported": (SHARE | {"os_unsupported": True}, *MOST, 0),
    "unpatched": (SHARE | {"unpatched_for": "35d"}, *MOST, 0, 0.5),
    "documented": (SHARE | {"documented": ["os", "in_use_since"]}, *LEAST, 1),
    "protected": (SHARE | {"protected_by": "antivirus"}, *LEAST, 1),
    "available": ({"measure": "availability", "of": CHOSEN}, *LEAST, 0.99, 0.9),
    "available-mean": (
        {"measure": "availability", "of": {}, "take": "mean"},
        "ratio",
        "least",
        0.99,
    ),
    "outage": ({"measure": "longest_outage", "of": {}}, "hours", "most", 4),
    "outages": (
        {"measure": "outage_count", "of": CHOSEN, "longer_than": "30m"},
        "count",
        "most",
        1,
    ),
    "coverage": ({"measure": "coverage", "of": CHOSEN}, *LEAST, 0.9),
    "utilisation": (
        WORST | {"figure": "uplink_utilisation_ratio", "of": EDGE},
        *MOST,
        0.8,
    ),
    "latency": (WORST | {"figure": "probe_latency_s", "of": {}}, "seconds", "most", 0.5),
    "saturation": ({"measure": "saturation_hours", "of": EDGE}, "hours", "most", 5),
    "probes": ({"measure": "probe_success", "of": CHOSEN}, *LEAST, 0.99),
    "runtime": ({"measure": "ups_runtime"}, "seconds", "least", 900, 300),
    "line": ({"measure": "line_bandwidth"}, "bps", "least", 2e8, 2e7),
    "uplink": (
        {"measure": "line_bandwidth", "line": "uplink", "per": "posts"},
        "bps",
        "least",
        1e7,
    ),
    "indicator": ({"measure": "indicator", "indicator": "online"}, *LEAST, 0.9, 0.5),
    "trained": (
        {"measure": "indicator", "indicator": "trained", "per": "posts"},
        "ratio",
        "least",
        1,
    ),
}
"""Name -> measure, unit, whether more or less is better, threshold and where it is partly met."""

TEXT = {"vi": "v", "en": "e"}


def requirement(name, measure, unit, side, threshold, partly=None):
    return {
        "id": name,
        "pillar": "p",
        "title": TEXT,
        "basis": {"kind": "ours", "document": "test"},
        "level": "mandatory",
        "measure": measure,
        "unit": unit,
        f"at_{side}": threshold,
        "partly": partly,
    }


PROFILE = Profile.model_validate(
    {
        "id": "all",
        "version": "1",
        "title": TEXT,
        "valid_from": "2026-01-01",
        "pillars": [{"id": "p", "title": TEXT}],
        "requirements": [requirement(name, *asked) for name, asked in ASKED.items()],
    }
)


def test_every_kind_of_measure_is_asked():
    assert {r.measure.measure for r in PROFILE.requirements} == set(MEASURES)


def figure(step, hours=100, age_days=0):
    histogram = [0] * STEPS
    histogram[step] = 100
    at_s = NOW_S - 3600 - age_days * DAY_S
    return Figure(histogram, 100, 100.0 if step else 0.0, at_s, hours, 200)


def office(up, down, unknown):
    hours = {State.UP: up, State.DOWN: down, State.UNKNOWN: unknown}
    return Availability({state: hours.get(state, 0) * 3600.0 for state in State})


AGES = st.sampled_from([0, 10, 200, 2000])
MOMENTS = AGES.map(lambda days: NOW_S - days * DAY_S)
GOOD = {
    "os": "Windows 11 Pro 25H2",
    "os_at_s": NOW_S,
    "last_answer_at_s": NOW_S,
    "office": office(200, 0, 0),
    "longest_outage_s": 0.0,
    "outages_s": (),
    "figures": {
        "uplink_utilisation_ratio": figure(0, 200),
        "probe_latency_s": figure(0, 200),
        "probe_ok": figure(STEPS - 1, 200),
    },
    "programs": Programs(("office",), NOW_S, True, {"antivirus": "ClamAV"}, TODAY),
    "ups": Runtime(3600.0, NOW_S),
    "numbers": {"lan_ports": Number(48.0, NOW_S), "uplink_bps": Number(1e10, NOW_S)},
}
"""The best that can be said of an asset."""
GOOD_ENTRY = {
    "in_use_since": TODAY,
    "warranty_until": dt.date(2030, 1, 1),
    "custom": {"Ghế": "50"},
}
WATCHED = {"address": "127.0.0.1", "endpoints": [{"kind": "tcp", "port": 22}]}


@st.composite
def programs(draw):
    changed = draw(st.none() | st.sampled_from([TODAY, dt.date(2026, 1, 1)]))
    return Programs(
        draw(st.sampled_from([(), ("office 2021",)])),
        draw(MOMENTS),
        draw(st.booleans()),
        draw(st.sampled_from([{}, {"antivirus": "Bkav"}])),
        changed,
    )


runtimes = st.builds(Runtime, st.sampled_from([60.0, 900.0]), MOMENTS, st.booleans())


@st.composite
def assets(draw, tag):
    asset_class = draw(st.sampled_from(["desktop", "desktop", "ups", "router"]))
    entry = {
        "tag": tag,
        "name": "x",
        "class": asset_class,
        "commune": "22849",
        "edge": asset_class == "router",
        "site": draw(st.sampled_from(["", "UBND", "Trạm y tế"])),
        "features": draw(st.sampled_from([[], ["antivirus"]])),
        "in_use_since": draw(st.none() | st.sampled_from([TODAY, dt.date(2010, 1, 1)])),
        "warranty_until": draw(st.none() | st.sampled_from([TODAY, dt.date(2020, 1, 1)])),
        "custom": draw(
            st.sampled_from(
                [
                    {},
                    {"Ghế": "1"},
                    {"lan_ports": "8", "runtime_minutes": "5"},
                    {"patched_on": "2026-11-20"},
                    {"patched_on": "2025-01-01"},
                ]
            )
        ),
    }
    if draw(st.booleans()):
        entry |= WATCHED
    seen = draw(st.none() | st.sampled_from([office(90, 10, 0), office(50, 0, 50)]))
    down = draw(st.sampled_from([(), (60.0,), (7200.0, 20000.0)]))
    os = draw(st.sampled_from(["", "Windows 7", "Windows 11 Pro", "Windows 11 Pro 25H2"]))
    numbers = {
        "lan_ports": Number(draw(st.sampled_from([0.0, 24.0])), draw(MOMENTS)),
        "uplink_bps": Number(1e8, draw(MOMENTS)),
    }
    names = ("uplink_utilisation_ratio", "probe_latency_s", "probe_ok")
    figures = {n: figure(draw(st.integers(0, 19)), 100, draw(AGES)) for n in names}
    return AssetFacts(
        Asset.model_validate(entry),
        os=os,
        os_at_s=draw(st.none() | MOMENTS) if os else None,
        last_answer_at_s=draw(st.none() | MOMENTS),
        office=seen,
        longest_outage_s=None if seen is None else max(down, default=0.0),
        outages_s=() if seen is None else down,
        observed_at_s=None if seen is None else NOW_S,
        figures=figures if draw(st.booleans()) else {},
        programs=draw(st.none() | programs()),
        ups=draw(st.none() | runtimes),
        numbers=numbers if draw(st.booleans()) else {},
    )


FIGURES = ("posts", "desks", "internet_bps")
INDICATORS = ("online", "trained", "pupils")


@st.composite
def communes(draw):
    days = st.sampled_from([0, 10, 200]).map(lambda n: (TODAY - dt.timedelta(days=n)).isoformat())
    entry = {
        "code": "22849",
        "posts": draw(st.none() | st.integers(0, 3)),
        "desks": draw(st.none() | st.integers(1, 3)),
        "internet_bps": draw(st.none() | st.sampled_from([0, 30_000_000, 300_000_000])),
        "declared": {
            name: {"value": draw(st.sampled_from([0, 0.6, 2, 20])), "as_of": draw(days)}
            for name in draw(st.sets(st.sampled_from(INDICATORS)))
        },
    }
    owned = tuple(draw(assets(f"T{n}")) for n in range(draw(st.integers(0, 4))))
    return CommuneFacts(UNIT, Commune.model_validate(entry), owned)


def judged(facts):
    return evaluate(PROFILE, facts, NOW_S)


def with_asset(facts, place, **changes):
    """One asset changed: facts, and what is none in the register's entry."""
    asset = facts.assets[place]
    entry = {k: v for k, v in changes.items() if k not in GOOD}
    found = {k: v for k, v in changes.items() if k in GOOD}
    if entry:
        found["registered"] = asset.registered.model_copy(update=entry)
    changed = replace(asset, **found)
    return replace(facts, assets=(*facts.assets[:place], changed, *facts.assets[place + 1 :]))


def declaring(facts, **changes):
    return replace(facts, declared=facts.declared.model_copy(update=changes))


NOTHING = {
    "os": {"os": "", "os_at_s": None},
    "answers": {"last_answer_at_s": None},
    "uptime": {"office": None, "longest_outage_s": None, "outages_s": ()},
    "figures": {"figures": {}},
    "programs": {"programs": None},
    "ups": {"ups": None},
    "numbers": {"numbers": {}},
    "date": {"in_use_since": None},
    "warranty": {"warranty_until": None},
    "own fields": {"custom": {}},
    "site": {"site": ""},
}
"""What can be forgotten of an asset."""


@st.composite
def forgetting(draw):
    """A commune, and the same with one thing less known."""
    facts = draw(communes())
    chosen = draw(st.sampled_from(["commune", "indicator", "asset", "asset", "asset", "asset"]))
    if chosen == "asset" and facts.assets:
        place = draw(st.integers(0, len(facts.assets) - 1))
        return facts, with_asset(facts, place, **NOTHING[draw(st.sampled_from(list(NOTHING)))])
    if chosen == "indicator" and facts.declared.declared:
        gone = draw(st.sampled_from(list(facts.declared.declared)))
        kept = {k: v for k, v in facts.declared.declared.items() if k != gone}
        return facts, declaring(facts, declared=kept)
    return facts, declaring(facts, **{draw(st.sampled_from(FIGURES)): None})


@settings(max_examples=80, deadline=None)
@given(forgetting())
def test_removing_evidence_never_raises_confidence(pair):
    before, after = (judged(facts) for facts in pair)
    for old, new in zip(before.results, after.results, strict=True):
        assert new.confidence <= old.confidence + 1e-12, old.requirement
    assert after.total.confidence <= before.total.confidence + 1e-12


def learned(facts, place):
    """What is not known of an asset is known now, and is the best."""
    asset = facts.assets[place]
    found = {
        name: value
        for name, value in GOOD.items()
        if getattr(asset, name) in (None, "", {}) and name not in ("outages_s", "os_at_s")
    }
    if "office" in found:
        found |= {"longest_outage_s": 0.0, "outages_s": ()}
    if "os" in found:
        found["os_at_s"] = NOW_S
    registered = asset.registered
    found |= {k: v for k, v in GOOD_ENTRY.items() if not getattr(registered, k)}
    return with_asset(facts, place, **found)


def perfect(facts):
    """One more asset of each class, of which everything is known, and all of it is good."""
    more = [
        AssetFacts(
            Asset.model_validate(
                {"tag": f"NEW-{c}", "name": "x", "class": c, "commune": "22849", "site": "UBND"}
                | {"edge": c == "router", "features": ["antivirus"]}
                | WATCHED
                | GOOD_ENTRY
            ),
            **GOOD,
        )
        for c in ("desktop", "ups", "router")
    ]
    return replace(facts, assets=(*facts.assets, *more))


@st.composite
def improving(draw):
    """A commune, and the same with more evidence of the good kind."""
    facts = draw(communes())
    if facts.assets and draw(st.booleans()):
        return facts, learned(facts, draw(st.integers(0, len(facts.assets) - 1)))
    return facts, perfect(facts)


@settings(max_examples=50, deadline=None)
@given(improving())
def test_more_evidence_of_the_good_kind_never_lowers_a_score(pair):
    before, after = (judged(facts) for facts in pair)
    rest = []
    for old, new in zip(before.results, after.results, strict=True):
        if old.share is None:
            continue
        assert new.share is not None, old.requirement
        assert new.share >= old.share - 1e-12, old.requirement
        rest.append(new)
    if rest:
        assert score(rest).ratio >= before.total.ratio - 1e-12


SHARES = [name for name, (measure, *_) in ASKED.items() if measure["measure"] == "asset_share"]
UNSAID = {name for name in SHARES if name not in ("protected", "documented")}


@settings(max_examples=25, deadline=None)
@given(communes(), st.data())
def test_what_is_unknown_of_an_asset_is_left_out_of_every_share(facts, data):
    if not facts.assets:
        return
    place = data.draw(st.integers(0, len(facts.assets) - 1))
    every = {key: value for change in NOTHING.values() for key, value in change.items()}
    blank = judged(with_asset(facts, place, **every))
    without = judged(replace(facts, assets=facts.assets[:place] + facts.assets[place + 1 :]))
    for unknown, gone in zip(blank.results, without.results, strict=True):
        if unknown.requirement in UNSAID:
            assert unknown.value == gone.value, unknown.requirement


@settings(max_examples=25, deadline=None)
@given(communes(), st.sampled_from(["os", "date", "site", "programs"]), st.data())
def test_a_count_is_decided_only_where_the_unknown_could_not_change_its_verdict(facts, what, data):
    if not facts.assets:
        return
    place = data.draw(st.integers(0, len(facts.assets) - 1))
    ends = {
        "os": ({"os": "Windows 11 Pro 25H2"}, {"os": "Windows 7"}),
        "date": ({"in_use_since": TODAY}, {"in_use_since": dt.date(2000, 1, 1)}),
        "site": ({"site": "UBND"}, {"site": "Trạm y tế"}),
        "programs": ({"programs": GOOD["programs"]}, {"programs": Programs(("x",), NOW_S)}),
    }[what]
    unknown = judged(with_asset(facts, place, **NOTHING[what]))
    known = [judged(with_asset(facts, place, **end)) for end in ends]
    for asked, *whole in zip(unknown.results, *(k.results for k in known), strict=True):
        is_count = ASKED[asked.requirement][0]["measure"] in ("asset_count", "assets_per")
        if is_count and asked.verdict is not Verdict.UNKNOWN:
            assert {r.verdict for r in whole} <= {asked.verdict, Verdict.UNKNOWN}
            assert asked.share >= max((r.share or 0.0) for r in whole) - 1e-12


NEEDS_EVIDENCE = {
    *UNSAID,
    *("available", "available-mean", "outage", "outages", "coverage", "utilisation", "latency"),
    *("saturation", "probes", "runtime", "uplink", "indicator", "trained", "ports", "seats"),
}
"""What the register alone does not answer."""


@settings(max_examples=20, deadline=None)
@given(communes())
def test_of_whom_nothing_is_known_nothing_is_unmet(facts):
    bare = judged(replace(facts, assets=(), declared=Commune(code="22849")))
    assert {r.verdict for r in bare.results} == {Verdict.UNKNOWN}
    assert bare.total.ratio is None
    silent = declaring(facts, declared={})
    every = {key: value for change in NOTHING.values() for key, value in change.items()}
    for place in range(len(facts.assets)):
        silent = with_asset(silent, place, **every)
    for result in judged(silent).results:
        assert result.explanation in TEXTS
        if result.requirement in NEEDS_EVIDENCE and result.verdict is not Verdict.UNKNOWN:
            assert result.explanation == "none_of_these"  # nothing registered that could have it


def test_everything_good_meets_everything():
    facts = CommuneFacts(
        UNIT,
        Commune.model_validate(
            {"code": "22849", "posts": 1, "desks": 1, "internet_bps": 300_000_000}
            | {"declared": {name: {"value": 10, "as_of": TODAY.isoformat()} for name in INDICATORS}}
        ),
    )
    found = judged(perfect(perfect(facts)))
    assert {r.requirement: r.verdict for r in found.results} == dict.fromkeys(ASKED, Verdict.MET)
    assert found.total.ratio == pytest.approx(1.0)
