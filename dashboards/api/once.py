"""What every route of the API does before its own work: bodies of a type and size that it takes,
and a POST with an Idempotency-Key done once (draft-ietf-httpapi-idempotency-key-header).

The answer to a key is kept for a day beside a digest of its request. The same request gets the
same answer again; another request gets 422. A request that was refused changed nothing and does not
use up its key. While the first one runs, or where a crash left its end unknown, the key gets 409.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from dashboards.api.problem import ApiProblem
from dashboards.web.site import Site
from dashboards.web.visitor import Visitor, visitor_of
from inventory.register.problems import FieldProblem
from inventory.store import api_answers as sql
from inventory.store.api_answers import Kept
from inventory.store.errors import StoreError

log = logging.getLogger(__name__)

LARGEST_JSON = 8 * 1024 * 1024
"""Bytes of a JSON body: ten thousand assets."""

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a sheet."""

LONGEST_KEY = 255
LARGEST_KEPT = 256 * 1024
KEPT_S = 86_400.0

_HEADER = "idempotency-key"
_KEPT_HEADERS = ("etag", "location", "content-type", "link", "x-total-count")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ApiRoute(APIRoute):
    """See the module. The application's state has the site."""

    keeps_answers = True
    largest = LARGEST_JSON

    def get_route_handler(self) -> Handler:
        """What serves a request."""
        handler = super().get_route_handler()
        takes_json, keeps, largest = self.body_field is not None, self.keeps_answers, self.largest

        async def serve(request: Request) -> Response:
            if takes_json:
                check_type(request)
            if request.method in ("POST", "PUT", "PATCH"):
                await read_whole(request, largest)
            visitor = visitor_of(request)
            key = request.headers.get(_HEADER)
            if key is None or request.method != "POST" or not visitor.is_known or not keeps:
                return await handler(request)
            return await _once(request, visitor, key, handler)

        return serve


class SecretRoute(ApiRoute):
    """The same for what answers with a secret, which must not be kept: each POST is a new one."""

    keeps_answers = False


class FileRoute(ApiRoute):
    """The same for what takes a file as its body."""

    largest = LARGEST_FILE


def check_type(request: Request) -> None:
    """Raises ApiProblem 415 for a body that is not JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    main, _, sub = kind.partition("/")
    if main != "application" or (sub != "json" and not sub.endswith("+json")):
        wrong = FieldProblem("Content-Type", "must be application/json")
        raise ApiProblem(415, "the body must be JSON", [wrong])


async def read_whole(request: Request, most: int) -> bytes:
    """The body, which the request then keeps. Raises ApiProblem 413 as soon as it is too large."""
    pieces, size = [], 0
    too_large = ApiProblem(
        413, "the body must have at most {most} bytes", values={"most": str(most)}
    )
    told = request.headers.get("content-length", "")
    if told.isdecimal() and len(told) < 20 and int(told) > most:
        raise too_large
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise too_large
        pieces.append(piece)
    # Starlette's own place for a body that was read: whoever asks next gets it from there.
    request._body = b"".join(pieces)
    return request._body


async def _once(request: Request, visitor: Visitor, key: str, handler: Handler) -> Response:
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        wrong = FieldProblem("Idempotency-Key", "must have 1 to 255 printable letters")
        raise ApiProblem(422, "the key cannot be used", [wrong])
    site: Site = request.app.state.site
    owner, digest = _owner(visitor), _digest(request, await request.body())
    known = await run_in_threadpool(_begin, site, owner, key, digest)
    if known is not None:
        return _again(known, digest)
    done = False
    try:
        response = await handler(request)
        done = response.status_code < 300
    finally:
        if not done:
            await run_in_threadpool(_forget, site, owner, key)
    await run_in_threadpool(_keep, site, owner, key, response)
    return response


def _begin(site: Site, owner: str, key: str, digest: str) -> Kept | None:
    now_s = site.clock.wall()
    return site.desk.write(
        "keep an idempotency key",
        lambda c: sql.begin(c, owner, key, digest, now_s, now_s - KEPT_S),
    )


def _forget(site: Site, owner: str, key: str) -> None:
    site.desk.write("give up an idempotency key", lambda c: sql.forget(c, owner, key))


def _keep(site: Site, owner: str, key: str, response: Response) -> None:
    body = bytes(response.body)
    if len(body) > LARGEST_KEPT:
        body = b"{}"
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    try:
        site.desk.write(
            "keep an answer",
            lambda c: sql.keep(c, owner, key, response.status_code, json.dumps(kept), body),
        )
    except StoreError as error:
        # What was asked is done: that is what is told now. The key then gets 409.
        log.warning("an answer of the API could not be kept: %s", error)


def _again(known: Kept, digest: str) -> Response:
    if known.digest != digest:
        wrong = FieldProblem("Idempotency-Key", "was used for another request; take a new one")
        raise ApiProblem(422, "this key belongs to another request", [wrong])
    if known.status is None:
        raise ApiProblem(
            409,
            "the request with this key is not finished, or was cut off; look at what there is "
            "before you send it with another key",
        )
    headers = {**json.loads(known.headers), "Idempotency-Replayed": "true"}
    return Response(known.body, known.status, headers)


def _owner(visitor: Visitor) -> str:
    """Whose keys: a token with fewer rights gets no answer that was made for one with more."""
    communes = "*" if visitor.communes is None else ",".join(sorted(visitor.communes))
    return f"{visitor.name} {','.join(sorted(visitor.rights))} {communes}"


def _digest(request: Request, body: bytes) -> str:
    head = f"{request.method} {request.url.path}?{request.url.query}\n"
    return hashlib.sha256(head.encode() + body).hexdigest()
