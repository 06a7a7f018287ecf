"""Whole columns (and by gets.py single objects) from agents that may be slow, broken or lying.

Knows no encoding and no socket: it asks one request after the other through a function. Several
columns go into each GETBULK, as many rows as fit one packet; what an agent cannot do is tried in
smaller pieces until only the piece that fails is left. A column ends where it ends, or where a
guard says that the agent is not to be believed; what came before that is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from operator import lt

from collectors.snmp.filling import columns_at_once, whole_rows
from collectors.snmp.gets import ATTEMPTS, NO_ACCESS, Ask, Gets, culprit_of, in_lines
from collectors.snmp.pdu import (
    Absent,
    Binding,
    Cells,
    Kind,
    Request,
    Response,
    Status,
    status_text,
)
from collectors.snmp.session import Columns, Found, NoAnswer, Objects, Oid, SnmpError, Value
from collectors.snmp.walk_script import Script, Step
from collectors.snmp.walk_state import FIRST_BINDING_BYTES, Column, Limits, Mode, Shape, Walk

MAX_ROWS = 20_000
"""Rows of one column; no device of a commune has a hundredth of it."""
MAX_BYTES = 4_000_000
"""Of the answers of one walk."""

_PACKET_BYTES = 1_400
"""What an answer should fill: an Ethernet frame without fragments."""
_MOST_SHAPES = 64

_ANYBODY = Request(Kind.GET, ((1, 3, 6, 1, 2, 1, 1, 3, 0),))
"""sysUpTime, which no agent is without."""

Take = Callable[[int, Response], bool]
"""(which request, its response) -> whether to go on. Must not raise."""

InARow = tuple[int, Response | SnmpError | None]
"""How many responses were wanted, and the first other one, or why there was none."""

AskRow = Callable[[Sequence[Request], float, Take], Awaitable[InARow]]
"""Ask requests one after the other for as long as each response is wanted; it may end before, and
what was not asked is asked by Ask. Raises nothing."""


class Walker:
    """Asks one agent. aborted: called with a reason for each walk that a guard ended; bulk: False
    where the protocol has no GETBULK. max_rows: of one column; max_bytes: of one walk's answers."""

    def __init__(
        self,
        ask: Ask,
        aborted: Callable[[str], None],
        *,
        bulk: bool = True,
        max_rows: int | None = None,
        max_bytes: int | None = None,
        ask_row: AskRow | None = None,
    ) -> None:
        self._ask = ask
        self._ask_row = ask_row
        self._max_rows = MAX_ROWS if max_rows is None else max_rows
        self._max_bytes = MAX_BYTES if max_bytes is None else max_bytes
        self._aborted = aborted
        self._has_bulk = bulk
        self.limits = Limits(bulk=bulk)
        self._gets = Gets(ask, self.limits)
        self._shapes: dict[tuple[Oid, ...], Shape] = {}

    def next_look(self) -> None:
        """Another look begins; see Limits.next_look."""
        if self.limits.next_look():
            self._shapes.clear()
        self.limits.bulk &= self._has_bulk

    async def get(self, objects: Objects, until_s: float) -> Found:
        """See Session.get."""
        return await self._gets.values(Kind.GET, objects, until_s)

    async def first(self, objects: Objects, until_s: float) -> Found:
        """See Session.first."""
        return await self._gets.values(Kind.GET_NEXT, objects, until_s)

    async def columns(self, objects: Objects, until_s: float) -> Columns:
        """See Session.columns."""
        shape = self._shapes.get(tuple(objects.values()), Shape())
        walk = Walk(
            [Column(label, oid, place) for place, (label, oid) in enumerate(objects.items())],
            expected_rows=shape.rows,
            most_rows=shape.most_rows,
            binding_bytes=shape.binding_bytes,
            room=shape.room,
            empty=shape.empty,
        )
        clock = asyncio.get_running_loop().time
        could_bulk = self.limits.bulk
        steps = shape.script.steps if shape.script is not None else ()
        asked, spare = await self._as_before(walk, steps, until_s)
        known, is_as_before = iter(steps[asked:]), True
        while True:
            step = next(known, None)
            if step is None or step.indexes is None or not is_as_before:
                walk.put.into(walk.columns)
                left = walk.left()
                if not left:
                    break
                fresh = self._next_step(walk, left)
                if step is None or fresh.request != step.request:
                    known, step = iter(()), fresh
            if clock() >= until_s:
                walk.put.into(walk.columns)
                walk.end(walk.left(), "deadline")
                break
            request, group = step.request, [walk.columns[place] for place in step.group]
            is_as_before = False
            before, spare = spare, None
            try:
                if isinstance(before, SnmpError):
                    raise before
                attempts = 2 if walk.in_doubt else ATTEMPTS
                response = before or (await self._ask(request, until_s, attempts))[0]
            except NoAnswer as silence:
                if clock() >= until_s:
                    continue
                if not walk.in_doubt and not await self._is_there(until_s):
                    walk.fell_silent = True
                    walk.fail(walk.left(), silence.message)
                elif not self._ask_for_less(walk, group, request):
                    self.limits.bulk = could_bulk  # silent to all of it: nothing was learned
                    walk.fail(group, silence.message)
            except SnmpError as refusal:
                walk.fell_silent = True
                walk.fail(walk.left(), refusal.message)
            else:
                walk.take_heart()
                if response.status == Status.NO_ERROR:
                    is_as_before = self._took(walk, step, response)
                    if not is_as_before:
                        self._take(walk, group, request, response)
                        step.seen(response.cells)
                    walk.steps.append(step)
                elif response.status == Status.AUTHORIZATION_ERROR:
                    walk.fail(walk.left(), NO_ACCESS)
                else:
                    self._go_round(walk, group, request, response)
        for reason in walk.aborted:
            self._aborted(reason)
        if not walk.failures:
            self._remember(walk, shape)
        rows = {column.label: column.rows for column in walk.columns}
        return Columns(rows, in_lines(walk.failures), walk.fell_silent)

    async def _as_before(self, walk: Walk, steps: Sequence[Step], until_s: float) -> InARow:
        """The first steps of a script in a row, as far as each brings what it brought before."""
        most = next((at for at, step in enumerate(steps) if step.indexes is None), len(steps))
        if most < 2 or self._ask_row is None:
            return 0, None

        def take(at: int, response: Response) -> bool:
            if response.status != Status.NO_ERROR or not self._took(walk, steps[at], response):
                return False
            walk.take_heart()
            walk.steps.append(steps[at])
            return True

        return await self._ask_row([step.request for step in steps[:most]], until_s, take)

    def _next_step(self, walk: Walk, left: list[Column]) -> Step:
        """What is to be asked next, of the columns that are left."""
        most = min(walk.most_names, self.limits.names)
        together = [c for c in left if c.mode is Mode.TOGETHER]
        # Columns without rows would be replaced by others in the middle, out of step with the rest.
        together = [c for c in together if c.place not in walk.empty] or together
        if together and walk.width is None and walk.binding_bytes != FIRST_BINDING_BYTES:
            count = min(len(together), most)
            walk.width = columns_at_once(count, self._bindings(walk), walk.expected_rows)
        group = together[: min(most, walk.width or most)] or left[:1]
        return Step(self._request(walk, group), tuple([column.place for column in group]))

    def _request(self, walk: Walk, group: list[Column]) -> Request:
        names = tuple([(*column.oid, *column.last) for column in group])
        columns = tuple([column.oid for column in group])
        if not self.limits.bulk or group[0].mode is Mode.STEPS:
            return Request(Kind.GET_NEXT, names, 1, columns)
        rows = min(self._bindings(walk) // len(names), walk.most_rows, walk.row_limit)
        if all(column.place in walk.empty and not column.rows for column in group):
            rows = 1
        elif walk.expected_rows is not None:
            left = walk.expected_rows - len(group[0].rows)
            if left >= 0:
                rows = min(rows, left + 1)  # one more shows that there are no more
        return Request(Kind.GET_BULK, names, max(1, rows), columns)

    def _bindings(self, walk: Walk) -> int:
        """How many bindings an answer should have."""
        fit = int(_PACKET_BYTES / walk.binding_bytes)
        return max(1, min(self.limits.bindings, walk.room, fit))

    def _remember(self, walk: Walk, shape: Shape) -> None:
        """What the next walk over these columns can begin with."""
        if shape.script is not None and list(shape.script.steps) == walk.steps:
            return
        rows = max((len(column.rows) for column in walk.columns), default=0)
        if len(self._shapes) >= _MOST_SHAPES:
            self._shapes.clear()
        script = Script.of(walk.steps) if walk.is_smooth else None
        empty = frozenset([column.place for column in walk.columns if not column.rows])
        shape = Shape(rows, walk.most_rows, walk.binding_bytes, walk.room, script, empty)
        self._shapes[tuple([column.oid for column in walk.columns])] = shape

    async def _is_there(self, until_s: float) -> bool:
        """After silence: whether the agent still answers what every agent can."""
        try:
            await self._ask(_ANYBODY, until_s, ATTEMPTS)
        except SnmpError:
            return False
        return True

    def _ask_for_less(self, walk: Walk, group: list[Column], request: Request) -> bool:
        """After silence to this alone: whether there is a smaller question to try."""
        walk.in_doubt, walk.is_smooth = True, False
        if request.kind is Kind.GET_BULK:
            if request.repetitions > 1:  # a long answer may be lost where a short one is not
                walk.row_limit, walk.most_rows = max(1, request.repetitions // 2), 1
            else:
                self.limits.bulk = False
            return True
        walk.most_names = max(1, len(group) // 2)
        return len(group) > 1

    def _go_round(
        self, walk: Walk, group: list[Column], request: Request, response: Response
    ) -> None:
        """After an error status: smaller questions, until only what fails is left."""
        walk.is_smooth = False
        label = culprit_of(response, [column.label for column in group])
        culprit = next((column for column in group if column.label == label), None)
        if response.status == Status.TOO_BIG and request.repetitions > 1:
            self.limits.bindings = request.most_bindings // 2
        elif response.status == Status.TOO_BIG and len(group) > 1:
            self.limits.names = len(group) // 2
        elif culprit is None:
            for column in group:
                column.mode = Mode.ALONE
        elif response.status == Status.NO_SUCH_NAME:  # how v1 says: nothing after this
            culprit.done = True
        elif len(group) > 1:
            culprit.mode = Mode.ALONE
        elif request.kind is Kind.GET_BULK:
            culprit.mode = Mode.STEPS
        else:
            walk.fail([culprit], status_text(response.status))

    def _take(self, walk: Walk, group: list[Column], request: Request, response: Response) -> None:
        """Sort an answer into its columns, believing nothing."""
        begun = len(response.cells.values) if response.cells is not None else 0
        bindings = response.bindings[: max(0, request.most_bindings - begun)]
        count = begun + len(bindings)
        if not count:
            walk.end(group, "empty")
            return
        walk.size += response.size
        walk.binding_bytes = max(8.0, response.size / count)
        walk.most_rows = min(walk.row_limit, walk.most_rows * 2)
        walk.put.into(walk.columns)
        cells, bindings, room = whole_rows(
            response.cells, bindings, len(group), request.most_bindings
        )
        if room is not None:
            walk.room, walk.width, walk.is_smooth = room, None, False
        if cells is not None and begun:
            self._take_cells(walk, group, cells)
        self._take_bindings(walk, group, begun, bindings)

    def _took(self, walk: Walk, step: Step, response: Response) -> bool:
        """Whether the answer is the step's last one with other values, and is put by."""
        cells = response.cells
        if cells is None or not walk.put.by(step, cells):
            return False
        walk.size += response.size
        if response.bindings:
            walk.put.into(walk.columns)
            group = [walk.columns[place] for place in step.group]
            self._take_bindings(walk, group, len(cells.values), response.bindings)
        return True

    def _take_bindings(
        self, walk: Walk, group: list[Column], begun: int, bindings: Iterable[Binding]
    ) -> None:
        """Bindings one by one; begun: how many came before them in their answer."""
        for position, (oid, value) in enumerate(bindings, begun):
            column = group[position % len(group)]
            if column.done:
                continue
            if value is Absent.END_OF_VIEW or oid[: len(column.oid)] != column.oid:
                column.done = True
            else:
                self._take_cell(walk, column, oid[len(column.oid) :], value)
        if walk.size > self._max_bytes:
            walk.end(walk.left(), "too_many_bytes")

    def _take_cells(self, walk: Walk, group: list[Column], cells: Cells) -> None:
        """Whole rows in order need no look at each cell; all else gets it."""
        width, values = len(group), cells.values
        rows = cells.indexes[::width]
        if not (
            cells.in_rows
            and all(map(lt, rows, rows[1:]))
            and all(column.last < rows[0] for column in group)
            and max(len(column.rows) for column in group) + len(rows) < self._max_rows
        ):
            for position, (index, value) in enumerate(zip(cells.indexes, values, strict=True)):
                column = group[position % width]
                if not column.done:
                    self._take_cell(walk, column, index, value)
            return
        tables = [column.rows for column in group]
        at = 0
        for index in rows:
            for table, value in zip(tables, values[at : at + width], strict=False):
                table[index] = value
            at += width
        in_last_row = len(values) - width * (len(rows) - 1)
        for position, column in enumerate(group):
            if position < in_last_row:
                column.last = rows[-1]
            elif len(rows) > 1:
                column.last = rows[-2]

    def _take_cell(self, walk: Walk, column: Column, index: Oid, value: Value | Absent) -> None:
        if index <= column.last:
            walk.end([column], "not_increasing")
            return
        column.last = index
        if not isinstance(value, Absent):
            column.rows[index] = value
        if len(column.rows) >= self._max_rows:
            walk.end([column], "too_many_rows")
