"""Signing in through an OpenID Connect provider, beside the local sign-in."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from config.scalars import Secret, Section


def is_local(address: str) -> bool:
    """Whether an address is one of this machine, where http is as safe as https.

    >>> is_local("http://127.0.0.1:9000/x"), is_local("http://sso.example.vn")
    (True, False)
    """
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _issuer(value: str) -> str:
    parts = urlsplit(value)
    if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be an address as https://sso.example.vn/realms/district")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local(value)):
        raise ValueError("must begin with https:// (http:// only on this machine)")
    return value


class Oidc(Section):
    """A provider of OpenID Connect through which users may sign in, beside the local sign-in.
    Nothing is asked of it unless it is configured. Roles and communes stay those of Hatang."""

    issuer: Annotated[str, AfterValidator(_issuer)]
    """The provider's address, exactly as it names itself (`issuer` of its
    `/.well-known/openid-configuration`)."""
    client_id: str = Field(min_length=1, max_length=200)
    """Hatang's name at the provider; its address to return to is `web.public_url` +
    `/oidc/back`, and `/login` after a logout."""
    client_secret: Secret
    """The secret that goes with it, from ${ENV} or {file: PATH}."""
    claim: str = Field("preferred_username", min_length=1, max_length=100)
    """The claim of the ID token that is the user's name here; one that people cannot change
    themselves."""
    scopes: tuple[str, ...] = ("profile",)
    """What is asked for beside `openid`, so that the claim is in the ID token."""
    unknown: Literal["refuse", "viewer"] = "refuse"
    """Somebody whom the provider knows and Hatang does not: refused, or made a `viewer` of all
    communes."""
    label: str = Field("", max_length=60)
    """What the sign-in page calls the provider; its host where empty."""

    @property
    def shown(self) -> str:
        """What the sign-in page calls the provider."""
        return self.label or urlsplit(self.issuer).hostname or self.issuer
