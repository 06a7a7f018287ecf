"""SNMPv3 with the User-based Security Model (RFC 3412, RFC 3414), the manager's side of one agent.

pysnmp gives the syntax, the keys (RFC 3414 §2.6, RFC 7860, both extensions for long AES keys) and
the ciphers. Not its engine: that shares one table of engines between all agents, so that two with
the same engine id (cloned images) would throw each other out of their time windows. Here each
agent has its own, and what it claims of another is no concern of that one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from pyasn1.codec.ber import decoder  # type: ignore[import-untyped]
from pyasn1.type import univ  # type: ignore[import-untyped]

from collectors.snmp.ber_shape import check_shape
from collectors.snmp.pdu import Kind, Rejected, Report, Request, Response
from collectors.snmp.pysnmp_messages import (
    SEQUENCE,
    AnswerPdu,
    encoded,
    encoded_pdu,
    new_id,
    read_response,
    wrapped,
)
from collectors.snmp.pysnmp_v3 import (
    AUTH_FLAG,
    PRIV_FLAG,
    REPORTABLE,
    USM_MODEL,
    USM_STATS,
    V3,
    WINDOW_S,
    Keys,
    Security,
    User,
    UsmParameters,
    message_type,
    scoped_type,
    v3_packet,
)
from config.sections import SnmpV3

_REMEMBERED = 16
"""Request ids that are kept; no more than a few are under way."""

_UNKNOWN_CONTEXTS = ((1, 3, 6, 1, 6, 3, 12, 1, 4), (1, 3, 6, 1, 6, 3, 12, 1, 5))
_REPORTS = {
    1: "unsupported_level",
    2: "not_in_time_window",
    3: "unknown_user",
    4: "unknown_engine",
    5: "wrong_digest",
    6: "decryption_error",
}
"""usmStats* (RFC 3414 §5) -> our word for it."""


@dataclass(slots=True)
class _Engine:
    """The agent's engine as we know it. authentic: its clock was told under its own key."""

    id: bytes
    boots: int
    time_s: int
    at_s: float
    keys: Keys
    authentic: bool = False

    def now_s(self, monotonic_s: float) -> int:
        """The engine's time now, by our monotonic clock."""
        return self.time_s + int(monotonic_s - self.at_s)


class Usm:
    """One user at one agent. Until the agent's engine is known, every request that is encoded
    becomes a question for it (RFC 3414 §4), and the answer is a Report `unknown_engine`."""

    def __init__(
        self, credential: SnmpV3, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._user = User(credential)
        self._monotonic = monotonic
        self._engine: _Engine | None = None
        self._request_ids: dict[int, int] = {}

    @property
    def engine(self) -> tuple[bytes, int] | None:
        """(engine id, boots) of the agent; None while unknown."""
        return (self._engine.id, self._engine.boots) if self._engine is not None else None

    @property
    def is_secret(self) -> bool:
        """Whether requests are encrypted."""
        return bool(self._user.flags & PRIV_FLAG)

    def forget(self) -> object:
        """Ask anew who the agent is; gives what was known, for `restore`."""
        known, self._engine = self._engine, None
        return known

    def restore(self, known: object) -> None:
        """Take back what `forget` gave."""
        assert known is None or isinstance(known, _Engine)
        self._engine = known

    def encode(self, request: Request) -> tuple[int, bytes]:
        """See Dialect; the number is the msgID."""
        engine = self._engine
        message_id, request_id = new_id(), new_id()
        self._request_ids[message_id] = request_id
        if len(self._request_ids) > _REMEMBERED:
            del self._request_ids[next(iter(self._request_ids))]
        if engine is None:
            flags, keys, security = 0, None, Security(b"", 0, 0, b"")
            request = Request(Kind.GET, ())
        else:
            flags, keys = self._user.flags, engine.keys
            now_s = engine.now_s(self._monotonic())
            security = Security(engine.id, engine.boots, now_s, self._user.name)
        head = (univ.OctetString(security.engine_id), univ.OctetString(self._user.context))
        pdu = encoded_pdu(request, request_id)
        data = wrapped(SEQUENCE, b"".join(map(encoded, head)) + pdu)
        return message_id, v3_packet(message_id, flags | REPORTABLE, security, data, keys)

    def decode(
        self, packet: bytes, asked: Container[int], request: Request
    ) -> tuple[int, Response | Report]:
        """See Dialect. What an authentic message says of the engine's clock is remembered."""
        check_shape(packet, request.most_bindings)
        message, _ = decoder.decode(packet, asn1Spec=_MESSAGE)
        header = message["header"]
        if int(message["version"]) != V3 or int(header["msgSecurityModel"]) != USM_MODEL:
            raise Rejected("malformed")
        message_id, flags = int(header["msgID"]), header["msgFlags"].asOctets()[0]
        if message_id not in asked:
            raise Rejected("no_request")
        sent, _ = decoder.decode(message["parameters"].asOctets(), asn1Spec=_USM_PARAMETERS)
        sealed = message["data"].getName() == "encrypted"
        if sealed != bool(flags & PRIV_FLAG) or (flags & 3) == PRIV_FLAG:
            raise Rejected("malformed")
        if flags & AUTH_FLAG:
            self._verify(packet, sent)
        scoped = self._unsealed(message["data"], sent, request.most_bindings) if sealed else None
        if scoped is None:
            scoped = message["data"].getComponent()
        pdu = scoped["data"]
        if pdu.getName() == "report":
            return message_id, self._report(pdu.getComponent(), sent, bool(flags & AUTH_FLAG))
        if flags & 3 != self._user.flags or sent["user"].asOctets() != self._user.name:
            raise Rejected("security")
        if self._engine is None or sent["engine-id"].asOctets() != self._engine.id:
            raise Rejected("security")
        if flags & AUTH_FLAG:
            self._keep_time(int(sent["boots"]), int(sent["time"]))
        expected = (self._request_ids.get(message_id, 0),)
        return message_id, read_response(pdu.getComponent(), expected, len(packet))[1]

    def _verify(self, message: bytes, sent: Any) -> None:
        """RFC 3414 §3.2 6, 7: the digest is whole and right. Raises Rejected."""
        engine = self._engine
        if engine is None or sent["engine-id"].asOctets() != engine.id:
            raise Rejected("security")
        if not engine.keys.is_signed(message):
            raise Rejected("security")

    def _unsealed(self, data: Any, sent: Any, most_bindings: int) -> Any:
        """The scoped PDU behind the encryption. Raises Rejected."""
        if self._engine is None:
            raise Rejected("security")
        plain = self._engine.keys.unsealed(sent, data.getComponent())
        check_shape(plain, most_bindings)
        scoped, _ = decoder.decode(plain, asn1Spec=_SCOPED)
        return scoped

    def _report(self, pdu: Any, sent: Any, authentic: bool) -> Report:
        """What the report says; reports of time and engine are learned from.

        The message id was ours, so this is no replay: the agent's own word counts even where its
        boots went back, which happens to devices that lose their memory.
        """
        bindings = pdu["variable-bindings"]
        name = bindings[0]["name"].asTuple() if len(bindings) else ()
        reason = "report"
        if name[: len(USM_STATS)] == USM_STATS and len(name) > len(USM_STATS):
            reason = _REPORTS.get(name[len(USM_STATS)], reason)
        elif name[:9] in _UNKNOWN_CONTEXTS:
            reason = "unknown_context"
        if reason in ("unknown_engine", "not_in_time_window"):
            engine_id = sent["engine-id"].asOctets()
            if not 5 <= len(engine_id) <= 32:  # RFC 3411 §5, SnmpEngineID
                raise Rejected("malformed")
            self._learn(engine_id, int(sent["boots"]), int(sent["time"]), authentic)
        return Report(reason)

    def _learn(self, engine_id: bytes, boots: int, time_s: int, authentic: bool) -> None:
        known = self._engine
        if known is None or known.id != engine_id:
            known = _Engine(engine_id, boots, time_s, 0.0, self._user.keys(engine_id))
            self._engine = known
        known.boots, known.time_s, known.at_s = boots, time_s, self._monotonic()
        known.authentic = authentic

    def _keep_time(self, boots: int, time_s: int) -> None:
        """RFC 3414 §3.2 7b: follow the engine's clock, refuse what is older than the window."""
        engine = self._engine
        assert engine is not None
        if engine.authentic:
            now_s = engine.now_s(self._monotonic())
            if boots < engine.boots or (boots == engine.boots and time_s < now_s - WINDOW_S):
                raise Rejected("security")
        engine.boots, engine.time_s, engine.at_s = boots, time_s, self._monotonic()
        engine.authentic = True


_SCOPED, _MESSAGE, _USM_PARAMETERS = (
    scoped_type(AnswerPdu()),
    message_type(AnswerPdu()),
    UsmParameters(),
)
