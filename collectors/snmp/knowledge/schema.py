"""What a device profile file may hold: how a device is told, and where its facts and measures are.

A profile is data that a network engineer can write without code. See docs/adding-a-device.md.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from collectors.snmp.knowledge import own_tree
from collectors.snmp.knowledge.terms import DeviceClass, EntityField, Part, SensorClass, State
from collectors.snmp.session import Oid
from collectors.snmp.text import oid
from config.scalars import Flag, Number, Section, Whole


def _as_oid(value: Any) -> Any:
    if isinstance(value, tuple):
        return value
    if isinstance(value, str) and value.startswith("self"):
        return own_tree.unrooted(value)
    if not isinstance(value, str) or not re.fullmatch(r"\.?[012](\.[0-9]{1,10})+", value):
        raise ValueError("must be an OID in numbers, for example 1.3.6.1.2.1.1.1.0")
    found = oid(value.lstrip("."))
    if max(found) >= 2**32 or len(found) > 128:
        raise ValueError("is no OID: 128 numbers below 2^32 at most (RFC 2578 §7.1.3)")
    return found


def _as_pattern(text: str) -> str:
    try:
        pattern = re.compile(text, re.IGNORECASE | re.DOTALL)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    if pattern.groups > 1:
        raise ValueError("may have one group (...) only; write (?:...) for the others")
    return text


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


OidText = Annotated[Oid, BeforeValidator(_as_oid)]
"""An OID in numbers; or `self10.1.3`, the first ten numbers of sysObjectID and 1.3 below them."""
Pattern = Annotated[str, AfterValidator(_as_pattern)]
"""A regular expression with at most one group; searched, upper and lower case alike."""
Word = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]
"""A short text; a number may stand without quotes."""


class Where(Section):
    """A condition on a row."""

    object: OidText
    """A column with the same index (or a beginning of it), or a single instance."""
    like: Pattern
    """What its value, as text, must show; of an OBJECT IDENTIFIER the dotted form."""


Wheres = Annotated[tuple[Where, ...], BeforeValidator(_as_list)]


class Source(Section):
    """Where a text may come from: exactly one of the first seven."""

    object: OidText | None = None
    """An instance, or a column of which the first usable value counts."""
    entity: EntityField | None = None
    """A cell of the chassis in ENTITY-MIB."""
    descr: Pattern | None = None
    """Searched in sysDescr."""
    sys_name: Pattern | None = None
    """Searched in sysName."""
    object_id: dict[str, Word] | None = None
    """OID -> text, for a sysObjectID that is the OID or below it; the longest wins."""
    text: Word | None = None
    """This text."""
    all: tuple[Source, ...] | None = None
    """Parts that must all be found."""
    join: str = " "
    """Between the parts of `all`."""
    pattern: Pattern | None = None
    """What of the value counts: the group, else the whole match; without a match there is none."""
    map: dict[str, Word] | None = None
    """Value -> text; a value that is not here is not found."""
    format: str = "{}"
    """How the text is written; {} stands for the value."""
    where: Wheres = ()
    """Only rows that fulfil these."""
    hex: Flag = False
    """Octets in hexadecimal, for MAC addresses and serial numbers."""

    @model_validator(mode="after")
    def _has_one_origin(self) -> Source:
        origins = ("object", "entity", "descr", "sys_name", "object_id", "text", "all")
        given = [name for name in origins if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"needs exactly one of {', '.join(origins)}")
        if self.format.count("{}") != 1 or len(self.format.replace("{}", "")) > 40:
            raise ValueError("format: needs {} once, and little beside it")
        for key in self.object_id or ():
            _as_oid(key)
        if (self.where or self.hex) and self.object is None:
            raise ValueError("where and hex: go with object only")
        return self


def _source_list(value: Any) -> Any:
    return [{"text": part} if isinstance(part, str) else part for part in _as_list(value)]


Sources = Annotated[tuple[Source, ...], BeforeValidator(_source_list)]
"""Tried in order; a plain text stands for itself."""


def _oid_if_one(value: Any) -> Any:
    long_oid = rf"\.?[012](\.[0-9]{{1,10}}){{5,}}|{own_tree.PATTERN}"
    is_oid = isinstance(value, str) and re.fullmatch(long_oid, value)
    return _as_oid(value) if is_oid else _as_text(value)


NameSource = Annotated[Oid | str, BeforeValidator(_oid_if_one)]
"""A column (an OID of six numbers or more), or a text that stands for itself."""


def _oid_or_number(value: Any) -> Any:
    return _as_oid(value) if isinstance(value, str) else value


NumberSource = Annotated[Oid | int | float, BeforeValidator(_oid_or_number)]
"""A column or instance (an OID), or a number that stands for itself."""


class Table(Section):
    """What all tables have."""

    name: NameSource = ""
    """What a row is called: a column, or a text, in which {} stands for the row's index."""
    label: Annotated[str, Field(pattern=r"^[^{}]*[{][}][^{}]*$")] = "{}"
    """How a name from a column is written, where one thing has several values; {} stands for it."""
    where: Wheres = ()
    """Only rows that fulfil these."""
    index: Pattern | None = None
    """Only rows whose index shows this, written with dots; where the last number of the index says
    what is measured."""
    skip: tuple[Whole, ...] = ()
    """Raw values that mean that nothing is there."""
    fallback: Flag = False
    """Only when the tables before this one gave nothing."""
    unless: OidText | None = None
    """Not the rows for which this has a value: a better object that the device may have too."""


class ProcessorTable(Table):
    """Processors: one of usage and idle, in percent."""

    usage: OidText | None = None
    """How busy."""
    idle: OidText | None = None
    """How idle."""
    scale: Number = 1.0
    """Factor to percent."""
    pattern: Pattern | None = None
    """The number in a text."""

    @model_validator(mode="after")
    def _has_one_value(self) -> ProcessorTable:
        if (self.usage is None) == (self.idle is None):
            raise ValueError("needs exactly one of usage and idle")
        return self


class AreaTable(Table):
    """Memory or disks: two of total, used and free, or percent or percent_free."""

    total: NumberSource | None = None
    """Size."""
    used: OidText | None = None
    """What is in use."""
    free: OidText | None = None
    """What is not."""
    percent: OidText | None = None
    """Percent in use."""
    percent_free: OidText | None = None
    """Percent not in use."""
    unit: NumberSource = 1
    """Bytes per unit."""
    scale: Number = 1.0
    """Factor of percent and percent_free."""
    kind: Word = ""
    """What it is: ram, swap, flash, disk ..."""
    pattern: Pattern | None = None
    """The number in a text."""

    @model_validator(mode="after")
    def _is_enough(self) -> AreaTable:
        sizes = [value for value in (self.total, self.used, self.free) if value is not None]
        if len(sizes) < 2 and self.percent is None and self.percent_free is None:
            raise ValueError("needs two of total, used and free, or percent or percent_free")
        return self


class SupplyTable(Table):
    """Consumables: level and capacity, or percent."""

    level: OidText | None = None
    """What is left."""
    capacity: NumberSource | None = None
    """What there is when full."""
    percent: OidText | None = None
    """Percent left."""
    kind: Word = ""
    """toner, ink, drum, waste, input, other."""
    of: Pattern | None = None
    """No supplies of their own, but what is left of those of Printer-MIB whose names show this,
    where the printer tells no percentage there."""
    octets: Pattern | None = None
    """Searched in the octets of the value, written in hexadecimal: its group is the number, too."""
    scale: Number = 1.0
    """Factor to percent."""

    @model_validator(mode="after")
    def _is_enough(self) -> SupplyTable:
        if self.percent is None and (self.level is None or self.capacity is None):
            raise ValueError("needs level and capacity, or percent")
        return self


class Limits(Section):
    """Between which values all is well, scaled like the value."""

    low: NumberSource | None = None
    """Below is critical."""
    low_warning: NumberSource | None = None
    """Below wants a look."""
    high_warning: NumberSource | None = None
    """Above wants a look."""
    high: NumberSource | None = None
    """Above is critical."""


class SensorTable(Table):
    """Sensors of one class."""

    class_: SensorClass = Field(alias="class")
    """What is measured."""
    value: OidText
    """The measured values."""
    scale: Number = 1.0
    """Factor to the unit of the class."""
    exponent: NumberSource = 0
    """The value is also multiplied by ten to this power."""
    decimals: NumberSource = 0
    """How many of the value's digits stand after its point: the value is divided by ten to this."""
    offset: Number = 0.0
    """Added at last."""
    convert: Literal["dbm"] | None = None
    """dbm: the scaled value is milliwatts; without light there is no value."""
    pattern: Pattern | None = None
    """The number in a text."""
    range: tuple[Number, Number] | None = None
    """What is outside, after scaling, is not there."""
    states: dict[Word, State] | None = None
    """Of class state: raw value -> what it means; a value that is not here is unknown."""
    bits: dict[Word, State] | None = None
    """Of class state, instead of `states`: the value is a BITS string (RFC 2578 §7.1.4), and this
    says of each bit what it means when it is set. The worst counts; with none set all is well."""
    limits: Limits = Limits()
    """Between which values all is well."""

    @model_validator(mode="after")
    def _has_words(self) -> SensorTable:
        if self.class_ == "state" and (self.states is None) == (self.bits is None):
            raise ValueError("of class state needs exactly one of states and bits")
        if self.class_ != "state" and (self.states or self.bits):
            raise ValueError("states and bits go with class state only")
        for key in self.bits or ():
            if not key.isdecimal():
                raise ValueError("bits: needs numbers of bits, the first is 0")
        return self


class Match(Section):
    """Conditions that must all hold."""

    object_id: Annotated[tuple[OidText, ...], BeforeValidator(_as_list)] = ()
    """sysObjectID is one of these or below one."""
    descr: Pattern | None = None
    """Found in sysDescr."""
    has: Annotated[tuple[OidText, ...], BeforeValidator(_as_list)] = ()
    """The device has something at or below one of these."""

    @model_validator(mode="after")
    def _says_something(self) -> Match:
        if not self.object_id and self.descr is None and not self.has:
            raise ValueError("needs object_id, descr or has")
        return self


class Quirks(Section):
    """What an agent cannot do, known beforehand."""

    bulk: Flag = True
    """Whether it answers GETBULK."""
    most_names: Annotated[Whole, Field(ge=1, le=60)] = 24
    """Objects in one request."""
    most_bindings: Annotated[Whole, Field(ge=1, le=200)] = 64
    """Variables in one answer."""


class DeviceProfile(Section):
    """One kind of device."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$")]
    """The file's name without its ending."""
    inherits: str = "base"
    """Whose sources and tables are used after this one's own."""
    match: tuple[Match, ...] = ()
    """A device for which one of these holds."""
    priority: Whole = 0
    """Decides between profiles that match equally well."""
    os: str = ""
    """A short word for the operating system."""
    class_: DeviceClass | None = Field(default=None, alias="class")
    """What it is."""
    vendor: Sources = ()
    """Who made it."""
    model: Sources = ()
    """What the maker calls it."""
    version: Sources = ()
    """Version of the operating system or firmware."""
    serial: Sources = ()
    """Serial number of the whole device."""
    features: Sources = ()
    """Licence level or feature set."""
    base_mac: Sources = ()
    """The one MAC address that stands for the device."""
    processors: tuple[ProcessorTable, ...] = ()
    """Processors."""
    memory_pools: tuple[AreaTable, ...] = ()
    """Memory."""
    storage: tuple[AreaTable, ...] = ()
    """Disks and flash."""
    sensors: tuple[SensorTable, ...] = ()
    """Sensors."""
    supplies: tuple[SupplyTable, ...] = ()
    """Consumables."""
    entity_sensors: tuple[OidText, ...] = ()
    """Tables laid out like entPhySensorTable (RFC 3433), beside that one."""
    without: tuple[Part, ...] = ()
    """What parents and standard MIBs say of these is not used."""
    quirks: Quirks = Quirks()
    """What the agent cannot do."""
    notes: str = ""
    """For the next person."""
