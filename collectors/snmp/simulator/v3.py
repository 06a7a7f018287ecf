"""The SNMPv3 side (RFC 3414 USM) of a simulated device, through pysnmp.

pysnmp does the security: engine discovery, time window, digests and encryption. The variables
come from the same answer function as v1 and v2c have. It has no sockets: bytes in, bytes out, and
whatever a broken message makes pysnmp raise ends here as no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from pyasn1.codec.ber import decoder, encoder  # type: ignore[import-untyped]
from pysnmp.carrier.base import AbstractTransportDispatcher  # type: ignore[import-untyped]
from pysnmp.entity import config  # type: ignore[import-untyped]
from pysnmp.entity.engine import SnmpEngine  # type: ignore[import-untyped]
from pysnmp.entity.rfc3413 import cmdrsp, context  # type: ignore[import-untyped]
from pysnmp.proto import rfc1905  # type: ignore[import-untyped]

from collectors.snmp.usm_users import add_user
from config.sections import SnmpV3

AnswerPdu = Callable[[bytes], bytes | None]
"""Encoded request PDU -> encoded response PDU, or None for silence."""

_PEN_NET_SNMP = b"\x80\x00\x1f\x88"
_TEXT_FORMAT = b"\x04"
_MAX_TEXT = 27
_PEER = ("127.0.0.1", 0)
_PDU_KINDS = {
    0xA0: rfc1905.GetRequestPDU,
    0xA1: rfc1905.GetNextRequestPDU,
    0xA3: rfc1905.SetRequestPDU,
    0xA5: rfc1905.GetBulkRequestPDU,
}


def engine_id_of(name: str) -> bytes:
    """An engine id of text format (RFC 3411 §5, format 4), the same for the same name."""
    return _PEN_NET_SNMP + _TEXT_FORMAT + name.encode("ascii", "replace")[:_MAX_TEXT]


class V3Side(Protocol):
    """What answers v3 messages for a device."""

    def __init__(
        self, engine_id: bytes, users: Sequence[SnmpV3], answer_pdu: AnswerPdu, *, boots: int = 1
    ) -> None: ...

    def answer(self, message: bytes) -> bytes | None:
        """The answer to one v3 message; None where there is none."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class V3Agent:
    """One SNMP engine that answers its users from `answer_pdu`.

    boots: how often the device has started; a higher number than before makes managers
    synchronise again, as after a real reboot.
    """

    def __init__(
        self, engine_id: bytes, users: Sequence[SnmpV3], answer_pdu: AnswerPdu, *, boots: int = 1
    ) -> None:
        self._out = _Mailbox()
        self._engine = SnmpEngine()
        _set_identity(self._engine, engine_id, boots)
        self._engine.register_transport_dispatcher(self._out)
        for user in users:
            add_user(self._engine, user)
        _Responder(self._engine, context.SnmpContext(self._engine), answer_pdu)

    def answer(self, message: bytes) -> bytes | None:
        """The answer to one v3 message; None where there is none.

        Whatever pysnmp raises on a message (it lets some errors of its decoder out) is silence.
        """
        self._out.sent = None
        try:
            self._engine.message_dispatcher.receive_message(
                self._engine, config.SNMP_UDP_DOMAIN, _PEER, message
            )
        except Exception:  # noqa: BLE001 - a message from anywhere must not stop the simulator
            return None
        return self._out.sent

    def close(self) -> None:
        """Give the engine back."""
        self._engine.close_dispatcher()


class _Mailbox(AbstractTransportDispatcher):  # type: ignore[misc]
    """Stands where pysnmp wants its sockets, and keeps the last message that it sends."""

    sent: bytes | None = None

    def send_message(self, message: bytes, domain: object, address: object) -> None:
        self.sent = bytes(message)


class _Responder(cmdrsp.CommandResponderBase):  # type: ignore[misc]
    SUPPORTED_PDU_TYPES = tuple(kind.tagSet for kind in _PDU_KINDS.values())

    def __init__(self, engine: Any, snmp_context: Any, answer_pdu: AnswerPdu) -> None:
        super().__init__(engine, snmp_context)
        self._answer_pdu = answer_pdu

    def handle_management_operation(
        self, engine: Any, reference: Any, context_name: Any, pdu: Any
    ) -> None:
        """Hand the encoded PDU over, and the decoded answer back to pysnmp."""
        answer = self._answer_pdu(encoder.encode(pdu))
        if answer is not None:
            response, _ = decoder.decode(answer, asn1Spec=rfc1905.ResponsePDU())
            self.send_pdu(engine, reference, response)


def _set_identity(engine: Any, engine_id: bytes, boots: int) -> None:
    """Done here and not by SnmpEngine(engine_id), which would write files below /tmp."""
    symbols = engine.get_mib_builder().import_symbols(
        "__SNMP-FRAMEWORK-MIB", "snmpEngineID", "snmpEngineBoots"
    )
    for symbol, value in zip(symbols, (engine_id, boots), strict=True):
        symbol.syntax = symbol.syntax.clone(value)
    engine.snmpEngineID = symbols[0].syntax
