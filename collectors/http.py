"""HTTP and HTTPS: status, latency and when the certificate expires, as an outside client sees it.

Only the address of the register is asked, directly (no proxy of the environment), on a fresh
connection. A redirect is followed on the same host only; user names, passwords and query strings
of the address never reach a message. The body is read up to a bound and thrown away.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass

import httpx
from cryptography import x509

from collectors.address import LOOKUP_WITHIN_S, causes, resolved, socket_error
from collectors.base import CollectorError, Steps
from inventory.observation import Outcome, Reading

MAX_BODY_BYTES = 64 * 1024
"""How much of a body is read; enough for a status page, too little for a flood."""

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class _Answer:
    """One response: the status, where it points to, and the certificate (DER) behind it."""

    status: int
    location: str
    certificate: bytes


class HttpCollector:
    """Asks `url` once a look; `timeout_s` bounds each wait (connect, write, read), `lookup_s` the
    look-up of a name."""

    def __init__(
        self,
        url: str,
        expect_status: tuple[int, ...],
        verify_tls: bool,
        timeout_s: float,
        lookup_s: float = LOOKUP_WITHIN_S,
    ) -> None:
        self._url = httpx.URL(url)
        self._expected = expect_status
        self._verify = verify_tls
        self._timeout_s = timeout_s
        self._lookup_s = lookup_s
        self._tls: ssl.SSLContext | None = None

    async def collect(self, steps: Steps) -> Reading:
        """http_status, latency_s (connection to headers) and certificate_expires_at_s.

        Raises CollectorError: REFUSED for an unexpected_status, certificate_invalid, tls_failed,
        protocol_error or connection_refused (something is there, but not what was asked for);
        UNREACHABLE for timeout and no_route; ERROR name_not_found and name_timeout.
        """
        if self._tls is None:
            # Loading the certificate store takes tens of milliseconds: once, and off the loop.
            self._tls = await asyncio.to_thread(_tls_context, self._verify)
        started = steps.monotonic()
        url = self._url
        async with httpx.AsyncClient(
            verify=self._tls,
            trust_env=False,
            timeout=self._timeout_s,
            headers={"User-Agent": "hatang", "Accept": "*/*"},
        ) as client:
            for _ in range(MAX_REDIRECTS + 1):
                answer = await self._ask(client, url, steps)
                if answer.status in self._expected or answer.status not in _REDIRECTS:
                    break
                following = url.join(answer.location)
                if not answer.location or not same_host(url, following):
                    break
                url = following
        reading = Reading(
            http_status=answer.status,
            latency_s=steps.monotonic() - started,
            certificate_expires_at_s=(
                expires_at_s(answer.certificate) if answer.certificate else None
            ),
        )
        if answer.status in self._expected:
            return reading
        wanted = " or ".join(str(status) for status in self._expected)
        message = f"{shown(url)} answered {answer.status}, expected {wanted}"
        if answer.status in _REDIRECTS:
            message += f" (it points to {shown(url.join(answer.location))}, which is not followed)"
        raise CollectorError(Outcome.REFUSED, "unexpected_status", message, reading=reading)

    async def close(self) -> None:
        """Nothing is kept between looks but the certificate store."""

    async def _ask(self, client: httpx.AsyncClient, url: httpx.URL, steps: Steps) -> _Answer:
        """One request to one address; the name is resolved here and nowhere else."""
        port = url.port or _DEFAULT_PORTS[url.scheme]
        with steps.step(f"resolve {url.host}") as step:
            _, target = await resolved(url.host, port, self._lookup_s)
            step.result = str(target[0])
        direct = url.copy_with(host=str(target[0])) if "%" not in target[0] else url
        extensions = {"sni_hostname": url.host} if target[0] != url.host else {}
        with steps.step(f"GET {shown(url)}") as step:
            try:
                async with client.stream(
                    "GET", direct, headers={"Host": url.netloc.decode()}, extensions=extensions
                ) as response:
                    answer = _Answer(
                        response.status_code,
                        response.headers.get("location", ""),
                        _peer_certificate(response),
                    )
                    step.result = str(answer.status)
                    await _read_some(response)
                    return answer
            except (httpx.TransportError, httpx.InvalidURL) as error:
                raise await self._failure(error, url, target, steps) from error

    async def _failure(
        self, error: Exception, url: httpx.URL, target: tuple[object, ...], steps: Steps
    ) -> CollectorError:
        """What went wrong below HTTP, told by what the client's error came from."""
        tried = f"GET {shown(url)}"
        if isinstance(error, httpx.TimeoutException):
            return CollectorError(Outcome.UNREACHABLE, "timeout", f"{tried}: no answer in time")
        found = list(causes(error))
        for cause in found:
            if isinstance(cause, ssl.SSLCertVerificationError):
                certificate = await self._certificate_unverified(url, target, steps)
                return CollectorError(
                    Outcome.REFUSED,
                    "certificate_invalid",
                    f"{tried}: {cause.verify_message}",
                    reading=Reading(
                        certificate_expires_at_s=expires_at_s(certificate) if certificate else None
                    ),
                )
            if isinstance(cause, ssl.SSLError):
                text = cause.reason or "TLS handshake failed"
                return CollectorError(Outcome.REFUSED, "tls_failed", f"{tried}: {text}")
        for cause in found:
            if isinstance(cause, OSError) and cause.errno:
                return socket_error(cause, tried)
        return CollectorError(
            Outcome.REFUSED, "protocol_error", f"{tried}: what answered does not speak HTTP"
        )

    async def _certificate_unverified(
        self, url: httpx.URL, target: tuple[object, ...], steps: Steps
    ) -> bytes:
        """The certificate (DER) that was not trusted, by a handshake and no request; b'' if the
        second connection fails."""
        with steps.step("read the certificate") as step:
            with contextlib.suppress(OSError):
                async with asyncio.timeout(self._timeout_s):
                    _, writer = await asyncio.open_connection(
                        str(target[0]),
                        url.port or _DEFAULT_PORTS[url.scheme],
                        ssl=_tls_context(verify=False),
                        server_hostname=url.host,
                    )
                    certificate: bytes = writer.get_extra_info("ssl_object").getpeercert(True)
                    writer.close()
                    with contextlib.suppress(OSError):
                        await writer.wait_closed()
                    step.result = "read"
                    return certificate
            step.result = "none"
        return b""


def shown(url: httpx.URL) -> str:
    """The address for people: without user name, password, query and fragment.

    >>> shown(httpx.URL("https://admin:secret@host:8443/status?token=1"))
    'https://host:8443/status'
    """
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


def same_host(here: httpx.URL, there: httpx.URL) -> bool:
    """Whether a redirect stays: same scheme, host and port, or from http to https on the host's
    default ports."""
    if here.host != there.host:
        return False
    if (here.scheme, here.port) == (there.scheme, there.port):
        return True
    upgrade = (here.scheme, there.scheme) == ("http", "https")
    return upgrade and here.port is None and there.port is None


def expires_at_s(certificate_der: bytes) -> float | None:
    """notAfter (RFC 5280 §4.1.2.5) in seconds since 1970; None for a certificate that cannot be
    read, which some old devices have and which TLS does not mind."""
    try:
        certificate = x509.load_der_x509_certificate(certificate_der)
        return certificate.not_valid_after_utc.timestamp()
    except ValueError:
        return None


def _tls_context(verify: bool) -> ssl.SSLContext:
    """The machine's own certificate store, so that an organisation's own authority counts."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _peer_certificate(response: httpx.Response) -> bytes:
    """The certificate (DER) of the connection that the answer came over; b'' without TLS."""
    tls = response.extensions["network_stream"].get_extra_info("ssl_object")
    certificate: bytes | None = tls.getpeercert(binary_form=True) if tls is not None else None
    return certificate or b""


async def _read_some(response: httpx.Response) -> None:
    """Read up to the bound as it comes over the wire: a compressed body is not blown up."""
    total = 0
    async for chunk in response.aiter_raw():
        total += len(chunk)
        if total >= MAX_BODY_BYTES:
            return
