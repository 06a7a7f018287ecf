"""What a refused request gets: problem details of RFC 9457, which name the field.

They are in English, or in the language that Accept-Language asks for, as sentences in other answers
are; `status` and the names of fields are what programs go by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from dashboards.web.api_words import KINDS, in_words
from dashboards.web.languages import chosen, messages
from inventory.register.problems import FieldProblem

MEDIA_TYPE = "application/problem+json"
"""RFC 9457, section 3."""


class FieldError(BaseModel):
    """One thing to mend."""

    field: str
    """Key of the body (`price_vnd`, `steps.3.values.tag`), name of the query or header; "" for the
    whole."""
    message: str
    """What is wrong, and what would be right."""


class Problem(BaseModel):
    """RFC 9457 with two members of our own."""

    type: str = "about:blank"
    """Nothing beyond the status where it is about:blank."""
    title: str
    """The status in words."""
    status: int
    """The HTTP status."""
    detail: str
    """What happened here."""
    errors: list[FieldError] = Field(default_factory=list)
    """By field what is to be mended; empty where no field is to blame."""
    present: dict[str, Any] | None = None
    """With 412: the thing as it is now."""

    model_config = ConfigDict(extra="forbid")


class ApiProblem(Exception):
    """Ends a request. Raised by whatever cannot go on; `answered` makes the answer.

    detail: an English text of `dashboards.web.api_words`, in which {name} stands for one of
    `values`.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        errors: Iterable[FieldProblem] = (),
        *,
        values: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        present: dict[str, Any] | None = None,
    ) -> None:
        self.status, self.detail, self.errors = status, detail, list(errors)
        self.values = dict(values or {})
        self.headers, self.present = dict(headers or {}), present
        super().__init__(detail)


def answered(problem: ApiProblem, request: Request) -> JSONResponse:
    """The answer that a problem makes, in the language that is asked for."""
    language = language_of(request)
    known = messages(language)
    body = Problem(
        title=known.get(phrase := HTTPStatus(problem.status).phrase, phrase),
        status=problem.status,
        detail=said(problem.detail, problem.values, language),
        errors=told(problem.errors, language),
        present=problem.present,
    )
    problem.headers |= in_language(language)
    without = {"present"} if problem.present is None else set()
    return JSONResponse(
        body.model_dump(mode="json", exclude=without),
        problem.status,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )


def language_of(request: Request) -> str:
    """The language that Accept-Language asks for, English where it asks for none of ours."""
    return chosen(None, None, request.headers.get("accept-language", ""), "en")


def in_language(language: str) -> dict[str, str]:
    """The headers of an answer with sentences in it."""
    return {"Content-Language": language, "Vary": "Accept-Language"}


def told(found: Iterable[FieldProblem], language: str) -> list[FieldError]:
    """By field what is to be mended, in a language."""
    return [
        FieldError(field=one.field, message=said(one.text, one.values, language)) for one in found
    ]


def said(text: str, values: Mapping[str, str], language: str) -> str:
    """A text with its values; only the kind of a thing has a word in each language."""
    known = messages(language)
    sentence = known.get(text, text)
    kind = values.get("kind", "")
    word = known.get(KINDS.get(kind, kind), kind)
    return sentence.format_map({**values, "kind": word}) if values else sentence


def not_there(what: str) -> ApiProblem:
    """There is no such thing: a word for its kind, and which one."""
    kind, _, which = what.partition(" ")
    values = {"kind": kind, "which": which}
    return ApiProblem(404, "there is no {kind} {which}", values=values)


def of_validation(error: RequestValidationError) -> ApiProblem:
    """What a body, query or path that does not fit its model gets."""
    errors = [FieldProblem(_field(found["loc"]), *in_words(found)) for found in error.errors()]
    return ApiProblem(422, "the request does not have the form that is described", errors)


def of_http(request: Request, error: HTTPException) -> ApiProblem:
    """What the routing refuses: an address that is not there, a method that it does not have."""
    said = str(error.detail)
    if error.status_code == 404 and said == HTTPStatus.NOT_FOUND.phrase:
        said = "there is nothing at this address; /api/v1/openapi.json has those that there are"
    values = {}
    if error.status_code == 405:
        said, values = "{method} cannot be done here", {"method": request.method}
    return ApiProblem(error.status_code, said, values=values, headers=error.headers)


def _field(place: tuple[int | str, ...]) -> str:
    """`("body", "steps", 3, "tag")` -> `steps.3.tag`."""
    inner = place[1:] if place and place[0] in ("body", "query", "path", "header") else place
    return ".".join(str(part) for part in inner)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may refuse with these statuses, for its description."""
    return {
        status: {
            "description": _DESCRIBED[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


_DESCRIBED = {
    400: "The request cannot be read.",
    401: "Nobody is logged in, or the token does not hold (any more).",
    403: "Your role, your token's scopes or your communes do not allow it.",
    404: "It is not there, or not in your communes.",
    405: "The address does not have this method.",
    409: "It cannot be done in the present state.",
    412: "It was changed since the version of If-Match; `present` is what it is now.",
    413: "The body is too large.",
    415: "The body has a media type that is not taken here.",
    422: "Something in it is wrong; `errors` names the fields.",
    428: "If-Match is needed, so that no change of somebody else is lost.",
    429: "Too many requests; Retry-After says in how many seconds to come again.",
    503: "The database cannot be used now (full, busy, stopping); nothing was changed.",
}
