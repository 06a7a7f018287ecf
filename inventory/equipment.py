"""What a device says of its own parts and of what is around it, as small values that can travel.

Part of an observation's Reading (inventory.observation). Texts are as the device wrote them,
cleaned and bounded; what it did not say is '' or None. MAC addresses are 12 hexadecimal digits.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SensorReading:
    """One sensor. kind: temperature, fanspeed, voltage, current, power, frequency, humidity,
    charge, load, runtime, dbm, percent, state and what else profiles know.

    value: in `unit` (celsius, rpm, volts, amperes, watts, hertz, percent, minutes, dbm ...). state:
    ok, warning, critical, unknown, '' where neither the device nor its limits tell. low to high:
    the device's own limits in the same unit.
    """

    kind: str
    name: str
    value: float
    unit: str = ""
    state: str = ""
    low: float | None = None
    low_warning: float | None = None
    high_warning: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class SupplyReading:
    """A consumable. kind: toner, ink, drum, waste, input (paper) ...; percent that is left, None
    where the device does not know; state: ok, low, empty, ''."""

    name: str
    kind: str
    percent: float | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class UpsReading:
    """A UPS: ratios 0 to 1, runtime in seconds at the present load.

    on_battery: whether the load hangs on the battery now. battery: normal, low, depleted, ''.
    """

    on_battery: bool | None = None
    charge_ratio: float | None = None
    load_ratio: float | None = None
    runtime_s: float | None = None
    battery: str = ""


@dataclass(frozen=True, slots=True)
class NeighbourReading:
    """Who answers at the other end of a port (LLDP, CDP); local_port: the name of ours.

    capabilities: bridge, router, telephone, wlan_access_point, station ... address: where it is
    managed, '' where it does not say.
    """

    protocol: str
    local_port: str
    chassis_id: str = ""
    port: str = ""
    name: str = ""
    descr: str = ""
    capabilities: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class AddressReading:
    """An IP address of the device itself; prefix: its length in bits, None where not known."""

    address: str
    prefix: int | None = None
    if_index: int | None = None


@dataclass(frozen=True, slots=True)
class StationReading:
    """Somebody seen on the network: by a switch on a port, or in an ARP or neighbour table.

    address: '' where only the MAC is known; if_index: on which interface, None where not known.
    """

    mac: str
    address: str = ""
    if_index: int | None = None


@dataclass(frozen=True, slots=True)
class ModuleReading:
    """One row of the entity tree: index and parent as the device numbers them (parent 0: none).

    kind: chassis, module, power_supply, fan, stack ...
    """

    index: int
    parent: int
    kind: str
    name: str
    model: str = ""
    serial: str = ""
    hardware: str = ""
    firmware: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True)
class ProgramReading:
    """A program that is installed or running. installed_on: the day on which this version of it
    came (YYYY-MM-DD), '' where that is not said."""

    name: str
    installed_on: str = ""
    running: bool = False


@dataclass(frozen=True, slots=True)
class VlanReading:
    """A VLAN that is configured."""

    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class PoeReading:
    """One source of power over Ethernet: its group, watts that it can give and gives."""

    group: int
    budget_watts: float | None = None
    used_watts: float | None = None
    on: bool | None = None


@dataclass(frozen=True, slots=True)
class PortReading:
    """What is known of an interface beside its counters; read more rarely than these.

    duplex: full, half, ''. poe: delivering, searching, off, fault, test, ''. poe_class: 0 to 8.
    vlan: untagged traffic belongs to it; tagged: how many other VLANs it carries. macs: addresses
    seen behind it.
    """

    duplex: str = ""
    poe: str = ""
    poe_class: int | None = None
    vlan: int | None = None
    tagged: int | None = None
    macs: int | None = None
