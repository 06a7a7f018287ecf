"""What moves on a device: uptime, counters at rates that are known beforehand, load, link state.

Pure of time: every value is a function of a Moment, so two simulators with one clock say the
same and a test can compute what a counter must read. Nothing here looks at a clock.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from collectors.snmp.simulator.ber import COUNTER32, COUNTER64, INTEGER, NULL, Oid, Value
from collectors.snmp.simulator.snmprec import Row

SYS_UP_TIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)
HR_SYSTEM_UPTIME = (1, 3, 6, 1, 2, 1, 25, 1, 1, 0)
HR_PROCESSOR_LOAD = (1, 3, 6, 1, 2, 1, 25, 3, 3, 1, 2)
ENGINE_BOOTS = (1, 3, 6, 1, 6, 3, 10, 2, 1, 2, 0)
ENGINE_TIME = (1, 3, 6, 1, 6, 3, 10, 2, 1, 3, 0)
PAGE_COUNT = (1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4)
IF_ENTRY = (1, 3, 6, 1, 2, 1, 2, 2, 1)
IFX_ENTRY = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
IF_SPEED, IF_HIGH_SPEED = (*IF_ENTRY, 5), (*IFX_ENTRY, 15)
IF_OPER_STATUS = (*IF_ENTRY, 8)

_TICKS_PER_S = {SYS_UP_TIME: 100.0, HR_SYSTEM_UPTIME: 100.0, ENGINE_TIME: 1.0}
_OCTETS = {
    (*IF_ENTRY, 10): "in",
    (*IF_ENTRY, 16): "out",
    (*IFX_ENTRY, 6): "in",
    (*IFX_ENTRY, 10): "out",
}
_PACKETS = {
    (*IF_ENTRY, 11): "in",
    (*IF_ENTRY, 17): "out",
    (*IFX_ENTRY, 7): "in",
    (*IFX_ENTRY, 11): "out",
}
_PACKET_OCTETS = 700.0
_TROUBLE = frozenset((*IF_ENTRY, column) for column in (12, 13, 14, 15, 18, 19, 20))
_PAGES_PER_S = 1 / 90
_UP, _DOWN = 1, 2


@dataclass(frozen=True, slots=True)
class Moment:
    """A device's own time: running_s since the simulation began or it last came back; reboots
    so far; links_down: ifIndex of links that are cut now; link_lost_s: ifIndex -> seconds of
    running_s that a link was cut."""

    running_s: float = 0.0
    reboots: int = 0
    links_down: frozenset[int] = frozenset()
    link_lost_s: Mapping[int, float] = field(default_factory=dict)


START = Moment()
Mover = Callable[[Moment], Value]


@dataclass(frozen=True, slots=True)
class Wave:
    """A rate per second that swings by `swing` (0 to 1) of its mean once in period_s."""

    mean: float
    swing: float = 0.0
    period_s: float = 600.0
    phase: float = 0.0

    def rate(self, at_s: float) -> float:
        """The rate at a moment."""
        return self.mean * (1 + self.swing * math.sin(self._angle(at_s)))

    def amount(self, until_s: float) -> float:
        """The integral of the rate from 0 to until_s; it never falls."""
        wobble = (math.cos(self.phase) - math.cos(self._angle(until_s))) / math.tau
        return self.mean * (until_s + self.swing * self.period_s * wobble)

    def _angle(self, at_s: float) -> float:
        return math.tau * at_s / self.period_s + self.phase


@dataclass(frozen=True, slots=True)
class Traffic:
    """What goes over one interface, in bits a second, instead of what chance would give it."""

    in_bps: float
    out_bps: float
    swing: float = 0.3
    period_s: float = 600.0


def chance(*parts: object) -> float:
    """A number from 0 to 1 that is the same for the same parts, on every machine."""
    text = "\0".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=7).digest(), "big") / (1 << 56)


def plan_motion(
    rows: Sequence[Row], seed: str, traffic: Mapping[int, Traffic] | None = None
) -> dict[Oid, Mover]:
    """OID -> how its value moves, for all rows of a device that move.

    A link that is up carries between 0.05 % and 25 % of its speed, by `seed`, unless `traffic`
    (ifIndex -> Traffic) says otherwise; a link that is recorded as down stays still.
    """
    values = {row.oid: row.value for row in rows}
    rates = rates_of(rows, seed, traffic)
    movers: dict[Oid, Mover] = {}
    for row in rows:
        if not isinstance(row.value, int) or row.tag == NULL:
            continue
        oid, column, index = row.oid, row.oid[:-1], row.oid[-1]
        if oid in _TICKS_PER_S:
            movers[oid] = _ticks(row.value, _TICKS_PER_S[oid])
        elif oid == ENGINE_BOOTS:
            movers[oid] = _boots(row.value)
        elif column == IF_OPER_STATUS:
            movers[oid] = _oper_status(row.value, index)
        elif column == HR_PROCESSOR_LOAD and row.tag == INTEGER:
            movers[oid] = _load(row.value, math.tau * chance(seed, oid))
        elif oid in rates and rates[oid].mean:
            link = index if _is_interface(column) and (*IF_OPER_STATUS, index) in values else None
            bits = 64 if row.tag == COUNTER64 else 32
            movers[oid] = _counter(row.value, rates[oid], bits, link)
    return movers


def rates_of(
    rows: Sequence[Row], seed: str, traffic: Mapping[int, Traffic] | None = None
) -> dict[Oid, Wave]:
    """OID -> rate of every counter of a device, for tests that must know what to expect."""
    values = {row.oid: row.value for row in rows}
    rates: dict[Oid, Wave] = {}
    for row in rows:
        column, index = row.oid[:-1], row.oid[-1]
        if row.tag not in (COUNTER32, COUNTER64):
            continue
        way = _OCTETS.get(column) or _PACKETS.get(column)
        if way:
            octets = _octets(values, index, way, seed, (traffic or {}).get(index))
            scale = 1.0 if column in _OCTETS else 1 / _PACKET_OCTETS
            rates[row.oid] = Wave(octets.mean * scale, octets.swing, octets.period_s, octets.phase)
        elif column in _TROUBLE:
            luck = chance(seed, row.oid)
            rates[row.oid] = Wave(luck / 50 if luck > 0.85 else 0.0)
        elif row.oid[: len(PAGE_COUNT)] == PAGE_COUNT:
            rates[row.oid] = Wave(_PAGES_PER_S)
        else:
            rates[row.oid] = Wave(30 * chance(seed, row.oid))
    return rates


def _is_interface(column: Oid) -> bool:
    return column[:-1] in (IF_ENTRY, IFX_ENTRY)


def _octets(
    values: Mapping[Oid, Value], index: int, way: str, seed: str, traffic: Traffic | None
) -> Wave:
    """Octets a second through one interface in one direction."""
    phase = math.tau * chance(seed, index, way, "phase")
    if values.get((*IF_OPER_STATUS, index), _UP) != _UP:
        return Wave(0.0)
    if traffic is not None:
        bps = traffic.in_bps if way == "in" else traffic.out_bps
        return Wave(bps / 8, traffic.swing, traffic.period_s, phase)
    high = values.get((*IF_HIGH_SPEED, index), 0)
    speed = high * 1e6 if isinstance(high, int) and high > 0 else values.get((*IF_SPEED, index), 0)
    if not isinstance(speed, int | float) or speed <= 0:
        speed = 1e7
    used = 0.0005 + 0.25 * chance(seed, index, way) ** 3
    return Wave(speed * used / 8, 0.3, 600.0, phase)


def _ticks(base: int, per_s: float) -> Mover:
    def value(moment: Moment) -> int:
        start = 0 if moment.reboots else base
        return start + int(moment.running_s * per_s) & 0xFFFFFFFF

    return value


def _boots(base: int) -> Mover:
    return lambda moment: base + moment.reboots


def _counter(base: int, wave: Wave, bits: int, link: int | None) -> Mover:
    mask = (1 << bits) - 1

    def value(moment: Moment) -> int:
        lost_s = moment.link_lost_s.get(link, 0.0) if link is not None else 0.0
        start = 0 if moment.reboots else base
        return start + int(wave.amount(moment.running_s - lost_s)) & mask

    return value


def _oper_status(base: int, index: int) -> Mover:
    return lambda moment: _DOWN if index in moment.links_down else base


def _load(base: int, phase: float) -> Mover:
    def value(moment: Moment) -> int:
        swing = 12 * math.sin(moment.running_s / 60 + phase) + 5 * math.sin(moment.running_s / 7)
        return int(max(1, min(99, base + swing)))

    return value
