"""What a sum mends: single questions and what the answer says of each."""

import math
from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from inventory.planning import master
from inventory.planning.goals import Search
from inventory.planning.program import NoSolution, maximize
from inventory.planning.solve import solve
from inventory.planning.whatif import Answer, Goal, WhatIf
from inventory.readiness.os_support import SupportTable


def test_the_same_question_has_the_same_answer(shop, thing, place, now_s):
    district = [
        place(str(n), [thing("desktop", tag=f"P{n}", os="Windows 7")], posts=3) for n in range(5)
    ]
    problem = WhatIf(150, Goal.MUST_HAVES)
    first, again = (solve(problem, district, lambda _: shop, now_s) for _ in range(2))
    assert first == again
    body = TypeAdapter(Answer)
    assert body.validate_json(body.dump_json(first)) == first


def test_what_is_left_out_says_what_it_would_have_cost_and_why(shop, thing, place, now_s):
    full = [thing("desktop", os="Windows 7", features=["antivirus"]) for _ in range(2)]
    answer = solve(WhatIf(0), [place("1", full, posts=2)], lambda _: shop, now_s)
    left = {row.requirement: (row.pieces, row.cost_vnd, row.why) for row in answer.left_out}
    assert left == {"ups": (1, 9, "money"), "power": (2, 18, "money"), "os": (2, 6, "money")}
    assert answer.left_out_vnd == 33


def test_one_ups_mends_two_requirements(asked, profile, thing, place, now_s):
    both = profile(
        asked("ups", {"measure": "asset_count", "of": {"classes": ["ups"]}}, price=9, at_least=1),
        asked(
            "power",
            {"measure": "asset_count", "of": {"classes": ["ups", "server"]}},
            price=30,
            at_least=1,
        ),
    )
    answer = solve(WhatIf(9), [place("1", [thing("desktop")])], lambda _: both, now_s)
    (purchase,) = answer.purchases
    assert purchase.requirements == ("ups", "power")
    assert answer.communes[0].mended == ("ups", "power")
    assert answer.after.score == 1.0


def test_stock_is_used_before_anything_is_bought(shop, thing, place, now_s):
    spare = thing("ups", status="in_stock", tag="UPS-9")
    answer = solve(WhatIf(10), [place("1", [thing("desktop"), spare])], lambda _: shop, now_s)
    assert [(m.asset, m.surplus) for m in answer.stock] == [("UPS-9", False)]
    assert "buy:ups" in {p.article for p in answer.purchases}  # the second, for `power`


def test_a_surplus_goes_where_something_is_missing(asked, profile, thing, place, now_s):
    asks = profile(
        asked(
            "printer",
            {"measure": "asset_count", "of": {"classes": ["printer"]}},
            price=5,
            at_least=1,
        )
    )
    rich = place("1", [thing("printer", tag="A"), thing("printer", tag="B")])
    poor = place("2", [thing("desktop")])
    still = solve(WhatIf(0), [rich, poor], lambda _: asks, now_s)
    moved = solve(WhatIf(0, allow_moves=True), [rich, poor], lambda _: asks, now_s)
    assert still.moves == ()
    assert [(m.origin, m.commune, m.surplus) for m in moved.moves] == [("1", "2", True)]
    assert (still.after.score, moved.after.score) == (0.5, 1.0)


def test_a_licence_comes_with_each_new_computer(shop, thing, place, now_s):
    have = [thing("desktop", os="Windows 11 25H2", features=["antivirus"])]
    answer = solve(
        WhatIf(18, Goal.MAXIMUM_SCORE), [place("1", have, posts=2)], lambda _: shop, now_s
    )
    bought_ = {p.article: p.quantity for p in answer.purchases}
    if "buy:desktop" in bought_:
        assert bought_["equip:desktop+laptop:antivirus"] == bought_["buy:desktop"]
    after = {r: o for o in answer.communes for r in o.mended}
    assert "antivirus" not in after  # it was met, and still is
    assert answer.communes[0].after.met >= answer.communes[0].before.met


def test_of_a_commune_without_data_nothing_is_bought(shop, place, now_s):
    answer = solve(WhatIf(1000), [place("1", [])], lambda _: shop, now_s)
    assert (answer.purchases, answer.after.score, answer.proven) == ((), None, True)
    assert answer.lowest_after is None


def test_a_question_about_a_commune_that_is_not_watched_is_refused(shop, place, now_s):
    with pytest.raises(ValueError, match="not watched: 9"):
        solve(WhatIf(1, communes=("9",)), [place("1", [])], lambda _: shop, now_s)


def test_a_budget_below_nothing_is_refused():
    with pytest.raises(ValueError, match="below 0"):
        WhatIf(-1)


def test_without_time_for_moves_the_answer_is_the_best_without_them(
    shop, thing, place, now_s, monkeypatch
):
    district = [place(str(n), [thing("desktop", os="Windows 7")], posts=2) for n in (1, 2)]
    district.append(place("3", [thing("ups"), thing("ups"), thing("ups")]))
    best = Search.best

    def hurried(search):
        if any(part.pools for part in search.parts):
            raise NoSolution("no time")
        return best(search)

    monkeypatch.setattr(Search, "best", hurried)
    for goal in Goal:
        alone = solve(WhatIf(40, goal), district, lambda _: shop, now_s)
        found = solve(WhatIf(40, goal, allow_moves=True), district, lambda _: shop, now_s)
        assert found.purchases == alone.purchases != ()
        assert (found.moves, found.proven, found.optimality_gap) == ((), False, math.inf)


def test_a_wider_program_that_ends_without_an_answer_takes_none_away(
    shop, thing, place, now_s, monkeypatch
):
    district = [place(str(n), [thing("desktop", os="Windows 7")], posts=n + 1) for n in (1, 2, 3)]
    asked = []

    def hurried(program, **limits):
        if any(program.whole):
            asked.append(program)
            if len(asked) > 1:
                raise NoSolution("no time")
        return maximize(program, **limits)

    monkeypatch.setattr(master, "maximize", hurried)
    monkeypatch.setattr(master, "_FIRST", 0)
    found = solve(WhatIf(40, Goal.MAXIMUM_SCORE), district, lambda _: shop, now_s)
    assert len(asked) == 2
    assert found.purchases != ()
    assert not found.proven
    assert 0 < found.optimality_gap < 1


def test_an_upgrade_is_one_to_a_system_that_the_configured_table_still_supports(
    shop, thing, place, now_s
):
    ends = {"windows 7": "2020-01-14", "windows 11": "2026-01-01", "ubuntu 26.04": ""}
    rows = [{"prefix": p, "supported_until": day, "source": "own"} for p, day in ends.items()]
    office = place("1", [thing("desktop", os="Windows 7", features=["antivirus"])])
    office = replace(office, systems=SupportTable(rows))
    answer = solve(WhatIf(10_000), [office], lambda _: shop, now_s)
    assert "os" in answer.communes[0].mended
