"""SNMP messages of v1 (RFC 1157) and v2c (RFC 1901) and their PDUs, as an agent meets them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from collectors.snmp.simulator.ber import (
    NULL,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    BerError,
    Oid,
    decode_oid,
    encode_integer,
    read_integer,
    read_tlv,
    tlv,
)

GET, GET_NEXT, RESPONSE, SET, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5
V1, V2C, V3 = 0, 1, 3

NO_ERROR, TOO_BIG, NO_SUCH_NAME, GEN_ERR, NOT_WRITABLE = 0, 1, 2, 5, 17


@dataclass(frozen=True, slots=True)
class Pdu:
    """A request. first and second are error-status and error-index, or with GET_BULK
    non-repeaters and max-repetitions; body: the variable bindings as they came, for errors."""

    kind: int
    request_id: int
    first: int
    second: int
    names: tuple[Oid, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """An answer to one PDU; body: the variable bindings, already encoded."""

    request_id: int
    body: bytes
    error_status: int = NO_ERROR
    error_index: int = 0

    def encode(self) -> bytes:
        """The response PDU."""
        fields = (self.request_id, self.error_status, self.error_index)
        head = b"".join(tlv(0x02, encode_integer(field)) for field in fields)
        return tlv(RESPONSE, head + tlv(SEQUENCE, self.body))


@dataclass(frozen=True, slots=True)
class Message:
    """A community message: version (V1 or V2C), community and its PDU."""

    version: int
    community: bytes
    pdu: Pdu


def message_version(data: bytes) -> int:
    """The version field of any SNMP message (0, 1 or 3). Raises BerError."""
    tag, begin, end = read_tlv(data, 0, len(data))
    if tag != SEQUENCE:
        raise BerError("no SNMP message")
    return read_integer(data, begin, end)[0]


def decode_message(data: bytes) -> Message:
    """A v1 or v2c request. Raises BerError for everything else."""
    _, begin, end = read_tlv(data, 0, len(data))
    version, at = read_integer(data, begin, end)
    if version not in (V1, V2C):
        raise BerError(f"version {version} has no community")
    tag, begin, stop = read_tlv(data, at, end)
    if tag != OCTET_STRING:
        raise BerError("a community was expected")
    return Message(version, data[begin:stop], decode_pdu(data[stop:end]))


def decode_pdu(data: bytes) -> Pdu:
    """A request PDU. Raises BerError."""
    kind, at, end = read_tlv(data, 0, len(data))
    if kind not in (GET, GET_NEXT, SET, GET_BULK):
        raise BerError(f"PDU {kind:#x} is no request")
    request_id, at = read_integer(data, at, end)
    first, at = read_integer(data, at, end)
    second, at = read_integer(data, at, end)
    tag, begin, stop = read_tlv(data, at, end)
    if tag != SEQUENCE:
        raise BerError("variable bindings were expected")
    return Pdu(kind, request_id, first, second, _names(data[begin:stop]), data[begin:stop])


@lru_cache(maxsize=4096)
def _names(body: bytes) -> tuple[Oid, ...]:
    """The names in a request's bindings; pollers ask the same ones over and over."""
    names = []
    at = 0
    while at < len(body):
        tag, inner, next_at = read_tlv(body, at, len(body))
        name_tag, name_begin, name_end = read_tlv(body, inner, next_at)
        if tag != SEQUENCE or name_tag != OBJECT_IDENTIFIER:
            raise BerError("a variable binding was expected")
        names.append(decode_oid(body[name_begin:name_end]))
        at = next_at
    return tuple(names)


def encode_message(version: int, community: bytes, pdu: bytes) -> bytes:
    """A v1 or v2c message round an encoded PDU."""
    head = tlv(0x02, encode_integer(version)) + tlv(OCTET_STRING, community)
    return tlv(SEQUENCE, head + pdu)


def exception_binding(name: bytes, exception: int) -> bytes:
    """A variable binding that holds noSuchObject, noSuchInstance or endOfMibView."""
    return tlv(SEQUENCE, tlv(OBJECT_IDENTIFIER, name) + bytes((exception, 0)))


def null_binding(name: bytes) -> bytes:
    """A variable binding without a value, as requests have them."""
    return tlv(SEQUENCE, tlv(OBJECT_IDENTIFIER, name) + bytes((NULL, 0)))
