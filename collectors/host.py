"""The machine that the daemon runs on, through psutil and Linux's sysfs.

`read_sample` touches the machine and blocks, so it runs in a thread; `reading_of` is pure. Serial
and UUID are readable by root only: what cannot be read is simply not said.
"""

from __future__ import annotations

import platform
import re
import socket
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from collectors.base import CollectorError, Steps
from collectors.daemon_threads import DaemonThreads
from collectors.programs import EVERY_S, read_programs
from inventory.equipment import ProgramReading
from inventory.observation import (
    Claim,
    ClaimKind,
    InterfaceReading,
    Outcome,
    Reading,
    StorageReading,
)

_DMI = {
    "vendor": "sys_vendor",
    "model": "product_name",
    "serial": "product_serial",
    "uuid": "product_uuid",
}
_IF_TYPES = {1: 6, 772: 24, 776: 131}
"""ARPHRD_* of Linux (if_arp.h) -> ifType of IANA: Ethernet, loopback, tunnel."""

_NO_SPEED = (0, 65535)
"""What psutil, and old drivers' SPEED_UNKNOWN in 16 bits, say when there is no speed."""


@dataclass(frozen=True, slots=True)
class Nic:
    """One network interface as the system shows it; counters are raw."""

    index: int
    name: str
    arp_type: int | None
    mac: str
    addresses: tuple[str, ...]
    speed_mbit: int
    flags: frozenset[str]
    is_running: bool
    counters: tuple[int, int, int, int, int, int] | None
    """bytes in, bytes out, errors in, errors out, drops in, drops out."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything that was read from the machine at one moment.

    cpu_s: seconds since the start that all processors together were (busy, idle). storages:
    name, kind, size and used bytes.
    """

    facts: dict[str, str]
    nics: tuple[Nic, ...]
    storages: tuple[tuple[str, str, int, int], ...]
    cpu_s: tuple[float, float]
    uptime_s: float
    problems: tuple[str, ...] = field(default=())


class HostCollector:
    """Looks at this machine; `sysfs` is the root of /sys, `root` that of its files."""

    def __init__(self, sysfs: Path = Path("/sys"), root: Path = Path("/")) -> None:
        self._sysfs = sysfs
        self._root = root
        self._programs_due_s = 0.0
        self._before: Sample | None = None
        self._thread = DaemonThreads("host", 1)
        self._is_reading = False

    async def collect(self, steps: Steps) -> Reading:
        """The processor's load is over the time since the look before; the first has none.

        Raises CollectorError (ERROR, still_reading) while an earlier look hangs, for example on
        a file system that is gone: threads do not pile up.
        """
        if self._is_reading:
            raise CollectorError(
                Outcome.ERROR,
                "still_reading",
                "an earlier look at this machine has not come back; is a file system hanging?",
            )
        with steps.step("read this machine") as step:
            sample = await self._thread.run(self._read)
            step.result = f"{len(sample.nics)} interfaces, {len(sample.storages)} storages"
        reading = reading_of(sample, self._before)
        self._before = sample
        if steps.monotonic() < self._programs_due_s:
            return reading
        with steps.step("read programs") as step:
            programs = await self._thread.run(self._read_programs)
            step.result = f"{len(programs)} programs"
        self._programs_due_s = steps.monotonic() + EVERY_S
        return replace(reading, programs=programs)

    async def close(self) -> None:
        """Nothing is kept open; a thread that hangs in the system ends with the process."""

    def _read_programs(self) -> tuple[ProgramReading, ...]:
        self._is_reading = True
        try:
            return read_programs(self._root)
        finally:
            self._is_reading = False

    def _read(self) -> Sample:
        self._is_reading = True
        try:
            return read_sample(self._sysfs)
        finally:
            self._is_reading = False


def reading_of(sample: Sample, before: Sample | None) -> Reading:
    """What the sample says in Hatang's words; `before` is the look before it, for the load."""
    return Reading(
        claims=_claims(sample),
        facts=sample.facts,
        interfaces=tuple(_interface(nic) for nic in sample.nics),
        storages=tuple(StorageReading(*row) for row in sample.storages),
        uptime_s=sample.uptime_s,
        cpu_ratio=cpu_ratio(before.cpu_s, sample.cpu_s) if before is not None else None,
        problems=sample.problems,
    )


def cpu_ratio(before: tuple[float, float], after: tuple[float, float]) -> float | None:
    """Busy share of (busy, idle) seconds between two moments, 0 to 1; None if no time passed.

    >>> cpu_ratio((10.0, 30.0), (11.0, 33.0))
    0.25
    """
    busy, idle = after[0] - before[0], after[1] - before[1]
    if busy + idle <= 0:
        return None
    return min(1.0, max(0.0, busy / (busy + idle)))


def hexadecimal(text: str) -> str:
    """Lower case without separators, as claims carry it.

    >>> hexadecimal("00:1A-2b"), hexadecimal("4C4C4544-0051")
    ('001a2b', '4c4c45440051')
    """
    return re.sub(r"[^0-9a-f]", "", text.lower())


def _claims(sample: Sample) -> tuple[Claim, ...]:
    claims = [
        Claim(kind, value)
        for kind, value in (
            (ClaimKind.SERIAL, sample.facts.get("serial", "")),
            (ClaimKind.SYSTEM_UUID, hexadecimal(sample.facts.get("uuid", ""))),
            (ClaimKind.SYS_NAME, sample.facts.get("sys_name", "")),
        )
        if value
    ]
    for nic in sample.nics:
        if hexadecimal(nic.mac).strip("0"):
            claims.append(Claim(ClaimKind.MAC, hexadecimal(nic.mac)))
        claims.extend(Claim(ClaimKind.ADDRESS, address) for address in nic.addresses)
    return tuple(dict.fromkeys(claims))


def _interface(nic: Nic) -> InterfaceReading:
    counters = nic.counters or (None,) * 6
    return InterfaceReading(
        index=nic.index,
        name=nic.name,
        if_type=_IF_TYPES.get(nic.arp_type) if nic.arp_type is not None else None,
        mac=hexadecimal(nic.mac),
        speed_bps=nic.speed_mbit * 1_000_000 if nic.speed_mbit not in _NO_SPEED else None,
        admin_up="up" in nic.flags if nic.flags else None,
        oper_up=nic.is_running,
        in_octets=counters[0],
        out_octets=counters[1],
        in_errors=counters[2],
        out_errors=counters[3],
        in_discards=counters[4],
        out_discards=counters[5],
    )


def read_sample(sysfs: Path) -> Sample:
    """Read the machine. Blocks; parts that cannot be read become `problems`."""
    problems: list[str] = []
    cpu = psutil.cpu_times()
    idle_s = cpu.idle + getattr(cpu, "iowait", 0.0)
    # Time of guests is contained in user and nice (proc(5)).
    guests_s = getattr(cpu, "guest", 0.0) + getattr(cpu, "guest_nice", 0.0)
    return Sample(
        facts=_read_facts(sysfs),
        nics=_read_nics(sysfs),
        storages=_read_storages(problems),
        cpu_s=(sum(cpu) - idle_s - guests_s, idle_s),
        uptime_s=_read_uptime_s(),
        problems=tuple(problems),
    )


def _read_facts(sysfs: Path) -> dict[str, str]:
    facts = {
        "os": platform.system(),
        "os_version": platform.version(),
        "sys_name": socket.gethostname(),
        "kernel": platform.release(),
        "architecture": platform.machine(),
    }
    if platform.system() == "Linux":
        try:
            release = platform.freedesktop_os_release()
        except OSError:
            release = {}
        facts["os"] = release.get("NAME", "Linux")
        facts["os_version"] = release.get("VERSION_ID", "")
    for fact, name in _DMI.items():
        facts[fact] = _read_text(sysfs / "class/dmi/id" / name)
    return {name: text for name, text in facts.items() if text}


def _read_nics(sysfs: Path) -> tuple[Nic, ...]:
    indexes = {name: index for index, name in socket.if_nameindex()}
    counters = psutil.net_io_counters(pernic=True, nowrap=False)
    addresses = psutil.net_if_addrs()
    nics = []
    for name, stats in psutil.net_if_stats().items():
        if name not in indexes:  # it went away between two questions
            continue
        seen = counters.get(name)
        own = addresses.get(name, [])
        arp_type = _read_text(sysfs / "class/net" / name / "type")
        nics.append(
            Nic(
                index=indexes[name],
                name=name,
                arp_type=int(arp_type) if arp_type.isdecimal() else None,
                mac=next((a.address for a in own if a.family == psutil.AF_LINK), ""),
                addresses=tuple(
                    a.address.partition("%")[0]
                    for a in own
                    if a.family in (socket.AF_INET, socket.AF_INET6)
                    and not a.address.startswith(("127.", "fe80:"))
                    and a.address != "::1"
                ),
                speed_mbit=stats.speed,
                flags=frozenset(filter(None, stats.flags.split(","))),
                is_running=stats.isup,
                counters=(
                    seen.bytes_recv,
                    seen.bytes_sent,
                    seen.errin,
                    seen.errout,
                    seen.dropin,
                    seen.dropout,
                )
                if seen is not None
                else None,
            )
        )
    return tuple(sorted(nics, key=lambda nic: nic.index))


def _read_storages(problems: list[str]) -> tuple[tuple[str, str, int, int], ...]:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    rows = [("memory", "memory", memory.total, memory.total - memory.available)]
    if swap.total:
        rows.append(("swap", "swap", swap.total, swap.used))
    # In a container no partition may be listed at all; what the root lives on always counts.
    mounts = {p.device: p.mountpoint for p in reversed(psutil.disk_partitions(all=False))}
    for mount in sorted({*mounts.values(), "/"}):
        try:
            usage = psutil.disk_usage(mount)
        except OSError as error:
            problems.append(f"disk {mount}: {error.strerror}")
            continue
        if usage.total:
            rows.append((mount, "disk", usage.total, usage.used))
    return tuple(rows)


def _read_uptime_s() -> float:
    """Seconds since the start, by a clock that setting the date does not move if there is one."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.time() - psutil.boot_time()


def _read_text(path: Path) -> str:
    """The file's text without surrounding blanks, '' where there is none for us to read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
