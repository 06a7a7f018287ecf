"""Answers that are known already: an ETag over the content, and 304 for whoever has it."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import Header, Response
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter

Known = Annotated[
    str | None,
    Header(alias="If-None-Match", max_length=200, description="The ETag of what is known already."),
]

_TAGGED = {
    "ETag": {"schema": {"type": "string"}, "description": "Of the content of the answer."},
}
_PIECE = {
    "Link": {
        "schema": {"type": "string"},
        "description": "first, prev, next and last piece (RFC 8288).",
    },
    "X-Total-Count": {"schema": {"type": "integer"}, "description": "How many there are in all."},
}
_SAME = {"description": "It is as If-None-Match says.", "headers": _TAGGED}
WHOLE: dict[int | str, dict[str, Any]] = {200: {"headers": _TAGGED}, 304: _SAME}
"""What a route that uses `told` answers with."""
LISTED: dict[int | str, dict[str, Any]] = {200: {"headers": _TAGGED | _PIECE}, 304: _SAME}
"""The same where the answer is a piece of a list."""


def told(
    kind: TypeAdapter[Any], answer: object, known: str | None, headers: dict[str, str] | None = None
) -> Response:
    """The answer with its ETag, or 304 where it is known."""
    body = kind.dump_json(answer)
    about = body + str(sorted((headers or {}).items())).encode()
    tag = f'"{hashlib.sha256(about).hexdigest()[:32]}"'
    more = {"ETag": tag, "Cache-Control": "private, no-cache", **(headers or {})}
    if known is not None and (known.strip() == "*" or tag in known):
        return Response(status_code=304, headers=more)
    return Response(body, headers=more, media_type=JSONResponse.media_type)
