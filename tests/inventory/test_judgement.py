"""Causes: what lies behind something that is down is unreachable, however it lies behind it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.sections import Settings
from inventory.judgement import WINDOWS_S, Judge
from inventory.observation import Outcome
from inventory.uptime import Interval, State, outages

HOUR = 3600.0
LOOK = [{"kind": "tcp", "port": 22}]
LOST = Outcome.UNREACHABLE


def asset(tag, endpoints=LOOK, commune="22849", **more):
    named = {"tag": tag, "name": tag, "class": "switch", "commune": commune}
    return named | {"address": "127.0.0.1", "endpoints": endpoints} | more


def settings_of(*assets, **more):
    communes = sorted({a["commune"] for a in assets})
    polling = {"interval": "60s", "timeout": "2s", "deadline": "10s", "retry": "5s"}
    given = {"polling": polling | {"down_after": 2}, "communes": [{"code": c} for c in communes]}
    return Settings.model_validate(given | {"assets": assets} | more)


def judge_of(*assets, **more):
    return Judge.of(settings_of(*assets, **more))


def went(at, until=None, behind=None):
    """A time line that was down once."""
    line = [Interval(State.UP, 0.0, at), Interval(State.DOWN, at, until, behind)]
    return line if until is None else [*line, Interval(State.UP, until)]


def spans_of(judge, tag, timelines, now_s=10 * HOUR):
    return [(i.state, i.start_s, i.end_s) for i in judge.judged(tag, timelines, now_s)]


EDGE = asset("RT", edge=True)


def test_the_edge_is_down_and_what_lies_behind_it_unreachable_in_every_window():
    judge = judge_of(EDGE, asset("SW"))
    lines = {"RT": went(HOUR, 2 * HOUR), "SW": went(HOUR + 20, 2 * HOUR + 30, "RT")}
    now = 3 * HOUR
    for label in WINDOWS_S:
        edge = judge.windows(judge.judged("RT", lines, now), now)[label]
        child = judge.windows(judge.judged("SW", lines, now), now)[label]
        assert (edge.totals[State.DOWN], edge.totals[State.UNREACHABLE]) == (HOUR, 0)
        assert (child.totals[State.DOWN], child.totals[State.UNREACHABLE]) == (0, HOUR + 10)
        assert child.ratio == 1
        assert edge.ratio == pytest.approx(2 / 3)


def test_a_child_may_be_seen_to_go_before_its_cause_and_to_come_back_after_it():
    judge = judge_of(EDGE, asset("SW"))
    lines = {"RT": went(HOUR, 2 * HOUR), "SW": went(HOUR - 60, 2 * HOUR + 60, "RT")}
    assert State.DOWN not in {state for state, _, _ in spans_of(judge, "SW", lines)}


def test_the_slack_is_that_of_the_two_and_not_of_the_slowest_endpoint_of_the_register():
    daily = asset("CERT", [{"kind": "tcp", "port": 443, "interval": "1d"}])
    judge = judge_of(EDGE, asset("SW"), daily)
    lines = {"RT": went(5 * HOUR, 5 * HOUR + 120), "SW": went(HOUR, 2 * HOUR, "RT")}
    assert (State.DOWN, HOUR, 2 * HOUR) in spans_of(judge, "SW", lines)


def test_a_child_that_stays_down_when_its_cause_has_recovered_is_down():
    judge = judge_of(EDGE, asset("SW"))
    lines = {"RT": went(HOUR, 2 * HOUR), "SW": went(HOUR + 5, None, "RT")}
    *_, cut, after = spans_of(judge, "SW", lines, 3 * HOUR)
    assert (cut[0], after[0]) == (State.UNREACHABLE, State.DOWN)
    assert 2 * HOUR < after[1] < 2 * HOUR + 120


def test_a_child_that_was_down_before_its_cause_was_down_until_then():
    judge = judge_of(EDGE, asset("SW"))
    lines = {"RT": went(2 * HOUR, 3 * HOUR), "SW": went(HOUR, 4 * HOUR, "RT")}
    states = [state for state, _, _ in spans_of(judge, "SW", lines)]
    assert states == [State.UP, State.DOWN, State.UNREACHABLE, State.DOWN, State.UP]


def test_causes_nest():
    judge = judge_of(EDGE, asset("SW"), asset("AP", upstream="SW"))
    lines = {"RT": went(HOUR), "SW": went(HOUR, None, "RT"), "AP": went(HOUR, None, "SW")}
    assert judge.above("AP") == ["SW", "RT"]
    for tag, state in (("RT", "down"), ("SW", "unreachable"), ("AP", "unreachable")):
        assert spans_of(judge, tag, lines)[-1][0] == state


def test_a_switch_that_nobody_looks_at_hides_no_cause():
    """Most communes have an unmanaged switch between the router and everything else."""
    judge = judge_of(EDGE, asset("SW", ()), asset("PC", upstream="SW"))
    lines = {"RT": went(HOUR), "SW": [Interval(State.UNKNOWN, 0.0)], "PC": went(HOUR, None, "SW")}
    assert judge.above("PC") == ["SW", "RT"]
    assert spans_of(judge, "PC", lines)[-1][0] is State.UNREACHABLE


def test_a_switch_of_which_nothing_is_known_hides_no_cause():
    judge = judge_of(EDGE, asset("SW"), asset("PC", upstream="SW"))
    lines = {"RT": went(HOUR), "SW": [Interval(State.UNKNOWN, 0.0)], "PC": went(HOUR, None, "SW")}
    assert spans_of(judge, "PC", lines)[-1][0] is State.UNREACHABLE


def test_an_edge_behind_a_box_that_nobody_looks_at_is_down_and_no_circle():
    judge = judge_of(asset("RT", edge=True, upstream="ONT"), asset("ONT", ()), asset("PC"))
    lines = {"RT": went(HOUR, None, "ONT"), "PC": went(HOUR, None, "RT")}
    assert (judge.above("RT"), judge.above("PC")) == (["ONT"], ["RT", "ONT"])
    assert spans_of(judge, "RT", lines)[-1][0] is State.DOWN
    assert spans_of(judge, "PC", lines)[-1][0] is State.UNREACHABLE


def test_an_upstream_that_is_not_registered_is_no_cause():
    judge = judge_of(EDGE, asset("SW"))
    assert spans_of(judge, "SW", {"SW": went(HOUR, None, "GONE")})[-1][0] is State.DOWN


def test_this_machine_lies_behind_nothing():
    judge = judge_of(EDGE, asset("HUB", [{"kind": "host"}]))
    assert judge.above("HUB") == []


def test_twelve_communes_behind_one_district_line_are_one_outage():
    codes = [f"{n:05}" for n in range(100, 112)]
    line = asset("LINE", commune="00100")
    edges = [asset(f"RT-{c}", commune=c, edge=True, upstream="LINE") for c in codes]
    inside = [asset(f"PC-{c}-{n}", commune=c) for c in codes for n in range(3)]
    judge = judge_of(line, *edges, *inside)
    lines = {"LINE": went(HOUR, 2 * HOUR)}
    for late, one in enumerate([*edges, *inside]):
        lines[one["tag"]] = went(HOUR + late, 2 * HOUR + late, judge.upstream(one["tag"]))
    found = {tag: judge.judged(tag, lines, 3 * HOUR) for tag in lines}
    assert [tag for tag, judged in found.items() if outages(judged)] == ["LINE"]
    dark = [tag for tag, j in found.items() if any(i.state is State.UNREACHABLE for i in j)]
    assert len(dark) == 12 * 4
    assert set(judge.below["LINE"]) == set(dark)


def test_maintenance_of_a_commune_covers_its_assets_and_no_other():
    window = {
        "commune": "22849",
        "from": "2026-11-25T08:00:00+07:00",
        "to": "2026-11-25T10:00:00+07:00",
        "reason": "moving house",
    }
    judge = judge_of(EDGE, asset("SW"), asset("X", commune="22852"), maintenance=[window])
    assert set(judge.maintenance) == {"RT", "SW"}
    ((begin, end),) = judge.maintenance["SW"]
    assert end - begin == 2 * HOUR


@given(st.lists(st.integers(0, 6), min_size=7, max_size=7), st.lists(st.booleans(), min_size=7))
def test_no_chain_of_upstreams_is_endless_whatever_the_register_says(above, watched):
    assets = [
        asset(f"A{n}", LOOK if looked else (), edge=n == 0, upstream=f"A{up}")
        for n, (up, looked) in enumerate(zip(above, watched, strict=False))
    ]
    judge = judge_of(*assets)
    for one in assets:
        found = judge.above(one["tag"])
        assert one["tag"] not in found
        assert len(set(found)) == len(found)


def test_as_the_ledger_sees_it_a_cut_makes_one_outage_that_ends_where_it_was(start):
    """The whole way: looks, recorder, ledger, snapshot."""
    run = start(settings=settings_of(EDGE, asset("SW"), asset("AP", upstream="SW")))

    def look(outcomes, seconds=5.0):
        for tag, outcome in outcomes.items():
            run.see(f"{tag}/tcp", outcome)
        run.step(seconds)
        return {tag: view.state.value for tag, view in run.ledger.snapshot.assets.items()}

    ok = dict.fromkeys(("RT", "SW", "AP"), Outcome.OK)
    cut = dict.fromkeys(("AP", "SW", "RT"), LOST)
    assert set(look(ok, 60).values()) == {"up"}
    look(cut)
    assert look(cut) == {"RT": "down", "SW": "unreachable", "AP": "unreachable"}
    for _ in range(5):
        look(cut, 60)
    assert look(ok | {"AP": LOST}, 60) == {"RT": "up", "SW": "up", "AP": "unreachable"}
    for _ in range(3):
        found = look(ok | {"AP": LOST}, 60)
    assert found == {"RT": "up", "SW": "up", "AP": "down"}
