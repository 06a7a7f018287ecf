"""What an earlier run left in the database, handed to the ledger asset by asset.

The time between the last heartbeat and now was not watched: it becomes unknown here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from config.sections import Asset, Polling
from inventory.asset_record import AssetRecord
from inventory.known_equipment import KnownEquipment, equipment_of
from inventory.known_interfaces import KnownInterfaces
from inventory.reachability import Reachability
from inventory.readiness.result import Evaluation
from inventory.rollups import Bucket
from inventory.store.reader import Reader
from inventory.store.rows import AssetRow, EndpointRow, EquipmentRow, FactRow, InterfaceRow
from inventory.uptime import Interval


@dataclass(frozen=True, slots=True)
class Left:
    """An asset on file that the register no longer has: its row, and the end of its time line."""

    row: AssetRow
    timeline: list[Interval]


class Saved:
    """One reading of the database at the start. `heartbeat_s`: when it was last written."""

    def __init__(self, reader: Reader, now_s: float, memory_s: float) -> None:
        self.heartbeat_s = reader.heartbeat()
        now_s = max(now_s, self.heartbeat_s or 0.0)  # a clock that is behind hides nothing
        self.assets: list[AssetRow] = reader.assets()
        self.evaluations: dict[str, Evaluation] = reader.evaluations(now_s)
        self._rows = {row.tag: row for row in self.assets}
        self._timelines: dict[int, list[Interval]] = reader.timelines(now_s - memory_s)
        self._facts: dict[int, list[FactRow]] = defaultdict(list)
        self._interfaces: dict[int, list[InterfaceRow]] = defaultdict(list)
        self._equipment: dict[int, list[EquipmentRow]] = defaultdict(list)
        self._endpoints: dict[int, list[EndpointRow]] = defaultdict(list)
        self._buckets: dict[int, list[Bucket]] = defaultdict(list)
        for fact in reader.facts():
            self._facts[fact.asset_id].append(fact)
        for interface in reader.interfaces():
            self._interfaces[interface.asset_id].append(interface)
        for equipment in reader.equipment():
            self._equipment[equipment.asset_id].append(equipment)
        for endpoint in reader.endpoints():
            self._endpoints[endpoint.asset_id].append(endpoint)
        for asset_id, bucket in reader.last_rollups():
            self._buckets[asset_id].append(bucket)

    def take(
        self, tag: str, registered: Asset, times: dict[str, Polling], now_s: float
    ) -> AssetRecord | None:
        """The record of an asset that is on file, or None. Each is given out once."""
        row = self._rows.pop(tag, None)
        if row is None:
            return None
        reachability = self._reachability(row, now_s)
        record = AssetRecord(row.id, registered, times, row.registered_at_s, reachability)
        record.booted_at_s, record.reboots = row.booted_at_s, row.reboots
        for fact in self._facts.get(row.id, ()):
            record.facts.setdefault((fact.name, fact.source), fact)
        record.interfaces = KnownInterfaces(self._interfaces.get(row.id, ()))
        record.equipment = KnownEquipment(equipment_of(self._equipment.get(row.id, [])))
        record.buckets = {b.metric: b for b in self._buckets.get(row.id, ())}
        for endpoint in self._endpoints.get(row.id, ()):
            if endpoint.id in record.endpoints:
                record.endpoints[endpoint.id] = endpoint
        return record

    def rename(self, names: Mapping[str, str]) -> None:
        """What nobody took yet follows its tag; names: old -> new. See `Ledger.rename`."""
        moved = {new: row for old, new in names.items() if (row := self._rows.pop(old, None))}
        for new in names.values():
            if (row := self._rows.pop(new, None)) is not None:
                name = f"{new}~{row.id}"
                self._rows[name] = replace(row, tag=name)
        for new, row in moved.items():
            self._rows[new] = replace(row, tag=new)

    def left(self, now_s: float) -> list[Left]:
        """What nobody took and what was not known to be gone: it left the register unwatched."""
        found = []
        for row in self._rows.values():
            if row.gone_at_s is None:
                unsaved = self._reachability(row, now_s).unsaved()
                timeline = unsaved or self._timelines.get(row.id, [])[-1:]
                found.append(Left(replace(row, gone_at_s=now_s), timeline))
        return found

    def _reachability(self, row: AssetRow, now_s: float) -> Reachability:
        """The time line on file, unknown since nobody has been looking."""
        reachability = Reachability(row.registered_at_s, {}, self._timelines.get(row.id, []))
        reachability.interrupt(now_s if self.heartbeat_s is None else self.heartbeat_s)
        return reachability
