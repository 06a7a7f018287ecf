"""Lists in pieces: limit and offset or a cursor, Link headers (RFC 8288), the number of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Query, Request

MOST = 1_000
"""Rows of one answer: more would hold up the others that read at the same time."""

FARTHEST = 10_000_000
"""Largest offset: a register has fewer rows."""

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=FARTHEST, description="How many to leave out before.")]
Before = Annotated[
    int | None, Query(ge=1, le=2**62, description="Only what has a smaller id: the next piece.")
]


def links(request: Request, offset: int, limit: int, total: int) -> dict[str, str]:
    """Headers of a piece of a list: Link with first, prev, next and last, and X-Total-Count."""
    last = max(0, (total - 1) // limit * limit)
    found = {"first": 0, "last": last}
    if offset > 0:
        found["prev"] = max(0, min(offset - limit, last))
    if offset + limit < total:
        found["next"] = offset + limit
    named = {
        relation: _address(request, {"offset": str(at), "limit": str(limit)})
        for relation, at in found.items()
    }
    return {"Link": _link(named), "X-Total-Count": str(total)}


def link_before(request: Request, before: int | None, limit: int) -> dict[str, str]:
    """The Link header of a list that is read by id downwards; before: the last one's id, None
    where there is no more."""
    if before is None:
        return {}
    return {
        "Link": _link({"next": _address(request, {"before": str(before), "limit": str(limit)})})
    }


def _address(request: Request, changed: Mapping[str, str]) -> str:
    """This list's address with other numbers. Without scheme and host: a proxy may have others."""
    kept = [(k, v) for k, v in parse_qsl(request.url.query) if k not in changed]
    return f"{request.url.path}?{urlencode([*kept, *changed.items()])}"


def _link(named: Mapping[str, str]) -> str:
    return ", ".join(f'<{address}>; rel="{relation}"' for relation, address in named.items())
