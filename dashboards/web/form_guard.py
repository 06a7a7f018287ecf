"""Guards forms: every one is known to come from a page of ours (CSRF), and what was typed is kept
when the session has ended meanwhile.

Each has `{{ csrf_field() }}`; a script sends the same in the header X-CSRF-Token.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from urllib.parse import urlsplit

from fastapi import Request
from markupsafe import Markup
from starlette.exceptions import HTTPException

from dashboards.web.gate import OPEN, OPEN_EXACTLY, SAFE, is_form
from dashboards.web.visitor import Denied, LoginNeeded, visitor_of

FIELD = "csrf"
HEADER = "x-csrf-token"
MOST_FIELDS = 60_000
"""A bulk edit of as many assets as a register may hold sends one field for each."""

_MOST_KEPT = 200_000
"""Characters of what was typed that are kept over a login."""


class SessionEnded(HTTPException):
    """A form came from somebody who is logged in no longer. kept: its fields, as JSON."""

    def __init__(self, kept: str) -> None:
        super().__init__(401, "log in first")
        self.kept = kept


def form_token(secret: str, salt: str = "") -> str:
    """What a form shows to prove where it comes from; tells nothing of the secret.

    It differs each time, so that its length when packed tells nothing, either (BREACH).
    """
    salt = salt or secrets.token_hex(8)
    return f"{salt}.{hashlib.sha256(f'{salt}:form:{secret}'.encode()).hexdigest()}"


def is_token(sent: str, secret: str) -> bool:
    """Whether a form token was made with a secret."""
    salt = sent.partition(".")[0]
    whole = bool(secret) and bool(salt)
    return whole and hmac.compare_digest(sent.encode(), form_token(secret, salt).encode())


def csrf_field(request: Request) -> Markup:
    """The hidden field of a form."""
    request.state.form_used = True
    token = form_token(getattr(request.state, "form_secret", ""))
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token)


async def check_form(request: Request) -> None:
    """A dependency of every route: whoever changes something means it.

    Raises Denied, LoginNeeded and SessionEnded.
    """
    if request.method in SAFE:
        return
    visitor = visitor_of(request)
    if visitor.via == "api":
        return
    if not same_origin(request):
        raise Denied("a form of another site")
    path = request.url.path
    free = path in OPEN_EXACTLY or path.startswith(OPEN)
    if not visitor.is_known and not free:
        if is_form(request) and from_browser(request):
            raise SessionEnded(await _kept(request))
        raise LoginNeeded
    sent = request.headers.get(HEADER, "")
    if not sent and is_form(request):
        field = (await request.form(max_fields=MOST_FIELDS)).get(FIELD)
        sent = field if isinstance(field, str) else ""
    if not is_token(sent, getattr(request.state, "form_secret", "")):
        raise Denied("a form that is not from this session")


def same_origin(request: Request) -> bool:
    """Whether the browser says that a page of ours sends this; programs say nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def from_browser(request: Request) -> bool:
    """Whether a browser says so of itself, so that what it sends may be shown to its user."""
    return "origin" in request.headers or "sec-fetch-site" in request.headers


async def _kept(request: Request) -> str:
    fields = [
        (name, value)
        for name, value in (await request.form(max_fields=MOST_FIELDS)).multi_items()
        if isinstance(value, str) and name != FIELD
    ]
    text = json.dumps(fields, ensure_ascii=False)
    return text if fields and len(text) <= _MOST_KEPT else ""


def kept_fields(text: str) -> list[tuple[str, str]]:
    """The fields in what was kept; none where it is something else."""
    try:
        found = json.loads(text[:_MOST_KEPT]) if text else []
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    return [
        (pair[0], pair[1])
        for pair in found
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair)
    ]


def own_address(wish: str) -> str:
    """Where to go after a login: an address of this site, else its first page.

    >>> own_address("/assets?q=1"), own_address("//evil.example"), own_address("/\\\\evil.example")
    ('/assets?q=1', '/', '/')
    """
    plain = wish.isascii() and wish.isprintable() and "\\" not in wish
    if not plain or not wish.startswith("/") or wish.startswith(("//", "/login", "/logout")):
        return "/"
    return wish
