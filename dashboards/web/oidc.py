"""Sign-in through an OpenID Connect provider: authorization code with PKCE (RFC 7636); and the way
out again.

The library is loaded with this module, so this module is loaded only where a provider is
configured. Sources: OpenID Connect Core 1.0 3.1, Discovery 1.0, RP-Initiated Logout 1.0, RFC 9700,
RFC 9207.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from config.oidc import Oidc, is_local
from inventory.people.throttle import Used

TIMEOUT_S = 5.0
KEPT_S = 3600.0
"""How long what the provider says of itself is believed."""
KEYS_AGAIN_S = 60.0
"""An unknown key has the keys asked for again, but not more often than this."""
LEEWAY_S = 60
"""Clocks of two machines differ."""
AT_ONCE = 4
"""Sign-ins that may wait for the provider at a time: the rest of the pages goes on."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures that only the provider can make: no `none`, no shared secret."""


class Unreachable(Exception):
    """The provider gave no answer that can be used, or too many people wait for it."""


class Unproven(Exception):
    """What came back does not prove who it is. Its text is for the log, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """name: of whom the provider vouches for. token: the ID token that says so."""

    name: str
    token: str = field(repr=False)


class Provider:
    """One provider. For threads. back, after: the addresses that it sends browsers to who have
    signed in, and who have logged out there.

    A sign-in hangs on a secret that one browser holds in a cookie: state, nonce and code verifier
    are made from it, so nobody else's answer fits.
    """

    def __init__(self, settings: Oidc, back: str, after: str) -> None:
        self.settings = settings
        self._back = back
        self._after = after
        self._used = Used(KEPT_S)
        self._waiting = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._metadata: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def address(self, secret: str) -> str:
        """Where to send the browser that holds a secret. Raises Unreachable."""
        with self._asking() as client:
            begin = self._of_itself(client)["authorization_endpoint"]
        verifier = _made(secret, "verifier").encode()
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self._back,
            "scope": " ".join(dict.fromkeys(("openid", *self.settings.scopes))),
            "state": _made(secret, "state"),
            "nonce": _made(secret, "nonce"),
            "code_challenge": _base64url(hashlib.sha256(verifier).digest()),
            "code_challenge_method": "S256",
        }
        return _with(begin, asked)

    def end(self, token: str = "") -> str:
        """Where a browser ends its session at the provider (RP-Initiated Logout 1.0, 2); "" where
        the provider has no such address. token: the ID token of whom it is. Raises Unreachable."""
        with self._asking() as client:
            address = self._of_itself(client).get("end_session_endpoint")
        if not self._is_safe(address):
            return ""
        asked = {
            "client_id": self.settings.client_id,
            "post_logout_redirect_uri": self._after,
        }
        return _with(str(address), asked | ({"id_token_hint": token} if token else {}))

    def vouched(self, secret: str, sent: Mapping[str, str], now_s: float) -> Vouched:
        """Whom the provider vouches for, by what its answer brought back.

        Holds once for each secret. Raises Unproven, Unreachable.
        """
        if not hmac.compare_digest(sent.get("state", "").encode(), _made(secret, "state").encode()):
            raise Unproven("the state is not of this browser")
        if not self._used.take(_made(secret, "used"), time.monotonic()):
            raise Unproven("the state was used before")
        if "error" in sent:
            raise Unproven(f"the provider says {sent['error'][:60]!a}")
        if sent.get("iss", self.settings.issuer) != self.settings.issuer:
            raise Unproven("the answer is of another issuer")
        with self._asking() as client:
            answer = self._redeem(client, sent.get("code", ""), _made(secret, "verifier"))
            claims = self._claims(client, answer, _made(secret, "nonce"), now_s)
        if self.settings.claim == "email" and claims.get("email_verified") is False:
            raise Unproven("the e-mail address is not verified")
        name = claims.get(self.settings.claim)
        if not isinstance(name, str) or not name.strip():
            raise Unproven(f"the ID token has no claim {self.settings.claim}")
        return Vouched(name, answer["id_token"])

    @contextlib.contextmanager
    def _asking(self) -> Iterator[httpx.Client]:
        if not self._waiting.acquire(blocking=False):
            raise Unreachable("too many sign-ins at once")
        try:
            with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False) as client:
                yield client
        except httpx.HTTPError as error:
            raise Unreachable(f"{type(error).__name__} of {self.settings.issuer}") from error
        finally:
            self._waiting.release()

    def _of_itself(self, client: httpx.Client) -> dict[str, Any]:
        """What the provider says of itself (Discovery 1.0, 4)."""
        with self._lock:
            held = self._metadata
        if held is not None and time.monotonic() - held[0] < KEPT_S:
            return held[1]
        issuer = self.settings.issuer
        found = _object(client.get(f"{issuer.removesuffix('/')}/.well-known/openid-configuration"))
        if found.get("issuer") != issuer:
            raise Unreachable(f"it names itself {ascii(found.get('issuer'))[:200]}, not {issuer}")
        for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not self._is_safe(found.get(key)):
                raise Unreachable(f"its {key} is no https address")
        with self._lock:
            self._metadata = (time.monotonic(), found)
        return found

    def _is_safe(self, address: object) -> bool:
        return isinstance(address, str) and (
            address.startswith("https://") or (is_local(self.settings.issuer) and is_local(address))
        )

    def _redeem(self, client: httpx.Client, code: str, verifier: str) -> dict[str, Any]:
        itself = self._of_itself(client)
        name, secret = self.settings.client_id, self.settings.client_secret.reveal()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": verifier,
        }
        ways = itself.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        auth: httpx.Auth = httpx.Auth()
        if "client_secret_basic" in ways:
            # Each form-encoded first (RFC 6749, 2.3.1).
            auth = httpx.BasicAuth(*(urlencode({"": part})[1:] for part in (name, secret)))
        else:
            form |= {"client_id": name, "client_secret": secret}
        answer = client.post(itself["token_endpoint"], data=form, auth=auth)
        if 400 <= answer.status_code < 500:
            with contextlib.suppress(ValueError, AttributeError):
                why = ascii(str(answer.json().get("error", ""))[:60])
                raise Unproven(f"the provider refuses the code: {why}")
            raise Unproven("the provider refuses the code")
        return _object(answer)

    def _claims(
        self, client: httpx.Client, answer: Mapping[str, Any], nonce: str, now_s: float
    ) -> Mapping[str, Any]:
        """The claims of the ID token of an answer, once all of it holds (Core 1.0, 3.1.3.7)."""
        written = answer.get("id_token")
        if not isinstance(written, str):
            raise Unproven("the answer has no ID token")
        settings = self.settings
        try:
            token = jwt.decode(written, self._keys_for(client, written), list(ALGORITHMS))
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": settings.issuer},
                    "aud": {"essential": True, "value": settings.client_id},
                    "sub": {"essential": True},
                },
                {
                    "nonce": nonce,
                    "client_id": settings.client_id,
                    "access_token": answer.get("access_token"),
                },
            )
            claims.validate(int(now_s), LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Unproven(f"the ID token does not hold: {ascii(str(error))[:100]}") from error
        return claims

    def _keys_for(self, client: httpx.Client, written: str) -> KeySet:
        """The provider's keys, asked for again where they do not have the one that signed."""
        kid = _kid(written)
        with self._lock:
            held = self._keys
        if held is not None:
            age_s = time.monotonic() - held[0]
            known = kid is None or any(key.kid == kid for key in held[1].keys)
            if age_s < (KEPT_S if known else KEYS_AGAIN_S):
                return held[1]
        found = _object(client.get(self._of_itself(client)["jwks_uri"]))
        made = KeySet.import_key_set({"keys": found["keys"]})
        with self._lock:
            self._keys = (time.monotonic(), made)
        return made


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _made(secret: str, what: str) -> str:
    """43 characters that only whoever knows the secret can make, other ones for each use."""
    return _base64url(hmac.digest(secret.encode(), what.encode(), hashlib.sha256))


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def _kid(written: str) -> str | None:
    found = extract_compact(written.encode()).headers().get("kid")
    return found if isinstance(found, str) else None


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json() if answer.status_code == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unreachable(f"{answer.url.path} answers {answer.status_code} and no JSON object")
    return found
