"""Replays a folder of recordings: every `.snmprec` file becomes a device with its own address.

This is what `hatang simulate DIR` runs.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from collectors.snmp.simulator.agent import SimulatedDevice
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.errors import SimulatorError
from collectors.snmp.simulator.faults import Faults, worst
from collectors.snmp.simulator.motion import plan_motion
from collectors.snmp.simulator.scenario import Scenario
from collectors.snmp.simulator.server import Simulator, require_loopback
from collectors.snmp.simulator.snmprec import Recording, read_recording
from config.sections import SnmpV3

_ENGINE_ID = (1, 3, 6, 1, 6, 3, 10, 2, 1, 1, 0)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask the devices: community (None: v1 and v2c stay silent) and v3 users."""

    community: str | None = "public"
    users: tuple[SnmpV3, ...] = ()


def recordings_in(folder: Path) -> list[Recording]:
    """All recordings of a folder by name. Raises SimulatorError and RecordingError."""
    if not folder.is_dir():
        raise SimulatorError(f"{folder} is no folder")
    paths = sorted(folder.glob("*.snmprec"))
    if not paths:
        raise SimulatorError(f"there is no .snmprec file in {folder}")
    return [read_recording(path) for path in paths]


def loopback_addresses(base: str, count: int) -> list[str]:
    """`count` addresses from base on, without those that end in 0 or 255.

    >>> loopback_addresses("127.20.0.254", 2)
    ['127.20.0.254', '127.20.1.1']

    Raises SimulatorError where they would leave 127.0.0.0/8.
    """
    address = require_loopback(base)
    found: list[str] = []
    while len(found) < count:
        if int(address) & 0xFF not in (0, 0xFF):
            found.append(str(address))
        if address == ipaddress.IPv4Address("127.255.255.255"):
            raise SimulatorError(f"{count} devices do not fit between {base} and 127.255.255.254")
        address += 1
    return found


def load_devices(
    recordings: Sequence[Recording],
    *,
    base: str = "127.20.0.1",
    port: int = 16100,
    addresses: Mapping[str, str] | None = None,
    access: Access | Mapping[str, Access] = Access(),
    scenario: Scenario = Scenario(),  # noqa: B008 - frozen
    faults: Sequence[tuple[str, Faults]] = (),
    live: bool = True,
) -> list[SimulatedDevice]:
    """A device per recording.

    addresses, access: by name, where not all go from `base` on or let the same people in. live:
    uptime and counters move. faults: (glob, faults) that hold always. A recording NAME@CTX is
    what NAME shows to the community `COMMUNITY@CTX`. Raises SimulatorError and ScenarioError.
    """
    built = {r.name: _device(r, scenario, live) for r in recordings}
    engines = {r.name: _engine_id(r) for r in recordings}
    mains = [name for name in built if _main_of(name, built) == name]
    where = addresses or dict(zip(mains, loopback_addresses(base, len(mains)), strict=True))
    devices = []
    for name in mains:
        own = access if isinstance(access, Access) else access[name]
        contexts = {n.partition("@")[2]: d for n, d in built.items() if _main_of(n, built) == name}
        views = {}
        if own.community is not None:
            for context, device in contexts.items():
                key = f"{own.community}@{context}" if device is not built[name] else own.community
                views[key] = device
        devices.append(
            SimulatedDevice(
                name,
                built[name],
                address=where[name],
                port=port,
                views=views,
                users=own.users,
                engine_id=engines[name],
                faults=worst(f for glob, f in faults if fnmatch.fnmatchcase(name, glob)),
                timeline=scenario.timeline(name),
            )
        )
    return devices


async def simulate(
    folder: Path,
    *,
    base: str = "127.20.0.1",
    port: int = 16100,
    community: str | None = "public",
    v3_user: SnmpV3 | None = None,
    map_file: Path | None = None,
    live: bool = True,
    scenario: Scenario | None = None,
    faults: Sequence[tuple[str, Faults]] = (),
    clock: Callable[[], float] = time.monotonic,
) -> Simulator:
    """A simulator that already answers for every recording of a folder; `await .stop()` ends it.

    map_file: where to write JSON {name: {address, port, community}}. Raises SimulatorError,
    RecordingError and ScenarioError, all of one line.
    """
    access = Access(community, (v3_user,) if v3_user is not None else ())
    devices = load_devices(
        recordings_in(folder),
        base=base,
        port=port,
        access=access,
        scenario=scenario or Scenario(),
        faults=faults,
        live=live,
    )
    simulator = Simulator(devices, clock=clock)
    await simulator.start()
    if map_file is not None:
        try:
            _write_map(map_file, simulator, community)
        except OSError as error:
            await simulator.stop()
            raise SimulatorError(f"{map_file}: {error.strerror or error}") from error
    return simulator


def _device(recording: Recording, scenario: Scenario, live: bool) -> Device:
    if not live:
        return Device(recording.rows)
    traffic = scenario.traffic_of(recording.name)
    return Device(recording.rows, plan_motion(recording.rows, recording.name, traffic))


def _engine_id(recording: Recording) -> bytes | None:
    """The recorded snmpEngineID, so that v3 and the variable agree."""
    for row in recording.rows:
        if row.oid == _ENGINE_ID and isinstance(row.value, bytes) and 5 <= len(row.value) <= 32:
            return row.value
    return None


def _main_of(name: str, known: Mapping[str, object]) -> str:
    main = name.partition("@")[0]
    return main if main in known else name


def _write_map(path: Path, simulator: Simulator, community: str | None) -> None:
    known = {
        name: {"address": address, "port": port, "community": community}
        for name, (address, port) in simulator.addresses.items()
    }
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
