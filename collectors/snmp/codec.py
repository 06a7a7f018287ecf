"""Requests and responses as pysnmp and pyasn1 encode them; plain values in and out.

Whatever these libraries raise on a message from outside (they let out more than their own errors)
becomes Malformed.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from pyasn1.codec.ber import decoder, encoder  # type: ignore[import-untyped]
from pysnmp.proto import rfc1905  # type: ignore[import-untyped]
from pysnmp.proto.api import v2c  # type: ignore[import-untyped]

from collectors.snmp.exchange import Malformed
from collectors.snmp.session import BadStatus, Binding, Denied, Missing, Oid, TooBig, Value

_TOO_BIG, _NO_ACCESS, _AUTHORIZATION_ERROR = 1, 6, 16
"""error-status of RFC 3416 §3."""

MAX_BINDINGS = 2_000
MAX_STRING = 8_192
"""Bytes of one value that are kept; sysDescr is at most 255 (RFC 3418)."""


def new_request_id() -> int:
    """A request id that nobody outside can guess, 1 to 2^31 - 1."""
    return secrets.randbelow(2**31 - 1) + 1


def get_pdu(oids: Sequence[Oid]) -> Any:
    """A GetRequest."""
    return _filled(v2c.GetRequestPDU(), v2c.apiPDU, oids)


def get_next_pdu(oids: Sequence[Oid]) -> Any:
    """A GetNextRequest."""
    return _filled(v2c.GetNextRequestPDU(), v2c.apiPDU, oids)


def get_bulk_pdu(oids: Sequence[Oid], repetitions: int) -> Any:
    """A GetBulkRequest without non-repeaters."""
    pdu = _filled(v2c.GetBulkRequestPDU(), v2c.apiBulkPDU, oids)
    v2c.apiBulkPDU.set_non_repeaters(pdu, 0)
    v2c.apiBulkPDU.set_max_repetitions(pdu, repetitions)
    return pdu


def _filled(pdu: Any, api: Any, oids: Sequence[Oid]) -> Any:
    api.set_defaults(pdu)
    api.set_request_id(pdu, new_request_id())
    api.set_varbinds(pdu, [(oid, v2c.null) for oid in oids])
    return pdu


def request_id_of(pdu: Any) -> int:
    """The request id of any PDU."""
    return int(v2c.apiPDU.get_request_id(pdu))


def community_message(community: str, pdu: Any) -> bytes:
    """A whole v2c message (RFC 1901)."""
    message = v2c.Message()
    v2c.apiMessage.set_defaults(message)
    v2c.apiMessage.set_community(message, community.encode())
    v2c.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


def community_response(data: bytes) -> Any:
    """The response PDU of a v2c message. Raises Malformed."""
    try:
        message, rest = decoder.decode(data, asn1Spec=v2c.Message())
        if rest or int(message["version"]) != 1:
            raise Malformed
        pdu = v2c.apiMessage.get_pdu(message)
    except Malformed:
        raise
    except Exception as error:
        raise Malformed from error
    if pdu.tagSet != v2c.GetResponsePDU.tagSet:
        raise Malformed
    return pdu


def bindings_of(pdu: Any) -> list[Binding]:
    """The variables of a response. Raises TooBig, Denied, BadStatus, Malformed."""
    try:
        status = int(v2c.apiPDU.get_error_status(pdu))
        if status == 0:
            found = v2c.apiPDU.get_varbinds(pdu)
            if len(found) > MAX_BINDINGS:
                raise Malformed
            return [(tuple(oid), _plain(value)) for oid, value in found]
    except Malformed:
        raise
    except Exception as error:
        raise Malformed from error
    if status == _TOO_BIG:
        raise TooBig("the answer does not fit into one message")
    if status in (_NO_ACCESS, _AUTHORIZATION_ERROR):
        raise Denied("authorization_error", "the agent does not let this user read here")
    raise BadStatus(status)


def _plain(value: Any) -> Value:
    if isinstance(value, rfc1905.NoSuchObject | rfc1905.NoSuchInstance):
        return Missing.NO_SUCH
    if isinstance(value, rfc1905.EndOfMibView):
        return Missing.END_OF_VIEW
    if isinstance(value, v2c.ObjectIdentifier):
        return tuple(value)
    if isinstance(value, v2c.OctetString | v2c.IpAddress | v2c.Opaque):
        return bytes(value)[:MAX_STRING]
    if isinstance(value, v2c.Null | rfc1905.UnSpecified):
        return Missing.NO_SUCH
    return int(value)
