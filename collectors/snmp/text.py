"""Values of an agent as text and numbers: what a device says is untrusted and often ill-formed."""

from __future__ import annotations

import re
import unicodedata

from collectors.snmp.session import Oid, Value

MAX_TEXT = 255
"""Characters of one text that are kept: a DisplayString has no more (RFC 2579), SnmpAdminString
no more octets (RFC 3411)."""

_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Zero-width and direction marks: they make one name look like another on a page."""


def text(value: Value | None, most: int = MAX_TEXT) -> str:
    """A DisplayString (RFC 2579) for people: UTF-8, else Latin-1; printable, on one line, bounded.

    >>> text("Xã Thuận Bắc".encode()), text(b"sw\\x07-01\\r\\n"), text(b"Caf\\xe9\\0rest"), text(5)
    ('Xã Thuận Bắc', 'sw-01', 'Café', '')

    What follows a NUL is left over from the agent's buffer. Letters come composed (NFC).
    """
    if not isinstance(value, bytes):
        return ""
    octets = value.partition(b"\0")[0]
    try:
        decoded = octets.decode("utf-8")
    except UnicodeDecodeError:
        decoded = octets.decode("latin-1")
    line = " ".join(_HIDDEN.sub("", decoded).split())
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
