"""One asset's interfaces as they were last read, with rates, and what a store lacks of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from inventory.counters import may_have_turned, rate
from inventory.observation import InterfaceReading
from inventory.snapshot import InterfaceView
from inventory.store.rows import InterfaceRow, storable

STRANGE_PORTS = 1000
"""How many ports that are gone are remembered: a device that numbers its ports anew at every look
fills no memory."""

_INTEGER_MAX = 2**63 - 1


@dataclass(slots=True)
class _Port:
    """One interface as last read; void: the device has started again since."""

    reading: InterfaceReading
    monotonic_s: float
    void: bool = False


class KnownInterfaces:
    """See the module. views: of the last look, in its order; resets: counters that began again."""

    def __init__(self, rows: Iterable[InterfaceRow] = ()) -> None:
        self.views: tuple[InterfaceView, ...] = ()
        self.unsaved: dict[int, InterfaceRow] = {}
        self.resets = 0
        self._rows = {row.if_index: row for row in rows}
        self._ports: dict[int, _Port] = {}

    def __len__(self) -> int:
        return max(len(self._rows), len(self._ports))

    def void(self) -> None:
        """The device has started again: no counter goes on from where it stood."""
        for port in self._ports.values():
            port.void = True

    def note(
        self,
        asset_id: int,
        readings: Sequence[InterfaceReading],
        at_s: float,
        mono_s: float,
        uplink: str,
    ) -> bool:
        """Take in what one look has read; whether other interfaces are there than before.

        uplink: the name of the one that leads out, '' where none is known.
        """
        views = []
        are_others = len(readings) != len(self.views)
        for seen in readings:
            before = self._ports.get(seen.index)
            # A number that names another port now is a new port: nothing carries over.
            if before is not None and before.reading.name != seen.name:
                before = None
            in_bps, out_bps = self._rates(before, seen, mono_s)
            self._ports[seen.index] = _Port(seen, mono_s)
            is_uplink = bool(uplink) and seen.name == uplink
            views.append(InterfaceView(seen, in_bps, out_bps, is_uplink))
            if before is None or before.reading.if_type != seen.if_type:
                are_others = True
            if before is None or _differ(before.reading, seen):
                self._keep(_row(asset_id, seen, at_s))
        self.views = tuple(views)
        if len(self) > STRANGE_PORTS + 2 * len(readings):
            here = {seen.index for seen in readings}
            self._rows = {i: row for i, row in self._rows.items() if i in here}
            self._ports = {i: port for i, port in self._ports.items() if i in here}
        return are_others

    def utilisation(self) -> float | None:
        """Of the link that leads out, the fuller way: 0 to 1; None where nobody knows."""
        for port in self.views:
            both = port.in_bps is not None and port.out_bps is not None
            speed_bps = port.reading.speed_bps
            if port.is_uplink and speed_bps and both:
                return max(port.in_bps or 0.0, port.out_bps or 0.0) / speed_bps
        return None

    def _keep(self, row: InterfaceRow) -> None:
        known = self._rows.get(row.if_index)
        if known is None or replace(known, seen_at_s=row.seen_at_s) != row:
            self._rows[row.if_index] = self.unsaved[row.if_index] = row

    def _rates(
        self, before: _Port | None, seen: InterfaceReading, mono_s: float
    ) -> tuple[float | None, float | None]:
        """Bits a second in and out since the look before."""
        if before is None:
            return None, None
        was, elapsed_s, bits = before.reading, mono_s - before.monotonic_s, seen.counter_bits
        if was.counter_bits != bits:
            return None, None  # Another counter: the device lost or found its 64-bit ones.
        limit = seen.speed_bps / 8 if seen.speed_bps else None
        found = []
        for old, new in ((was.in_octets, seen.in_octets), (was.out_octets, seen.out_octets)):
            value = rate(old, new, elapsed_s, bits=bits, restarted=before.void, limit=limit)
            if value is None and elapsed_s > 0:
                fell = old is not None and new is not None and new < old
                if before.void or (fell and not (bits == 32 and may_have_turned(elapsed_s, limit))):
                    self.resets += 1
            found.append(None if value is None else value * 8)
        return found[0], found[1]


def _differ(was: InterfaceReading, seen: InterfaceReading) -> bool:
    """Whether anything is another than it was, of what is stored."""
    return (
        was.oper_up != seen.oper_up
        or was.admin_up != seen.admin_up
        or was.speed_bps != seen.speed_bps
        or was.alias != seen.alias
        or was.mac != seen.mac
    )


def _row(asset_id: int, seen: InterfaceReading, at_s: float) -> InterfaceRow:
    return InterfaceRow(
        asset_id,
        seen.index,
        storable(seen.name),
        storable(seen.alias),
        seen.mac,
        None if (seen.speed_bps or 0) > _INTEGER_MAX else seen.speed_bps,
        seen.admin_up,
        seen.oper_up,
        at_s,
    )
