"""Over random edits: nobody's edit is lost, versions rise, and undoing all leads back."""

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.register.entry import Actor, Create, Edit, MoveStep, Query, Remove
from inventory.register.moves import Move, MoveKind
from inventory.register.problems import NotFound, Refused
from inventory.register.register import Register
from inventory.register.stale import Stale
from inventory.store.desk import DirectDesk
from inventory.store.writer import Writer

TAGS = ("A", "B", "C", "D")
WHO = Actor("lan", "web")
tags = st.sampled_from(TAGS)
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
values = st.fixed_dictionaries(
    {},
    optional={
        "tag": tags,
        "room": words,
        "note": words,
        "commune": st.sampled_from(("22849", "22840")),
        "parent": tags | st.just(""),
        "serial": st.sampled_from(("SN100", "SN200", "")),
        "price_vnd": st.integers(-1, 10**9) | st.none(),
        "edge": st.booleans(),
        "custom": st.dictionaries(st.sampled_from(("Màu", "Cỡ")), words),
    },
)
moves = st.builds(
    Move,
    st.sampled_from(MoveKind),
    st.dates(min_value=dt.date(2025, 1, 1)).map(lambda day: day.replace(year=2025)),
    document=st.just("1"),
    to_commune=st.sampled_from(("", "22849", "22840")),
    to_person=st.sampled_from(("", "Bà Hoa")),
)


def steps(make_asset):
    return st.one_of(
        tags.map(lambda tag: Create(make_asset(tag))),
        st.builds(Edit, tags, values),
        st.builds(Remove, tags),
        st.builds(MoveStep, tags, moves),
    )


def state(register):
    found = {}
    for removed in (False, True):
        for entry in register.search(Query(limit=None, removed=removed)).entries:
            found[entry.id] = (entry.asset, removed)
    return found


def assert_found_as_it_stands(register):
    """What is found and sorted in memory is what a fresh reading finds."""
    fresh = Register(register._desk, register._rules, register._clock)
    for query in (Query("may"), Query(sort="room"), Query(sort="changed", descending=True)):
        assert register.search(query) == fresh.search(query)


def outcome(register, room, actor, version):
    """The entry as it was saved, or the Stale that says why it was not."""
    try:
        return register.edit("A", {"room": room}, actor, version=version)
    except Stale as stale:
        return stale


def over(make_rules, clock, story):
    with tempfile.TemporaryDirectory() as folder:
        writer = Writer(Path(folder) / "hatang.db")
        rules = make_rules()
        try:
            story(Register(DirectDesk(writer), lambda: rules, clock()))
        finally:
            writer.close(clean=True)


SLOW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SLOW
@given(data=st.data())
def test_undoing_everything_leads_back_and_undoing_that_leads_here_again(
    data, make_asset, make_rules, ticking
):
    def story(register):
        register.apply([Create(make_asset(tag)) for tag in TAGS[:2]], WHO)
        states, batches = [state(register)], []
        for batch in data.draw(st.lists(st.lists(steps(make_asset), max_size=4), max_size=6)):
            before = state(register)
            try:
                batches.append(register.apply(batch, WHO))
            except (Refused, NotFound):
                refused = True
            else:
                refused = False
                states.append(state(register))
            assert not refused or state(register) == before
        assert_found_as_it_stands(register)
        undone = []
        for batch, wanted in zip(reversed(batches), reversed(states[:-1]), strict=True):
            if register.changes(batch=batch):
                undone.append(register.undo(batch, WHO))
            now = state(register)
            assert {i: now[i] for i in wanted} == wanted
            assert all(removed for i, (_, removed) in now.items() if i not in wanted)
        last = states[-1]
        for batch in reversed(undone):
            register.undo(batch, WHO)
        assert state(register) == last
        assert_found_as_it_stands(register)

    over(make_rules, ticking, story)


@SLOW
@given(data=st.data())
def test_nobodys_edit_is_lost(data, make_asset, make_rules, ticking):
    """People who look, type and save in any order: what was saved stands until somebody who has
    seen it saves something else."""

    def story(register):
        version = register.create(make_asset("A"), WHO).version
        rooms, seen = {version: ""}, {}
        for number, (who, looks) in enumerate(
            data.draw(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=20))
        ):
            if looks or who not in seen:
                seen[who] = register.get("A").version
                continue
            actor, room = Actor(f"p{who}", "web"), f"room {number}"
            found = outcome(register, room, actor, seen[who])
            if isinstance(found, Stale):
                assert seen[who] < version == found.entry.version
                assert found.entry.asset.room == rooms[version]
                assert [c.after["room"] for c in found.changes] == [
                    rooms[v] for v in range(version, seen[who], -1)
                ]
            else:
                assert seen.pop(who) == version
                assert found.version == version + 1
                version = found.version
                rooms[version] = room
        assert register.get("A").asset.room == rooms[version]

    over(make_rules, ticking, story)
