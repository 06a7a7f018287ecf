"""UPS-MIB (RFC 1628), and the same few figures where makers keep them beside it or instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from collectors.snmp.session import Objects, Oid, Value
from collectors.snmp.text import number, oid, word
from inventory.equipment import UpsReading

_UPS = oid("1.3.6.1.2.1.33.1")
_APC = oid("1.3.6.1.4.1.318.1.1.1")
_EATON = oid("1.3.6.1.4.1.534.1")
_MGE = oid("1.3.6.1.4.1.705.1")
_XPPC = oid("1.3.6.1.4.1.935.1.1.1")
_CPS = oid("1.3.6.1.4.1.3808.1.1.1")
_DELTA = oid("1.3.6.1.4.1.2254.2.4")

_BRANCHES: dict[str, dict[str, Oid]] = {
    "UPS-MIB": {
        "upsOutputSource": (*_UPS, 4, 1, 0),
        "upsBatteryStatus": (*_UPS, 2, 1, 0),
        "upsEstimatedMinutesRemaining": (*_UPS, 2, 3, 0),
        "upsEstimatedChargeRemaining": (*_UPS, 2, 4, 0),
        "upsOutputPercentLoad.1": (*_UPS, 4, 4, 1, 5, 1),
        "upsOutputPercentLoad.2": (*_UPS, 4, 4, 1, 5, 2),
        "upsOutputPercentLoad.3": (*_UPS, 4, 4, 1, 5, 3),
    },
    "PowerNet-MIB": {
        "upsBasicOutputStatus": (*_APC, 4, 1, 1, 0),
        "upsBasicBatteryStatus": (*_APC, 2, 1, 1, 0),
        "upsAdvBatteryCapacity": (*_APC, 2, 2, 1, 0),
        "upsAdvBatteryRunTimeRemaining": (*_APC, 2, 2, 3, 0),
        "upsAdvOutputLoad": (*_APC, 4, 2, 3, 0),
        "upsHighPrecBatteryCapacity": (*_APC, 2, 3, 1, 0),
        "upsHighPrecOutputLoad": (*_APC, 4, 3, 3, 0),
    },
    "XUPS-MIB": {
        "xupsOutputSource": (*_EATON, 4, 5, 0),
        "xupsBatTimeRemaining": (*_EATON, 2, 1, 0),
        "xupsBatCapacity": (*_EATON, 2, 4, 0),
        "xupsOutputLoad": (*_EATON, 4, 1, 0),
    },
    "MG-SNMP-UPS-MIB": {
        "upsmgOutputOnBattery": (*_MGE, 7, 3, 0),
        "upsmgBatteryRemainingTime": (*_MGE, 5, 1, 0),
        "upsmgBatteryLevel": (*_MGE, 5, 2, 0),
        "mgoutputLoadPerPhase.1": (*_MGE, 7, 2, 1, 4, 1),
    },
    "XPPC-MIB": {
        "upsBaseOutputStatus": (*_XPPC, 4, 1, 1, 0),
        "upsSmartBatteryCapacity": (*_XPPC, 2, 2, 1, 0),
        "upsSmartOutputLoad": (*_XPPC, 4, 2, 3, 0),
    },
    "CPS-MIB": {
        "cps.upsBaseOutputStatus": (*_CPS, 4, 1, 1, 0),
        "cps.upsAdvanceBatteryCapacity": (*_CPS, 2, 2, 1, 0),
        "cps.upsAdvanceBatteryRunTimeRemaining": (*_CPS, 2, 2, 4, 0),
        "cps.upsAdvanceOutputLoad": (*_CPS, 4, 2, 3, 0),
    },
    "DeltaUPS-MIB": {
        "dupsOutputSource": (*_DELTA, 5, 1, 0),
        "dupsBatteryEstimatedTime": (*_DELTA, 7, 5, 0),
        "dupsBatteryCapacity": (*_DELTA, 7, 8, 0),
        "dupsOutputLoad1": (*_DELTA, 5, 7, 0),
    },
}
"""By MIB; the first object of each is one that no UPS with this MIB is without."""

UPS_PROBES: dict[str, Oid] = {mib: next(iter(o.values()))[:-1] for mib, o in _BRANCHES.items()}
"""Where something is below one of these, the device is a UPS."""

_BATTERY = {2: "normal", 3: "low", 4: "depleted"}
_APC_BATTERY = {2: "normal", 3: "low"}
_SOURCES = range(3, 13)
"""upsOutputSource and xupsOutputSource: normal to what XUPS-MIB has beyond RFC 1628."""
_ON_BATTERY = 5
_BASIC_ON_BATTERY = 3
_DELTA_SOURCES = range(6)
_DELTA_ON_BATTERY = 1
"""dupsOutputSource: normal, battery, bypass, reducing, boosting, manual bypass, other, none."""
_UNKNOWN = 1
_YES, _NO = 1, 2
_TENTHS = frozenset({"upsHighPrecBatteryCapacity", "upsHighPrecOutputLoad"})
_MAX_RUNTIME_S = 7 * 86400.0
"""Longer is a number that stands for "not known"."""


def ups_objects(mibs: Collection[str]) -> Objects:
    """What one GET asks of a UPS that has these of UPS_PROBES."""
    return {
        name: found
        for mib, objects in _BRANCHES.items()
        if mib in mibs
        for name, found in objects.items()
    }


def ups_of(values: Mapping[str, Value]) -> UpsReading | None:
    """The figures, RFC 1628 before makers' own; None where nothing of a UPS is there.

    Load is that of the busiest phase. Other sources than the battery (bypass, booster ...) are
    none: the load has mains power. A source that is not known tells nothing.
    """
    seen = {name: found for name in values if (found := number(values[name])) is not None}
    for name in _TENTHS & seen.keys():
        seen[name] //= 10
    phases = [seen[name] for name in seen if name.startswith("upsOutputPercentLoad")]
    load = max(phases, default=None)
    if load is None:
        load = _first(
            seen,
            "upsAdvOutputLoad",
            "upsHighPrecOutputLoad",
            "xupsOutputLoad",
            "mgoutputLoadPerPhase.1",
            "upsSmartOutputLoad",
            "cps.upsAdvanceOutputLoad",
            "dupsOutputLoad1",
        )
    charge = _first(
        seen,
        "upsEstimatedChargeRemaining",
        "upsAdvBatteryCapacity",
        "upsHighPrecBatteryCapacity",
        "xupsBatCapacity",
        "upsmgBatteryLevel",
        "upsSmartBatteryCapacity",
        "cps.upsAdvanceBatteryCapacity",
        "dupsBatteryCapacity",
    )
    reading = UpsReading(
        on_battery=_on_battery(seen),
        charge_ratio=_ratio(charge, most=100),
        load_ratio=_ratio(load, most=400),
        runtime_s=_runtime_s(seen),
        battery=word(seen.get("upsBatteryStatus"), _BATTERY)
        or word(seen.get("upsBasicBatteryStatus"), _APC_BATTERY),
    )
    return None if reading == UpsReading() else reading


def _on_battery(seen: Mapping[str, int]) -> bool | None:
    for name in ("upsOutputSource", "xupsOutputSource"):
        if name in seen and seen[name] in _SOURCES:
            return seen[name] == _ON_BATTERY
    for name in ("upsBasicOutputStatus", "upsBaseOutputStatus", "cps.upsBaseOutputStatus"):
        if name in seen and seen[name] > _UNKNOWN:
            return seen[name] == _BASIC_ON_BATTERY
    if seen.get("dupsOutputSource") in _DELTA_SOURCES:
        return seen["dupsOutputSource"] == _DELTA_ON_BATTERY
    told = seen.get("upsmgOutputOnBattery")
    return told == _YES if told in (_YES, _NO) else None


def _runtime_s(seen: Mapping[str, int]) -> float | None:
    """In minutes (RFC 1628, Delta), hundredths of a second (PowerNet, CPS), seconds (XUPS, MGE)."""
    for name, unit_s in (
        ("upsEstimatedMinutesRemaining", 60.0),
        ("upsAdvBatteryRunTimeRemaining", 0.01),
        ("cps.upsAdvanceBatteryRunTimeRemaining", 0.01),
        ("dupsBatteryEstimatedTime", 60.0),
        ("xupsBatTimeRemaining", 1.0),
        ("upsmgBatteryRemainingTime", 1.0),
    ):
        if name in seen and 0 <= seen[name] * unit_s <= _MAX_RUNTIME_S:
            return seen[name] * unit_s
    return None


def _first(seen: Mapping[str, int], *names: str) -> int | None:
    return next((seen[name] for name in names if name in seen), None)


def _ratio(percent: int | None, most: int) -> float | None:
    """An overloaded UPS says more than 100; what is beyond `most` is no measurement."""
    return percent / 100 if percent is not None and 0 <= percent <= most else None
