"""What must hold of any octets that arrive, for the fuzzer and for the cases that it left.

Each oracle takes octets and raises AssertionError where the engine breaks a promise; whatever else
gets out of the engine is a find as well.
"""

from __future__ import annotations

import functools

from collectors.snmp.engine.ber import integer, oid_body, read_oid, tlv
from collectors.snmp.engine.messages import V2C, Community
from collectors.snmp.engine.usm import Usm
from collectors.snmp.pdu import (
    MAX_VALUE_BYTES,
    Absent,
    Kind,
    Memory,
    Rejected,
    Report,
    Request,
    Response,
)
from config.sections import SnmpV3

NUMBER = 0x12345678
COLUMNS = ((1, 3, 6, 1, 2, 1, 2, 2, 1, 2), (1, 3, 6, 1, 2, 1, 2, 2, 1, 10))
ENGINE_ID = b"\x80\x00\x1f\x88\x04fuzz"
_AGENT = Community(V2C, "public")
_TYPES = (int, bytes, tuple)


def community(data: bytes) -> None:
    """A v2c answer is refused, or read the same by columns, with a template, and one by one."""
    plain = Request(Kind.GET_BULK, COLUMNS, 4)
    by_columns = Request(Kind.GET_BULK, COLUMNS, 4, COLUMNS)
    remembered = Request(Kind.GET_BULK, COLUMNS, 4, COLUMNS, memory=Memory())
    _read(seeds()["community"][0], remembered)
    found = [_read(data, request) for request in (plain, by_columns, remembered, remembered)]
    assert found.count(found[0]) == len(found), found


def bindings(data: bytes) -> None:
    """The same, with a right message round the octets, which are its bindings."""
    pdu = tlv(0xA2, integer(NUMBER) + integer(0) + integer(0) + tlv(0x30, data))
    community(tlv(0x30, integer(1) + tlv(4, b"public") + pdu))


def usm(data: bytes) -> None:
    """A v3 message is refused, or is a report or an answer; nothing strange is learned from it."""
    user = Usm(_user("noAuthNoPriv"))
    for _ in range(2):
        user.encode(Request(Kind.GET, COLUMNS))
        try:
            _, answer = user.decode(data, {NUMBER}, Request(Kind.GET, COLUMNS))
        except Rejected:
            continue
        assert isinstance(answer, Response | Report)
        assert user.engine is None or 5 <= len(user.engine[0]) <= 32


def sealed(data: bytes) -> None:
    """Octets that an agent encrypted and signed rightly, whatever they are."""
    ours = Usm(_user("authPriv"))
    discovery = _report()
    ours.decode(discovery, {NUMBER}, Request(Kind.GET, ()))
    engine = ours._engine
    assert engine is not None
    assert engine.cipher is not None
    assert engine.signature is not None
    cipher_text, salt = engine.cipher.sealed(data or b"\0", 1, 1)
    header = tlv(0x30, integer(NUMBER) + integer(1500) + b"\x04\x01\x03" + integer(3))
    size = engine.signature.size
    begin = tlv(4, ENGINE_ID) + integer(1) + integer(1) + tlv(4, b"fuzz") + bytes((4, size))
    security = tlv(4, tlv(0x30, begin + bytes(size) + tlv(4, salt)))
    packet = tlv(0x30, integer(3) + header + security + tlv(4, cipher_text))
    at = packet.index(begin) + len(begin)
    packet = packet[:at] + engine.signature.digest(packet) + packet[at + size :]
    try:
        _, answer = ours.decode(packet, {NUMBER}, Request(Kind.GET_BULK, COLUMNS, 4, COLUMNS))
    except Rejected:
        return
    assert isinstance(answer, Response | Report)


def oid(data: bytes) -> None:
    """An OID that is read is written back as the same octets."""
    try:
        found = read_oid(data)
    except Rejected:
        return
    assert 2 <= len(found) <= 128
    assert all(0 <= subid <= 0xFFFFFFFF for subid in found)
    assert not data or oid_body(found) == data


ORACLES = {of.__name__: of for of in (community, bindings, usm, sealed, oid)}


def _read(data: bytes, request: Request) -> object:
    try:
        number, answer = _AGENT.decode(data, {NUMBER}, request)
    except Rejected as rejected:
        return rejected.reason
    assert number == NUMBER
    assert isinstance(answer, Response)
    found = list(answer.bindings)
    if answer.cells is not None:
        width = len(COLUMNS)
        names = [(*COLUMNS[at % width], *i) for at, i in enumerate(answer.cells.indexes)]
        found = [*zip(names, answer.cells.values, strict=True), *found]
    for name, value in found:
        assert isinstance(name, tuple)
        assert isinstance(value, (*_TYPES, Absent))
        assert not isinstance(value, bytes) or len(value) <= MAX_VALUE_BYTES
    return answer.status, answer.index, found


@functools.cache
def _user(level: str) -> SnmpV3:
    keys = {"auth_key": "authpass-1", "priv_key": "privpass-1"}
    return SnmpV3.model_validate({"version": "v3", "user": "fuzz", "level": level, **keys})


def _report() -> bytes:
    name = tlv(6, oid_body((1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0)))
    pdu = tlv(0xA8, integer(0) * 3 + tlv(0x30, tlv(0x30, name + b"\x41\x01\x07")))
    header = tlv(0x30, integer(NUMBER) + integer(1500) + b"\x04\x01\x00" + integer(3))
    security = tlv(4, ENGINE_ID) + integer(1) + integer(1) + b"\x04\x00" * 3
    scoped = tlv(0x30, tlv(4, ENGINE_ID) + b"\x04\x00" + pdu)
    return tlv(0x30, integer(3) + header + tlv(4, tlv(0x30, security)) + scoped)


@functools.cache
def seeds() -> dict[str, list[bytes]]:
    """Sound octets for each oracle, to begin with."""
    rows = [
        ((*COLUMNS[0], 1), tlv(4, b"ge-0/0/1")),
        ((*COLUMNS[1], 1), b"\x41\x04\x12\x34\x56\x78"),
        ((*COLUMNS[0], 300), tlv(4, b"x" * 130)),
        ((*COLUMNS[1], 300), b"\x46\x09\x00" + b"\xff" * 8),
        ((1, 3, 6, 1, 4, 1, 8072), tlv(6, oid_body((1, 3, 6, 1, 4, 1, 2**32 - 1)))),
        ((1, 3, 6), b"\x82\x00"),
    ]
    body = b"".join(tlv(0x30, tlv(6, oid_body(name)) + value) for name, value in rows)
    pdu = tlv(0xA2, integer(NUMBER) + integer(0) + integer(0) + tlv(0x30, body))
    scoped = tlv(0x30, tlv(4, ENGINE_ID) + b"\x04\x00" + pdu)
    return {
        "community": [tlv(0x30, integer(1) + tlv(4, b"public") + pdu)],
        "bindings": [body, body[: len(body) // 2]],
        "usm": [_report()],
        "sealed": [scoped, _report()],
        "oid": [oid_body(name) for name, _ in rows],
    }
