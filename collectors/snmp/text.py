"""Values of an agent as text and numbers: what a device says is untrusted and often ill-formed."""

from __future__ import annotations

import ipaddress
import re
import struct
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from collectors.snmp.session import Oid, Value
from inventory.vietnamese import decoded

MAX_TEXT = 255
"""Characters of one text that are kept: a DisplayString has no more (RFC 2579), SnmpAdminString
no more octets (RFC 3411)."""

_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Zero-width and direction marks: they make one name look like another on a page."""


def text(value: Value | None, most: int = MAX_TEXT) -> str:
    """A DisplayString (RFC 2579) for people: UTF-8, else Latin-1 or an older Vietnamese encoding
    (inventory.vietnamese); printable, on one line, bounded.

    >>> text("Xã Thuận Bắc".encode()), text(b"sw\\x07-01\\r\\n"), text(b"Caf\\xe9\\0rest"), text(5)
    ('Xã Thuận Bắc', 'sw-01', 'Café', '')

    What follows a NUL is left over from the agent's buffer. Letters come composed (NFC).
    """
    if not isinstance(value, bytes):
        return ""
    return _line_of(value, most) if len(value) <= MAX_TEXT else _line_of.__wrapped__(value, most)


@lru_cache(maxsize=32_768)
def _line_of(value: bytes, most: int) -> str:
    """The same names come with every look, so they are remembered; long texts are not."""
    octets = value.partition(b"\0")[0]
    try:
        written = octets.decode("utf-8")
    except UnicodeDecodeError:
        written = decoded(octets)
    line = " ".join(_HIDDEN.sub("", written).split())
    line = "".join(c for c in line if c.isprintable())
    return unicodedata.normalize("NFC", line)[:most].strip()


def number(value: Value | None) -> int | None:
    """A number, None for anything else."""
    return value if isinstance(value, int) else None


def mac(value: Value | None) -> str:
    """A MAC address as 12 hexadecimal digits, '' for anything that is none or all zeros.

    >>> mac(bytes.fromhex("001a2b3c4d5e")), mac(bytes(6)), mac(b"")
    ('001a2b3c4d5e', '', '')

    Some agents write it as text instead:

    >>> mac(b"0:1a:2B:3c:4d:5e")
    '001a2b3c4d5e'
    """
    if not isinstance(value, bytes):
        return ""
    if len(value) != 6:
        value = _mac_in_words(value)
    return value.hex() if any(value) else ""


def _mac_in_words(value: bytes) -> bytes:
    if re.fullmatch(rb"[0-9A-Fa-f]{1,2}([:-][0-9A-Fa-f]{1,2}){5}", value) is None:
        return b""
    return bytes(int(part, 16) for part in re.split(rb"[:-]", value))


def dotted(value: Value | None) -> str:
    """An OBJECT IDENTIFIER as people write it, '' for anything else."""
    return ".".join(map(str, value)) if isinstance(value, tuple) else ""


def oid(dots: str) -> Oid:
    """The inverse of `dotted`, for constants.

    >>> oid("1.3.6.1")
    (1, 3, 6, 1)
    """
    return tuple(int(part) for part in dots.split("."))


def shown(value: Value | None, most: int = MAX_TEXT) -> str:
    """Octets that may be text or not: as text where all of it can be printed, else a MAC with
    colons where they are six, else hexadecimal; numbers and OIDs as people write them.

    >>> shown(b"Gi1/0/1"), shown(bytes.fromhex("001a2b3c4d5e")), shown(b"\\1\\2"), shown(7)
    ('Gi1/0/1', '00:1a:2b:3c:4d:5e', '0102', '7')
    """
    if isinstance(value, tuple):
        return dotted(value)
    if not isinstance(value, bytes):
        return "" if value is None else str(value)
    octets = value.rstrip(b"\0")
    if all(byte >= 0x20 and byte != 0x7F for byte in octets) and _is_text(octets):
        return text(octets, most)
    return _hex(value)[:most]


def _hex(octets: bytes) -> str:
    if not any(octets):
        return ""
    return octets.hex(":") if len(octets) == 6 else octets.hex()


def _is_text(octets: bytes) -> bool:
    """Letters of another encoding are text too, but not where they are most of it."""
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return 3 * sum(byte < 0x80 for byte in octets) >= 2 * len(octets)
    return True


def word(value: Value | None, names: Mapping[int, str]) -> str:
    """An enumerated INTEGER by its name, '' for a number that has none.

    >>> word(3, {1: "unknown", 3: "full"}), word(9, {1: "unknown"}), word(b"3", {3: "full"})
    ('full', '', '')
    """
    return names.get(value, "") if isinstance(value, int) else ""


def bits(value: Value | None) -> frozenset[int]:
    """The bits that are set in BITS (RFC 2578 §7.1.4) or a PortList (RFC 4363, which counts from
    1: add it); bit 0 is the highest of the first octet.

    >>> sorted(bits(bytes([0x28, 0x80]))), bits(None)
    ([2, 4, 8], frozenset())
    """
    if not isinstance(value, bytes):
        return frozenset()
    return frozenset(
        8 * place + bit
        for place, octet in enumerate(value)
        if octet
        for bit in range(8)
        if octet & (0x80 >> bit)
    )


_IPV4, _IPV6, _IPV4_ZONED, _IPV6_ZONED = 1, 2, 3, 4


def inet_address(kind: int | None, octets: bytes) -> str:
    """An InetAddress by its InetAddressType (RFC 4001); '' for a type or length that is none.

    >>> inet_address(1, bytes([10, 0, 0, 1])), inet_address(2, bytes(15) + b"\x01")
    ('10.0.0.1', '::1')
    >>> inet_address(4, bytes.fromhex("fe80" + "00" * 13 + "01" + "00000003")), inet_address(1, b"")
    ('fe80::1', '')

    The zone is a number inside the device and is left out.
    """
    lengths = {_IPV4: (4, 4), _IPV6: (16, 16), _IPV4_ZONED: (8, 4), _IPV6_ZONED: (20, 16)}
    whole, length = lengths.get(kind or 0, (-1, 0))
    return str(ipaddress.ip_address(octets[:length])) if len(octets) == whole else ""


def date_and_time(value: Value | None) -> datetime | None:
    """A DateAndTime (RFC 2579), in UTC; one without an offset is taken as UTC. None for rubbish.

    >>> date_and_time(bytes([0x07, 0xEA, 8, 31, 13, 30, 15, 0, 0x2B, 7, 0])).isoformat()
    '2026-08-31T06:30:15+00:00'
    >>> date_and_time(bytes(8)) is None, date_and_time(b"today") is None
    (True, True)
    """
    if not isinstance(value, bytes) or len(value) not in (8, 11):
        return None
    year, month, day, hour, minute, second, tenths = struct.unpack(">H6B", value[:8])
    try:
        # RFC 2579 allows a leap second (60), which datetime does not have.
        local = datetime(year, month, day, hour, minute, min(second, 59), tenths * 100_000, UTC)
        if len(value) == 8:
            return local
        sign, hours, minutes = struct.unpack(">cBB", value[8:])
        if sign not in b"+-" or hours > 14 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes)
        return local - offset if sign == b"+" else local + offset
    except (ValueError, OverflowError):
        return None


_OPAQUE_REALS = {b"\x9f\x78\x04": ">f", b"\x9f\x79\x08": ">d"}


def opaque_real(value: Value | None) -> float | None:
    """A float or double in Opaque, as net-snmp and Cisco wrap it; None for anything else, and for
    what is no finite number.

    >>> opaque_real(bytes.fromhex("9f780442280000")), opaque_real(b"42")
    (42.0, None)
    """
    if not isinstance(value, bytes):
        return None
    layout = _OPAQUE_REALS.get(value[:3])
    if layout is None or len(value) != 3 + struct.calcsize(layout):
        return None
    (real,) = struct.unpack(layout, value[3:])
    return float(real) if abs(real) < float("inf") else None
