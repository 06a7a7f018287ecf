"""The receiving side of USM (RFC 3414 §3.2): a trap is authentic under its sender's engine, an
inform under ours, and both only inside the time window.

A sender's clock is learned from its first authentic message and must not go back after that. Our
own boots rise with every start, so that no inform of an earlier run can be played again.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pyasn1.codec.ber import decoder  # type: ignore[import-untyped]
from pyasn1.type import univ  # type: ignore[import-untyped]

from collectors.snmp.ber_shape import check_shape, element
from collectors.snmp.pdu import Rejected
from collectors.snmp.pysnmp_messages import SEQUENCE, encoded, wrapped
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
from collectors.snmp.traps.notification import (
    MOST_BINDINGS,
    Notification,
    NotificationPdu,
    acknowledged_scoped,
    notification,
)

_MOST_CLOCKS = 4096
"""Engines whose clocks are remembered. Only a holder of a key can add one."""
_MAX_BOOTS = 0x7FFFFFFF
"""An engine at this count must not be believed any more (RFC 3414 §2.2.2)."""

_STATS = {
    "unsupported_level": 1,
    "not_in_time_window": 2,
    "unknown_user": 3,
    "unknown_engine": 4,
    "wrong_digest": 5,
    "decryption_error": 6,
}
"""Reason -> the usmStats object that a report names (RFC 3414 §5)."""


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Our own snmpEngineID, how often it has started, and when, on the monotonic clock."""

    id: bytes
    boots: int
    started_s: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a v3 packet: a notification or the reason why there is none, and what to send
    back. reason is empty for the discovery that comes before an inform."""

    notification: Notification | None
    reason: str
    reply: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Message:
    """A decoded message before anything of it is believed."""

    packet: bytes
    id: int
    flags: int
    sent: Any
    data: Any

    @property
    def level(self) -> int:
        return self.flags & (AUTH_FLAG | PRIV_FLAG)

    @property
    def engine_id(self) -> bytes:
        return bytes(self.sent["engine-id"].asOctets())

    @property
    def clock(self) -> tuple[int, int]:
        return int(self.sent["boots"]), int(self.sent["time"])


class UsmReceiver:
    """See the module. One for all senders."""

    def __init__(
        self, engine: LocalEngine, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._monotonic = monotonic
        self._clocks: OrderedDict[bytes, tuple[int, int, float]] = OrderedDict()
        self._counts = dict.fromkeys(_STATS, 0)

    def hear(self, packet: bytes, users: Sequence[User]) -> Heard:
        """What a packet of an address from which `users` are believed says.

        Raises Rejected, and for bytes that the library did not expect anything at all.
        """
        message = _read(packet)
        if not 5 <= len(message.engine_id) <= 32:  # RFC 3411 §5, SnmpEngineID
            reason = "" if not message.engine_id else "unknown_engine"
            return self._refused(message, "unknown_engine", reason=reason)
        try:
            user, keys = self._authentic(message, users)
        except Rejected as rejected:
            return self._refused(message, rejected.reason)
        if message.level & AUTH_FLAG and not self._is_timely(message):
            return self._untimely(message, user, keys)
        scoped = self._scoped(message, keys)
        decoded, _ = decoder.decode(scoped, asn1Spec=_SCOPED)
        found = notification(decoded["data"])
        is_ours = message.engine_id == self._engine.id
        if is_ours != (found.request_id is not None):
            raise Rejected("unknown_engine")
        if not is_ours:
            return Heard(found, "")
        reply = self._sealed(message, message.level, user, keys, acknowledged_scoped(scoped))
        return Heard(found, "", reply)

    def _authentic(self, message: _Message, users: Sequence[User]) -> tuple[User, Keys]:
        """Whose message it is (RFC 3414 §3.2 4 to 6). Raises Rejected with why nobody's."""
        named = [user for user in users if user.name == bytes(message.sent["user"].asOctets())]
        if not named:
            raise Rejected("unknown_user")
        fit = [user for user in named if user.flags == message.level]
        if not fit:
            raise Rejected("unsupported_level")
        for user in fit:
            keys = user.keys(message.engine_id)
            if not message.level & AUTH_FLAG or keys.is_signed(message.packet):
                return user, keys
        raise Rejected("wrong_digest")

    def _is_timely(self, message: _Message) -> bool:
        """RFC 3414 §3.2 7, for an authentic message; a sender's clock is followed."""
        boots, time_s = message.clock
        if boots < 0 or time_s < 0 or boots >= _MAX_BOOTS:
            return False
        if message.engine_id == self._engine.id:
            return boots == self._engine.boots and abs(time_s - self._time_s()) <= WINDOW_S
        now_s = self._monotonic()
        known = self._clocks.get(message.engine_id)
        if known is not None:
            known_s = known[1] + int(now_s - known[2])
            if boots < known[0] or (boots == known[0] and time_s < known_s - WINDOW_S):
                return False
            if boots == known[0] and time_s < known_s:
                return True  # out of order, inside the window: the clock stays
        self._clocks[message.engine_id] = (boots, time_s, now_s)
        self._clocks.move_to_end(message.engine_id)
        if len(self._clocks) > _MOST_CLOCKS:
            self._clocks.popitem(last=False)
        return True

    def _scoped(self, message: _Message, keys: Keys) -> bytes:
        """The scoped PDU in plain bytes. Raises Rejected."""
        if not message.level & PRIV_FLAG:
            _, at, end = element(message.packet, 0, len(message.packet))
            for _ in range(3):  # version, header, parameters
                _, _, at = element(message.packet, at, end)
            return message.packet[at:end]
        try:
            plain = keys.unsealed(message.sent, message.data.getComponent())
            check_shape(plain, MOST_BINDINGS)
        except Exception as error:
            # A wrong key gives rubbish, and each cipher of the library has errors of its own.
            self._counts["decryption_error"] += 1
            raise Rejected("decryption_error") from error
        return plain

    def _untimely(self, message: _Message, user: User, keys: Keys) -> Heard:
        """Who means us and is authentic is told our clock, signed (RFC 3414 §3.2 7a)."""
        if message.engine_id != self._engine.id:
            raise Rejected("not_in_time_window")
        is_first = message.clock == (0, 0)
        reason = "" if is_first else "not_in_time_window"
        return self._refused(message, "not_in_time_window", reason=reason, signer=(user, keys))

    def _refused(
        self,
        message: _Message,
        stat: str,
        *,
        reason: str | None = None,
        signer: tuple[User, Keys] | None = None,
    ) -> Heard:
        """A report to a sender that wants one, else silence."""
        counted = stat if reason is None else reason
        self._counts[stat] = self._counts.get(stat, 0) + 1
        if not message.flags & REPORTABLE or stat not in _STATS:
            return Heard(None, counted)
        name = encoded(univ.ObjectIdentifier((*USM_STATS, _STATS[stat], 0)))
        count = encoded(univ.Integer(self._counts[stat] & 0x7FFFFFFF))
        binding = wrapped(SEQUENCE, name + bytes((0x41,)) + count[1:])
        numbers = b"".join(encoded(univ.Integer(number)) for number in (0, 0, 0))
        pdu = wrapped(0xA8, numbers + wrapped(SEQUENCE, binding))
        head = encoded(univ.OctetString(self._engine.id)) + encoded(univ.OctetString(b""))
        scoped = wrapped(SEQUENCE, head + pdu)
        user, keys = signer if signer is not None else (None, None)
        flags = AUTH_FLAG if signer is not None else 0
        return Heard(None, counted, self._sealed(message, flags, user, keys, scoped))

    def _sealed(
        self, message: _Message, flags: int, user: User | None, keys: Keys | None, scoped: bytes
    ) -> bytes:
        name = user.name if user is not None else b""
        security = Security(self._engine.id, self._engine.boots, self._time_s(), name)
        return v3_packet(message.id, flags, security, scoped, keys)

    def _time_s(self) -> int:
        return int(self._monotonic() - self._engine.started_s)


def _read(packet: bytes) -> _Message:
    """The parts of a packet that has passed `check_shape`. Raises Rejected."""
    message, _ = decoder.decode(packet, asn1Spec=_MESSAGE)
    header = message["header"]
    if int(message["version"]) != V3 or int(header["msgSecurityModel"]) != USM_MODEL:
        raise Rejected("malformed")
    flags = header["msgFlags"].asOctets()[0]
    parameters = message["parameters"].asOctets()
    check_shape(parameters, 0)
    sent, _ = decoder.decode(parameters, asn1Spec=_PARAMETERS)
    is_sealed = message["data"].getName() == "encrypted"
    if is_sealed != bool(flags & PRIV_FLAG) or flags & (AUTH_FLAG | PRIV_FLAG) == PRIV_FLAG:
        raise Rejected("malformed")
    return _Message(packet, int(header["msgID"]), flags, sent, message["data"])


_SCOPED, _MESSAGE, _PARAMETERS = (
    scoped_type(NotificationPdu()),
    message_type(NotificationPdu()),
    UsmParameters(),
)
