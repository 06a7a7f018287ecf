"""SNMPv3 with the User-based Security Model (RFC 3412, RFC 3414), the manager's side of one agent.

What one agent claims of its engine is no concern of any other, not even of one that claims the
same engine id: each has its own Usm.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, replace

from collectors.snmp.engine.answers import REPORT, read_response
from collectors.snmp.engine.ber import (
    OCTET_STRING,
    SEQUENCE,
    enter,
    integer,
    read_integer,
    read_octets,
    tlv,
)
from collectors.snmp.engine.keys import AesCipher, DesCipher, Signature, cipher, signature
from collectors.snmp.engine.messages import NUMBERS, as_before, request_pdu
from collectors.snmp.engine.templates import learned
from collectors.snmp.pdu import Kind, Rejected, Report, Request, Response
from config.sections import SnmpV3

_VERSION = integer(3)
_USM_MODEL = 3
_MAX_SIZE = integer(65507)
_BEFORE_NUMBER = _VERSION + bytes((SEQUENCE, 6 + len(_MAX_SIZE) + 6)) + b"\x02\x04"
_AUTH_FLAG, _PRIV_FLAG, _REPORTABLE = 1, 2, 4
_LEVELS = {"noAuthNoPriv": 0, "authNoPriv": _AUTH_FLAG, "authPriv": _AUTH_FLAG | _PRIV_FLAG}
_WINDOW_S = 150
"""How far a message may be from its engine's clock (RFC 3414 §2.2.3)."""
_MOST_FRAMES = 32
_MOST = 2**31 - 1
"""Of boots and time (RFC 3414 §2.2.2)."""

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

_NOTHING = Request(Kind.GET, ())


@dataclass(slots=True)
class Engine:
    """The agent's engine as we know it. authentic: its clock was told under its own key."""

    id: bytes
    boots: int
    time_s: int
    at_s: float
    signature: Signature | None = None
    cipher: AesCipher | DesCipher | None = None
    authentic: bool = False

    def now_s(self, monotonic_s: float) -> int:
        """The engine's time now, by our monotonic clock."""
        return min(_MOST, self.time_s + int(monotonic_s - self.at_s))


Span = tuple[int, int]


@dataclass(slots=True)
class Message:
    """A message taken apart (RFC 3412 §6, RFC 3414 §2.4). at, end: the octets of the data, of which
    `flags` says what they are; places: where number, time, digest and salt stand."""

    number: int
    flags: int
    engine_id: bytes
    boots: int
    time_s: int
    user: bytes
    digest: bytes
    salt: bytes
    at: int
    end: int
    places: tuple[Span, Span, Span, Span]

    @property
    def digest_at(self) -> int:
        """Where the digest begins."""
        return self.places[2][0]


class _Frame:
    """How messages of one length look but for number, time, digest and salt: what a device sends
    a minute later differs in nothing else before its data."""

    __slots__ = ("_like", "_pieces")

    def __init__(self, packet: bytes, like: Message) -> None:
        """like: what was read of the packet."""
        self._like = replace(like, digest=b"", salt=b"")
        begins = (0, *(end for _, end in like.places))
        ends = (*(at for at, _ in like.places), like.at)
        self._pieces = tuple(
            (at, packet[at:end]) for at, end in zip(begins, ends, strict=True) if at < end
        )

    def read(self, packet: bytes) -> Message | None:
        """A message of that length; None where it has to be taken apart."""
        for at, piece in self._pieces:
            if not packet.startswith(piece, at):
                return None
        like = self._like
        (number_at, number_end), (time_at, time_end), digest, salt = like.places
        if packet[time_at] > 0x7F or (packet[time_at] == 0 and time_end - time_at > 1):
            return None  # a number that is not positive or not in its shortest form
        return Message(
            int.from_bytes(packet[number_at:number_end], "big"),
            like.flags,
            like.engine_id,
            like.boots,
            int.from_bytes(packet[time_at:time_end], "big"),
            like.user,
            packet[slice(*digest)],
            packet[slice(*salt)],
            like.at,
            like.end,
            like.places,
        )


class Usm:
    """One user at one agent. Until the agent's engine is known, every request that is encoded
    becomes a question for it (RFC 3414 §4), and the answer is a Report `unknown_engine`."""

    def __init__(
        self, credential: SnmpV3, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._credential = credential
        self._level = _LEVELS[credential.level]
        self._user = credential.user.encode()
        self._context = tlv(OCTET_STRING, credential.context.encode())
        self._monotonic = monotonic
        self._engine: Engine | None = None
        self._frames: dict[int, _Frame] = {}

    @property
    def engine(self) -> tuple[bytes, int] | None:
        """(engine id, boots) of the agent; None while unknown."""
        return (self._engine.id, self._engine.boots) if self._engine is not None else None

    @property
    def is_secret(self) -> bool:
        """Whether requests are encrypted."""
        return bool(self._level & _PRIV_FLAG)

    def forget(self) -> object:
        """Ask anew who the agent is; gives what was known, for `restore`."""
        known, self._engine = self._engine, None
        return known

    def restore(self, known: object) -> None:
        """Take back what `forget` gave."""
        assert known is None or isinstance(known, Engine)
        self._engine = known

    def encode(self, request: Request) -> tuple[int, bytes]:
        """See Dialect; the number is the msgID and the request id."""
        number = NUMBERS.draw()
        engine, flags, user = self._engine, self._level, self._user
        if engine is None:
            engine, flags, user, request = Engine(b"", 0, 0, 0.0), 0, b"", _NOTHING
        time_s = engine.now_s(self._monotonic()) if engine.id else 0
        data = tlv(OCTET_STRING, engine.id) + self._context + request_pdu(request, number)
        packet = message(number, flags | _REPORTABLE, engine, time_s, user, data)
        return number, packet

    def decode(
        self, packet: bytes, asked: Container[int], request: Request
    ) -> tuple[int, Response | Report]:
        """See Dialect. What an authentic message says of the engine's clock is remembered."""
        found = self._message(packet, asked)
        is_signed = bool(found.flags & _AUTH_FLAG)
        if is_signed:
            self._verify(packet, found)
        data, at, end = packet, found.at, found.end
        if found.flags & _PRIV_FLAG:
            data = self._opened(packet, found)
        memory = request.memory if found.flags & _PRIV_FLAG else None
        as_last = as_before(data, (found.number,), memory) if memory is not None else None
        if as_last is not None and self._is_expected(found):
            self._keep(packet, found)
            return as_last
        if found.flags & _PRIV_FLAG:
            at, end = enter(SEQUENCE, data, 0, len(data))
        for _ in range(2):  # context engine id, context name
            _, at = read_octets(data, at, end)
        tag, _, response = read_response(data, at, end, (found.number,), request, len(packet))
        if tag == REPORT:
            return found.number, self._report(response, found)
        if not self._is_expected(found):
            raise Rejected("security")
        self._keep(packet, found)
        if memory is not None:
            memory.template = learned(data, found.number, response, request.columns)
        return found.number, response

    def _message(self, packet: bytes, asked: Container[int]) -> Message:
        """The message in a packet, recognized or taken apart. Raises Rejected."""
        frame = self._frames.get(len(packet))
        found = frame.read(packet) if frame is not None else None
        if found is None:
            self._frames.pop(len(packet), None)
            return taken_apart(packet, asked)
        if found.number not in asked:
            raise Rejected("no_request")
        return found

    def _is_expected(self, found: Message) -> bool:
        """Whether it has the level, the user and the engine that were asked."""
        known = self._engine
        return (
            found.flags & 3 == self._level
            and found.user == self._user
            and known is not None
            and found.engine_id == known.id
        )

    def _keep(self, packet: bytes, found: Message) -> None:
        """Remember the engine's clock, and what an expected message looks like. Raises Rejected."""
        assert self._engine is not None
        if found.flags & _AUTH_FLAG:
            self._keep_time(self._engine, found.boots, found.time_s)
        if len(packet) not in self._frames:
            if len(self._frames) >= _MOST_FRAMES:
                self._frames.clear()
            self._frames[len(packet)] = _Frame(packet, found)

    def _verify(self, packet: bytes, found: Message) -> None:
        """RFC 3414 §3.2 6, 7: the digest is whole and right. Raises Rejected."""
        engine = self._engine
        if engine is None or engine.signature is None or found.engine_id != engine.id:
            raise Rejected("security")
        size, at = engine.signature.size, found.digest_at
        if len(found.digest) != size:
            raise Rejected("security")
        blank = packet[:at] + bytes(size) + packet[at + size :]
        if not hmac.compare_digest(engine.signature.digest(blank), found.digest):
            raise Rejected("security")

    def _opened(self, packet: bytes, found: Message) -> bytes:
        """The scoped PDU behind the encryption. Raises Rejected."""
        if self._engine is None or self._engine.cipher is None:
            raise Rejected("security")
        sealed = packet[found.at : found.end]
        return self._engine.cipher.opened(sealed, found.boots, found.time_s, found.salt)

    def _report(self, response: Response, found: Message) -> Report:
        """What the report says; reports of time and engine are learned from.

        The message id was ours, so this is no replay: the agent's own word counts even where its
        boots went back, which happens to devices that lose their memory.
        """
        name = response.bindings[0][0] if response.bindings else ()
        reason = "report"
        if name[: len(_USM_STATS)] == _USM_STATS and len(name) > len(_USM_STATS):
            reason = _REPORTS.get(name[len(_USM_STATS)], reason)
        elif name[:9] in _UNKNOWN_CONTEXTS:
            reason = "unknown_context"
        if reason in ("unknown_engine", "not_in_time_window"):
            if not 5 <= len(found.engine_id) <= 32:  # RFC 3411 §5, SnmpEngineID
                raise Rejected("malformed")
            self._learn(found)
        return Report(reason)

    def _learn(self, found: Message) -> None:
        known = self._engine
        if known is None or known.id != found.engine_id:
            known = self._engine = self._with_keys(found.engine_id)
        known.boots, known.time_s, known.at_s = found.boots, found.time_s, self._monotonic()
        known.authentic = bool(found.flags & _AUTH_FLAG)

    def _with_keys(self, engine_id: bytes) -> Engine:
        engine, credential = Engine(engine_id, 0, 0, 0.0), self._credential
        if self._level & _AUTH_FLAG and credential.auth_key is not None:
            engine.signature = signature(credential.auth, credential.auth_key.reveal(), engine_id)
        if self._level & _PRIV_FLAG and credential.priv_key is not None:
            passphrase = credential.priv_key.reveal()
            engine.cipher = cipher(credential.auth, credential.priv, passphrase, engine_id)
        return engine

    def _keep_time(self, engine: Engine, boots: int, time_s: int) -> None:
        """RFC 3414 §3.2 7b: follow the engine's clock, refuse what is older than the window."""
        now_s = self._monotonic()
        if engine.authentic and (
            boots < engine.boots
            or (boots == engine.boots and time_s < engine.now_s(now_s) - _WINDOW_S)
        ):
            raise Rejected("security")
        engine.boots, engine.time_s, engine.at_s = boots, time_s, now_s
        engine.authentic = True


def message(
    number: int, flags: int, engine: Engine, time_s: int, user: bytes, data: bytes
) -> bytes:
    """A whole message (RFC 3412 §6), encrypted and signed where the engine has the keys for it.

    data: the scoped PDU without its sequence: context engine id, context name, PDU.
    """
    data, salt = tlv(SEQUENCE, data), b""
    if engine.cipher is not None and flags & _PRIV_FLAG:
        sealed, salt = engine.cipher.sealed(data, engine.boots, time_s)
        data = tlv(OCTET_STRING, sealed)
    signs = engine.signature if flags & _AUTH_FLAG else None
    size = signs.size if signs is not None else 0
    # Neither name, digest nor salt is longer than 127 octets: one octet says how long each is.
    before_digest = b"".join(
        (
            bytes((OCTET_STRING, len(engine.id))),
            engine.id,
            integer(engine.boots),
            integer(time_s),
            bytes((OCTET_STRING, len(user))),
            user,
            bytes((OCTET_STRING, size)),
        )
    )
    after_digest = bytes((OCTET_STRING, len(salt))) + salt
    security = tlv(SEQUENCE, before_digest + bytes(size) + after_digest)
    octets = number.to_bytes(4, "big")
    head = _BEFORE_NUMBER + octets + _MAX_SIZE + bytes((4, 1, flags, 2, 1, 3))
    packet = tlv(SEQUENCE, head + tlv(OCTET_STRING, security) + data)
    if signs is None:
        return packet
    end = len(packet) - len(data) - len(after_digest)
    return packet[: end - size] + signs.digest(packet) + packet[end:]


def taken_apart(packet: bytes, asked: Container[int]) -> Message:
    """The message in a packet. Raises Rejected: malformed, or no_request for a strange number."""
    at, end = enter(SEQUENCE, packet, 0, len(packet))
    if not packet.startswith(_VERSION, at):
        raise Rejected("malformed")
    at, header_end = enter(SEQUENCE, packet, at + len(_VERSION), end)
    number, number_end = read_integer(packet, at, header_end)
    _, at = read_integer(packet, number_end, header_end)
    flags, at = read_octets(packet, at, header_end)
    model, at = read_integer(packet, at, header_end)
    if model != _USM_MODEL or len(flags) != 1 or flags[0] & 3 == _PRIV_FLAG:
        raise Rejected("malformed")
    if number not in asked:
        raise Rejected("no_request")
    at, security_end = enter(OCTET_STRING, packet, header_end, end)
    at, fields_end = enter(SEQUENCE, packet, at, security_end)
    engine_id, at = read_octets(packet, at, fields_end)
    boots, time_at = read_integer(packet, at, fields_end)
    time_s, time_end = read_integer(packet, time_at, fields_end)
    user, at = read_octets(packet, time_end, fields_end)
    digest, digest_end = read_octets(packet, at, fields_end)
    salt, salt_end = read_octets(packet, digest_end, fields_end)
    if not (0 <= boots <= _MOST and 0 <= time_s <= _MOST):
        raise Rejected("malformed")
    is_sealed = bool(flags[0] & _PRIV_FLAG)
    at, data_end = enter(OCTET_STRING if is_sealed else SEQUENCE, packet, security_end, end)
    places = (
        (number_end - 4, number_end),
        (time_at + 2, time_end),
        (digest_end - len(digest), digest_end),
        (salt_end - len(salt), salt_end),
    )
    return Message(
        number, flags[0], engine_id, boots, time_s, user, digest, salt, at, data_end, places
    )
