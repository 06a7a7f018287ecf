"""Values of an agent as text and numbers: what a device says is untrusted and often ill-formed."""

from __future__ import annotations

from collectors.snmp.session import Oid, Value

MAX_TEXT = 1024


def text(value: Value | None) -> str:
    """A DisplayString (RFC 2579) for people: UTF-8, else Latin-1; printable, on one line, bounded.

    >>> text(b"Xã Thuận Bắc".decode().encode()), text(b"sw-01\\x00\\r\\n"), text(5)
    ('Xã Thuận Bắc', 'sw-01', '')
    """
    if not isinstance(value, bytes):
        return ""
    try:
        decoded = value.decode("utf-8")
    except UnicodeDecodeError:
        decoded = value.decode("latin-1")
    line = " ".join(decoded.replace("\0", "").split())
    return "".join(c for c in line if c.isprintable())[:MAX_TEXT]


def number(value: Value | None) -> int | None:
    """A number, None for anything else."""
    return value if isinstance(value, int) else None


def mac(value: Value | None) -> str:
    """A MAC address as 12 hexadecimal digits, '' for anything that is none or all zeros.

    >>> mac(bytes.fromhex("001a2b3c4d5e")), mac(bytes(6)), mac(b"")
    ('001a2b3c4d5e', '', '')
    """
    if not isinstance(value, bytes) or len(value) != 6 or not any(value):
        return ""
    return value.hex()


def dotted(value: Value | None) -> str:
    """An OBJECT IDENTIFIER as people write it, '' for anything else."""
    return ".".join(map(str, value)) if isinstance(value, tuple) else ""


def oid(dots: str) -> Oid:
    """The inverse of `dotted`, for constants.

    >>> oid("1.3.6.1")
    (1, 3, 6, 1)
    """
    return tuple(int(part) for part in dots.split("."))
