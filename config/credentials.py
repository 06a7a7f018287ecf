"""How a device is asked: SNMP communities and USM users, and where they may be offered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.scalars import Network, Secret, Section

Engine = Literal["hatang", "pysnmp"]
"""Which implementation of SNMP asks."""


class SnmpV1(Section):
    """SNMPv1, for devices that know nothing newer: no 64-bit counters, and slow walks."""

    version: Literal["v1"]
    """Always v1."""
    community: Secret
    """The community, from ${ENV} or {file: PATH}."""
    engine: Engine = "hatang"
    """`pysnmp` asks through that library, much slower: a second opinion on an odd device."""
    networks: tuple[Network, ...] = ("0.0.0.0/0", "::/0")
    """Where it may be offered; a device elsewhere is never sent it."""


class SnmpV2c(Section):
    """SNMPv2c: the community travels in clear; use v3 where the device can."""

    version: Literal["v2c"]
    """Always v2c."""
    community: Secret
    """The community, from ${ENV} or {file: PATH}."""
    engine: Engine = "hatang"
    """`pysnmp` asks through that library, much slower: a second opinion on an odd device."""
    networks: tuple[Network, ...] = ("0.0.0.0/0", "::/0")
    """Where it may be offered; a device elsewhere is never sent it."""


class SnmpV3(Section):
    """SNMPv3 with USM (RFC 3414). Passphrases need at least 8 characters (RFC 3414 §11.2)."""

    version: Literal["v3"]
    """Always v3."""
    user: str = Field(min_length=1, max_length=32)
    """The USM user's name."""
    level: Literal["noAuthNoPriv", "authNoPriv", "authPriv"] = "authPriv"
    """What is protected: nothing, the origin, or origin and content."""
    auth: Literal["MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] = "SHA-256"
    """Digest (RFC 3414, RFC 7860)."""
    auth_key: Secret | None = None
    """Passphrase of the digest, from ${ENV} or {file: PATH}."""
    priv: Literal["DES", "AES-128", "AES-192", "AES-256", "AES-192-C", "AES-256-C"] = "AES-128"
    """Cipher; -C is the key extension that Cisco and others use."""
    priv_key: Secret | None = None
    """Passphrase of the cipher, from ${ENV} or {file: PATH}."""
    context: str = ""
    """SNMP context name; almost always empty."""
    engine: Engine = "hatang"
    """`pysnmp` asks through that library, much slower: a second opinion on an odd device."""
    networks: tuple[Network, ...] = ("0.0.0.0/0", "::/0")
    """Where it may be offered; a device elsewhere is never sent it."""

    @model_validator(mode="after")
    def _keys_fit_the_level(self) -> SnmpV3:
        for name, need in self.needed_keys.items():
            key = getattr(self, name)
            if need and key is None:
                raise ValueError(f"{name}: is missing; level {self.level} needs it")
            if key is not None and len(key.reveal()) < 8:
                raise ValueError(f"{name}: needs at least 8 characters (RFC 3414 §11.2)")
        return self

    @property
    def needed_keys(self) -> dict[str, bool]:
        """Whether the level has a use for each key."""
        return {"auth_key": self.level != "noAuthNoPriv", "priv_key": self.level == "authPriv"}


Credential = Annotated[SnmpV1 | SnmpV2c | SnmpV3, Field(discriminator="version")]
