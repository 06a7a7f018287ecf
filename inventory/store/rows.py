"""The rows that travel between the ledger and the database, and the batch that carries them."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from inventory.readiness.result import Evaluation
from inventory.rollups import Bucket
from inventory.uptime import Interval

_NUMBERS = struct.Struct("<qdqdd")


def storable(text: str) -> str:
    """Text that a database can take: a lone surrogate (a name that is not UTF-8) becomes '?'."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset; `registered` is the register's entry as JSON, times in seconds since 1970."""

    id: int
    tag: str
    commune: str
    registered: str
    registered_at_s: float
    gone_at_s: float | None = None
    booted_at_s: float | None = None
    reboots: int = 0


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """The last look at one endpoint and its position in the stream of observations."""

    id: str
    asset_id: int
    kind: str
    epoch: str = ""
    last_seq: int = -1
    outcome: str = ""
    reason: str = ""
    message: str = ""
    last_look_at_s: float | None = None
    last_answer_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of one asset from one source."""

    asset_id: int
    name: str
    source: str
    value: str
    at_s: float


@dataclass(frozen=True, slots=True)
class InterfaceRow:
    """What changes rarely of one interface; counters are never stored."""

    asset_id: int
    if_index: int
    name: str
    alias: str
    mac: str
    speed_bps: int | None
    admin_up: bool | None
    oper_up: bool | None
    seen_at_s: float


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    """One kind of equipment of one asset, as `inventory.known_equipment` writes it."""

    asset_id: int
    kind: str
    body: str
    at_s: float


@dataclass(frozen=True, slots=True)
class InboxRow:
    """Something that a person should look at; the same matter is one row (`key`)."""

    key: str
    kind: str
    asset_id: int
    at_s: float
    message: str


@dataclass(frozen=True, slots=True)
class TrapRow:
    """One SNMP trap of one asset; see `inventory.trap.Trap`."""

    asset_id: int
    at_s: float
    kind: str
    oid: str
    version: str
    sender: str
    uptime_s: float | None
    bindings: tuple[tuple[str, str], ...]


def rollup_values(asset_id: int, bucket: Bucket) -> tuple[object, ...]:
    """One hourly figure as the database has it, its checksum last."""
    row = (
        asset_id,
        bucket.metric,
        float(bucket.hour_s),
        bucket.count,
        bucket.total + 0.0,  # SQLite gives -0.0 back as 0.0
        bucket.peak + 0.0,
        json.dumps(bucket.histogram),
    )
    return (*row, rollup_checksum(row))


def rollup_checksum(row: Sequence[Any]) -> int:
    """CRC-32 over all columns of an hourly figure but its checksum, as the database has them.

    Raises struct.error, TypeError or AttributeError for columns that cannot be (a text for a
    number), which only damage brings about.
    """
    asset_id, metric, hour_s, count, total, peak, histogram = row
    numbers = _NUMBERS.pack(asset_id, hour_s, count, total, peak)
    return zlib.crc32(f"{metric} {histogram}".encode() + numbers)


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A profile's content as canonical JSON; `digest` is its SHA-256."""

    digest: str
    id: str
    version: str
    body: str


@dataclass(slots=True)
class Batch:
    """All that changed since the last commit; written in one transaction or not at all.

    timelines: asset id -> the intervals that replace all it has from the first one on.
    heartbeat: whether the batch completes what is known at `at_s`.
    """

    at_s: float
    assets: list[AssetRow] = field(default_factory=list)
    endpoints: list[EndpointRow] = field(default_factory=list)
    facts: list[FactRow] = field(default_factory=list)
    interfaces: list[InterfaceRow] = field(default_factory=list)
    equipment: list[EquipmentRow] = field(default_factory=list)
    timelines: dict[int, list[Interval]] = field(default_factory=dict)
    rollups: list[tuple[int, Bucket]] = field(default_factory=list)
    profiles: list[ProfileRow] = field(default_factory=list)
    groups: str = ""
    """The groups of communes by which people plan, as JSON; "" where nothing is to be kept."""
    evaluations: list[Evaluation] = field(default_factory=list)
    inbox: list[InboxRow] = field(default_factory=list)
    traps: list[TrapRow] = field(default_factory=list)
    clock_steps: list[tuple[float, float]] = field(default_factory=list)
    heartbeat: bool = True

    def parts(self) -> Iterator[tuple[str, Batch]]:
        """What each is, and the batch in the smallest pieces that can be written each alone; an
        asset comes before what hangs on it, and the heartbeat comes last."""
        for asset in self.assets:
            yield f"asset {asset.tag}", self._part(assets=[asset])
        for endpoint in self.endpoints:
            yield f"endpoint {endpoint.id}", self._part(endpoints=[endpoint])
        for fact in self.facts:
            yield f"{fact.name} of asset id {fact.asset_id}", self._part(facts=[fact])
        for port in self.interfaces:
            what = f"interface {port.if_index} of asset id {port.asset_id}"
            yield what, self._part(interfaces=[port])
        for asset_id, timeline in self.timelines.items():
            yield f"time line of asset id {asset_id}", self._part(timelines={asset_id: timeline})
        for asset_id, bucket in self.rollups:
            what = f"{bucket.metric} of asset id {asset_id}"
            yield what, self._part(rollups=[(asset_id, bucket)])
        for profile in self.profiles:
            yield f"profile {profile.id} {profile.version}", self._part(profiles=[profile])
        yield "groups of communes", self._part(groups=self.groups)
        for evaluation in self.evaluations:
            what = f"evaluation of commune {evaluation.commune}"
            yield what, self._part(evaluations=[evaluation])
        for item in self.inbox:
            yield f"inbox of asset id {item.asset_id}", self._part(inbox=[item])
        for trap in self.traps:
            yield f"trap of asset id {trap.asset_id}", self._part(traps=[trap])
        for part in self.equipment:
            yield f"{part.kind} of asset id {part.asset_id}", self._part(equipment=[part])
        yield "clock", Batch(self.at_s, clock_steps=self.clock_steps)

    def _part(self, **rows: Any) -> Batch:
        return Batch(self.at_s, heartbeat=False, **rows)

    @property
    def rows(self) -> int:
        """How many rows the batch holds."""
        return (
            len(self.assets)
            + len(self.endpoints)
            + len(self.facts)
            + len(self.interfaces)
            + len(self.equipment)
            + sum(len(t) for t in self.timelines.values())
            + len(self.rollups)
            + len(self.evaluations)
            + len(self.inbox)
            + len(self.traps)
            + len(self.clock_steps)
        )
