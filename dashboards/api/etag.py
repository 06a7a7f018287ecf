"""Versions as entity tags (RFC 9110, 8.8.3), and what If-Match asks of them."""

from __future__ import annotations

import re

from dashboards.api.problem import ApiProblem
from inventory.register.problems import FieldProblem

_TAG = re.compile(r'"(0|[1-9][0-9]{0,17})"')


def etag(version: int) -> str:
    """The strong tag of a version.

    >>> etag(3)
    '"3"'
    """
    return f'"{version}"'


def wanted(if_match: str | None) -> int | None:
    """The version that If-Match asks for; None for `*`: whatever is there.

    Raises ApiProblem: 428 without the header, 412 for a tag that no version has. Of several tags
    the last one holds: a client that names more than one would take any, and what it saw last is
    what its change rests on.

    >>> wanted('"7"'), wanted("*")
    (7, None)
    """
    if if_match is None:
        raise ApiProblem(
            428,
            "send If-Match with the ETag of what you read, so that no change of somebody else "
            "is lost; If-Match: * overwrites whatever is there",
            [FieldProblem("If-Match", "is missing")],
        )
    if if_match.strip() == "*":
        return None
    versions = [int(found) for found in _TAG.findall(if_match)]
    weak = "W/" in if_match
    if not versions or weak:
        raise ApiProblem(
            412,
            "no version has this tag",
            [FieldProblem("If-Match", 'must be an ETag, for example "3"')],
        )
    return versions[-1]
