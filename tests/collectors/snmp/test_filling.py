"""How many columns go into a request, and what becomes of rows that were cut off."""

import asyncio

import pytest

from collectors.snmp.filling import columns_at_once, whole_rows
from collectors.snmp.pdu import Absent, Cells, Kind, Response
from collectors.snmp.walk import Walker

COLUMNS = {f"c{n}": (1, 3, n) for n in range(1, 21)}


@pytest.mark.parametrize(
    ("columns", "bindings", "rows", "width"),
    [
        (20, 64, 48, 20),  # 17 requests; two halves need 18
        (20, 57, 48, 10),  # 25; two halves 20, three thirds 21
        (20, 7, 48, 20),
        (3, 64, 1000, 3),
        (1, 1, None, 1),
        (20, 64, 0, 20),
        (20, 0, 48, 20),  # one binding is longer than a packet
    ],
)
def test_the_width_is_the_one_that_needs_the_fewest_requests(columns, bindings, rows, width):
    assert columns_at_once(columns, bindings, rows) == width


def test_a_row_that_was_cut_off_is_dropped_from_cells_and_from_bindings():
    cells = Cells([(n,) for n in range(7)], list(range(7)), True)
    kept, rest, room = whole_rows(cells, (), 3, 12)
    assert (kept.indexes, kept.values, rest, room) == (cells.indexes[:6], [0, 1, 2, 3, 4, 5], (), 7)
    assert len(cells.values) == 7  # what the engine remembers is not ours to change
    bindings = tuple(((1, 3, n), n) for n in range(4))
    kept, rest, room = whole_rows(Cells([(1,)], [1], True), bindings, 2, 12)
    assert (len(kept.values), rest, room) == (1, bindings[:3], 5)


@pytest.mark.parametrize(("count", "most"), [(6, 12), (2, 12), (7, 7), (0, 12)])
def test_whole_answers_and_those_without_a_whole_row_are_left_alone(count, most):
    cells = Cells([(n,) for n in range(count)], list(range(count)), True)
    assert whole_rows(cells, (), 3, most) == (cells, (), None)


def walked(room, rows=48, looks=1, size=20):
    """Requests of the last look at an agent that puts so many bindings of a size into an answer."""
    values = {(*column, row): row for column in COLUMNS.values() for row in range(1, rows + 1)}
    requests = []

    async def ask(request, until_s, attempts):
        assert request.kind is Kind.GET_BULK
        requests.append(request)
        bindings, cursors = [], list(request.names)
        for _ in range(request.repetitions):
            for at, cursor in enumerate(cursors):
                column, row = cursor[:3], cursor[3] + 1 if len(cursor) > 3 else 1
                after = (*column, row)
                bindings.append((after, values.get(after, Absent.END_OF_VIEW)))
                cursors[at] = after
        bindings = bindings[:room]
        return Response(0, 0, tuple(bindings), 40 + size * len(bindings)), 0.01

    async def main():
        walker = Walker(ask, lambda reason: None)
        for _ in range(looks):
            requests.clear()
            walker.next_look()
            found = await walker.columns(COLUMNS, 1e12)
        return found

    found = asyncio.run(main())
    assert found.problems == ()
    assert all(len(cells) == rows for cells in found.rows.values())
    return requests


@pytest.mark.parametrize("room", [5, 19, 20, 21, 30, 57, 64, 1000])
def test_agents_that_cut_answers_off_are_read_whole_and_by_few_requests(room):
    fewest = 20 * 49 / min(room, 68)
    for looks in (1, 2, 4):
        assert len(walked(room, looks=looks)) <= fewest * 1.45 + 3


def test_cells_that_are_longer_than_a_packet_are_read_whole():
    walked(2, rows=5, looks=3, size=9000)


def test_columns_stay_in_step_with_an_agent_that_cuts_answers_off():
    for request in walked(57, looks=2):
        assert len({name[3:] for name in request.names}) == 1
        assert request.most_bindings <= 57
