"""Declaring: checked as a whole, logged, withdrawn, undone; nothing is ever overwritten."""

import datetime as dt
from dataclasses import replace

import pytest

from inventory.indicators.checks import Entry
from inventory.register.problems import NotFound, Refused
from inventory.store import changes as change_sql

DAY = dt.date(2026, 11, 1)
CASES = Entry("22849", "case-files-online", 0.85, DAY, dt.date(2027, 11, 1), "BC 12", "Lan")


def said(indicators, commune="22849", name="case-files-online", **when):
    (row,) = indicators.rows([commune], **when)
    one = row.said.get(name)
    return None if one is None else (one.value, one.state)


def log(desk):
    return desk.read(lambda c: change_sql.changes(c, kind="indicator"))


def test_what_is_declared_stands_and_is_in_the_log_with_who_when_and_on_what(
    indicators, planner, desk, told
):
    batch = indicators.declare([CASES, replace(CASES, commune="22840", value=0.5)], planner)
    assert said(indicators) == (0.85, "holds")
    assert told == ["22840", "22849"]
    lines = log(desk)
    assert [(c.actor, c.action, c.subject, c.batch) for c in lines] == [
        ("lan", "declared", "22840 case-files-online", batch),
        ("lan", "declared", "22849 case-files-online", batch),
    ]
    assert lines[1].after == {
        "commune": "22849",
        "value": "85 %",
        "as_of": "2026-11-01",
        "expires": "2027-11-01",
        "document": "BC 12",
        "by": "Lan",
    }
    assert lines[1].before == {}


def test_a_correction_keeps_what_was_there_and_the_log_says_both(indicators, planner, desk, clock):
    indicators.declare([CASES], planner)
    entered = clock.at_s
    clock.at_s += 86400
    indicators.declare([replace(CASES, value=0.6)], planner)
    assert said(indicators) == (0.6, "holds")
    assert said(indicators, known_at_s=entered) == (0.85, "holds")
    assert [d.value for d in indicators.history("22849", "case-files-online")] == [0.6, 0.85]
    assert (log(desk)[0].before["value"], log(desk)[0].after["value"]) == ("85 %", "60 %")


def test_the_same_again_changes_nothing(indicators, planner, desk, told):
    indicators.declare([CASES], planner)
    told.clear()
    assert indicators.declare([replace(CASES, document=" BC  12 ")], planner) == ""
    assert (len(log(desk)), told) == (1, [])
    assert indicators.declare([replace(CASES, as_of=DAY + dt.timedelta(1))], planner)


def test_all_or_nothing_and_every_problem_is_said_with_its_row(indicators, planner, desk):
    wrong = [
        replace(CASES, row=3),
        replace(CASES, commune="99999", row=4),
        replace(CASES, name="nonsense", row=5),
        Entry("22840", "posts", 4.5, DAY, row=6),
        Entry("22840", "case-files-online", 1.5, DAY, row=7),
        Entry("22840", "tslcd-line", 0.5, DAY, row=8),
        Entry("22840", "desks", float("nan"), DAY, row=9),
        Entry("22840", "desks", 3, dt.date(1999, 1, 1), row=10),
        Entry("22840", "desks", 3, dt.date(2028, 1, 1), row=11),
        Entry("22840", "sites", 3, DAY, DAY, "x" * 301, row=12),
    ]
    with pytest.raises(Refused) as refused:
        indicators.declare(wrong, planner)
    assert [(p.row, p.field) for p in refused.value.problems] == [
        *((4, "commune"), (5, "name"), (6, "value"), (7, "value"), (8, "value"), (9, "value")),
        *((10, "as_of"), (11, "as_of"), (12, "expires"), (12, "document")),
    ]
    assert "at most 100 %" in str(refused.value)
    assert said(indicators) is None
    assert log(desk) == []


def test_one_indicator_twice_for_one_day_is_refused(indicators, planner):
    with pytest.raises(Refused, match="given twice"):
        indicators.declare([CASES, replace(CASES, value=0.9)], planner)


def test_group_viii_stays_a_part_of_all_posts_whichever_is_entered(indicators, planner):
    with pytest.raises(Refused, match=r"group VIII \(41\) would be more than all posts \(40\)"):
        indicators.declare([Entry("22849", "posts_group_8", 41, DAY)], planner)
    with pytest.raises(Refused, match=r"group VIII \(33\) would be more than all posts \(30\)"):
        indicators.declare([Entry("22849", "posts", 30, DAY)], planner)
    both = [Entry("22849", "posts", 60, DAY), Entry("22849", "posts_group_8", 41, DAY)]
    assert indicators.declare(both, planner)


def test_an_entry_is_withdrawn_and_what_stood_before_stands_again(indicators, planner, told):
    indicators.declare([CASES], planner)
    indicators.declare([replace(CASES, value=0.2)], planner)
    last = indicators.history("22849", "case-files-online")[0]
    told.clear()
    indicators.withdraw(last.id, planner, "a slip")
    assert (said(indicators), told) == ((0.85, "holds"), ["22849"])
    assert [bool(d.withdrawn_by) for d in indicators.history("22849", "case-files-online")] == [
        True,
        False,
    ]
    with pytest.raises(NotFound):
        indicators.withdraw(last.id, planner)
    with pytest.raises(NotFound):
        indicators.withdraw(999, planner)


def test_everything_that_was_entered_together_is_taken_back_together(indicators, planner, desk):
    batch = indicators.declare([CASES, replace(CASES, commune="22840")], planner)
    assert len(indicators.made_in(batch)) == 2
    undone = indicators.undo(batch, planner)
    assert said(indicators) is None
    assert len(indicators.made_in(undone)) == 2
    assert {c.action for c in log(desk)} == {"declared", "withdrawn"}
    with pytest.raises(NotFound):
        indicators.undo(batch, planner)


def test_the_profile_says_which_indicators_there_are_and_what_they_are_counted_in(ground):
    kinds = {name: one.kind for name, one in ground.definitions.items()}
    assert list(kinds)[:7] == [
        *("posts", "posts_group_8", "desks", "sites", "inhabitants", "internet_bps", "tslcd_bps"),
    ]
    assert kinds["case-files-online"] == kinds["staff-trained"] == "share"
    assert kinds["level-dossier-approved"] == "yes"
    assert ground.definitions["staff-trained"].max_age_s == 366 * 86400.0
