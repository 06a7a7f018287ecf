"""SNMPv3 with the User-based Security Model (RFC 3412, RFC 3414), the manager's side of one agent.

pysnmp gives the syntax, the keys (RFC 3414 §2.6, RFC 7860, both extensions for long AES keys) and
the ciphers. Not its engine: that shares one table of engines between all agents, so that two with
the same engine id (cloned images) would throw each other out of their time windows. Here each
agent has its own, and what it claims of another is no concern of that one.
"""

from __future__ import annotations

import functools
import hmac
import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from pyasn1.codec.ber import decoder  # type: ignore[import-untyped]
from pyasn1.type import univ  # type: ignore[import-untyped]
from pysnmp.entity import config as pysnmp  # type: ignore[import-untyped]
from pysnmp.proto.mpmod.rfc3412 import HeaderData  # type: ignore[import-untyped]

from collectors.snmp.ber_shape import check_shape, digest_span
from collectors.snmp.pdu import Kind, Rejected, Report, Request, Response
from collectors.snmp.pysnmp_messages import (
    SEQUENCE,
    AnswerPdu,
    encoded,
    encoded_pdu,
    fields,
    new_id,
    read_response,
    wrapped,
)
from collectors.snmp.session import Oid
from collectors.snmp.usm_users import AUTH_PROTOCOLS, PRIV_PROTOCOLS
from config.sections import SnmpV3

V3 = 3
_USM_MODEL = 3
_MAX_SIZE = 65507
_REMEMBERED = 16
"""Request ids that are kept; no more than a few are under way."""
_AUTH_FLAG, _PRIV_FLAG, _REPORTABLE = 1, 2, 4
_WINDOW_S = 150
"""How far a message may be from its engine's clock (RFC 3414 §2.2.3)."""

_FLAGS = {"noAuthNoPriv": 0, "authNoPriv": _AUTH_FLAG, "authPriv": _AUTH_FLAG | _PRIV_FLAG}
_DIGESTS = {
    "MD5": ("md5", 12),
    "SHA": ("sha1", 12),
    "SHA-224": ("sha224", 16),
    "SHA-256": ("sha256", 24),
    "SHA-384": ("sha384", 32),
    "SHA-512": ("sha512", 48),
}
"""Name in hashlib, bytes of the digest that are sent (RFC 3414 §6, §7; RFC 7860 §4)."""

_USM_STATS = (1, 3, 6, 1, 6, 3, 15, 1, 1)
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
    auth_key: bytes
    priv_key: Any
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
        self._user = credential.user.encode()
        self._context = credential.context.encode()
        self._flags = _FLAGS[credential.level]
        self._auth = AUTH_PROTOCOLS[credential.auth]
        self._hash, self._digest_bytes = _DIGESTS[credential.auth]
        # pysnmp's one object for all: its salts count up, and two objects would count alike.
        self._cipher = pysnmp.PRIV_SERVICES[PRIV_PROTOCOLS[credential.priv]]
        self._auth_key, self._priv_key = credential.auth_key, credential.priv_key
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
        return bool(self._flags & _PRIV_FLAG)

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
        if engine is None:
            flags, user = 0, b""
            engine = _Engine(b"", 0, 0, self._monotonic(), b"", None)
            request = Request(Kind.GET, ())
        else:
            flags, user = self._flags, self._user
        message_id, request_id = new_id(), new_id()
        self._request_ids[message_id] = request_id
        if len(self._request_ids) > _REMEMBERED:
            del self._request_ids[next(iter(self._request_ids))]
        now_s = engine.now_s(self._monotonic())
        head = encoded(univ.OctetString(engine.id)) + encoded(univ.OctetString(self._context))
        data = wrapped(SEQUENCE, head + encoded_pdu(request, request_id))
        salt = b""
        if flags & _PRIV_FLAG:
            clock = (engine.boots, now_s, None)
            sealed, salt = self._cipher.encrypt_data(engine.priv_key, clock, data)
            data = encoded(sealed)
        digest = bytes(self._digest_bytes) if flags & _AUTH_FLAG else b""
        security = (engine.id, engine.boots, now_s, user, digest, salt)
        packet = _packet(message_id, flags | _REPORTABLE, security, data)
        if flags & _AUTH_FLAG:
            begin, end = digest_span(packet)
            packet = packet[:begin] + self._digest(engine.auth_key, packet) + packet[end:]
        return message_id, packet

    def decode(
        self, packet: bytes, asked: Container[int], most_bindings: int
    ) -> tuple[int, Response | Report]:
        """See Dialect. What an authentic message says of the engine's clock is remembered."""
        check_shape(packet, most_bindings)
        message, _ = decoder.decode(packet, asn1Spec=_V3_MESSAGE)
        header = message["header"]
        if int(message["version"]) != V3 or int(header["msgSecurityModel"]) != _USM_MODEL:
            raise Rejected("malformed")
        message_id, flags = int(header["msgID"]), header["msgFlags"].asOctets()[0]
        if message_id not in asked:
            raise Rejected("no_request")
        sent, _ = decoder.decode(message["parameters"].asOctets(), asn1Spec=_USM_PARAMETERS)
        sealed = message["data"].getName() == "encrypted"
        if sealed != bool(flags & _PRIV_FLAG) or (flags & 3) == _PRIV_FLAG:
            raise Rejected("malformed")
        if flags & _AUTH_FLAG:
            self._verify(packet, sent)
        scoped = self._unsealed(message["data"], sent, most_bindings) if sealed else None
        if scoped is None:
            scoped = message["data"].getComponent()
        pdu = scoped["data"]
        if pdu.getName() == "report":
            return message_id, self._report(pdu.getComponent(), sent, bool(flags & _AUTH_FLAG))
        if flags & 3 != self._flags or sent["user"].asOctets() != self._user:
            raise Rejected("security")
        if self._engine is None or sent["engine-id"].asOctets() != self._engine.id:
            raise Rejected("security")
        if flags & _AUTH_FLAG:
            self._keep_time(int(sent["boots"]), int(sent["time"]))
        expected = (self._request_ids.get(message_id, 0),)
        return message_id, read_response(pdu.getComponent(), expected, len(packet))[1]

    def _verify(self, packet: bytes, sent: Any) -> None:
        """RFC 3414 §3.2 6, 7: the digest is whole and right. Raises Rejected."""
        engine = self._engine
        if engine is None or not self._flags & _AUTH_FLAG:
            raise Rejected("security")
        begin, end = digest_span(packet)
        if end - begin != self._digest_bytes or sent["engine-id"].asOctets() != engine.id:
            raise Rejected("security")
        blank = packet[:begin] + bytes(self._digest_bytes) + packet[end:]
        if not hmac.compare_digest(self._digest(engine.auth_key, blank), packet[begin:end]):
            raise Rejected("security")

    def _digest(self, key: bytes, message: bytes) -> bytes:
        return hmac.digest(key, message, self._hash)[: self._digest_bytes]

    def _unsealed(self, data: Any, sent: Any, most_bindings: int) -> Any:
        """The scoped PDU behind the encryption. Raises Rejected."""
        if self._engine is None or self._engine.priv_key is None:
            raise Rejected("security")
        clock = (int(sent["boots"]), int(sent["time"]), sent["salt"])
        plain = self._cipher.decrypt_data(self._engine.priv_key, clock, data.getComponent())
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
        if name[: len(_USM_STATS)] == _USM_STATS and len(name) > len(_USM_STATS):
            reason = _REPORTS.get(name[len(_USM_STATS)], reason)
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
            auth_key, priv_key = self._local_keys(engine_id)
            known = _Engine(engine_id, boots, time_s, 0.0, auth_key, priv_key)
            self._engine = known
        known.boots, known.time_s, known.at_s = boots, time_s, self._monotonic()
        known.authentic = authentic

    def _keep_time(self, boots: int, time_s: int) -> None:
        """RFC 3414 §3.2 7b: follow the engine's clock, refuse what is older than the window."""
        engine = self._engine
        assert engine is not None
        if engine.authentic:
            now_s = engine.now_s(self._monotonic())
            if boots < engine.boots or (boots == engine.boots and time_s < now_s - _WINDOW_S):
                raise Rejected("security")
        engine.boots, engine.time_s, engine.at_s = boots, time_s, self._monotonic()
        engine.authentic = True

    def _local_keys(self, engine_id: bytes) -> tuple[bytes, Any]:
        """(authentication key, pysnmp's privacy key) for this engine (RFC 3414 §2.6)."""
        auth_key, priv_key = b"", None
        engine = univ.OctetString(engine_id)
        if self._flags & _AUTH_FLAG and self._auth_key is not None:
            key = _master_key(self._auth, self._auth_key.reveal())
            local = pysnmp.AUTH_SERVICES[self._auth].localize_key(key, engine)
            auth_key = local.asOctets()
        if self._flags & _PRIV_FLAG and self._priv_key is not None:
            key = _master_key(self._auth, self._priv_key.reveal())
            priv_key = self._cipher.localize_key(self._auth, key, engine)
        return auth_key, priv_key


@functools.lru_cache(maxsize=64)
def _master_key(auth: Oid, passphrase: str) -> Any:
    """pysnmp's key of a passphrase. A megabyte is hashed for each (RFC 3414 §A.2), and hundreds
    of devices share a credential, hence the cache."""
    return pysnmp.AUTH_SERVICES[auth].hash_passphrase(passphrase.encode())


def _packet(message_id: int, flags: int, security: tuple[Any, ...], data: bytes) -> bytes:
    """An SNMPv3 message (RFC 3412 §6); security: the six fields of RFC 3414 §2.4."""
    header = HeaderData()
    header["msgID"] = message_id
    header["msgMaxSize"] = _MAX_SIZE
    header["msgFlags"] = bytes((flags,))
    header["msgSecurityModel"] = _USM_MODEL
    parameters = _UsmParameters()
    for position, value in enumerate(security):
        parameters[position] = value
    head = (univ.Integer(V3), header, univ.OctetString(encoded(parameters)))
    return wrapped(SEQUENCE, b"".join(map(encoded, head)) + data)


class _Scoped(univ.Sequence):  # type: ignore[misc]
    componentType = fields(engine_id=univ.OctetString(), name=univ.OctetString(), data=AnswerPdu())


class _ScopedData(univ.Choice):  # type: ignore[misc]
    componentType = fields(plain=_Scoped(), encrypted=univ.OctetString())


class _UsmParameters(univ.Sequence):  # type: ignore[misc]
    componentType = fields(
        engine_id=univ.OctetString(),
        boots=univ.Integer(),
        time=univ.Integer(),
        user=univ.OctetString(),
        digest=univ.OctetString(),
        salt=univ.OctetString(),
    )


class _V3Message(univ.Sequence):  # type: ignore[misc]
    componentType = fields(
        version=univ.Integer(),
        header=HeaderData(),
        parameters=univ.OctetString(),
        data=_ScopedData(),
    )


_SCOPED, _V3_MESSAGE, _USM_PARAMETERS = _Scoped(), _V3Message(), _UsmParameters()
