"""Keys of a USM user at one engine, and what is done with them.

RFC 3414 §2.6 and §A.2 (keys), §6 and RFC 7860 (digests), §8 (DES), RFC 3826 (AES-128). Keys longer
than the digest are extended as draft-blumenthal-aes-usm-04 §3.1.2.1 has it, which net-snmp calls
AES-192 and AES-256, or as draft-reeder-snmpv3-usm-3desede-00 §2.1, which Cisco uses.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import itertools
import secrets
from collections.abc import Iterator

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from collectors.snmp.pdu import Rejected

DIGESTS = {
    "MD5": ("md5", 12),
    "SHA": ("sha1", 12),
    "SHA-224": ("sha224", 16),
    "SHA-256": ("sha256", 24),
    "SHA-384": ("sha384", 32),
    "SHA-512": ("sha512", 48),
}
"""Name in hashlib, bytes of the digest that are sent (RFC 3414 §6, §7; RFC 7860 §4)."""
_KEY_BYTES = {
    "DES": 16,
    "AES-128": 16,
    "AES-192": 24,
    "AES-256": 32,
    "AES-192-C": 24,
    "AES-256-C": 32,
}
_HASHED_BYTES = 1 << 20
_BLOCK, _DES_BLOCK = 16, 8


class Signature:
    """Signs and checks with an authentication key."""

    def __init__(self, auth: str, key: bytes) -> None:
        name, self.size = DIGESTS[auth]
        self._blank = hmac.new(key, digestmod=name)

    def digest(self, message: bytes) -> bytes:
        """The digest of a message whose digest is zeros."""
        state = self._blank.copy()
        state.update(message)
        return state.digest()[: self.size]


class AesCipher:
    """AES in CFB with blocks of 128 bits; the key's length says which AES it is."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.AES(key)
        self._block_cipher = Cipher(self._key, modes.ECB()).encryptor()  # noqa: S305 - see opened

    def sealed(self, data: bytes, boots: int, time_s: int) -> tuple[bytes, bytes]:
        """(the data encrypted, the salt)."""
        salt = (next(_SALTS) & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "big")
        vector = boots.to_bytes(4, "big") + time_s.to_bytes(4, "big") + salt
        return Cipher(self._key, CFB(vector)).encryptor().update(data), salt

    def opened(self, data: bytes, boots: int, time_s: int, salt: bytes) -> bytes:
        """The data decrypted. Raises Rejected.

        CFB's key stream is the encrypted cipher text, so one call for all blocks yields it, and
        with one cipher for all messages: several times faster than a CFB object for each.
        """
        if len(salt) != 8 or not data:
            raise Rejected("malformed")
        stream = boots.to_bytes(4, "big") + time_s.to_bytes(4, "big") + salt + data
        whole = (len(data) + _BLOCK - 1) // _BLOCK * _BLOCK
        keys = self._block_cipher.update(stream[:whole].ljust(whole, b"\0"))[: len(data)]
        number = int.from_bytes(data, "big") ^ int.from_bytes(keys, "big")
        return number.to_bytes(len(data), "big")


class DesCipher:
    """DES in CBC (RFC 3414 §8.1.1)."""

    def __init__(self, key: bytes) -> None:
        self._key = TripleDES(key[:8] * 3)  # one key three times is DES
        self._before_vector = int.from_bytes(key[8:16], "big")

    def sealed(self, data: bytes, boots: int, time_s: int) -> tuple[bytes, bytes]:
        """(the data encrypted, the salt)."""
        salt = (boots << 32 | next(_SALTS) & 0xFFFFFFFF).to_bytes(8, "big")
        padded = data + bytes(-len(data) % _DES_BLOCK)
        return self._cipher(salt).encryptor().update(padded), salt

    def opened(self, data: bytes, boots: int, time_s: int, salt: bytes) -> bytes:
        """The data decrypted, with what they were padded with. Raises Rejected."""
        if len(salt) != 8 or not data or len(data) % _DES_BLOCK:
            raise Rejected("malformed")
        return self._cipher(salt).decryptor().update(data)

    def _cipher(self, salt: bytes) -> Cipher[modes.CBC]:
        vector = int.from_bytes(salt, "big") ^ self._before_vector
        return Cipher(self._key, modes.CBC(vector.to_bytes(8, "big")))


def signature(auth: str, passphrase: str, engine_id: bytes) -> Signature:
    """What signs for this engine."""
    return Signature(auth, _local_key(DIGESTS[auth][0], passphrase.encode(), engine_id))


def cipher(auth: str, priv: str, passphrase: str, engine_id: bytes) -> AesCipher | DesCipher:
    """What encrypts for this engine. The user's digest makes the key, whatever the cipher."""
    name = DIGESTS[auth][0]
    key = _local_key(name, passphrase.encode(), engine_id)
    size = _KEY_BYTES[priv]
    if priv.endswith("-C"):
        key = _extended_by_reeder(name, key, size, engine_id)
    while len(key) < size:
        key += hashlib.new(name, key).digest()
    return DesCipher(key) if priv == "DES" else AesCipher(key[:size])


def _extended_by_reeder(name: str, key: bytes, size: int, engine_id: bytes) -> bytes:
    part = key
    while len(key) < size:
        part = _local_key(name, part, engine_id)
        key += part
    return key


@functools.lru_cache(maxsize=4096)
def _local_key(name: str, passphrase: bytes, engine_id: bytes) -> bytes:
    """A passphrase's key at one engine (RFC 3414 §2.6)."""
    key = _user_key(name, passphrase)
    return hashlib.new(name, key + engine_id + key).digest()


@functools.lru_cache(maxsize=64)
def _user_key(name: str, passphrase: bytes) -> bytes:
    """A passphrase's key (RFC 3414 §A.2). A megabyte is hashed for each, and hundreds of devices
    share a credential, hence the cache."""
    times = _HASHED_BYTES // len(passphrase) + 1
    return hashlib.new(name, (passphrase * times)[:_HASHED_BYTES]).digest()


def _salts() -> Iterator[int]:
    """Numbers that no two messages of this process share, from where nobody can know. One counter
    for all: devices with the same engine id have the same keys."""
    return itertools.count(secrets.randbits(64))


_SALTS = _salts()
