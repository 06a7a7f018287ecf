"""Community messages (RFC 1157, RFC 1901) and the PDUs of requests (RFC 3416 §3)."""

from __future__ import annotations

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
from collectors.snmp.pdu import Kind, Memory, Rejected, Report, Request, Response

V1, V2C = 0, 1
_PDUS = {Kind.GET: 0xA0, Kind.GET_NEXT: 0xA1, Kind.GET_BULK: 0xA5}
_LEAST_ID, _RANDOM_BYTES = 0x00800000, 4096


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
        return number, tlv(SEQUENCE, self._head + request_pdu(request, number))

    def decode(
        self, packet: bytes, asked: Container[int], request: Request
    ) -> tuple[int, Response | Report]:
        """See Dialect."""
        memory = request.memory
        if memory is not None and memory.envelope is not None:
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
            memory.envelope = envelope(packet, number, response, memory)
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


def envelope(
    packet: bytes, number: int, response: Response, memory: Memory
) -> tuple[bytes, bytes, int] | None:
    """See Memory; None for a packet (with v3: its scoped PDU) that is not to be recognized."""
    at = packet.find(b"\x02\x04" + number.to_bytes(4, "big", signed=True)) + 2
    template = memory.template
    if template is None or response.status or response.index:
        return None
    # Cells up to the very end: no binding, no padding and nothing else behind them.
    if not 2 <= at < memory.cells_at or memory.cells_at + template.size != len(packet):
        return None
    return packet[:at], packet[at + 4 : memory.cells_at], len(packet)


def as_before(packet: bytes, asked: Container[int], memory: Memory) -> tuple[int, Response] | None:
    """(request id, response) of a packet that has the octets of the last one round new values."""
    template = memory.template
    if memory.envelope is None or template is None:
        return None
    before, after, size = memory.envelope
    at = len(before)
    if len(packet) != size or not packet.startswith(before) or not packet.startswith(after, at + 4):
        return None
    number = int.from_bytes(packet[at : at + 4], "big")
    cells = template.read(packet, memory.cells_at, size) if number in asked else None
    if cells is None:
        return None
    return number, Response(0, 0, (), size, cells)


def request_pdu(request: Request, request_id: int) -> bytes:
    """The PDU of a request."""
    memory = request.memory
    parts = memory.pdu if memory is not None else None
    if parts is None:
        parts = _pdu_parts(request)
        if memory is not None:
            memory.pdu = parts
    return parts[0] + request_id.to_bytes(4, "big") + parts[1]


def _pdu_parts(request: Request) -> tuple[bytes, bytes]:
    """What comes before and after the four octets of a request id."""
    repetitions = request.repetitions if request.kind is Kind.GET_BULK else 0
    bindings = b"".join(map(asked_binding, request.names))
    after = b"\x02\x01\x00" + integer(repetitions) + tlv(SEQUENCE, bindings)
    whole = tlv(_PDUS[request.kind], b"\x02\x04" + bytes(4) + after)
    return whole[: -len(after) - 4], after
