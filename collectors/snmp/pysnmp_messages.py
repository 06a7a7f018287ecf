"""Community messages (RFC 1901) and PDUs (RFC 3416) through pyasn1's codec, as pysnmp uses it.

Answers are read by a flatter grammar than pysnmp's, of the same syntax without constraints on
values: faster by half, and a Counter32 that an agent wrongly encodes as negative costs no more
than itself, where pysnmp refuses the packet. Every packet has passed `check_shape` first.
"""

from __future__ import annotations

import secrets
from collections.abc import Container
from typing import Any

from pyasn1.codec.ber import decoder, encoder  # type: ignore[import-untyped]
from pyasn1.type import namedtype, tag, univ  # type: ignore[import-untyped]
from pysnmp.proto import rfc1905  # type: ignore[import-untyped]

from collectors.snmp.ber_shape import check_shape
from collectors.snmp.pdu import (
    MAX_VALUE_BYTES,
    Absent,
    Binding,
    Kind,
    Rejected,
    Report,
    Request,
    Response,
)
from collectors.snmp.session import Value

V1, V2C = 0, 1
SEQUENCE = 0x30
_PDUS = {Kind.GET: 0xA0, Kind.GET_NEXT: 0xA1, Kind.GET_BULK: 0xA5}
_NO_VALUE = encoder.encode(rfc1905.unSpecified)
_TAGS = {
    "integer": 0x02,
    "string": 0x04,
    "oid": 0x06,
    "address": 0x40,
    "counter32": 0x41,
    "gauge32": 0x42,
    "ticks": 0x43,
    "opaque": 0x44,
    "counter64": 0x46,
    "uinteger32": 0x42,
}
_UNSIGNED_BITS = {"counter32": 32, "gauge32": 32, "ticks": 32, "counter64": 64, "uinteger32": 32}


def new_id() -> int:
    """A request id that nobody can guess: 1 to 2^31 - 1."""
    return secrets.randbelow(0x7FFFFFFF) + 1


class Community:
    """SNMPv1 or SNMPv2c with one community."""

    def __init__(self, version: int, community: str) -> None:
        self._version = version
        self._community = community.encode()

    def encode(self, request: Request) -> tuple[int, bytes]:
        """See Dialect."""
        request_id = new_id()
        head = encoded(univ.Integer(self._version)) + encoded(univ.OctetString(self._community))
        return request_id, wrapped(SEQUENCE, head + encoded_pdu(request, request_id))

    def decode(
        self, packet: bytes, asked: Container[int], request: Request
    ) -> tuple[int, Response | Report]:
        """See Dialect. For bytes that the library did not expect it raises anything at all."""
        check_shape(packet, request.most_bindings)
        message, _ = decoder.decode(packet, asn1Spec=_MESSAGE)
        found = int(message["version"]), bytes(message["community"])
        if found != (self._version, self._community):
            raise Rejected("malformed")
        pdu = message["data"]
        if pdu.getName() != "response":
            raise Rejected("malformed")
        return read_response(pdu.getComponent(), asked, len(packet))


def encoded(value: Any) -> bytes:
    """A primitive value of pyasn1 in BER."""
    data: bytes = encoder.encode(value)
    return data


def wrapped(tag_octet: int, body: bytes) -> bytes:
    """A constructed element round bytes that are encoded already."""
    length = len(body)
    if length < 0x80:
        return bytes((tag_octet, length)) + body
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag_octet, 0x80 | len(octets))) + octets + body


def encoded_pdu(request: Request, request_id: int) -> bytes:
    """The PDU of a request (RFC 3416 §3)."""
    repetitions = request.repetitions if request.kind is Kind.GET_BULK else 0
    head = b"".join(encoded(univ.Integer(n)) for n in (request_id, 0, repetitions))
    names = (encoded(univ.ObjectIdentifier(name)) for name in request.names)
    bindings = b"".join(wrapped(SEQUENCE, name + _NO_VALUE) for name in names)
    return wrapped(_PDUS[request.kind], head + wrapped(SEQUENCE, bindings))


def read_response(pdu: Any, asked: Container[int], size: int) -> tuple[int, Response]:
    """(request id, response) of a decoded PDU. Raises Rejected where nobody asked for it."""
    request_id = int(pdu["request-id"])
    if request_id not in asked:
        raise Rejected("no_request")
    bindings = tuple(_binding(found) for found in pdu["variable-bindings"])
    tags = tuple([_TAGS.get(found["value"].getName(), 0) for found in pdu["variable-bindings"]])
    status, index = int(pdu["error-status"]), int(pdu["error-index"])
    response = Response(status, index, bindings, size, tags=tags)
    return request_id, response


def _binding(found: Any) -> Binding:
    choice = found["value"]
    kind, value = choice.getName(), choice.getComponent()
    name = found["name"].asTuple()
    plain: Value | Absent
    if isinstance(value, univ.Null):  # before OctetString, which pyasn1 derives it from
        plain = Absent.END_OF_VIEW if kind == "end-of-view" else Absent.NOTHING
    elif isinstance(value, univ.Integer):
        plain = int(value)
        bits = _UNSIGNED_BITS.get(kind)
        if bits is not None and plain < 0:
            # Some agents leave the leading zero octet out (RFC 3417 §8 wants it).
            plain &= (1 << bits) - 1
    elif isinstance(value, univ.ObjectIdentifier):
        plain = value.asTuple()
    else:
        plain = value.asOctets()[:MAX_VALUE_BYTES]
    return name, plain


def tagged(base: Any, kind: int, number: int, form: int = tag.tagFormatSimple) -> Any:
    """A type of pyasn1 under another tag: of class `kind`, with this number."""
    return base.subtype(implicitTag=tag.Tag(kind, form, number))


def fields(**types: Any) -> Any:
    """The fields of a Sequence or Choice, in order; `_` in names stands for `-`."""
    named = (namedtype.NamedType(name.replace("_", "-"), of) for name, of in types.items())
    return namedtype.NamedTypes(*named)


APPLICATION, CONTEXT = tag.tagClassApplication, tag.tagClassContext


class _AnyValue(univ.Choice):  # type: ignore[misc]
    componentType = fields(
        integer=univ.Integer(),
        string=univ.OctetString(),
        oid=univ.ObjectIdentifier(),
        null=univ.Null(""),
        address=tagged(univ.OctetString(), APPLICATION, 0),
        counter32=tagged(univ.Integer(), APPLICATION, 1),
        gauge32=tagged(univ.Integer(), APPLICATION, 2),
        ticks=tagged(univ.Integer(), APPLICATION, 3),
        opaque=tagged(univ.OctetString(), APPLICATION, 4),
        counter64=tagged(univ.Integer(), APPLICATION, 6),
        uinteger32=tagged(univ.Integer(), APPLICATION, 7),
        no_object=tagged(univ.Null(""), CONTEXT, 0),
        no_instance=tagged(univ.Null(""), CONTEXT, 1),
        end_of_view=tagged(univ.Null(""), CONTEXT, 2),
    )


class _AnyBinding(univ.Sequence):  # type: ignore[misc]
    componentType = fields(name=univ.ObjectIdentifier(), value=_AnyValue())


class AnyBindings(univ.SequenceOf):  # type: ignore[misc]
    """Variable bindings."""

    componentType = _AnyBinding()


class AnyPdu(univ.Sequence):  # type: ignore[misc]
    """Any PDU of RFC 3416; GETBULK has other names for its two numbers."""

    componentType = fields(
        request_id=univ.Integer(),
        error_status=univ.Integer(),
        error_index=univ.Integer(),
        variable_bindings=AnyBindings(),
    )


class AnswerPdu(univ.Choice):  # type: ignore[misc]
    """The two PDUs that an agent may answer with."""

    componentType = fields(
        response=tagged(AnyPdu(), CONTEXT, 2, tag.tagFormatConstructed),
        report=tagged(AnyPdu(), CONTEXT, 8, tag.tagFormatConstructed),
    )


class _Message(univ.Sequence):  # type: ignore[misc]
    componentType = fields(version=univ.Integer(), community=univ.OctetString(), data=AnswerPdu())


_MESSAGE = _Message()
