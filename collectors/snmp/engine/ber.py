"""BER as SNMP uses it (RFC 3417 §8): definite lengths, one-octet tags, numbers of at most 9 octets.

Every length is checked against the element that holds it. What is wrong raises Rejected, and
nothing else; reading behind the end gives what Python's slices give, and the checks find it.
"""

from __future__ import annotations

from collectors.snmp.ber_shape import element
from collectors.snmp.pdu import Rejected
from collectors.snmp.session import Oid

INTEGER, OCTET_STRING, NULL, OBJECT_ID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIME_TICKS, OPAQUE, COUNTER64, UNSIGNED32 = (
    *range(0x40, 0x45),
    0x46,
    0x47,
)
MAX_SUBIDS = 128
"""RFC 2578 §3.5."""
_MAX_SUBID = 0xFFFFFFFF
_MAX_OID_BYTES = MAX_SUBIDS * 5


def tlv(tag: int, body: bytes) -> bytes:
    """An element round its body."""
    length = len(body)
    if length < 0x80:
        return bytes((tag, length)) + body
    if length < 0x100:
        return bytes((tag, 0x81, length)) + body
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + body


def integer(value: int) -> bytes:
    """An INTEGER element in its shortest form.

    >>> integer(127).hex(), integer(128).hex(), integer(-1).hex()
    ('02017f', '02020080', '0201ff')
    """
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid_body(oid: Oid) -> bytes:
    """The body of an OBJECT IDENTIFIER of at least two subidentifiers (X.690 §8.19).

    >>> oid_body((1, 3, 6, 1, 4, 1, 8072)).hex()
    '2b06010401bf08'
    """
    out = bytearray()
    for subid in (oid[0] * 40 + oid[1], *oid[2:]):
        if subid < 0x80:
            out.append(subid)
            continue
        for shift in range((subid.bit_length() - 1) // 7 * 7, 0, -7):
            out.append(0x80 | (subid >> shift) & 0x7F)
        out.append(subid & 0x7F)
    return bytes(out)


def read_oid(body: bytes) -> Oid:
    """The OID of a body. An empty one is 0.0, as some agents say "none".

    Raises Rejected where a subidentifier is padded, too large or cut off, or there are too many.
    """
    if not body:
        return (0, 0)
    if len(body) > _MAX_OID_BYTES or body[-1] & 0x80:
        raise Rejected("malformed")
    subids = list(body) if max(body) < 0x80 else _long_subids(body)
    first = subids[0]
    subids[0:1] = divmod(first, 40) if first < 80 else (2, first - 80)
    if len(subids) > MAX_SUBIDS:
        raise Rejected("malformed")
    return tuple(subids)


def _long_subids(body: bytes) -> list[int]:
    subids: list[int] = []
    subid = 0
    for octet in body:
        if octet == 0x80 and not subid:
            raise Rejected("malformed")
        subid = subid << 7 | octet & 0x7F
        if not octet & 0x80:
            if subid > _MAX_SUBID + (80 if not subids else 0):
                raise Rejected("malformed")
            subids.append(subid)
            subid = 0
    return subids


def read_integer(data: bytes, at: int, end: int) -> tuple[int, int]:
    """(the INTEGER at `at`, where it ends). Raises Rejected."""
    tag, begin, stop = element(data, at, end)
    if tag != INTEGER or not 1 <= stop - begin <= 9:
        raise Rejected("malformed")
    return int.from_bytes(data[begin:stop], "big", signed=True), stop


def read_octets(data: bytes, at: int, end: int) -> tuple[bytes, int]:
    """(the OCTET STRING at `at`, where it ends). Raises Rejected."""
    tag, begin, stop = element(data, at, end)
    if tag != OCTET_STRING:
        raise Rejected("malformed")
    return data[begin:stop], stop


def enter(tag: int, data: bytes, at: int, end: int) -> tuple[int, int]:
    """(begin, end) of the body of the element at `at`. Raises Rejected for another tag, too."""
    found, begin, stop = element(data, at, end)
    if found != tag:
        raise Rejected("malformed")
    return begin, stop
