"""What devices say of their programs, batteries and ports, from the database, as facts.

Only what a profile asks for is read: lists of programs are long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from config.asset_filter import Filter
from config.measures import AssetShare, AssetSum, LineBandwidth, UpsRuntime
from config.profile import Profile
from config.sections import Asset
from inventory.known_equipment import Equipment, equipment_of
from inventory.readiness.facts import Number, Programs, Runtime
from inventory.readiness.protection import programs_seen
from inventory.store.reader import Reader
from inventory.store.rows import FactRow

SOCKETS = ("lan_ports", "wifi_radios")
"""Facts that are numbers."""


def kinds_of(profiles: Iterable[Profile]) -> set[str]:
    """The kinds of equipment that profiles ask for: programs, ups, ports."""
    found: set[str] = set()
    for measure in (r.measure for profile in profiles for r in profile.requirements):
        if isinstance(measure, UpsRuntime):
            found.add("ups")
        if isinstance(measure, AssetSum) and measure.figure is not None:
            found.add("ports")
        if isinstance(measure, LineBandwidth) and measure.line == "uplink":
            found.add("ports")
        if isinstance(measure, AssetShare) and (
            {"unpatched_for", "protected_by"} & set(measure.questions)
            or "programs" in (measure.documented or ())
        ):
            found.add("programs")
        filters = (getattr(measure, name, None) for name in ("of", "having"))
        if any(isinstance(f, Filter) and f.software is not None for f in filters):
            found.add("programs")
    return found


def equipment_seen(
    reader: Reader, kinds: Collection[str], ids: Collection[int]
) -> tuple[dict[int, Programs], dict[int, Runtime]]:
    """Asset id -> its programs, and asset id -> how long it lasts. Raises StoreError."""
    programs: dict[int, Programs] = {}
    runtimes: dict[int, Runtime] = {}
    wanted = sorted({"programs", "ups"} & set(kinds))
    if not wanted:
        return programs, runtimes
    for row in reader.equipment(ids, wanted):
        found = equipment_of([row])
        at_s = found.read_at_s.get(row.kind)
        if at_s is None:
            continue
        if found.programs:
            programs[row.asset_id] = programs_seen(found.programs, at_s)
        if (runtime := _runtime(found, at_s)) is not None:
            runtimes[row.asset_id] = runtime
    return programs, runtimes


def _runtime(found: Equipment, at_s: float) -> Runtime | None:
    ups = found.ups
    if ups is None or ups.runtime_s is None:
        return None
    return Runtime(ups.runtime_s, at_s, bool(ups.on_battery))


def numbers_seen(
    reader: Reader,
    kinds: Collection[str],
    assets: Iterable[Asset],
    ids: Mapping[str, int],
    facts: Iterable[FactRow],
) -> dict[int, dict[str, Number]]:
    """Asset id -> lan_ports, wifi_radios and, of an uplink port, uplink_bps. Raises StoreError."""
    found: dict[int, dict[str, Number]] = {}
    if "ports" not in kinds:
        return found
    for fact in facts:
        if fact.source == "measured" and fact.name in SOCKETS and fact.value.isdecimal():
            found.setdefault(fact.asset_id, {})[fact.name] = Number(float(fact.value), fact.at_s)
    uplinks = {ids[a.tag]: a.uplink for a in assets if a.uplink and a.edge and a.tag in ids}
    for port in reader.interfaces(uplinks) if uplinks else ():
        if port.name == uplinks[port.asset_id] and port.speed_bps:
            number = Number(float(port.speed_bps), port.seen_at_s)
            found.setdefault(port.asset_id, {})["uplink_bps"] = number
    return found
