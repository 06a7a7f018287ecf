"""Indexes that hold octets: addresses of variable length and MAC addresses (RFC 2578 §7.7).

An index is untrusted like any value: what does not fit exactly is not decoded.
"""

from __future__ import annotations

from collectors.snmp.session import Oid
from collectors.snmp.text import inet_address

MAC_LENGTH = 6


def octets_of(arcs: Oid) -> bytes | None:
    """Arcs as octets; None where one is above 255.

    >>> octets_of((10, 0, 0, 1)), octets_of((256,))
    (b'\\n\\x00\\x00\\x01', None)
    """
    try:
        return bytes(arcs)
    except ValueError:
        return None


def inet_of(arcs: Oid) -> str:
    """The address in an index of InetAddressType, length and octets, which must be all of it.

    >>> inet_of((1, 4, 192, 168, 1, 1)), inet_of((1, 4, 192, 168, 1)), inet_of((1, 4, 1, 1, 1, 999))
    ('192.168.1.1', '', '')
    """
    if len(arcs) < 2 or len(arcs) != 2 + arcs[1]:
        return ""
    octets = octets_of(arcs[2:])
    return inet_address(arcs[0], octets) if octets is not None else ""


def mac_of(arcs: Oid) -> str:
    """A MAC address in six arcs, as 12 hexadecimal digits; '' for none, a group address or zeros.

    >>> mac_of((0, 26, 43, 60, 77, 94)), mac_of((1, 0, 94, 0, 0, 1)), mac_of((0,) * 6)
    ('001a2b3c4d5e', '', '')
    """
    octets = octets_of(arcs) if len(arcs) == MAC_LENGTH else None
    return octets.hex() if octets and any(octets) and not octets[0] & 1 else ""
