"""Forms that were sent, for routes that run in threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse

MOST_FIELDS = 2_000


async def _posted(request: Request) -> Mapping[str, Sequence[str]]:
    form = await request.form(max_fields=MOST_FIELDS, max_files=0)
    found: dict[str, list[str]] = {}
    for key, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(key, []).append(value)
    return found


Posted = Annotated[Mapping[str, Sequence[str]], Depends(_posted)]
"""Input -> its values, of a form of texts."""


def one(posted: Mapping[str, Sequence[str]], key: str, most: int = 500) -> str:
    """The last value of an input, without blanks around it; "" where there is none."""
    values = posted.get(key, ())
    return values[-1][:most].strip() if values else ""


def number(text: str) -> int | None:
    """A number that a form or an address carries; None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def see_other(path: str) -> RedirectResponse:
    """Go and look at what was done."""
    return RedirectResponse(path, 303)
