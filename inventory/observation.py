"""An Observation: what one look at one endpoint said, as an immutable value that can travel.

Everything that collectors learn passes through here and nowhere else. An observation may be
delivered late or twice, so it carries an id that is the same on a re-send; nothing in it may
depend on the process that made it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import TypeAdapter

from inventory.equipment import (
    AddressReading,
    ModuleReading,
    NeighbourReading,
    PoeReading,
    PortReading,
    ProgramReading,
    SensorReading,
    StationReading,
    SupplyReading,
    UpsReading,
    VlanReading,
)


class Outcome(StrEnum):
    """How a look ended. OK, PARTIAL and REFUSED mean that the device answered."""

    OK = "ok"
    PARTIAL = "partial"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    ERROR = "error"


ANSWERED = frozenset({Outcome.OK, Outcome.PARTIAL, Outcome.REFUSED})
"""Outcomes that prove that the device is there. ERROR is ours (a bad setting, a missing right):
it says nothing of the device and counts neither for nor against it."""


class ClaimKind(StrEnum):
    """What a device says of its own identity; the last three never decide alone."""

    SERIAL = "serial"
    SYSTEM_UUID = "system_uuid"
    ENGINE_ID = "engine_id"
    BASE_MAC = "base_mac"
    ASSET_TAG = "asset_tag"
    SYS_NAME = "sys_name"
    ADDRESS = "address"
    MAC = "mac"


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion about identity, as text; hexadecimal is lower case without separators."""

    kind: ClaimKind
    value: str


@dataclass(frozen=True, slots=True)
class InterfaceReading:
    """One row of ifTable / ifXTable (RFC 2863) or of a host's own interfaces.

    Counters are raw and ever rising; `counter_bits` says where octet counters wrap (32 or 64).
    None means that the device did not say. port: see there.
    """

    index: int
    name: str
    alias: str = ""
    if_type: int | None = None
    mac: str = ""
    speed_bps: int | None = None
    admin_up: bool | None = None
    oper_up: bool | None = None
    counter_bits: int = 64
    in_octets: int | None = None
    out_octets: int | None = None
    in_errors: int | None = None
    out_errors: int | None = None
    in_discards: int | None = None
    out_discards: int | None = None
    port: PortReading | None = None


@dataclass(frozen=True, slots=True)
class StorageReading:
    """One filesystem or memory area; kind is disk, memory or swap."""

    name: str
    kind: str
    size_bytes: int
    used_bytes: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a collector brings home from one look; an empty field means 'not seen'.

    facts: name -> text, for example sys_descr, vendor, model, os, os_version, sys_location.
    uptime_s: seconds since the device (not its agent) started; wraps at `uptime_wrap_s`.
    cpu_ratio: 0 to 1 over all processors. latency_s: round trip of one request.
    problems: why parts are missing, one line each; any makes the outcome PARTIAL.

    From `sensors` on: tables that are read more rarely. None: not read at this look, what was read
    before still stands; empty: read, and there is nothing.
    """

    claims: tuple[Claim, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    interfaces: tuple[InterfaceReading, ...] = ()
    storages: tuple[StorageReading, ...] = ()
    uptime_s: float | None = None
    uptime_wrap_s: float | None = None
    cpu_ratio: float | None = None
    latency_s: float | None = None
    loss_ratio: float | None = None
    http_status: int | None = None
    certificate_expires_at_s: float | None = None
    problems: tuple[str, ...] = ()
    ups: UpsReading | None = None
    sensors: tuple[SensorReading, ...] | None = None
    supplies: tuple[SupplyReading, ...] | None = None
    poe: tuple[PoeReading, ...] | None = None
    neighbours: tuple[NeighbourReading, ...] | None = None
    addresses: tuple[AddressReading, ...] | None = None
    stations: tuple[StationReading, ...] | None = None
    modules: tuple[ModuleReading, ...] | None = None
    vlans: tuple[VlanReading, ...] | None = None
    programs: tuple[ProgramReading, ...] | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at one endpoint.

    at_s: wall time in seconds since 1970 (UTC) when the look ended; monotonic_s: the same moment
    on the collector's monotonic clock, by which a wrong wall time can be mended later.
    reason: a short stable word (timeout, wrong_digest, ...) for counting; message: for people.
    """

    node: str
    epoch: str
    endpoint: str
    seq: int
    kind: str
    at_s: float
    monotonic_s: float
    duration_s: float
    outcome: Outcome
    reason: str = ""
    message: str = ""
    reading: Reading = field(default_factory=Reading)

    @property
    def id(self) -> str:
        """The same on every re-send of this observation."""
        return f"{self.node}:{self.epoch}:{self.endpoint}:{self.seq}"

    @property
    def answered(self) -> bool:
        """Whether this look proves that the device is there."""
        return self.outcome in ANSWERED


_ADAPTER = TypeAdapter(Observation)


def to_json(observation: Observation) -> bytes:
    """The observation as UTF-8 JSON, for a spool or a wire."""
    return _ADAPTER.dump_json(observation)


def from_json(data: bytes) -> Observation:
    """The inverse of `to_json`; raises ValueError on anything else."""
    return _ADAPTER.validate_json(data)
