"""The rows that travel between the ledger and the database, and the batch that carries them."""

from __future__ import annotations

from dataclasses import dataclass, field

from inventory.readiness.result import Evaluation
from inventory.rollups import Bucket
from inventory.uptime import Interval


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


@dataclass(slots=True)
class Batch:
    """All that changed since the last commit; written in one transaction or not at all.

    timelines: asset id -> the intervals that replace all it has from the first one on.
    """

    at_s: float
    assets: list[AssetRow] = field(default_factory=list)
    endpoints: list[EndpointRow] = field(default_factory=list)
    facts: list[FactRow] = field(default_factory=list)
    interfaces: list[InterfaceRow] = field(default_factory=list)
    equipment: list[EquipmentRow] = field(default_factory=list)
    timelines: dict[int, list[Interval]] = field(default_factory=dict)
    rollups: list[tuple[int, Bucket]] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    inbox: list[InboxRow] = field(default_factory=list)
    traps: list[TrapRow] = field(default_factory=list)
    clock_steps: list[tuple[float, float]] = field(default_factory=list)

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
