"""What one device turned out to be: its identity, and what was measured on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from collectors.snmp.session import Rows


@dataclass(frozen=True, slots=True)
class Processor:
    """One processor as the device lists it, percent busy."""

    name: str
    usage_percent: float


@dataclass(frozen=True, slots=True)
class Area:
    """Memory or a disk. Sizes in bytes, None where the device gives a percentage alone.

    kind: ram, swap, disk, flash, network, removable … or what the maker calls it.
    """

    name: str
    kind: str
    size_bytes: float | None
    used_bytes: float | None
    used_percent: float | None


@dataclass(frozen=True, slots=True)
class Sensor:
    """One sensor. sensor_class and unit: see terms.SensorClass; of class state, `state` says ok,
    warning, critical or unknown and value is the device's own number.

    low, low_warning, high_warning, high: limits in the sensor's unit, where the device has them.
    """

    sensor_class: str
    name: str
    value: float
    state: str = ""
    low: float | None = None
    low_warning: float | None = None
    high_warning: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """A consumable; percent that is left, None where the device does not know.

    kind: toner, ink, drum, waste, input (a paper tray) …; capacity in the device's own units.
    """

    name: str
    kind: str
    percent: float | None
    capacity: float | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """One chassis of ENTITY-MIB: in a stack, one for each member."""

    index: int
    name: str
    model: str
    serial: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a device is. Texts are '' where nothing trustworthy was found; profile: which one told.

    problems: one line for each part that could not be read.
    """

    profile: str
    vendor: str = ""
    model: str = ""
    version: str = ""
    serial: str = ""
    os: str = ""
    device_class: str = ""
    features: str = ""
    base_mac: str = ""
    members: tuple[Module, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured on a device; problems as in Identity. host: the rows of host.HOST."""

    processors: tuple[Processor, ...] = ()
    memory_pools: tuple[Area, ...] = ()
    storage: tuple[Area, ...] = ()
    sensors: tuple[Sensor, ...] = ()
    supplies: tuple[Supply, ...] = ()
    problems: tuple[str, ...] = ()
    host: Rows = field(default_factory=dict)
