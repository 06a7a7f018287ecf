"""What a sum reaches in a commune at best, and how high it lifts the lowest: against trying all."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.planning.frontier import frontier
from inventory.planning.levels import level_of
from inventory.planning.nodes import COST, SCORE, Branch, Fork, Leaf

BRIEF = settings(max_examples=30, deadline=None)
ROWS = st.lists(st.tuples(st.integers(0, 12), st.integers(-3, 9)), min_size=1, max_size=4)


def leaf(act, rows):
    """One act whose n-th value costs and gains what the n-th row says; nothing is free."""
    rows = [(0, 0), *rows]
    figures = np.array([[float(cost), gain / 8, 0.0] for cost, gain in rows])
    return Leaf((act,), np.arange(len(rows))[:, None], figures)


@st.composite
def parts(draw):
    """Leaves, and maybe one more act whose values leave two of them or one."""
    found = [leaf(act, draw(ROWS)) for act in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()) and len(found) > 1:
        own = draw(ROWS)
        branches = [
            Branch(n, np.array([float(cost), gain / 8, 0.0]), tuple(found[: 1 + n % 2]))
            for n, (cost, gain) in enumerate([(0, 0), *own])
        ]
        found = [Fork(len(found), tuple(branches)), *found[2:]]
    return found


def ways(node):
    """(cost, gain, values by act) of everything in a node."""
    if isinstance(node, Leaf):
        for values, row in zip(node.values, node.figures, strict=True):
            yield row[COST], row[SCORE], {node.acts[0]: int(values[0])}
        return
    for branch in node.branches:
        for inner in itertools.product(*map(list, map(ways, branch.parts))):
            values = {node.act: branch.value}
            for _, _, more in inner:
                values |= more
            yield (
                branch.figures[COST] + sum(cost for cost, _, _ in inner),
                branch.figures[SCORE] + sum(gain for _, gain, _ in inner),
                values,
            )


@BRIEF
@given(parts(), st.integers(0, 30))
def test_every_sum_gains_the_most_that_any_way_does_and_says_which(nodes, most):
    found = frontier(nodes, 4, most)
    tried = [
        (sum(cost for cost, _, _ in some), sum(gain for _, gain, _ in some))
        for some in itertools.product(*map(list, map(ways, nodes)))
    ]
    for money in range(most + 1):
        at = np.flatnonzero(found.figures[:, COST] <= money)
        assert found.figures[at[-1], SCORE] == max(gain for cost, gain in tried if cost <= money)
    assert (np.diff(found.figures[:, SCORE]) > 0).all()
    known = [{(c, g, *sorted(v.items())) for c, g, v in ways(node)} for node in nodes]
    for values, row in zip(found.values, found.figures, strict=True):
        sums = [
            (sum(pick[0] for pick in some), sum(pick[1] for pick in some))
            for some in itertools.product(*known)
            if all(values[act] == value for pick in some for act, value in pick[2:])
        ]
        assert (row[COST], row[SCORE]) in sums


@BRIEF
@given(st.lists(st.tuples(st.integers(0, 8), ROWS), min_size=1, max_size=3), st.integers(0, 30))
def test_the_level_is_the_highest_that_money_reaches(communes, budget):
    before = {str(n): first / 8 for n, (first, _) in enumerate(communes)}
    leaves = {str(n): frontier([leaf(0, rows)], 1, budget) for n, (_, rows) in enumerate(communes)}
    level = level_of(before, leaves, budget)

    def affordable(height):
        cost = 0.0
        for code, found in leaves.items():
            scores = before[code] + found.figures[:, SCORE]
            cost += found.figures[scores >= min(height, scores[-1]) - 1e-9, COST].min()
        return cost <= budget

    heights = {before[code] + gain for code in leaves for gain in leaves[code].figures[:, SCORE]}
    assert level.height == pytest.approx(max(h for h in heights if affordable(h)))
    assert level.gained >= 0
    for code, found in leaves.items():
        assert level.least(code) <= before[code] + found.figures[-1, SCORE]
