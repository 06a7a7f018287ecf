"""SNMPv3 messages and one user's keys through pysnmp's parts, for managers and for the receiver.

Bytes in, bytes out: what is asked, who may be believed and whose clock counts are for the callers.
"""

from __future__ import annotations

import functools
import hmac
from dataclasses import dataclass
from typing import Any

from pyasn1.type import univ  # type: ignore[import-untyped]
from pysnmp.entity import config as pysnmp  # type: ignore[import-untyped]
from pysnmp.proto.mpmod.rfc3412 import HeaderData  # type: ignore[import-untyped]

from collectors.snmp.ber_shape import digest_span
from collectors.snmp.pdu import Rejected
from collectors.snmp.pysnmp_messages import SEQUENCE, encoded, fields, wrapped
from collectors.snmp.session import Oid
from collectors.snmp.usm_users import AUTH_PROTOCOLS, PRIV_PROTOCOLS
from config.credentials import SnmpV3

V3 = 3
USM_MODEL = 3
AUTH_FLAG, PRIV_FLAG, REPORTABLE = 1, 2, 4
WINDOW_S = 150
"""How far a message may be from its engine's clock (RFC 3414 §2.2.3)."""
USM_STATS = (1, 3, 6, 1, 6, 3, 15, 1, 1)

_MAX_SIZE = 65507
_FLAGS = {"noAuthNoPriv": 0, "authNoPriv": AUTH_FLAG, "authPriv": AUTH_FLAG | PRIV_FLAG}
_DIGESTS = {
    "MD5": ("md5", 12),
    "SHA": ("sha1", 12),
    "SHA-224": ("sha224", 16),
    "SHA-256": ("sha256", 24),
    "SHA-384": ("sha384", 32),
    "SHA-512": ("sha512", 48),
}
"""Name in hashlib, bytes of the digest that are sent (RFC 3414 §6, §7; RFC 7860 §4)."""


class User:
    """A USM user as a credential describes it. flags: the level as msgFlags has it."""

    def __init__(self, credential: SnmpV3) -> None:
        self.name = credential.user.encode()
        self.context = credential.context.encode()
        self.flags = _FLAGS[credential.level]
        self._auth = AUTH_PROTOCOLS[credential.auth]
        self._hash, self._digest_bytes = _DIGESTS[credential.auth]
        # pysnmp's one object for all: its salts count up, and two objects would count alike.
        self._cipher = pysnmp.PRIV_SERVICES[PRIV_PROTOCOLS[credential.priv]]
        self._auth_key, self._priv_key = credential.auth_key, credential.priv_key

    def keys(self, engine_id: bytes) -> Keys:
        """This user's keys at one engine (RFC 3414 §2.6); none where the level needs none."""
        auth_key, priv_key = b"", None
        engine = univ.OctetString(engine_id)
        if self.flags & AUTH_FLAG and self._auth_key is not None:
            key = _master_key(self._auth, self._auth_key.reveal())
            local = pysnmp.AUTH_SERVICES[self._auth].localize_key(key, engine)
            auth_key = local.asOctets()
        if self.flags & PRIV_FLAG and self._priv_key is not None:
            key = _master_key(self._auth, self._priv_key.reveal())
            priv_key = self._cipher.localize_key(self._auth, key, engine)
        return Keys(auth_key, priv_key, self._hash, self._digest_bytes, self._cipher)


@dataclass(frozen=True, slots=True)
class Keys:
    """One user's keys at one engine, and what is done with them."""

    auth_key: bytes
    priv_key: Any
    hash: str
    digest_bytes: int
    cipher: Any

    def signed(self, packet: bytes) -> bytes:
        """The packet with its digest in the place that was left for it (RFC 3414 §6.3.1)."""
        begin, end = digest_span(packet)
        return packet[:begin] + self._digest(packet) + packet[end:]

    def is_signed(self, packet: bytes) -> bool:
        """RFC 3414 §6.3.2: the digest is whole and right. Raises Rejected."""
        begin, end = digest_span(packet)
        if not self.auth_key or end - begin != self.digest_bytes:
            return False
        blank = packet[:begin] + bytes(self.digest_bytes) + packet[end:]
        return hmac.compare_digest(self._digest(blank), packet[begin:end])

    def sealed(self, boots: int, time_s: int, scoped: bytes) -> tuple[bytes, bytes]:
        """(the scoped PDU encrypted, as an OCTET STRING in BER; the salt)."""
        data, salt = self.cipher.encrypt_data(self.priv_key, (boots, time_s, None), scoped)
        return encoded(data), bytes(salt)

    def unsealed(self, sent: Any, data: Any) -> bytes:
        """The scoped PDU behind the encryption; sent: the decoded UsmParameters.

        Raises Rejected without a key, and anything at all for bytes that are no cipher text.
        """
        if self.priv_key is None:
            raise Rejected("security")
        clock = (int(sent["boots"]), int(sent["time"]), sent["salt"])
        return bytes(self.cipher.decrypt_data(self.priv_key, clock, data))

    def _digest(self, packet: bytes) -> bytes:
        return hmac.digest(self.auth_key, packet, self.hash)[: self.digest_bytes]


@functools.lru_cache(maxsize=64)
def _master_key(auth: Oid, passphrase: str) -> Any:
    """pysnmp's key of a passphrase. A megabyte is hashed for each (RFC 3414 §A.2), and hundreds
    of devices share a credential, hence the cache."""
    return pysnmp.AUTH_SERVICES[auth].hash_passphrase(passphrase.encode())


@dataclass(frozen=True, slots=True)
class Security:
    """The USM parameters of a message to be sent (RFC 3414 §2.4)."""

    engine_id: bytes
    boots: int
    time_s: int
    user: bytes


def v3_packet(
    message_id: int, flags: int, security: Security, scoped: bytes, keys: Keys | None
) -> bytes:
    """An SNMPv3 message (RFC 3412 §6) round a scoped PDU, sealed and signed as the flags say."""
    digest = salt = b""
    if keys is not None and flags & PRIV_FLAG:
        scoped, salt = keys.sealed(security.boots, security.time_s, scoped)
    if keys is not None and flags & AUTH_FLAG:
        digest = bytes(keys.digest_bytes)
    header = HeaderData()
    header["msgID"] = message_id
    header["msgMaxSize"] = _MAX_SIZE
    header["msgFlags"] = bytes((flags,))
    header["msgSecurityModel"] = USM_MODEL
    parameters = UsmParameters()
    values = (security.engine_id, security.boots, security.time_s, security.user, digest, salt)
    for position, value in enumerate(values):
        parameters[position] = value
    head = (univ.Integer(V3), header, univ.OctetString(encoded(parameters)))
    whole = wrapped(SEQUENCE, b"".join(map(encoded, head)) + scoped)
    return keys.signed(whole) if keys is not None and digest else whole


class UsmParameters(univ.Sequence):  # type: ignore[misc]
    """UsmSecurityParameters (RFC 3414 §2.4)."""

    componentType = fields(
        engine_id=univ.OctetString(),
        boots=univ.Integer(),
        time=univ.Integer(),
        user=univ.OctetString(),
        digest=univ.OctetString(),
        salt=univ.OctetString(),
    )


def scoped_type(pdus: Any) -> Any:
    """The grammar of a scoped PDU (RFC 3412 §6.8) that holds one of `pdus`, a Choice."""
    return _sequence(engine_id=univ.OctetString(), name=univ.OctetString(), data=pdus)


def message_type(pdus: Any) -> Any:
    """The grammar of a message (RFC 3412 §6); `data` is the Choice `plain` or `encrypted`."""
    data = univ.Choice(componentType=fields(plain=scoped_type(pdus), encrypted=univ.OctetString()))
    return _sequence(
        version=univ.Integer(), header=HeaderData(), parameters=univ.OctetString(), data=data
    )


def _sequence(**types: Any) -> Any:
    return univ.Sequence(componentType=fields(**types))
