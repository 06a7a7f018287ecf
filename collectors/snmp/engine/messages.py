"""Community messages (RFC 1157, RFC 1901) and the PDUs of requests (RFC 3416 §3)."""

from __future__ import annotations

import functools
import secrets
import struct
from collections.abc import Container

from collectors.snmp.ber_shape import element
from collectors.snmp.engine.answers import RESPONSE, read_response
from collectors.snmp.engine.ber import (
    OCTET_STRING,
    SEQUENCE,
    integer,
    read_integer,
    read_octets,
    tlv,
)
from collectors.snmp.engine.names import asked_binding
from collectors.snmp.engine.templates import learned
from collectors.snmp.pdu import Kind, Memory, Rejected, Report, Request, Response
from collectors.snmp.session import Oid

V1, V2C = 0, 1
_PDUS = {Kind.GET: 0xA0, Kind.GET_NEXT: 0xA1, Kind.GET_BULK: 0xA5}
_LEAST_ID, _RANDOM_BYTES = 0x00800000, 4096
_MOST_QUESTIONS = 4096


class Numbers:
    """Request ids that nobody can guess, drawn from the system's randomness in large helpings.

    Of four octets each, as numbers and in BER, so that packets differ in nothing else.
    """

    def __init__(self) -> None:
        self._left: list[int] = []

    def draw(self) -> int:
        """A number from 2^23 to 2^31 - 1."""
        while True:
            if not self._left:
                octets = secrets.token_bytes(_RANDOM_BYTES)
                self._left.extend(struct.unpack(f"<{_RANDOM_BYTES // 4}I", octets))
            number = self._left.pop() & 0x7FFFFFFF
            if number >= _LEAST_ID:
                return number


NUMBERS = Numbers()


class Community:
    """SNMPv1 or SNMPv2c with one community."""

    def __init__(self, version: int, community: str) -> None:
        self._version, self._community = version, community.encode()
        self._head = integer(version) + tlv(OCTET_STRING, self._community)

    def encode(self, request: Request) -> tuple[int, bytes]:
        """See Dialect; the number is the request id."""
        number = NUMBERS.draw()
        before, after = _remembered(request, self._head)
        return number, before + number.to_bytes(4, "big") + after

    def decode(
        self, packet: bytes, asked: Container[int], request: Request
    ) -> tuple[int, Response | Report]:
        """See Dialect."""
        memory = request.memory
        if memory is not None:
            found = as_before(packet, asked, memory)
            if found is not None:
                return found
        tag, at, end = element(packet, 0, len(packet))
        if tag != SEQUENCE:
            raise Rejected("malformed")
        at = self._after_head(packet, at, end)
        tag, number, response = read_response(packet, at, end, asked, request, len(packet))
        if tag != RESPONSE:
            raise Rejected("malformed")
        if memory is not None:
            memory.template = learned(packet, number, response, request.columns)
        return number, response

    def _after_head(self, packet: bytes, at: int, end: int) -> int:
        """Where the PDU begins, after our own version and community. Raises Rejected."""
        after = at + len(self._head)
        if packet.startswith(self._head, at) and after <= end:
            return after
        version, at = read_integer(packet, at, end)  # lengths may be written in longer forms
        community, at = read_octets(packet, at, end)
        if (version, community) != (self._version, self._community):
            raise Rejected("malformed")
        return at


def as_before(data: bytes, asked: Container[int], memory: Memory) -> tuple[int, Response] | None:
    """(request id, response) of a packet (with v3: a scoped PDU) that has the octets of the last
    one round new values."""
    found = memory.template.read(data) if memory.template is not None else None
    if found is None or found[0] not in asked:
        return None
    number, cells, bindings = found
    return number, Response(0, 0, bindings, len(data), cells)


def request_pdu(request: Request, request_id: int) -> bytes:
    """The PDU of a request."""
    before, after = _remembered(request, b"")
    return before + request_id.to_bytes(4, "big") + after


def _remembered(request: Request, head: bytes) -> tuple[bytes, bytes]:
    """What comes before and after the request id; see _parts."""
    memory = request.memory
    asked = memory.asked if memory is not None else None
    if asked is None:
        repetitions = request.repetitions if request.kind is Kind.GET_BULK else 0
        asked = _parts(head, request.kind, request.names, repetitions)
        if memory is not None:
            memory.asked = asked
    return asked


@functools.lru_cache(maxsize=_MOST_QUESTIONS)
def _parts(
    head: bytes, kind: Kind, names: tuple[Oid, ...], repetitions: int
) -> tuple[bytes, bytes]:
    """What comes before and after the four octets of a request id: in a message that begins with
    `head`, or in the PDU alone where there is none. Devices of one make share it."""
    bindings = b"".join(map(asked_binding, names))
    after = b"\x02\x01\x00" + integer(repetitions) + tlv(SEQUENCE, bindings)
    whole = tlv(_PDUS[kind], b"\x02\x04" + bytes(4) + after)
    if head:
        whole = tlv(SEQUENCE, head + whole)
    return whole[: -len(after) - 4], after
