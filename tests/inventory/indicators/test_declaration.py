"""What holds on a day: entries of the database beside hatang.yaml, and what was known when."""

import dataclasses
import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from config.sections import Commune
from inventory.indicators.declaration import Declaration, declared_on, standing

DAY = dt.date(2026, 6, 1)
NAME = "case-files-online"


def commune(**more):
    return Commune.model_validate({"code": "22849", **more})


def entry(name=NAME, value=0.8, as_of=DAY, entered=100.0, **more):
    return Declaration("22849", name, value, as_of, entered_at_s=entered, **more)


def in_file(value, as_of, **more):
    return commune(declared={NAME: {"value": value, "as_of": as_of, **more}})


def value_on(day, *entries, of=None, known=None):
    found = standing(of or commune(), entries, day, known).get(NAME)
    return None if found is None else (found.value, found.state)


def test_the_entry_for_the_latest_day_up_to_the_day_counts():
    entries = entry(value=0.7, as_of=dt.date(2026, 1, 1)), entry(value=0.9, as_of=DAY)
    assert value_on(dt.date(2026, 5, 31), *entries) == (0.7, "holds")
    assert value_on(DAY, *entries) == (0.9, "holds")
    assert value_on(dt.date(2025, 12, 31), *entries) == (0.7, "not_yet")
    assert value_on(DAY) is None


def test_one_for_an_earlier_day_that_is_entered_later_does_not_displace_it():
    entries = (
        entry(value=0.9, entered=100.0),
        entry(value=0.1, as_of=dt.date(2026, 1, 1), entered=200.0),
    )
    assert value_on(DAY, *entries) == (0.9, "holds")
    assert value_on(dt.date(2026, 2, 1), *entries) == (0.1, "holds")


def test_what_was_known_then_can_be_told_from_what_is_known_now():
    before = entry(value=0.9, as_of=dt.date(2026, 1, 1), entered=100.0)
    corrected = entry(value=0.5, as_of=dt.date(2026, 1, 1), entered=300.0)
    assert value_on(DAY, before, corrected, known=200.0) == (0.9, "holds")
    assert value_on(DAY, before, corrected) == (0.5, "holds")
    assert value_on(DAY, before, corrected, known=50.0) is None


def test_a_withdrawn_entry_counts_until_it_was_withdrawn():
    taken_back = entry(entered=100.0, withdrawn_at_s=200.0)
    assert value_on(DAY, taken_back) is None
    assert value_on(DAY, taken_back, known=150.0) == (0.8, "holds")
    assert value_on(DAY, taken_back, known=200.0) is None


def test_an_expired_entry_is_said_to_be_so_and_no_older_one_takes_its_place():
    old = entry(value=0.7, as_of=dt.date(2025, 1, 1))
    new = entry(value=0.9, as_of=dt.date(2026, 1, 1), expires=DAY)
    assert value_on(dt.date(2026, 5, 31), old, new) == (0.9, "holds")
    assert value_on(DAY, old, new) == (0.9, "expired")
    declared = declared_on(commune(), [old, new], DAY).declared[NAME]
    assert (declared.value, declared.expires) == (0.9, DAY)


def test_between_the_file_and_the_database_the_later_day_wins():
    file = in_file(0.6, "2026-03-01")
    assert value_on(DAY, entry(as_of=dt.date(2026, 2, 1)), of=file) == (0.6, "holds")
    assert value_on(DAY, entry(as_of=dt.date(2026, 3, 1)), of=file) == (0.8, "holds")
    assert value_on(DAY, entry(as_of=dt.date(2026, 4, 1)), of=file) == (0.8, "holds")


def test_a_figure_of_the_database_stands_before_the_one_without_a_day_until_it_expires():
    file = commune(posts=40, posts_group_8=33, internet_bps=100)
    entries = [
        entry("posts", 45, expires=dt.date(2027, 1, 1), document="QĐ 12", by="Lan"),
        entry("desks", 4),
    ]
    merged = declared_on(file, entries, DAY)
    assert (merged.posts, merged.posts_group_8, merged.desks, merged.internet_bps) == (
        *(45, 33, 4),
        100,
    )
    assert (merged.declared["posts"].document, merged.declared["posts"].as_of) == ("QĐ 12", DAY)
    assert "posts_group_8" not in merged.declared
    after = declared_on(file, entries, dt.date(2027, 1, 1))
    assert (after.posts, after.desks) == (40, 4)
    assert "posts" not in after.declared
    assert declared_on(file, entries, dt.date(2026, 5, 31)).desks is None


def test_entries_of_another_commune_and_an_empty_list_change_nothing():
    file = commune(posts=40)
    assert declared_on(file, [dataclasses.replace(entry(), commune="22840")], DAY) == file
    assert declared_on(file, [], DAY) == file


DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 12))
ENTRIES = st.lists(
    st.builds(
        entry,
        value=st.integers(0, 9).map(float),
        as_of=DAYS,
        entered=st.integers(1, 9).map(float),
        expires=st.none() | st.dates(dt.date(2026, 1, 5), dt.date(2026, 1, 20)),
        withdrawn_at_s=st.none() | st.integers(5, 12).map(float),
    ),
    max_size=6,
)


@given(ENTRIES, DAYS, st.integers(0, 12).map(float), st.randoms(use_true_random=False))
def test_what_is_entered_or_withdrawn_later_changes_nothing_of_what_was_known(
    entries, day, known, random
):
    rows = [dataclasses.replace(e, id=at) for at, e in enumerate(entries, start=1)]
    then = standing(commune(), rows, day, known)
    past = [
        dataclasses.replace(e, withdrawn_at_s=None) if (e.withdrawn_at_s or 0) > known else e
        for e in rows
        if e.entered_at_s <= known
    ]
    random.shuffle(past)
    said = {k: (s.value, s.state) for k, s in then.items()}
    assert said == {k: (s.value, s.state) for k, s in standing(commune(), past, day).items()}
