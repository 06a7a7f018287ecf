"""Who a device is: the system group (RFC 3418), its engine (RFC 3411), bridge and chassis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.snmp.session import Oid, Value
from collectors.snmp.text import dotted, mac, number, oid, text
from collectors.snmp.vendors import vendor_of
from inventory.observation import Claim, ClaimKind

SYS_DESCR = oid("1.3.6.1.2.1.1.1.0")
SYS_OBJECT_ID = oid("1.3.6.1.2.1.1.2.0")
SYS_UP_TIME = oid("1.3.6.1.2.1.1.3.0")
SYS_CONTACT = oid("1.3.6.1.2.1.1.4.0")
SYS_NAME = oid("1.3.6.1.2.1.1.5.0")
SYS_LOCATION = oid("1.3.6.1.2.1.1.6.0")
ENGINE_ID = oid("1.3.6.1.6.3.10.2.1.1.0")
ENGINE_TIME = oid("1.3.6.1.6.3.10.2.1.3.0")
HR_SYSTEM_UPTIME = oid("1.3.6.1.2.1.25.1.1.0")
BRIDGE_ADDRESS = oid("1.3.6.1.2.1.17.1.1.0")

SYSTEM = (SYS_DESCR, SYS_OBJECT_ID, SYS_UP_TIME, SYS_CONTACT, SYS_NAME, SYS_LOCATION)
MORE = (ENGINE_ID, ENGINE_TIME, HR_SYSTEM_UPTIME, BRIDGE_ADDRESS)

ENTITY = oid("1.3.6.1.2.1.47.1.1.1.1")
ENTITY_CLASS, ENTITY_SOFTWARE = (*ENTITY, 5), (*ENTITY, 10)
ENTITY_SERIAL, ENTITY_MAKER, ENTITY_MODEL = (*ENTITY, 11), (*ENTITY, 12), (*ENTITY, 13)
ENTITY_COLUMNS = (ENTITY_CLASS, ENTITY_SOFTWARE, ENTITY_SERIAL, ENTITY_MAKER, ENTITY_MODEL)
_CHASSIS = 3
"""PhysicalClass chassis (RFC 6933)."""

TICKS_WRAP_S = 2**32 / 100
"""TimeTicks start again at zero after 497 days (RFC 2578 §7.1.8)."""

_FACTS = {
    "sys_descr": SYS_DESCR,
    "sys_contact": SYS_CONTACT,
    "sys_name": SYS_NAME,
    "sys_location": SYS_LOCATION,
}


@dataclass(frozen=True, slots=True)
class Uptime:
    """Seconds since the start, where they wrap (None: not in a life), and which variable said."""

    seconds: float
    wrap_s: float | None
    source: Oid


def facts_of(values: Mapping[Oid, Value]) -> dict[str, str]:
    """Facts of the system group; what is empty is left out."""
    facts = {name: text(values.get(where)) for name, where in _FACTS.items()}
    facts["sys_object_id"] = dotted(values.get(SYS_OBJECT_ID))
    facts["vendor"] = vendor_of(values.get(SYS_OBJECT_ID))
    return {name: value for name, value in facts.items() if value}


def claims_of(values: Mapping[Oid, Value], address: str) -> list[Claim]:
    """What these variables say of the device's identity."""
    engine = values.get(ENGINE_ID)
    found = (
        (ClaimKind.SYS_NAME, text(values.get(SYS_NAME))),
        (ClaimKind.ENGINE_ID, engine.hex() if isinstance(engine, bytes) else ""),
        (ClaimKind.BASE_MAC, mac(values.get(BRIDGE_ADDRESS))),
        (ClaimKind.ADDRESS, address),
    )
    return [Claim(kind, value) for kind, value in found if value]


def uptime_of(values: Mapping[Oid, Value], source: Oid | None) -> Uptime | None:
    """Uptime by one and the same variable look after look: `source`, or the best that is there.

    hrSystemUptime speaks of the host, not of its agent; snmpEngineTime does not wrap in a device's
    life but some agents leave it at nonsense, so it must not lie far below sysUpTime.
    """
    ticks, host = number(values.get(SYS_UP_TIME)), number(values.get(HR_SYSTEM_UPTIME))
    engine_s = number(values.get(ENGINE_TIME))
    found: dict[Oid, Uptime] = {}
    if host:
        found[HR_SYSTEM_UPTIME] = Uptime(host / 100, TICKS_WRAP_S, HR_SYSTEM_UPTIME)
    if engine_s and (ticks is None or engine_s >= ticks / 100 - 60):
        found[ENGINE_TIME] = Uptime(float(engine_s), None, ENGINE_TIME)
    if ticks is not None:
        found[SYS_UP_TIME] = Uptime(ticks / 100, TICKS_WRAP_S, SYS_UP_TIME)
    if source is not None:
        return found.get(source)
    return next(iter(found.values()), None)


def chassis_of(columns: Mapping[Oid, Mapping[Oid, Value]]) -> tuple[dict[str, str], list[Claim]]:
    """Facts and claims of the first chassis that has a serial number, else of the first one."""
    classes = columns.get(ENTITY_CLASS, {})
    rows = [index for index, value in classes.items() if value == _CHASSIS]

    def cell(column: Oid, index: Oid) -> str:
        return text(columns.get(column, {}).get(index))

    rows.sort(key=lambda index: (not cell(ENTITY_SERIAL, index), index))
    if not rows:
        return {}, []
    chassis = rows[0]
    facts = {
        "vendor": cell(ENTITY_MAKER, chassis),
        "model": cell(ENTITY_MODEL, chassis),
        "os_version": cell(ENTITY_SOFTWARE, chassis),
    }
    serial = cell(ENTITY_SERIAL, chassis)
    claims = [Claim(ClaimKind.SERIAL, serial)] if serial else []
    return {name: value for name, value in facts.items() if value}, claims
