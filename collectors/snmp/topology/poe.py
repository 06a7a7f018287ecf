"""POWER-ETHERNET-MIB (RFC 3621): which ports give power, and how much is left to give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.snmp.session import Oid, Rows
from collectors.snmp.text import number, oid, word
from inventory.equipment import PoeReading

_PORT = oid("1.3.6.1.2.1.105.1.1.1")
_MAIN = oid("1.3.6.1.2.1.105.1.3.1.1")

POE: dict[str, Oid] = {
    "pethPsePortAdminEnable": (*_PORT, 3),
    "pethPsePortDetectionStatus": (*_PORT, 6),
    "pethPsePortPowerClassifications": (*_PORT, 10),
    "pethMainPsePower": (*_MAIN, 2),
    "pethMainPseOperStatus": (*_MAIN, 3),
    "pethMainPseConsumptionPower": (*_MAIN, 4),
}
"""The columns that are walked, together."""

POE_PROBE = (*_MAIN, 2)
"""Is there where a device gives power."""

_FALSE = 2
_STATES = {
    1: "off",
    2: "searching",
    3: "delivering",
    4: "fault",
    5: "test",
    6: "fault",
}
_DELIVERING = "delivering"
_ON = {1: True, 2: False, 3: False}
_MOST_WATTS = 100_000


@dataclass(frozen=True, slots=True)
class PortPower:
    """state: see PortReading.poe; power_class is what a powered device asked for."""

    state: str
    power_class: int | None


def sources_of(rows: Rows) -> tuple[PoeReading, ...]:
    """The sources by group. A budget of 0 and what no source can have is not known."""
    columns = ("pethMainPsePower", "pethMainPseConsumptionPower", "pethMainPseOperStatus")
    groups = {i for name in columns for i in rows.get(name, {}) if len(i) == 1}
    return tuple(
        PoeReading(
            group[0],
            budget_watts=_watts(rows, "pethMainPsePower", group) or None,
            used_watts=_watts(rows, "pethMainPseConsumptionPower", group),
            on=_ON.get(number(rows.get("pethMainPseOperStatus", {}).get(group)) or 0),
        )
        for group in sorted(groups)
    )


def powers_of(rows: Rows, bridge_ports: Mapping[int, int]) -> dict[int, PortPower]:
    """ifIndex -> its power. bridge_ports: port of the bridge -> ifIndex.

    The index is (group, port within it), and no standard says which interface that is. Most agents
    count ports as their bridge does, or by ifIndex; with several groups in which a number
    comes twice nobody can tell, and nothing is told.
    """
    status = rows.get("pethPsePortDetectionStatus", {})
    indexes = [index for index in status if len(index) == 2]
    numbers = [index[1] for index in indexes]
    if len(set(numbers)) < len(numbers):
        return {}
    found: dict[int, PortPower] = {}
    for index in indexes:
        state = word(status[index], _STATES)
        if number(rows.get("pethPsePortAdminEnable", {}).get(index)) == _FALSE:
            state = "off"
        if not state:
            continue
        asked = number(rows.get("pethPsePortPowerClassifications", {}).get(index))
        told = state == _DELIVERING and asked is not None and 1 <= asked <= 9
        power_class = asked - 1 if told and asked is not None else None
        found[bridge_ports.get(index[1], index[1])] = PortPower(state, power_class)
    return found


def _watts(rows: Rows, column: str, group: Oid) -> float | None:
    watts = number(rows.get(column, {}).get(group))
    return float(watts) if watts is not None and 0 <= watts <= _MOST_WATTS else None
