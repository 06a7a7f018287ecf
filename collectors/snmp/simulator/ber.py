"""BER as SNMP uses it: the few encodings of RFC 3417 §8, both ways, for an agent.

Lengths are definite, tags are one byte. What cannot be read raises BerError; nothing here knows
what a message means.
"""

from __future__ import annotations

Oid = tuple[int, ...]
Value = int | bytes | Oid

INTEGER, OCTET_STRING, NULL, OBJECT_IDENTIFIER, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIME_TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW = 0x80, 0x81, 0x82

MAX_SUB_ID = 0xFFFFFFFF
MAX_SUB_IDS = 128


class BerError(ValueError):
    """Bytes that are no BER, or that end too early."""


def encode_length(length: int) -> bytes:
    """The length octets (X.690 §8.1.3): short form below 128, else the shortest long form.

    >>> encode_length(5), encode_length(300)
    (b'\\x05', b'\\x82\\x01,')
    """
    if length < 0x80:
        return bytes((length,))
    body = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(body),)) + body


def tlv(tag: int, body: bytes) -> bytes:
    """Tag, length and body in one piece."""
    return bytes((tag,)) + encode_length(len(body)) + body


def encode_integer(value: int) -> bytes:
    """The body of a two's-complement integer; unsigned kinds get their leading zero by it.

    >>> encode_integer(127), encode_integer(128), encode_integer(-1)
    (b'\\x7f', b'\\x00\\x80', b'\\xff')
    """
    magnitude = value if value >= 0 else ~value
    return value.to_bytes(magnitude.bit_length() // 8 + 1, "big", signed=True)


def encode_oid(oid: Oid) -> bytes:
    """The body of an OBJECT IDENTIFIER (X.690 §8.19); shorter than two sub-ids is filled with 0."""
    padded = (*oid, 0, 0) if len(oid) < 2 else oid
    out = bytearray()
    for sub in (padded[0] * 40 + padded[1], *padded[2:]):
        if sub < 0x80:
            out.append(sub)
            continue
        groups = [sub & 0x7F]
        sub >>= 7
        while sub:
            groups.append(sub & 0x7F | 0x80)
            sub >>= 7
        out.extend(reversed(groups))
    return bytes(out)


def decode_oid(body: bytes) -> Oid:
    """The sub-ids of an OBJECT IDENTIFIER's body. Raises BerError where one does not end,
    is over 2^32-1 or where there are more than 128 (RFC 2578 §3.5)."""
    subs: list[int] = []
    sub = 0
    for octet in body:
        sub = sub << 7 | octet & 0x7F
        if not octet & 0x80:
            subs.append(sub)
            sub = 0
        elif sub > MAX_SUB_ID:
            raise BerError("sub-identifier too large")
    if not subs or body[-1] & 0x80:
        raise BerError("OID without an end")
    if max(subs) > MAX_SUB_ID + 80 or len(subs) >= MAX_SUB_IDS:
        raise BerError("OID too large")
    arc = min(subs[0] // 40, 2)
    return (arc, subs[0] - 40 * arc, *subs[1:])


def read_tlv(data: bytes, start: int, end: int) -> tuple[int, int, int]:
    """(tag, begin of the body, end of the body) of the element at `start`. Raises BerError."""
    if start + 2 > end:
        raise BerError("element cut short")
    tag, length = data[start], data[start + 1]
    start += 2
    if length & 0x80:
        octets = length & 0x7F
        if not 1 <= octets <= 4 or start + octets > end:
            raise BerError("bad length")
        length = int.from_bytes(data[start : start + octets], "big")
        start += octets
    if start + length > end:
        raise BerError("body cut short")
    return tag, start, start + length


def read_integer(data: bytes, start: int, end: int) -> tuple[int, int]:
    """(value, end of the element) of the INTEGER at `start`. Raises BerError."""
    tag, begin, stop = read_tlv(data, start, end)
    if tag != INTEGER or not 1 <= stop - begin <= 9:
        raise BerError("an INTEGER was expected")
    return int.from_bytes(data[begin:stop], "big", signed=True), stop


def encode_value(tag: int, value: Value) -> bytes:
    """A value with its tag. Raises BerError where the tag is not for such a value."""
    if isinstance(value, int):
        return tlv(tag, encode_integer(value))
    if isinstance(value, bytes):
        return tlv(tag, value)
    if tag != OBJECT_IDENTIFIER:
        raise BerError(f"tag {tag} is no OBJECT IDENTIFIER")
    return tlv(tag, encode_oid(value))
