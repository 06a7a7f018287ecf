"""Asks one device what its profile and the standard MIBs know to ask, and says what it is.

Three steps with their own rates: `choose_profile` and `identify` are for rarely, `measure` for
every few minutes. What a part fails to give is a problem of the result, no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collectors.snmp.enterprises import registered_name
from collectors.snmp.knowledge import chassis
from collectors.snmp.knowledge.answers import Answers
from collectors.snmp.knowledge.apart import sensors_apart, supplies_apart
from collectors.snmp.knowledge.book import ProfileBook
from collectors.snmp.knowledge.device import Identity, Measures, Module, Sensor
from collectors.snmp.knowledge.entity_sensors import (
    STANDARD,
    named,
    sensor_columns,
    sensor_names,
    sensors_of,
)
from collectors.snmp.knowledge.host import (
    HOST,
    UCD,
    disks_of,
    memory_of,
    processors_of,
    ucd_memory,
    ucd_processors,
)
from collectors.snmp.knowledge.printer import PRINTER, supplies_of
from collectors.snmp.knowledge.schema import DeviceProfile, Source, Table
from collectors.snmp.knowledge.tables import (
    areas_in,
    known_better,
    objects_of,
    processors_in,
    sensors_in,
    supplies_in,
)
from collectors.snmp.knowledge.words import asks_entity, first_serial, first_text, objects_in
from collectors.snmp.session import Objects, Oid, Rows, Session, SnmpError, Value
from collectors.snmp.text import dotted, text
from collectors.snmp.vendors import vendor_in, vendor_of

_MAX_DESCR = 512
"""Characters of sysDescr that patterns search; SNMPv2-MIB allows 255, and what a pattern may take
grows with the square."""


async def choose_profile(
    session: Session, system: Mapping[str, Value], book: ProfileBook, until_s: float
) -> DeviceProfile:
    """Which profile a device has. system: values of the system group by name.

    Raises SnmpError when the device stops answering.
    """
    seen = _seen(system)
    candidates = book.candidates(seen.object_id, seen.descr)
    probes = {dotted(oid): oid for candidate in candidates for oid in candidate.has}
    present: set[Oid] = set()
    if probes:
        found = await session.first(probes, until_s)
        present = {probes[label] for label in found.values}
    return book.choose(candidates, present)


async def identify(
    session: Session, system: Mapping[str, Value], profile: DeviceProfile, until_s: float
) -> Identity:
    """Who a device is; system: values of the system group by name."""
    answers = _seen(system)
    asking = _Asking(session, until_s)
    sources = _text_sources(profile)
    members: tuple[Module, ...] = ()
    if asks_entity(sources):
        rows = chassis.rows_to_ask(await asking.walk(chassis.CLASSES))
        cells = await asking.get(chassis.cells_of(rows))
        answers.chassis = chassis.best_of(rows, cells)
        members = chassis.members_of(rows, cells)
    await asking.fill(answers, objects_in(sources))
    return Identity(
        profile=profile.name,
        vendor=_vendor(first_text(profile.vendor, answers), answers),
        model=first_text(profile.model, answers),
        version=first_text(profile.version, answers),
        serial=first_serial(profile.serial, answers),
        os=profile.os,
        device_class=profile.class_ or "",
        features=first_text(profile.features, answers),
        base_mac=first_text(profile.base_mac, answers),
        members=members,
        problems=tuple(asking.problems),
    )


async def measure(session: Session, profile: DeviceProfile, until_s: float) -> Measures:
    """What a device measures of itself."""
    asking = _Asking(session, until_s)
    answers = Answers()
    await asking.fill(answers, objects_of(_tables(profile)))
    left_out = set(profile.without)
    host = await asking.walk(HOST)
    processors = processors_in(profile.processors, answers)
    if not processors and "processors" not in left_out:
        processors = processors_of(host)
    memory = areas_in(profile.memory_pools, answers)
    if not memory and "memory_pools" not in left_out:
        memory = memory_of(host)
    wants_memory = not memory and "memory_pools" not in left_out
    wants_processors = not processors and "processors" not in left_out
    if wants_memory or wants_processors:
        values = await asking.get(UCD)
        memory = ucd_memory(values) if wants_memory else memory
        processors = ucd_processors(values) if wants_processors else processors
    storage = areas_in(profile.storage, answers)
    if "storage" not in left_out:
        storage += disks_of(host)
    supplies = supplies_in(profile.supplies, answers)
    if not supplies and "supplies" not in left_out:
        supplies = supplies_of(await asking.walk(PRINTER))
        supplies = known_better(supplies, profile.supplies, answers)
    sensors = sensors_in(profile.sensors, answers)
    if "sensors" not in left_out:
        sensors += await asking.entity_sensors((STANDARD, *profile.entity_sensors))
    else:
        sensors += await asking.entity_sensors(profile.entity_sensors)
    sensors = sensors_apart(("", sensor) for sensor in sensors)
    supplies = supplies_apart(supplies)
    return Measures(processors, memory, storage, sensors, supplies, tuple(asking.problems), host)


class _Asking:
    """Questions to one device, with what went wrong noted; after silence nothing more is asked."""

    def __init__(self, session: Session, until_s: float) -> None:
        self._session = session
        self._until_s = until_s
        self._is_gone = False
        self.problems: list[str] = []

    async def walk(self, objects: Objects) -> Rows:
        """Rows of these columns, as far as they came."""
        if self._is_gone or not objects:
            return {}
        found = await self._session.columns(objects, self._until_s)
        self.problems.extend(found.problems)
        self._is_gone = found.fell_silent
        return found.rows

    async def get(self, objects: Objects) -> Mapping[str, Value]:
        """Values of these instances, as far as they came."""
        if self._is_gone or not objects:
            return {}
        try:
            found = await self._session.get(objects, self._until_s)
        except SnmpError as error:
            self.problems.append(error.message)
            self._is_gone = True
            return {}
        self.problems.extend(found.problems)
        return found.values

    async def fill(self, answers: Answers, oids: Iterable[Oid]) -> None:
        """Ask for these OIDs, which may be instances or columns: nothing tells before."""
        objects = {dotted(oid): oid for oid in oids}
        for label, value in (await self.get(objects)).items():
            answers.instances[objects[label]] = value
        columns = {
            label: oid
            for label, oid in objects.items()
            if oid not in answers.instances and oid[-1] != 0
        }
        for label, rows in (await self.walk(columns)).items():
            answers.columns[objects[label]] = rows

    async def entity_sensors(self, tables: tuple[Oid, ...]) -> tuple[Sensor, ...]:
        """Sensors of tables laid out like entPhySensorTable."""
        rows = await self.walk(sensor_columns(tables))
        sensors = sensors_of(tables, rows)
        return named(sensors, await self.get(sensor_names(sensors)))


def _seen(system: Mapping[str, Value]) -> Answers:
    object_id = system.get("sysObjectID")
    return Answers(
        object_id if isinstance(object_id, tuple) else (),
        text(system.get("sysDescr"), _MAX_DESCR),
        text(system.get("sysName")),
    )


def _vendor(found: str, answers: Answers) -> str:
    """What the profile found, as people here spell it. Where it knows nothing: by the enterprise
    number, else by the words of the chassis, else by those that sysDescr begins with,
    else by whoever registered the number."""
    if found:
        return vendor_in(found) or found
    return (
        vendor_of(answers.object_id)
        or vendor_in(answers.chassis.get("maker", ""))
        or vendor_in(answers.descr)
        or registered_name(answers.object_id)
    )


def _text_sources(profile: DeviceProfile) -> list[Source]:
    parts = (
        profile.vendor,
        profile.model,
        profile.version,
        profile.serial,
        profile.features,
        profile.base_mac,
    )
    return [source for part in parts for source in part]


def _tables(profile: DeviceProfile) -> list[Table]:
    parts: tuple[tuple[Table, ...], ...] = (
        profile.processors,
        profile.memory_pools,
        profile.storage,
        profile.sensors,
        profile.supplies,
    )
    return [table for part in parts for table in part]
