"""Planning through the API: what is missing, the costliest first, and what-if answers kept."""

import math
from dataclasses import replace

import pytest

from config.profile import Text
from inventory.people.roles import Role
from inventory.planning.scenarios import Scenarios
from inventory.planning.whatif import Answer, LeftOut, Outcome, Purchase, Standing, WhatIf
from inventory.register.entry import Actor

LAN = Actor("lan", "web")
HERE, THERE = "22849", "22840"
BEFORE, AFTER = Standing(0.4, 0.3, 7, 20, 90_000_000), Standing(0.6, None, 12, 20, 31_000_000)
PC = Text(vi="Máy vi tính", en="Computer")
ANSWER = Answer(
    problem=WhatIf(60_000_000),
    at_s=1_795_000_000.0,
    purchases=(Purchase(HERE, "buy-pc", PC, 3, 17_800_000, 53_400_000, ("pc-per-post",)),),
    stock=(),
    moves=(),
    cost_vnd=53_400_000,
    before=BEFORE,
    after=AFTER,
    communes=(Outcome(HERE, BEFORE, AFTER, 53_400_000, ("pc-per-post",)),),
    left_out=(LeftOut(HERE, "firewall", "mandatory", "buy-fw", 1, 58_000_000, "money"),),
    optimality_gap=0.0004,
    proven=True,
)


def test_gaps_are_those_of_the_evaluation_the_costliest_first(client, site):
    answer = client().get("/plan/gaps")
    found = answer.json()
    evaluation = site.snapshot.communes[HERE].evaluation
    missing = {r.requirement: r for r in evaluation.results if r.verdict in ("partly", "unmet")}
    assert {gap["requirement"] for gap in found} == missing.keys()
    assert answer.headers["x-total-count"] == str(len(missing))
    costs = [gap["cost_vnd"] for gap in found]
    assert costs == sorted(costs, reverse=True)
    assert sum(costs) == evaluation.cost_vnd > 0
    for gap in found:
        result = missing[gap["requirement"]]
        assert (gap["commune"], gap["verdict"], gap["level"]) == (
            HERE,
            result.verdict,
            result.level,
        )
        assert gap["pieces"] * gap["unit_price_vnd"] == gap["cost_vnd"] == result.cost_vnd
        assert gap["title"]["vi"]


def test_gaps_are_filtered_and_come_in_pieces(client):
    api = client()
    whole = api.get("/plan/gaps").json()
    first = whole[0]
    alike = {key: first[key] for key in ("level", "pillar", "requirement", "commune")}
    assert api.get("/plan/gaps", params=alike).json() == [first]
    assert api.get("/plan/gaps", params={"commune": THERE}).json() == []
    assert api.get("/plan/gaps", params={"limit": 1, "offset": 1}).json() == whole[1:2]
    assert api.get("/plan/gaps", params={"level": "nice"}).status_code == 422


def test_kept_scenarios_are_listed_and_read_whole(client, site):
    kept = Scenarios(site.desk, site.clock)
    id_ = kept.freeze("Kế hoạch 2027", LAN, ANSWER, "d")
    endless = kept.freeze("Vội", LAN, replace(ANSWER, optimality_gap=math.inf), "d")
    api = client()
    hasty, first = api.get("/plan/scenarios").json()
    assert (hasty["id"], hasty["optimality_gap"]) == (endless, None)
    assert (first["id"], first["name"], first["goal"]) == (id_, "Kế hoạch 2027", "must_haves")
    assert (first["before"]["score"], first["after"]["score"]) == (0.4, 0.6)
    answer = api.get(f"/plan/scenarios/{id_}")
    whole = answer.json()
    assert whole["purchases"][0]["quantity"] == 3
    assert whole["left_out"][0]["why"] == "money"
    known = api.get(f"/plan/scenarios/{id_}", headers={"If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304
    assert api.get("/plan/scenarios/999").status_code == 404


@pytest.mark.parametrize(("scope", "seen"), [([HERE], True), ([THERE], False)])
def test_somebody_for_one_commune_sees_its_plans_only(client, site, scope, seen):
    id_ = Scenarios(site.desk, site.clock).freeze("Kế hoạch", LAN, ANSWER, "d")
    api = client(Role.VIEWER, scope)
    assert bool(api.get("/plan/gaps").json()) is seen
    assert bool(api.get("/plan/scenarios").json()) is seen
    assert (api.get(f"/plan/scenarios/{id_}").status_code == 200) is seen
