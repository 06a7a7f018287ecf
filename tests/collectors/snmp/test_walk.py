"""How questions shrink to what an agent can do, against an agent that is a dictionary."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp.pdu import Absent, Kind, Response
from collectors.snmp.session import NoAnswer, SnmpError
from collectors.snmp.walk import Walker
from collectors.snmp.walk_state import Limits
from inventory.observation import Outcome

A, B, C = (1, 3, 1), (1, 3, 2), (1, 3, 3)
SILENT = NoAnswer(Outcome.UNREACHABLE, "timeout", "no answer")


class Dictionary:
    """Answers requests from OID -> value as RFC 3416 has it; `rule(request)` may answer first,
    with a Response, an error status or an exception."""

    def __init__(self, values, rule=lambda request: None, per_answer=100):
        self.values = dict(sorted(values.items()))
        self.rule = rule
        self.per_answer = per_answer
        self.requests = []

    async def ask(self, request, until_s, attempts):
        self.requests.append((request, attempts))
        ruled = self.rule(request)
        if isinstance(ruled, Exception):
            raise ruled
        if isinstance(ruled, tuple):
            return Response(*ruled, (), 40), 0.01
        if isinstance(ruled, Response):
            return ruled, 0.01
        bindings = []
        if request.kind is Kind.GET:
            bindings = [(oid, self.values.get(oid, Absent.NOTHING)) for oid in request.names]
        else:
            cursors = list(request.names)
            for _ in range(max(1, request.repetitions)):
                for at, cursor in enumerate(cursors):
                    after = next((oid for oid in self.values if oid > cursor), None)
                    if after is None:
                        bindings.append((cursor, Absent.END_OF_VIEW))
                    else:
                        bindings.append((after, self.values[after]))
                        cursors[at] = after
        bindings = bindings[: self.per_answer]
        return Response(0, 0, tuple(bindings), 20 + 20 * len(bindings)), 0.01

    def kinds(self):
        return [request.kind for request, _ in self.requests]


def table(*columns, rows=5):
    return {(*column, row): column[-1] * 1000 + row for column in columns for row in range(rows)}


def stands(walker, limits):
    """Let a walker begin with what another one learned."""
    for name in ("names", "bindings", "bulk", "looks"):
        setattr(walker.limits, name, getattr(limits or Limits(), name))


def walked(agent, objects, *, limits=None, until_s=1e12):
    aborted = []

    async def main():
        walker = Walker(agent.ask, aborted.append)
        stands(walker, limits)
        return await walker.columns(objects, until_s), walker.limits

    found, limits = asyncio.run(main())
    return found, aborted, limits


def got(agent, objects, *, limits=None):
    async def main():
        walker = Walker(agent.ask, lambda reason: None)
        stands(walker, limits)
        return await walker.get(objects, 1e12)

    return asyncio.run(main())


def test_columns_of_different_length_come_whole():
    agent = Dictionary({**table(A, rows=40), **table(B, rows=3), **table(C, rows=17)})
    found, aborted, _ = walked(agent, {"a": A, "b": B, "c": C})
    assert {name: len(rows) for name, rows in found.rows.items()} == {"a": 40, "b": 3, "c": 17}
    assert found.rows["a"][(7,)] == 1007
    assert found.problems == ()
    assert aborted == []
    assert len(agent.requests) < 12


def test_a_column_that_is_not_there_is_empty_and_no_problem():
    found, _, _ = walked(Dictionary(table(A)), {"a": A, "c": C})
    assert found.rows["c"] == {}
    assert found.problems == ()


def test_an_answer_that_was_cut_in_the_middle_of_a_row_is_continued():
    agent = Dictionary(table(A, B, C, rows=30), per_answer=7)
    found, _, _ = walked(agent, {"a": A, "b": B, "c": C})
    assert all(len(rows) == 30 for rows in found.rows.values())


def test_too_big_shrinks_rows_then_columns_and_is_remembered():
    def rule(request):
        return (1, 0) if request.most_bindings > 2 else None

    agent = Dictionary(table(A, B, C, rows=9), rule)
    found, _, limits = walked(agent, {"a": A, "b": B, "c": C})
    assert found.problems == ()
    assert all(len(rows) == 9 for rows in found.rows.values())
    again = Dictionary(table(A, B, C, rows=9), rule)
    walked(again, {"a": A, "b": B, "c": C}, limits=limits)
    assert not any(rule(request) for request, _ in again.requests)


def test_what_is_remembered_is_forgiven_after_some_looks():
    limits = Limits(bulk=False)
    for _ in range(30):
        limits.next_look()
    assert not limits.bulk
    limits.next_look()
    assert limits == Limits()


@pytest.mark.parametrize("index", [1, 2, 3, 0, 77])
def test_n12_only_the_failing_column_is_lost_whatever_error_index_says(index):
    def rule(request):
        return (5, index) if any(name[:3] == B for name in request.names) else None

    found, _, _ = walked(Dictionary(table(A, B, C), rule), {"a": A, "b": B, "c": C})
    lost = {1: "a", 3: "c"}.get(index)
    assert [p for p in found.problems if p.endswith("genErr")] == list(found.problems)
    assert "b" in found.problems[0]
    assert {len(rows) for name, rows in found.rows.items() if name not in ("b", lost)} == {5}


def test_an_unknown_error_status_is_named_by_its_number():
    rule = lambda request: (18, 1)  # noqa: E731
    found, _, _ = walked(Dictionary(table(A), rule), {"a": A})
    assert found.problems == ("a: error status 18",)


def test_no_access_ends_the_walk_with_one_line():
    found, _, _ = walked(Dictionary(table(A, B), lambda request: (16, 1)), {"a": A, "b": B})
    assert len(found.problems) == 1
    assert "view" in found.problems[0]


def test_silence_to_bulk_falls_back_to_steps():
    rule = lambda request: SILENT if request.kind is Kind.GET_BULK else None  # noqa: E731
    agent = Dictionary(table(A, B, rows=4), rule)
    found, _, limits = walked(agent, {"a": A, "b": B})
    assert found.problems == ()
    assert all(len(rows) == 4 for rows in found.rows.values())
    assert not limits.bulk


def test_silence_to_long_answers_only_is_met_by_shorter_ones():
    rule = lambda request: SILENT if request.most_bindings > 12 else None  # noqa: E731
    agent = Dictionary(table(A, B, rows=50), rule)
    found, _, limits = walked(agent, {"a": A, "b": B})
    assert found.problems == ()
    assert all(len(rows) == 50 for rows in found.rows.values())
    assert limits.bulk


def test_silence_to_many_names_is_met_by_fewer():
    def rule(request):
        return SILENT if len(request.names) > 2 else None

    objects = {str(n): (1, 3, n) for n in range(1, 9)}
    agent = Dictionary(table(*objects.values(), rows=3), rule)
    found, _, _ = walked(agent, objects)
    assert found.problems == ()
    assert all(len(rows) == 3 for rows in found.rows.values())


def test_n5_silence_to_everything_ends_the_walk_after_one_question_whether_anybody_is_there():
    agent = Dictionary(table(A), lambda request: SILENT)
    found, _, limits = walked(agent, {"a": A, "b": B})
    assert found.fell_silent
    assert found.problems == ("a, b: no answer",)
    assert agent.kinds() == [Kind.GET_BULK, Kind.GET]
    assert limits == Limits()


def test_silence_to_one_table_only_teaches_nothing_of_the_others():
    rule = lambda request: None if request.kind is Kind.GET else SILENT  # noqa: E731
    found, _, limits = walked(Dictionary(table(A), rule), {"a": A})
    assert not found.fell_silent
    assert found.problems == ("a: no answer",)
    assert limits.bulk


def test_a_refusal_on_the_way_keeps_what_came_before():
    seen = []

    def rule(request):
        seen.append(request)
        if len(seen) > 2:
            return SnmpError(Outcome.REFUSED, "wrong_digest", "the key was changed")
        return None

    found, _, _ = walked(Dictionary(table(A, rows=50), rule), {"a": A})
    assert found.problems == ("a: the key was changed",)
    assert len(found.rows["a"]) >= 4


def test_n8_the_deadline_ends_a_walk():
    found, aborted, _ = walked(Dictionary(table(A)), {"a": A}, until_s=0.0)
    assert found.problems == ("a: ended early: deadline",)
    assert aborted == ["deadline"]


def test_a_cell_without_a_value_is_left_out_and_the_walk_goes_on():
    values = table(A, rows=6)
    values[(*A, 3)] = Absent.NOTHING
    found, _, _ = walked(Dictionary(values), {"a": A})
    assert list(found.rows["a"]) == [(0,), (1,), (2,), (4,), (5,)]


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(st.integers(0, 60), min_size=1, max_size=6),
    per_answer=st.integers(1, 80),
    most=st.integers(1, 300),
    bulk=st.booleans(),
    lost=st.integers(0, 6),
)
def test_whatever_an_agent_can_do_the_whole_table_comes_home(rows, per_answer, most, bulk, lost):
    objects = {f"c{n}": (1, 3, n) for n in range(1, len(rows) + 1)}
    values = {
        (*objects[f"c{n}"], row): row for n, count in enumerate(rows, 1) for row in range(count)
    }
    count = 0

    def rule(request):
        nonlocal count
        count += 1
        if request.kind is Kind.GET_BULK and not bulk:
            return SILENT
        if request.most_bindings > most:
            return (1, 0)
        return SILENT if lost and request.kind is not Kind.GET and count % (lost + 2) == 0 else None

    found, aborted, _ = walked(Dictionary(values, rule, per_answer), objects)
    if not lost:
        assert found.problems == ()
        assert [len(found.rows[name]) for name in objects] == rows
    for name, cells in found.rows.items():
        assert all(values[(*objects[name], *index)] == value for index, value in cells.items())
    assert aborted == []


def test_get_leaves_out_what_is_not_there_and_takes_answers_in_any_order():
    agent = Dictionary({(1, 3, 1, 0): 5})
    assert got(agent, {"a": (1, 3, 1, 0), "b": (1, 3, 2, 0)}).values == {"a": 5}
    turned = Response(0, 0, (((1, 3, 2, 0), 6), ((1, 3, 1, 0), 5)), 60)
    agent = Dictionary({}, lambda request: turned)
    assert got(agent, {"a": (1, 3, 1, 0), "b": (1, 3, 2, 0)}).values == {"a": 5, "b": 6}


def test_get_believes_no_answer_to_another_question():
    agent = Dictionary({}, lambda request: Response(0, 0, (((1, 3, 9), 5),), 60))
    assert got(agent, {"a": (1, 3, 1, 0)}).values == {}


def test_get_splits_what_is_too_big_and_drops_what_fails():
    objects = {name: (1, 3, n, 0) for n, name in enumerate("abcdef", 1)}

    def rule(request):
        if len(request.names) > 3:
            return (1, 0)
        bad = next((at for at, name in enumerate(request.names, 1) if name == objects["e"]), 0)
        return (5, bad) if bad else None

    found = got(Dictionary(dict.fromkeys(objects.values(), 7), rule), objects)
    assert found.values == dict.fromkeys("abcdf", 7)
    assert found.problems == ("e: genErr",)
    assert found.round_trip_s == 0.01


def test_get_of_silence_raises_only_when_nothing_was_answered():
    with pytest.raises(NoAnswer):
        got(Dictionary({}, lambda request: SILENT), {"a": A})
    seen = []

    def rule(request):
        seen.append(request)
        return SILENT if len(seen) > 1 else None

    found = got(Dictionary({A: 1}, rule), {"a": A, "b": B}, limits=Limits(names=1))
    assert found.values == {"a": 1}
    assert found.problems == ("b: no answer",)


def test_get_without_access_is_a_refusal():
    with pytest.raises(SnmpError) as caught:
        got(Dictionary({}, lambda request: (16, 0)), {"a": A, "b": B})
    assert caught.value.reason == "no_access"
    assert caught.value.permanent


def test_columns_without_rows_are_asked_for_last_and_read_whole_when_they_fill():
    objects = {"a": A, "b": B, "c": C}
    agent = Dictionary(table(A, C, rows=48))

    async def main():
        walker = Walker(agent.ask, pytest.fail)
        for _ in range(3):
            agent.requests.clear()
            found = await walker.columns(objects, 1e12)
        groups = [request.columns for request, _ in agent.requests]
        assert groups == [(A, C)] * (len(groups) - 1) + [(B,)]
        assert agent.requests[-1][0].repetitions == 1
        assert [len(found.rows[name]) for name in objects] == [48, 0, 48]
        agent.values = table(A, B, C, rows=48)
        agent.requests.clear()
        found = await walker.columns(objects, 1e12)
        assert found.problems == ()
        assert [len(found.rows[name]) for name in objects] == [48, 48, 48]
        assert len(agent.requests) < 12

    asyncio.run(main())
