"""Who a device says it is: the system group (RFC 3418), its engine (RFC 3411) and its bridge."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.snmp.session import Value
from collectors.snmp.text import dotted, mac, oid, text
from collectors.snmp.vendors import vendor_of
from inventory.observation import Claim, ClaimKind

SYSTEM = {
    "sysDescr": oid("1.3.6.1.2.1.1.1.0"),
    "sysObjectID": oid("1.3.6.1.2.1.1.2.0"),
    "sysUpTime": oid("1.3.6.1.2.1.1.3.0"),
    "sysContact": oid("1.3.6.1.2.1.1.4.0"),
    "sysName": oid("1.3.6.1.2.1.1.5.0"),
    "sysLocation": oid("1.3.6.1.2.1.1.6.0"),
    "snmpEngineID": oid("1.3.6.1.6.3.10.2.1.1.0"),
    "snmpEngineTime": oid("1.3.6.1.6.3.10.2.1.3.0"),
    "hrSystemUptime": oid("1.3.6.1.2.1.25.1.1.0"),
    "dot1dBaseBridgeAddress": oid("1.3.6.1.2.1.17.1.1.0"),
    "entLastChangeTime": oid("1.3.6.1.2.1.47.1.4.1.0"),
}
"""The first request of every look, all of it."""

_MAX_DESCR = 1024
"""Characters: a description has several lines on some devices, and more than RFC 3418's 255."""

_FACTS = {
    "sys_name": "sysName",
    "sys_location": "sysLocation",
    "sys_contact": "sysContact",
}
_MAC_FORMAT = 3
_VARIABLE_FORMAT = 0x80


def facts_of(values: Mapping[str, Value]) -> dict[str, str]:
    """Facts of the system group by name; what is empty or not there is left out."""
    facts = {"sys_descr": text(values.get("sysDescr"), _MAX_DESCR)}
    facts |= {fact: text(values.get(name)) for fact, name in _FACTS.items()}
    facts["sys_object_id"] = dotted(values.get("sysObjectID"))
    facts["vendor"] = vendor_of(values.get("sysObjectID"))
    return {fact: found for fact, found in facts.items() if found}


def claims_of(values: Mapping[str, Value], address: str) -> tuple[Claim, ...]:
    """What these variables assert of the device's identity; address: where it was asked."""
    engine = values.get("snmpEngineID")
    has_engine = isinstance(engine, bytes) and 5 <= len(engine) <= 32
    found = (
        (ClaimKind.ENGINE_ID, engine.hex() if isinstance(engine, bytes) and has_engine else ""),
        (ClaimKind.BASE_MAC, base_mac(values)),
        (ClaimKind.SYS_NAME, text(values.get("sysName"))),
        (ClaimKind.ADDRESS, address),
    )
    return tuple(Claim(kind, value) for kind, value in found if value)


def base_mac(values: Mapping[str, Value]) -> str:
    """The one MAC address that stands for the whole device, 12 hexadecimal digits or ''.

    dot1dBaseBridgeAddress, which is unique to a bridge (RFC 4188); else the MAC address that an
    engine id of format 3 is made of (RFC 3411 §5, SnmpEngineID). A port's address does not count:
    ports are cards, and cards move.

    >>> base_mac({"snmpEngineID": bytes.fromhex("800000090300aabbccddee")})
    '00aabbccddee'
    """
    bridge = mac(values.get("dot1dBaseBridgeAddress"))
    if bridge:
        return bridge
    engine = values.get("snmpEngineID")
    if not isinstance(engine, bytes) or len(engine) != 11:
        return ""
    of_mac = engine[0] & _VARIABLE_FORMAT and engine[4] == _MAC_FORMAT
    return mac(engine[5:]) if of_mac else ""
