"""Reads a recording: one variable a line, `OID|TAG|VALUE`, TAG being the BER tag in decimal.

A suffix x means that the value is hexadecimal, e that it has backslash escapes; `#` begins a
comment; a NULL stands for 'no such object'. Recordings are made by many hands: a row that cannot
be read is counted and left out, and only a file without one good row is an error.
"""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from collectors.snmp.simulator.ber import (
    COUNTER32,
    COUNTER64,
    GAUGE32,
    INTEGER,
    IP_ADDRESS,
    MAX_SUB_ID,
    MAX_SUB_IDS,
    NULL,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    OPAQUE,
    TIME_TICKS,
    Oid,
    Value,
)
from collectors.snmp.simulator.errors import RecordingError

_MISTAKEN_TAGS = (40, 63)
_NUMBERS = {INTEGER: 64, COUNTER32: 32, GAUGE32: 32, TIME_TICKS: 32, COUNTER64: 64}
_OPAQUE_FLOAT = b"\x9f\x78\x04"


class Row(NamedTuple):
    """One variable: its OID, the BER tag of its value, the value (int, bytes or OID)."""

    oid: Oid
    tag: int
    value: Value


@dataclass(frozen=True, slots=True)
class Recording:
    """The variables of one device in OID order; malformed: how many lines were left out."""

    name: str
    rows: tuple[Row, ...]
    malformed: int = 0


def parse_oid(text: str) -> Oid:
    """(1, 3, 6) of '1.3.6' or '.1.3.6'. Raises ValueError."""
    return tuple(int(part) for part in text.strip().strip(".").split("."))


def format_oid(oid: Oid) -> str:
    """'1.3.6' of (1, 3, 6)."""
    return ".".join(map(str, oid))


def read_recording(path: Path) -> Recording:
    """The recording in a file, named as the file without its suffix.

    Raises RecordingError where the file cannot be read or holds no good row.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordingError(f"{path}:0: {error.strerror or error}") from error
    return parse_recording(data, name=path.name.removesuffix(".snmprec"), source=str(path))


def parse_recording(data: bytes, *, name: str, source: str) -> Recording:
    """The recording in `data`; of two rows with one OID the last wins.

    Raises RecordingError, naming the first bad line of `source`, where no row is good.
    """
    rows: dict[Oid, Row] = {}
    malformed = 0
    first = ""
    good = False
    for number, line in enumerate(data.split(b"\n"), 1):
        line = line.rstrip(b"\r")
        if not line.strip() or line.startswith(b"#"):
            continue
        try:
            row = parse_row(line)
        except (ValueError, OverflowError) as error:
            malformed += 1
            first = first or f"{source}:{number}: {error}"
            continue
        good = True
        if row.tag != NULL:
            rows[row.oid] = row
    if not good:
        raise RecordingError(first or f"{source}:1: no variable in it")
    return Recording(name, tuple(rows[oid] for oid in sorted(rows)), malformed)


def parse_row(line: bytes) -> Row:
    """One line of a recording.

    >>> parse_row(b"1.3.6.1.2.1.1.5.0|4|sw-01")
    Row(oid=(1, 3, 6, 1, 2, 1, 1, 5, 0), tag=4, value=b'sw-01')

    A tag that names a variation module of snmpsim (`65:numeric`) gives that module's initial
    value. Raises ValueError, which tells what is wrong.
    """
    parts = line.split(b"|", 2)
    if len(parts) != 3:
        raise ValueError("a row is OID|TAG|VALUE")
    oid = parse_oid(parts[0].decode("ascii"))
    if (
        not 3 <= len(oid) <= MAX_SUB_IDS
        or oid[0] != 1
        or not 0 <= min(oid) <= max(oid) <= MAX_SUB_ID
    ):
        raise ValueError("no OID below 1")
    kind, raw = parts[1].decode("ascii").strip(), parts[2]
    if ":" in kind:
        kind = kind.partition(":")[0]
        options = dict(o.split("=", 1) for o in raw.decode("latin-1").split(",") if "=" in o)
        raw = options.get("value", options.get("initial", "0")).encode("latin-1")
    digits = kind.rstrip("xe")
    tag, value = _value(int(digits), kind[len(digits) :], raw)
    return Row(oid, tag, value)


def format_row(row: Row) -> str:
    """The line that `parse_row` reads back as the same row; text stays text where it can."""
    tag, value = str(row.tag), row.value
    if isinstance(value, tuple):
        return f"{format_oid(row.oid)}|{tag}|{format_oid(value)}"
    if isinstance(value, int):
        return f"{format_oid(row.oid)}|{tag}|{value}"
    if row.tag == IP_ADDRESS:
        return f"{format_oid(row.oid)}|{tag}|{ipaddress.IPv4Address(value)}"
    if row.tag == OCTET_STRING and value.isascii() and value.decode("ascii").isprintable():
        return f"{format_oid(row.oid)}|{tag}|{value.decode('ascii')}"
    return f"{format_oid(row.oid)}|{tag}x|{value.hex()}"


def _value(tag: int, suffix: str, raw: bytes) -> tuple[int, Value]:
    if tag in _MISTAKEN_TAGS:
        tag = IP_ADDRESS if _quad(raw) is not None else COUNTER32
    data = _decoded(suffix, raw)
    if tag == OCTET_STRING:
        return tag, data
    if tag == NULL:
        return tag, b""
    if tag == OBJECT_IDENTIFIER:
        return tag, _oid_value(data)
    if tag == IP_ADDRESS:
        if suffix and len(data) == 4:
            return tag, data
        quad = _quad(data)
        return (tag, quad) if quad is not None else (OCTET_STRING, data)
    if tag == OPAQUE:
        return tag, _opaque(data) if not suffix else data
    if tag in _NUMBERS:
        return tag, _number(tag, bool(suffix), data)
    raise ValueError(f"tag {tag} is not known")


def _decoded(suffix: str, raw: bytes) -> bytes:
    if "x" in suffix:
        digits = raw.decode("ascii").replace(" ", "").replace(":", "").strip()
        return bytes.fromhex(digits if len(digits) % 2 == 0 else "0" + digits)
    if "e" in suffix:
        text = raw.decode("latin-1").encode("latin-1", "backslashreplace").decode("unicode_escape")
        return text.encode("latin-1", "replace")
    return raw


def _oid_value(data: bytes) -> Oid:
    text = data.decode("latin-1").strip().strip(".")
    oid = parse_oid(text) if text else (0, 0)
    if len(oid) > MAX_SUB_IDS or not 0 <= min(oid) <= max(oid) <= MAX_SUB_ID or oid[0] > 2:
        raise ValueError("the value is no OID")
    return oid


def _number(tag: int, binary: bool, data: bytes) -> int:
    bits = _NUMBERS[tag]
    if binary:
        value = int.from_bytes(data, "big", signed=tag == INTEGER)
    else:
        text = data.strip()
        try:
            value = int(text or b"0")
        except ValueError:
            value = int(float(text))
    if tag != INTEGER:
        return value & (1 << bits) - 1
    if not -(1 << 63) <= value < 1 << 63:
        raise ValueError("INTEGER out of range")
    return value


def _opaque(data: bytes) -> bytes:
    text = data.decode("latin-1")
    if "loat" not in text:
        return data
    return _OPAQUE_FLOAT + struct.pack(">f", float(text.split(":")[-1]))


def _quad(data: bytes) -> bytes | None:
    """Four bytes of a dotted quad; None where it is something else."""
    try:
        return ipaddress.IPv4Address(data.decode("latin-1").strip()).packed
    except ValueError:
        return None
