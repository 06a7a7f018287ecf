"""A kept answer comes back as it was, whatever it holds, and is removed without being lost."""

import math
from contextlib import closing
from dataclasses import replace

import pytest

from config.profile import Text
from inventory.clock import SystemClock
from inventory.planning.scenarios import Scenarios
from inventory.planning.whatif import (
    Answer,
    Goal,
    LeftOut,
    Move,
    Outcome,
    Purchase,
    Standing,
    WhatIf,
)
from inventory.register.entry import Actor
from inventory.store.changes import changes
from inventory.store.connect import open_for_reading
from inventory.store.desk import DirectDesk
from inventory.store.writer import Writer

LAN = Actor("lan", "web")
BEFORE, AFTER = Standing(0.41, 0.3, 7, 20, 90_000_000), Standing(0.63, None, 12, 20, 31_000_000)
PC = Text(vi="Máy vi tính", en="Computer")
ANSWER = Answer(
    problem=WhatIf(500_000_000, Goal.WORST_OFF, allow_moves=True, communes=("22846", "22849")),
    at_s=1_795_000_000.25,
    purchases=(Purchase("22846", "buy-pc", PC, 3, 17_800_000, 53_400_000, ("pc-per-post",)),),
    stock=(Move("PC-9", "Máy dự phòng", "desktop", "22846", "22846", False, ("pc-per-post",)),),
    moves=(Move("SC-1", "Máy quét", "scanner", "22849", "22846", True, ("scanner",)),),
    cost_vnd=53_400_000,
    before=BEFORE,
    after=AFTER,
    communes=(Outcome("22846", BEFORE, AFTER, 53_400_000, ("pc-per-post",)),),
    left_out=(LeftOut("22846", "firewall", "mandatory", "buy-fw", 1, 58_000_000, "money"),),
    optimality_gap=0.0004,
    proven=True,
    lowest_before=0.41,
    lowest_after=None,
)
NAMES, TITLES = {"22846": "Xã Vĩnh Hải"}, {"firewall": Text(vi="Có tường lửa", en="A firewall")}


@pytest.fixture
def desk(tmp_path):
    writer = Writer(tmp_path / "hatang.db")
    yield DirectDesk(writer)
    writer.close(clean=True)


def test_a_kept_answer_comes_back_equal_with_its_words(desk):
    kept = Scenarios(desk, SystemClock())
    id_ = kept.freeze("  Kế hoạch\n2027 ", LAN, ANSWER, "d1", NAMES, TITLES)
    found = Scenarios(desk, SystemClock()).get(id_)
    assert found is not None
    assert found.answer == ANSWER
    assert (found.name, found.by, found.digest) == ("Kế hoạch 2027", "lan", "d1")
    assert (found.names, found.titles) == (NAMES, TITLES)


def test_an_answer_of_which_nothing_was_proven_can_be_kept(desk):
    kept = Scenarios(desk, SystemClock())
    id_ = kept.freeze("a", LAN, replace(ANSWER, optimality_gap=math.inf, proven=False), "d")
    found = kept.get(id_)
    assert found is not None
    assert found.answer.optimality_gap == math.inf


def test_what_is_removed_is_in_no_list_and_still_on_file_with_who_did_it(desk, tmp_path):
    kept = Scenarios(desk, SystemClock())
    first, second = (kept.freeze(name, LAN, ANSWER, "d") for name in ("a", "b"))
    assert [one.id for one in kept.list()] == [second, first]
    assert kept.delete(first, Actor("minh", "web"))
    assert not kept.delete(first, Actor("minh", "web"))
    assert kept.get(first) is None
    assert [one.id for one in kept.list()] == [second]
    with closing(open_for_reading(tmp_path / "hatang.db")) as connection:
        rows = connection.execute("SELECT name, removed_by FROM scenarios ORDER BY id").fetchall()
        lines = reversed(changes(connection, kind="scenario"))
    assert [tuple(row) for row in rows] == [("a", "minh"), ("b", "")]
    asked = {"budget_vnd": 500_000_000, "goal": "worst_off"}
    assert [(line.actor, line.action, line.subject, line.title, line.after) for line in lines] == [
        ("lan", "kept", str(first), "a", asked),
        ("lan", "kept", str(second), "b", asked),
        ("minh", "removed", str(first), "a", {}),
    ]


@pytest.mark.parametrize("name", ["", " \n", "x" * 121])
def test_a_name_that_says_nothing_or_too_much_is_refused(desk, name):
    with pytest.raises(ValueError, match="1 to 120"):
        Scenarios(desk, SystemClock()).freeze(name, LAN, ANSWER, "d")
