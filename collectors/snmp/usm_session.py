"""SNMPv3 with the User-based Security Model (RFC 3414), through pysnmp over our own socket.

pysnmp discovers engines, keeps their clocks, signs and encrypts; a dispatcher without sockets
stands where it wants its own. One engine serves all sessions of one credential, because an engine
is large and its localised keys are slow to make.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from pysnmp.carrier.base import AbstractTransportDispatcher  # type: ignore[import-untyped]
from pysnmp.entity import config as usm  # type: ignore[import-untyped]
from pysnmp.entity.engine import SnmpEngine  # type: ignore[import-untyped]
from pysnmp.error import PySnmpError  # type: ignore[import-untyped]
from pysnmp.proto.rfc1902 import OctetString  # type: ignore[import-untyped]

from collectors.snmp import codec
from collectors.snmp.exchange import Exchange, Malformed
from collectors.snmp.session import Binding, Denied, Oid
from collectors.snmp.usm_users import LEVELS, add_user
from config.credentials import SnmpV3

_V3 = _USM = 3
"""messageProcessingModel and securityModel (RFC 3411 §5)."""
_SMI_V2 = 1
_ROUNDS = 4
"""Discovery, synchronisation of the clock, the request itself, and one more for a reboot."""

_AGAIN = frozenset({"unknownEngineID", "notInTimeWindow"})
_REASONS = {
    "wrongDigest": ("wrong_digest", "the authentication key or its digest is wrong"),
    "unknownUserName": ("unknown_user", "the agent does not know this user"),
    "unknownSecurityName": ("unknown_user", "the agent does not know this user"),
    "unsupportedSecurityLevel": (
        "unsupported_level",
        "the agent does not let this user in at this security level",
    ),
    "decryptionError": ("decryption_error", "the privacy key or its cipher is wrong"),
    "unsupportedAuthProtocol": ("wrong_digest", "the agent has another digest for this user"),
    "unsupportedPrivProtocol": ("decryption_error", "the agent has another cipher for this user"),
    "notInTimeWindow": ("not_in_time", "the agent's clock and boot counter do not hold still"),
    "unknownEngineID": ("unknown_engine", "the agent does not say which engine it is"),
}


class _Mailbox(AbstractTransportDispatcher):  # type: ignore[misc]
    """Keeps the message that pysnmp wants sent."""

    sent: bytes | None = None

    def send_message(self, message: bytes, domain: object, address: object) -> None:
        self.sent = bytes(message)


class UsmEngine:
    """pysnmp's engine for one credential."""

    def __init__(self, credential: SnmpV3) -> None:
        self.out = _Mailbox()
        self.engine = SnmpEngine()
        self.engine.register_transport_dispatcher(self.out)
        self.user = OctetString(credential.user)
        self.level = LEVELS[credential.level]
        self.context = OctetString(credential.context)
        add_user(self.engine, credential)

    def tick(self, now_s: float) -> None:
        """Let pysnmp forget requests that were never answered."""
        self.out.handle_timer_tick(now_s)

    def message(self, peer: Any, pdu: Any, timeout_s: float, on_response: Any) -> bytes:
        """The bytes of a request. Raises Denied when pysnmp cannot make them."""
        self.out.sent = None
        ticks = timeout_s / self.out.get_timer_resolution()
        try:
            self.engine.message_dispatcher.send_pdu(
                *(self.engine, usm.SNMP_UDP_DOMAIN, peer, _V3, _USM),
                *(self.user, self.level, None, self.context, _SMI_V2, pdu, True, ticks),
                *(on_response, None),
            )
        except PySnmpError as error:
            reason, text = "security", "pysnmp could not make a message for this user"
            raise Denied(reason, text) from error
        assert self.out.sent is not None
        return self.out.sent

    def take(self, peer: Any, data: bytes) -> None:
        """Hand in what came; whatever pysnmp raises on it is Malformed."""
        try:
            self.engine.message_dispatcher.receive_message(
                self.engine, usm.SNMP_UDP_DOMAIN, peer, data
            )
        except Exception as error:
            raise Malformed from error


_ENGINES: weakref.WeakValueDictionary[SnmpV3, UsmEngine] = weakref.WeakValueDictionary()


def engine_for(credential: SnmpV3) -> UsmEngine:
    """The engine of a credential, the same for all sessions that have it now."""
    engine = _ENGINES.get(credential)
    if engine is None:
        engine = _ENGINES[credential] = UsmEngine(credential)
    return engine


class UsmSession:
    """A Session by USM user. peer: the address that pysnmp knows the agent's engine by."""

    def __init__(
        self, exchange: Exchange, credential: SnmpV3, peer: tuple[str, int], timeout_s: float
    ) -> None:
        self._exchange = exchange
        self._engine = engine_for(credential)
        self._peer = peer
        self._timeout_s = timeout_s

    @property
    def latency_s(self) -> float | None:
        """See Session."""
        return self._exchange.latency_s

    async def get(self, oids: Sequence[Oid]) -> list[Binding]:
        """See Session."""
        return await self._ask(lambda: codec.get_pdu(oids))

    async def get_next(self, oids: Sequence[Oid]) -> list[Binding]:
        """See Session."""
        return await self._ask(lambda: codec.get_next_pdu(oids))

    async def get_bulk(self, oids: Sequence[Oid], repetitions: int) -> list[Binding]:
        """See Session."""
        return await self._ask(lambda: codec.get_bulk_pdu(oids, repetitions))

    async def close(self) -> None:
        """See Session."""
        self._exchange.close()

    async def _ask(self, make: Callable[[], Any]) -> list[Binding]:
        refusal = ""
        for _ in range(_ROUNDS):
            found = await self._round(make)
            if not isinstance(found, str):
                return found
            refusal = found
            if refusal not in _AGAIN:
                break
        reason, text = _REASONS.get(refusal, ("security", "the agent refused the message"))
        raise Denied(reason, text)

    async def _round(self, make: Callable[[], Any]) -> list[Binding] | str:
        """The bindings, or the name of pysnmp's error indication."""
        outcome: list[Any] = []
        asked: set[int] = set()

        def on_response(*arguments: Any) -> None:
            pdu, status = arguments[8], arguments[9]
            outcome.append(type(status["errorIndication"]).__name__ if status else pdu)

        def message() -> bytes:
            self._engine.tick(asyncio.get_running_loop().time())
            pdu = make()
            asked.add(codec.request_id_of(pdu))
            return self._engine.message(self._peer, pdu, self._timeout_s, on_response)

        def answer(data: bytes) -> list[Binding] | str | None:
            outcome.clear()
            self._engine.take(self._peer, data)
            if not outcome:
                self._exchange.reject("not_asked")
                return None
            found = outcome[-1]
            if isinstance(found, str):
                return found[:1].lower() + found[1:]
            if codec.request_id_of(found) not in asked:
                self._exchange.reject("not_asked")
                return None
            return codec.bindings_of(found)

        return await self._exchange.ask(message, answer)
