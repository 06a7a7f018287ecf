"""The standard groups that our own recordings are made of, as recorded lines with invented values.

Every function gives `.snmprec` lines; `rows` turns lines into what a device answers from. Only
objects that a monitoring system asks for are in, so that a device stays small.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from collectors.snmp.simulator.motion import chance
from collectors.snmp.simulator.snmprec import Row, parse_recording
from collectors.snmp.simulator.v3 import engine_id_of

ETHERNET, LOOPBACK, PPP, WIFI, BRIDGE, GPON = 6, 24, 23, 71, 209, 250
"""ifType numbers (IANAifType-MIB)."""

GIGABIT = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes one device of a model an individual.

    number: gives its serial number and MAC addresses, so it is used once; below 65536.
    patched_on: when a program of it last changed; None where it lists no programs.
    """

    name: str
    number: int
    location: str = "Phong may"
    contact: str = "it@example.org"
    uptime_s: int = 2_600_000
    patched_on: dt.date | None = None

    def serial(self, prefix: str) -> str:
        """A serial number that is plainly invented."""
        return f"DEMO{prefix}{self.number:05d}"

    def mac(self, vendor: str, port: int = 0) -> bytes:
        """A MAC address of a vendor, given by its first three bytes in hexadecimal."""
        return bytes.fromhex(vendor) + self.number.to_bytes(2, "big") + bytes((port & 0xFF,))


@dataclass(frozen=True, slots=True)
class Port:
    """One row of ifTable; oper_up is what the link was when it was recorded."""

    name: str
    alias: str = ""
    speed_bps: int = GIGABIT
    if_type: int = ETHERNET
    oper_up: bool = True
    admin_up: bool = True


@dataclass(frozen=True, slots=True)
class Area:
    """One row of hrStorageTable: kind ram, virtual or disk; sizes in bytes."""

    name: str
    kind: str
    size_bytes: int
    used_bytes: int


def rows(name: str, *groups: Iterable[str]) -> tuple[Row, ...]:
    """What a device of these lines answers from. Raises ValueError for a line that is none."""
    text = "\n".join(line for group in groups for line in group)
    recording = parse_recording(text.encode("latin-1"), name=name, source=name)
    if recording.malformed:
        raise ValueError(f"{name}: {recording.malformed} malformed rows")
    return recording.rows


def block(text: str) -> Iterator[str]:
    """The lines of a template, without its margin."""
    return (line.strip() for line in text.splitlines() if line.strip())


def system(identity: Identity, descr: str, object_id: str, *, services: int) -> Iterator[str]:
    """The system group (RFC 3418) and the engine (RFC 3411)."""
    yield from block(f"""
        1.3.6.1.2.1.1.1.0|4|{descr}
        1.3.6.1.2.1.1.2.0|6|{object_id}
        1.3.6.1.2.1.1.3.0|67|{identity.uptime_s * 100}
        1.3.6.1.2.1.1.4.0|4|{identity.contact}
        1.3.6.1.2.1.1.5.0|4|{identity.name}
        1.3.6.1.2.1.1.6.0|4|{identity.location}
        1.3.6.1.2.1.1.7.0|2|{services}
        1.3.6.1.6.3.10.2.1.1.0|4x|{engine_id_of(identity.serial("E")).hex()}
        1.3.6.1.6.3.10.2.1.2.0|2|{1 + identity.number % 30}
        1.3.6.1.6.3.10.2.1.3.0|2|{identity.uptime_s}
    """)


def interfaces(identity: Identity, ports: Sequence[Port], vendor: str) -> Iterator[str]:
    """ifTable and ifXTable (RFC 2863), ifIndex from 1."""
    yield f"1.3.6.1.2.1.2.1.0|2|{len(ports)}"
    for index, port in enumerate(ports, 1):
        gauge = min(port.speed_bps, 0xFFFFFFFF)
        in_octets, out_octets = (_past_octets(identity, port, way) for way in ("in", "out"))
        short, long = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
        mac = "" if port.if_type in (LOOPBACK, PPP) else identity.mac(vendor, index).hex()
        yield from block(f"""
            {short}.1.{index}|2|{index}
            {short}.2.{index}|4|{port.name}
            {short}.3.{index}|2|{port.if_type}
            {short}.4.{index}|2|1500
            {short}.5.{index}|66|{gauge}
            {short}.6.{index}|4x|{mac}
            {short}.7.{index}|2|{1 if port.admin_up else 2}
            {short}.8.{index}|2|{1 if port.oper_up else 2}
            {short}.9.{index}|67|{int(identity.uptime_s * 50 * chance(identity.name, index))}
            {short}.10.{index}|65|{in_octets & 0xFFFFFFFF}
            {short}.11.{index}|65|{in_octets // 700 & 0xFFFFFFFF}
            {short}.13.{index}|65|{in_octets // 10**9}
            {short}.14.{index}|65|{in_octets // 10**10}
            {short}.16.{index}|65|{out_octets & 0xFFFFFFFF}
            {short}.17.{index}|65|{out_octets // 700 & 0xFFFFFFFF}
            {short}.19.{index}|65|{out_octets // 10**9}
            {short}.20.{index}|65|0
            {long}.1.{index}|4|{port.name}
            {long}.6.{index}|70|{in_octets}
            {long}.7.{index}|70|{in_octets // 700}
            {long}.10.{index}|70|{out_octets}
            {long}.11.{index}|70|{out_octets // 700}
            {long}.15.{index}|66|{port.speed_bps // 1_000_000}
            {long}.18.{index}|4|{port.alias}
        """)


def programs(identity: Identity, names: Sequence[str]) -> Iterator[str]:
    """hrSWInstalledTable (RFC 2790), the last ones changed on `identity.patched_on`, the others
    when the machine was set up two years before; nothing where it lists no programs."""
    day = identity.patched_on
    if day is None:
        return
    first = day - dt.timedelta(days=730)
    entry = "1.3.6.1.2.1.25.6.3.1"
    for index, name in enumerate(names, 1):
        changed = day if index > len(names) // 2 else first
        moment = changed.year.to_bytes(2, "big") + bytes((changed.month, changed.day, 3, 15, 0, 0))
        yield from block(f"""
            {entry}.1.{index}|2|{index}
            {entry}.2.{index}|4|{name}
            {entry}.3.{index}|6|0.0
            {entry}.4.{index}|2|4
            {entry}.5.{index}|4x|{moment.hex()}
        """)


def chassis(
    *, descr: str, serial: str, maker: str, model: str, software: str, index: int = 1
) -> Iterator[str]:
    """The chassis row of entPhysicalTable (RFC 6933)."""
    entry = "1.3.6.1.2.1.47.1.1.1.1"
    yield from block(f"""
        {entry}.2.{index}|4|{descr}
        {entry}.4.{index}|2|0
        {entry}.5.{index}|2|3
        {entry}.7.{index}|4|Chassis
        {entry}.10.{index}|4|{software}
        {entry}.11.{index}|4|{serial}
        {entry}.12.{index}|4|{maker}
        {entry}.13.{index}|4|{model}
        {entry}.16.{index}|2|1
    """)


def host(
    identity: Identity, areas: Sequence[Area], *, processors: int, load_percent: int
) -> Iterator[str]:
    """hrSystem, hrStorageTable and hrProcessorTable (RFC 2790)."""
    kinds = {"ram": 2, "virtual": 3, "disk": 4}
    memory = next((area.size_bytes for area in areas if area.kind == "ram"), 0)
    entry = "1.3.6.1.2.1.25.2.3.1"
    yield from block(f"""
        1.3.6.1.2.1.25.1.1.0|67|{identity.uptime_s * 100}
        1.3.6.1.2.1.25.1.6.0|66|{150 + identity.number % 90}
        1.3.6.1.2.1.25.2.2.0|2|{memory // 1024}
    """)
    for index, area in enumerate(areas, 1):
        unit = 4096 if area.kind == "disk" else 1024
        yield from block(f"""
            {entry}.1.{index}|2|{index}
            {entry}.2.{index}|6|1.3.6.1.2.1.25.2.1.{kinds[area.kind]}
            {entry}.3.{index}|4|{area.name}
            {entry}.4.{index}|2|{unit}
            {entry}.5.{index}|2|{area.size_bytes // unit}
            {entry}.6.{index}|2|{area.used_bytes // unit}
        """)
    for index in range(196608, 196608 + processors):
        load = max(1, load_percent - index % 3)
        yield f"1.3.6.1.2.1.25.3.3.1.1.{index}|6|0.0"
        yield f"1.3.6.1.2.1.25.3.3.1.2.{index}|2|{load}"


def device_entry(descr: str, kind: int) -> Iterator[str]:
    """One row of hrDeviceTable; kind 5 is a printer, 3 a processor (hrDeviceTypes)."""
    yield from block(f"""
        1.3.6.1.2.1.25.3.2.1.1.1|2|1
        1.3.6.1.2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.{kind}
        1.3.6.1.2.1.25.3.2.1.3.1|4|{descr}
        1.3.6.1.2.1.25.3.2.1.5.1|2|2
    """)


def _past_octets(identity: Identity, port: Port, way: str) -> int:
    """What a port may have carried since the device started; nothing where it was never up."""
    if not port.oper_up:
        return 0
    share = 0.02 * chance(identity.name, port.name, way) ** 2
    return int(port.speed_bps / 8 * share * identity.uptime_s)
