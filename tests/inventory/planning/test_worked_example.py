"""The example of docs/planning.md, calculated."""

from pathlib import Path

import pytest

from inventory.planning.solve import solve
from inventory.planning.whatif import Goal, WhatIf

PAGE = (Path(__file__).parents[3] / "docs/planning.md").read_text(encoding="utf-8")


@pytest.fixture
def after(asked, profile, thing, place, now_s):
    """after(millions, goal) -> {commune: (score, articles bought)}"""
    wanted = profile(
        asked("ups", {"measure": "asset_count", "of": {"classes": ["ups"]}}, price=9, at_least=1,
              weight=2),
        asked("printers", {"measure": "asset_count", "of": {"classes": ["printer"]}}, price=5,
              at_least=2, level="desirable"),
    )  # fmt: skip
    communes = [place("A", [thing("printer")]), place("B", [thing("desktop")])]

    def calculate(sum_, goal):
        answer = solve(WhatIf(sum_, goal), communes, lambda _: wanted, now_s)
        bought = {(p.commune, p.article, p.quantity) for p in answer.purchases}
        return {
            o.commune: f"{o.after.score:.1%}".replace("%", " %") for o in answer.communes
        }, bought

    return calculate


@pytest.mark.parametrize(
    ("goal", "bought"),
    [
        (Goal.WORST_OFF, {("A", "buy:printer", 1), ("B", "buy:ups", 1)}),
        (Goal.EQUAL_SHARE, {("A", "buy:printer", 1), ("B", "buy:printer", 1)}),
    ],
)
def test_the_table_of_the_example_is_what_is_calculated(after, goal, bought):
    scores, found = after(14, goal)
    assert found == bought
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {goal.value} |"))
    assert row.endswith(f"| {scores['A']} | {scores['B']} |")


def test_with_enough_for_both_what_is_mandatory_comes_first(after):
    scores, found = after(20, Goal.MUST_HAVES)
    assert found == {("A", "buy:ups", 1), ("B", "buy:ups", 1)}
    assert f"mandatory first buys both a UPS: A {scores['A']}, B {scores['B']}." in PAGE
