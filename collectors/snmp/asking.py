"""The questions of one look: each timed, its problems noted, and none after a device is gone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from collectors.base import Steps
from collectors.snmp.session import (
    Columns,
    Found,
    NoAnswer,
    Objects,
    Rows,
    Session,
    SnmpError,
    Value,
)
from inventory.observation import Outcome


class Asking:
    """A Session for the length of one look. `problems` is the look's own list.

    After a device has fallen silent, every question is answered with nothing, so that nobody waits
    for it again and again.
    """

    def __init__(self, session: Session, steps: Steps, until_s: float, problems: list[str]) -> None:
        self._session = session
        self._steps = steps
        self._problems = problems
        self.until_s = until_s
        self.is_gone = False

    @property
    def problem_count(self) -> int:
        """How many problems the look has by now."""
        return len(self._problems)

    @property
    def now_s(self) -> float:
        """The steady clock by which what was read grows old."""
        return self._steps.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether there is nobody to ask or no time to do it."""
        return self.is_gone or asyncio.get_running_loop().time() >= self.until_s

    async def walk(self, name: str, objects: Objects) -> Rows:
        """The rows of a table, as far as they came."""
        if self.is_gone:
            return {}
        with self._steps.step(f"walk {name}") as step:
            found = await self.columns(objects, self.until_s)
            rows = max(map(len, found.rows.values()), default=0)
            values = sum(map(len, found.rows.values()))
            step.result = f"{rows} rows, {values} values"
            self._problems.extend(found.problems)
            if found.fell_silent:
                step.result += ", then silence"
        return found.rows

    async def ask(self, name: str, objects: Objects, *, below: bool = False) -> Mapping[str, Value]:
        """Single values, as far as they came; below: the first value below each object."""
        if self.is_gone or not objects:
            return {}
        with self._steps.step(f"get {name}") as step:
            try:
                found = await (self.first if below else self.get)(objects, self.until_s)
            except SnmpError as error:
                self._problems.append(f"{name}: {error.message}")
                step.result = "silence"
                return {}
            self._problems.extend(found.problems)
            step.result = f"{len(found.values)} values"
        return found.values

    def note(self, problems: Iterable[str]) -> None:
        """Problems of a part that others asked for."""
        self._problems.extend(problems)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time what others do with this session; an SnmpError out of it is a problem."""
        with self._steps.step(name) as step:
            try:
                yield
            except SnmpError as error:
                self._problems.append(f"{name}: {error.message}")
                step.result = "silence"

    def open(self, family: socket.AddressFamily, address: tuple[Any, ...]) -> None:
        """See Session."""
        self._session.open(family, address)

    async def close(self) -> None:
        """See Session."""
        await self._session.close()

    async def get(self, objects: Objects, until_s: float) -> Found:
        """See Session."""
        self._raise_if_gone()
        try:
            return await self._session.get(objects, until_s)
        except SnmpError:
            self.is_gone = True
            raise

    async def first(self, objects: Objects, until_s: float) -> Found:
        """See Session."""
        self._raise_if_gone()
        try:
            return await self._session.first(objects, until_s)
        except SnmpError:
            self.is_gone = True
            raise

    async def columns(self, objects: Objects, until_s: float) -> Columns:
        """See Session."""
        if self.is_gone:
            return Columns({}, fell_silent=True)
        found = await self._session.columns(objects, until_s)
        self.is_gone = found.fell_silent
        return found

    def _raise_if_gone(self) -> None:
        if self.is_gone:
            raise NoAnswer(Outcome.UNREACHABLE, "timeout", "no longer answers")
