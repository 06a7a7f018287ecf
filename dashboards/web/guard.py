"""What stands before every answer: the Host check, the headers that all answers have, and an
answer that tells nothing when a page has a defect. Knows no page.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # The camera reads labels in a stock-take; nothing else of the machine is anybody's business.
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer, errors included (ASVS 5.0 3.4)."""

_FRESH = "no-store"
_STATIC = "public, max-age=31536000, immutable"
"""Of a file whose address has its digest; without one it is asked for again each time."""

MOST_BODY_BYTES = 66 * 1024 * 1024
"""Of one request: a spreadsheet of 64 MB with what a form says around it."""

MOST_THROWN_AWAY_BYTES = 256 * 1024 * 1024
"""Of one that is larger, before it is cut off."""

_TOO_LARGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Hatang</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/hatang.css"></head>
<body><main><h1>Tệp quá lớn</h1>
<p>Tệp lớn hơn {most} MB nên không nhận; chưa có gì thay đổi. Hãy quay lại và gửi từng phần.</p>
<p lang="en">The file has more than {most} MB and was not taken; nothing was changed. Go back and
send it in parts.</p>
<p lang="hi">फ़ाइल {most} MB से बड़ी है, इसलिए नहीं ली गई; कुछ नहीं बदला। वापस जाएँ और उसे भागों में भेजें।</p>
</main></body></html>
"""
"""In every language: this part knows neither the reader nor a page."""

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Guard:
    """The outermost part of the application. listen: gives the host that is listened on."""

    def __init__(self, app: ASGIApp, listen: Callable[[], str]) -> None:
        self._app = app
        self._listen = listen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", _caching(scope, message["status"]))
            await send(message)

        if not host_is_ours(Headers(scope=scope).get("host", ""), self._listen()):
            refusal = PlainTextResponse("unknown host\n", 400)
            await refusal(scope, receive, guarded)
            return
        if _is_too_large(Headers(scope=scope)):
            await _thrown_away(receive)
            await _too_large(scope)(scope, receive, guarded)
            return
        try:
            await self._app(scope, receive, guarded)
        except Exception:
            if begun:
                raise
            log.exception("defect in the page %s", ascii(scope["path"]))
            sorry = PlainTextResponse(
                "Trang này có lỗi; nhật ký của Hatang ghi nguyên nhân.\n"
                "This page has a defect; Hatang's log has the cause.\n",
                500,
            )
            await sorry(scope, receive, guarded)


async def _thrown_away(receive: Receive) -> None:
    """Take what is sent, up to a bound, and keep nothing of it: a browser that is still sending
    does not read why it should not."""
    most = MOST_THROWN_AWAY_BYTES
    while most > 0:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            return
        most -= len(message.get("body", b""))


def _too_large(scope: Scope) -> Response:
    if scope["path"].startswith("/api/"):
        return PlainTextResponse("too large\n", 413)
    return HTMLResponse(_TOO_LARGE.format(most=MOST_BODY_BYTES // 2**20 - 2), 413)


def _is_too_large(headers: Headers) -> bool:
    """Whether more is sent than any form takes, or files so that nobody can tell (RFC 9112, 6.3);
    browsers say how much they send."""
    if "transfer-encoding" in headers:
        return headers.get("content-type", "").startswith("multipart/")
    length = headers.get("content-length", "0")
    return not length.isdecimal() or int(length) > MOST_BODY_BYTES


def _caching(scope: Scope, status: int) -> str:
    if not scope["path"].startswith("/static/") or status not in (200, 304):
        return _FRESH
    return _STATIC if scope["query_string"].startswith(b"v=") else "no-cache"


def host_is_ours(host: str, listen: str) -> bool:
    """Whether a Host header may be answered: on loopback only loopback's own names, so that no
    page elsewhere can read ours through a name of its own that points here (DNS rebinding).

    >>> host_is_ours("localhost:8650", "127.0.0.1"), host_is_ours("evil.example", "127.0.0.1")
    (True, False)
    """
    if not _is_loopback(listen):
        return True
    has_port = ":" in host and not host.endswith("]")
    name = host.rpartition(":")[0] if has_port else host
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    return name.lower() in {*_LOOPBACK_NAMES, listen.lower()}


def _is_loopback(listen: str) -> bool:
    try:
        return ipaddress.ip_address(listen).is_loopback
    except ValueError:
        return listen.lower() == "localhost" or listen.lower().endswith(".localhost")
