"""One device's interfaces over many looks: what moves is read at each, the whole table every
quarter of an hour, and at once where they are not the same interfaces any more."""

from __future__ import annotations

import random
from collections.abc import Mapping

from collectors.snmp.asking import Asking
from collectors.snmp.interfaces import (
    INTERFACES,
    interfaces_of,
    moved,
    moving_columns,
    names_of,
    signs_of,
)
from collectors.snmp.session import Objects, Rows
from inventory.equipment import PortReading
from inventory.observation import InterfaceReading

WHOLE_EVERY_S = 900.0
"""At the latest; descriptions, types and MAC addresses are as old as that."""
_SOONEST = 0.4
"""Of that time: devices that were all read at the start spread over what is left of it."""


class InterfaceTable:
    """`read` at each look, then `readings`."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._known: tuple[InterfaceReading, ...] = ()
        self._moving: Objects = {}
        self._signs = 0
        self._whole_due_s = 0.0
        self._rows: Rows = {}
        self._is_moving_only = self._is_complete = False

    def forget(self) -> None:
        """Another device may be there: the next look reads everything."""
        self._moving = {}

    async def read(self, asking: Asking) -> None:
        """Ask for what is due. What failed is a problem of the look."""
        if self._moving and asking.now_s < self._whole_due_s:
            await self._walk(asking, self._moving)
            self._is_moving_only = True
            if not self._is_complete:
                self._moving = {}
                return
            if signs_of(self._rows) == self._signs:
                return
        await self._walk(asking, INTERFACES)
        self._is_moving_only = False

    def names(self) -> Mapping[int, str]:
        """ifIndex -> name; of those that did not come this time, the last one."""
        if self._is_moving_only:
            return self._names
        return names_of(self._rows) if self._is_complete else self._names | names_of(self._rows)

    def readings(
        self, ports: Mapping[int, PortReading], now_s: float
    ) -> tuple[InterfaceReading, ...]:
        """What was read. ports: ifIndex -> what is known beside this; now_s: as of Asking."""
        rows, self._rows = self._rows, {}
        if self._is_moving_only:
            if self._is_complete:
                self._known = moved(self._known, rows, ports)
                return self._known
            names = names_of(rows)
            same = [was for was in self._known if names.get(was.index, was.name) == was.name]
            return moved(same, rows, ports)
        found = interfaces_of(rows, {} if self._is_complete else self._names, ports)
        self._moving = {}
        if self._is_complete:
            self._known = found
            self._names = {interface.index: interface.name for interface in found}
            self._moving = moving_columns(rows, found)
            self._signs = signs_of({name: rows[name] for name in self._moving})
            wait_s = WHOLE_EVERY_S * random.uniform(_SOONEST, 1.0)  # noqa: S311 - spreads load
            self._whole_due_s = now_s + wait_s
        return found

    async def _walk(self, asking: Asking, objects: Objects) -> None:
        before = asking.problem_count
        self._rows = await asking.walk("interfaces", objects)
        self._is_complete = asking.problem_count == before
