"""A cheap look at a packet before a real decoder gets it: is it BER of SNMP's kind and size?

A full decoder builds objects for whatever it is sent; a hostile packet of 49 KB costs pyasn1 half
a second, in which nothing else is looked at. Here lengths must nest, depth and number of elements
are bounded, and an OID or a number cannot be longer than SNMP allows (RFC 2578 §3.5, RFC 3417 §8).
Nothing is decoded.
"""

from __future__ import annotations

from collectors.snmp.pdu import Rejected

_MAX_DEPTH = 8
"""Message, scoped PDU, PDU, bindings, binding: 5 in SNMPv3."""
_MAX_OID_BYTES = 128 * 5
_MAX_NUMBER_BYTES = 9
_NUMBERS = frozenset({0x02, 0x41, 0x42, 0x43, 0x46, 0x47})
_EMPTY = frozenset({0x05, 0x80, 0x81, 0x82})
_SEQUENCE, _PDUS = 0x30, range(0xA0, 0xA9)
_OVERHEAD_ELEMENTS = 24
"""Elements of a message beside its bindings."""


def element(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """(tag, begin of the body, end of the body) of the element at `at`. Raises Rejected."""
    if at + 2 > end:
        raise Rejected("malformed")
    tag, length = data[at], data[at + 1]
    at += 2
    if length & 0x80:
        octets = length & 0x7F
        if not 1 <= octets <= 4 or at + octets > end:
            raise Rejected("malformed")
        length = int.from_bytes(data[at : at + octets], "big")
        at += octets
    if at + length > end:
        raise Rejected("malformed")
    return tag, at, at + length


def check_shape(data: bytes, most_bindings: int) -> None:
    """Raises Rejected where the first element is none of SNMP's or holds more than it may.

    Bytes behind it are nobody's business: some agents pad, and DES must (RFC 3414 §8.1.1.2).
    """
    _, at, end = element(data, 0, len(data))
    if data[0] != _SEQUENCE:
        raise Rejected("malformed")
    ends = [end]
    left = _OVERHEAD_ELEMENTS + 3 * most_bindings
    while ends:
        if at == ends[-1]:
            ends.pop()
            continue
        tag, begin, stop = element(data, at, ends[-1])
        left -= 1
        if left < 0:
            raise Rejected("oversize")
        if tag & 0x20:
            if len(ends) >= _MAX_DEPTH or (tag != _SEQUENCE and tag not in _PDUS):
                raise Rejected("malformed")
            ends.append(stop)
            at = begin
            continue
        length = stop - begin
        if (
            (tag in _NUMBERS and not 1 <= length <= _MAX_NUMBER_BYTES)
            or (tag == 0x06 and length > _MAX_OID_BYTES)
            or (tag in _EMPTY and length)
            or tag & 0x1F == 0x1F
        ):
            raise Rejected("malformed")
        at = stop


def digest_span(message: bytes) -> tuple[int, int]:
    """Where msgAuthenticationParameters stands in an SNMPv3 message (RFC 3414 §2.4).

    Found by structure, never by searching for the digest, which an attacker could repeat
    elsewhere. Raises Rejected.
    """
    _, at, end = element(message, 0, len(message))
    for _ in range(2):  # version, header
        _, _, at = element(message, at, end)
    _, at, end = element(message, at, end)  # the parameters, a SEQUENCE in an OCTET STRING
    _, at, end = element(message, at, end)
    for _ in range(4):  # engine id, boots, time, user
        _, _, at = element(message, at, end)
    _, begin, stop = element(message, at, end)
    return begin, stop
