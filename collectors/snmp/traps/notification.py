"""Notifications out of packets: v1 traps, v2 traps and informs, and the answer to an inform.

Who sent one and whether it is authentic is decided before: nothing here is called with bytes
that nobody vouches for, and all of them have passed `check_shape`.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

from pyasn1.codec.ber import decoder  # type: ignore[import-untyped]
from pyasn1.type import tag, univ  # type: ignore[import-untyped]

from collectors.snmp.ber_shape import element
from collectors.snmp.pdu import Rejected
from collectors.snmp.pysnmp_messages import (
    APPLICATION,
    CONTEXT,
    AnyBindings,
    AnyPdu,
    fields,
    tagged,
)
from collectors.snmp.session import Oid
from collectors.snmp.text import dotted, oid, text

V1, V2C = 0, 1
MOST_BINDINGS = 64
"""In a packet. A linkDown has 3 to 6, the fullest alarms of UPS and storage about 30."""
_KEPT_BINDINGS = 32

_RESPONSE = 0xA2
_UPTIME = oid("1.3.6.1.2.1.1.3.0")
_TRAP_OID = oid("1.3.6.1.6.3.1.1.4.1.0")
_TRAP_ADDRESS = "1.3.6.1.6.3.18.1.3.0"
_TRAP_ENTERPRISE = "1.3.6.1.6.3.1.1.4.3.0"
_GENERIC = oid("1.3.6.1.6.3.1.1.5")
_ENTERPRISE_SPECIFIC = 6


@dataclass(frozen=True, slots=True)
class Notification:
    """What a PDU says. bindings: (dotted OID, text), without uptime and trap OID.

    request_id: of an inform, which wants an answer; None for a trap.
    """

    oid: Oid
    uptime_s: float | None
    bindings: tuple[tuple[str, str], ...]
    request_id: int | None = None


def community_of(packet: bytes) -> tuple[int, bytes]:
    """(version, community) of a packet; the community is empty in v3, which has none.

    Raises Rejected.
    """
    _, at, end = element(packet, 0, len(packet))
    version_tag, begin, at = element(packet, at, end)
    version = int.from_bytes(packet[begin:at], "big")
    community_tag, begin, stop = element(packet, at, end)
    if version not in (V1, V2C):
        return version, b""
    if version_tag != 0x02 or community_tag != 0x04:
        raise Rejected("malformed")
    return version, packet[begin:stop]


def from_community_packet(packet: bytes) -> Notification:
    """The notification in a v1 or v2c packet. Raises Rejected, and for bytes that the library
    did not expect anything at all."""
    message, _ = decoder.decode(packet, asn1Spec=_MESSAGE)
    found = notification(message["data"])
    is_v1 = message["data"].getName() == "trap-v1"
    if int(message["version"]) != (V1 if is_v1 else V2C):
        raise Rejected("malformed")
    return found


def acknowledged(packet: bytes) -> bytes:
    """A v2c inform turned into its answer, a Response with the same bindings (RFC 3416 §4.2.7)."""
    _, at, end = element(packet, 0, len(packet))
    for _ in range(2):  # version, community
        _, _, at = element(packet, at, end)
    return packet[:at] + bytes((_RESPONSE,)) + packet[at + 1 : end]


def acknowledged_scoped(scoped: bytes) -> bytes:
    """The same of a scoped PDU of v3: context engine and name stay as they are."""
    _, at, end = element(scoped, 0, len(scoped))
    for _ in range(2):  # context engine id, context name
        _, _, at = element(scoped, at, end)
    return scoped[:at] + bytes((_RESPONSE,)) + scoped[at + 1 : end]


def notification(choice: Any) -> Notification:
    """What a decoded PDU, a `NotificationPdu`, says. Raises Rejected for one that is none."""
    kind, pdu = choice.getName(), choice.getComponent()
    if kind == "trap-v1":
        return _translated(pdu)
    if kind not in ("trap", "inform"):
        raise Rejected("malformed")
    bindings = pdu["variable-bindings"]
    trap_oid: Oid = ()
    uptime_s: float | None = None
    kept = []
    for found in bindings:
        name, value = found["name"].asTuple(), found["value"].getComponent()
        if name == _TRAP_OID and isinstance(value, univ.ObjectIdentifier):
            trap_oid = value.asTuple()
        elif name == _UPTIME and isinstance(value, univ.Integer):
            uptime_s = _ticks_s(value)
        else:
            kept.append(_shown(found))
    if not trap_oid:
        raise Rejected("malformed")
    request_id = int(pdu["request-id"]) if kind == "inform" else None
    return Notification(trap_oid, uptime_s, tuple(kept[:_KEPT_BINDINGS]), request_id)


def _translated(pdu: Any) -> Notification:
    """A v1 trap as RFC 3584 §3.1 makes it a v2 notification. The community stays behind."""
    generic, specific = int(pdu["generic"]), int(pdu["specific"])
    enterprise: Oid = pdu["enterprise"].asTuple()
    if 0 <= generic < _ENTERPRISE_SPECIFIC:
        trap_oid = (*_GENERIC, generic + 1)
    elif generic == _ENTERPRISE_SPECIFIC and specific >= 0:
        trap_oid = (*enterprise, 0, specific)
    else:
        raise Rejected("malformed")
    kept = [_shown(found) for found in pdu["variable-bindings"]][:_KEPT_BINDINGS]
    names = {name for name, _ in kept}
    more = (
        (_TRAP_ADDRESS, _address(pdu["agent-addr"].asOctets())),
        (_TRAP_ENTERPRISE, dotted(enterprise)),
    )
    kept.extend((name, value) for name, value in more if name not in names)
    return Notification(trap_oid, _ticks_s(pdu["time-stamp"]), tuple(kept))


def _ticks_s(value: Any) -> float:
    """Hundredths of a second as seconds; agents that leave a leading zero out seem negative."""
    return (int(value) & 0xFFFFFFFF) / 100.0


def _shown(found: Any) -> tuple[str, str]:
    """One binding as (dotted OID, text for people)."""
    choice = found["value"]
    kind, value = choice.getName(), choice.getComponent()
    name = dotted(found["name"].asTuple())
    if isinstance(value, univ.Null):
        return name, ""
    if isinstance(value, univ.Integer):
        return name, str(int(value))
    if isinstance(value, univ.ObjectIdentifier):
        return name, dotted(value.asTuple())
    octets = value.asOctets()
    return name, _address(octets) if kind == "address" else _words(octets)


def _words(octets: bytes) -> str:
    """Text where it is text, else hexadecimal digits.

    >>> _words(b"Paper jam\\r\\n"), _words(bytes.fromhex("001b21a0ff02"))
    ('Paper jam', '001b21a0ff02')
    """
    whole = octets.rstrip(b"\0")
    is_text = all(octet >= 32 or octet in b"\t\r\n" for octet in whole)
    return text(whole) if is_text else octets[:64].hex()


def _address(octets: bytes) -> str:
    return str(ipaddress.ip_address(octets)) if len(octets) == 4 else octets[:64].hex()


class _TrapV1(univ.Sequence):  # type: ignore[misc]
    componentType = fields(
        enterprise=univ.ObjectIdentifier(),
        agent_addr=tagged(univ.OctetString(), APPLICATION, 0),
        generic=univ.Integer(),
        specific=univ.Integer(),
        time_stamp=tagged(univ.Integer(), APPLICATION, 3),
        variable_bindings=AnyBindings(),
    )


def _pdu(number: int, base: Any = None) -> Any:
    return tagged(AnyPdu() if base is None else base, CONTEXT, number, tag.tagFormatConstructed)


class NotificationPdu(univ.Choice):  # type: ignore[misc]
    """What a sender of notifications may send; `request` is how it discovers an engine."""

    componentType = fields(
        request=_pdu(0), trap_v1=_pdu(4, _TrapV1()), inform=_pdu(6), trap=_pdu(7)
    )


class _Message(univ.Sequence):  # type: ignore[misc]
    componentType = fields(
        version=univ.Integer(), community=univ.OctetString(), data=NotificationPdu()
    )


_MESSAGE = _Message()
