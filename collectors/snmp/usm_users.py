"""USM users as pysnmp wants them: digests, ciphers and levels by the names of our settings."""

from __future__ import annotations

from typing import Any

from pysnmp.entity import config  # type: ignore[import-untyped]

from config.credentials import SnmpV3

LEVELS = {"noAuthNoPriv": 1, "authNoPriv": 2, "authPriv": 3}
"""securityLevel (RFC 3411 §5)."""

AUTH_PROTOCOLS = {
    "MD5": config.USM_AUTH_HMAC96_MD5,
    "SHA": config.USM_AUTH_HMAC96_SHA,
    "SHA-224": config.USM_AUTH_HMAC128_SHA224,
    "SHA-256": config.USM_AUTH_HMAC192_SHA256,
    "SHA-384": config.USM_AUTH_HMAC256_SHA384,
    "SHA-512": config.USM_AUTH_HMAC384_SHA512,
}
PRIV_PROTOCOLS = {
    "DES": config.USM_PRIV_CBC56_DES,
    "AES-128": config.USM_PRIV_CFB128_AES,
    "AES-192": config.USM_PRIV_CFB192_AES_BLUMENTHAL,
    "AES-256": config.USM_PRIV_CFB256_AES_BLUMENTHAL,
    "AES-192-C": config.USM_PRIV_CFB192_AES,
    "AES-256-C": config.USM_PRIV_CFB256_AES,
}


def add_user(engine: Any, user: SnmpV3) -> None:
    """Make a user known to a pysnmp engine, a manager's or an agent's."""
    auth, priv = config.USM_AUTH_NONE, config.USM_PRIV_NONE
    auth_key = priv_key = None
    if user.level != "noAuthNoPriv" and user.auth_key is not None:
        auth, auth_key = AUTH_PROTOCOLS[user.auth], user.auth_key.reveal()
    if user.level == "authPriv" and user.priv_key is not None:
        priv, priv_key = PRIV_PROTOCOLS[user.priv], user.priv_key.reveal()
    config.add_v3_user(engine, user.user, auth, auth_key, priv, priv_key)
