"""The API as an application of its own, which the pages' application mounts at /api/v1."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from dashboards.api import (
    assets,
    batches,
    changes,
    communes,
    inbox,
    indicators,
    label_pdf,
    moves,
    places,
    plan,
    readiness,
    reports,
    sheets,
    states,
    stock_takes,
    users,
)
from dashboards.api.answers import asset_body
from dashboards.api.doors import MOST_A_MINUTE, Reader, entrance
from dashboards.api.etag import etag
from dashboards.api.once import ApiRoute
from dashboards.api.problem import (
    ApiProblem,
    Problem,
    answered,
    not_there,
    of_http,
    of_validation,
    problems,
)
from dashboards.web.site import Site
from dashboards.web.visitor import Denied, visitor_of
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.stale import Stale
from inventory.store.errors import StoreError

ADDRESS = "/api/v1"
"""Where it is mounted."""

_TOPICS = (
    assets,
    batches,
    changes,
    communes,
    plan,
    readiness,
    moves,
    states,
    users,
    label_pdf,
    stock_takes,
    places,
    sheets,
    inbox,
    indicators,
    reports,
)
"""Modules with `routes(site)`."""

_BY_ALL = problems(400, 401, 403, 422, 429, 503)


def make_api(site: Site, a_minute: int = MOST_A_MINUTE) -> FastAPI:
    """The API over a site. a_minute: most requests of one user."""
    api = FastAPI(
        title="Hatang",
        version="1",
        description=_DESCRIPTION,
        servers=[{"url": ADDRESS}],
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(entrance(a_minute, lambda: site.clock.monotonic()))],
        responses=_BY_ALL,
    )
    api.state.site = site
    api.router.route_class = ApiRoute
    for topic in _TOPICS:
        api.include_router(topic.routes(site))
    _description(api)
    _refusals(api, site)
    return api


def _description(api: FastAPI) -> None:
    """/openapi.json, for whoever may read."""

    @api.get("/openapi.json", include_in_schema=False)
    def described(visitor: Reader) -> JSONResponse:
        return JSONResponse(description_of(api))


def description_of(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, which knows what every refusal looks like."""
    if api.openapi_schema is None:
        found = api.openapi()
        schemas = found["components"]["schemas"]
        made = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= made.pop("$defs", {})
        schemas["Problem"] = made
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
    return api.openapi()


def _refusals(api: FastAPI, site: Site) -> None:
    @api.exception_handler(ApiProblem)
    def problem(request: Request, error: ApiProblem) -> Response:
        return answered(error, request)

    @api.exception_handler(RequestValidationError)
    def unfit(request: Request, error: RequestValidationError) -> Response:
        return answered(of_validation(error), request)

    @api.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        if isinstance(error, Denied):
            what = f"{request.method} {request.url.path}"
            site.people.denied(visitor_of(request).actor, what, error.why)
            return answered(ApiProblem(403, error.text, values=error.values), request)
        return answered(of_http(request, error), request)

    @api.exception_handler(Refused)
    def wrong(request: Request, error: Refused) -> Response:
        errors = [FieldProblem(_place(p.field, p.row), p.text, p.values) for p in error.problems]
        return answered(ApiProblem(422, "nothing was changed", errors), request)

    @api.exception_handler(Stale)
    def stale(request: Request, error: Stale) -> Response:
        visitor = visitor_of(request)
        entry = error.entry
        shown = visitor.communes is None or entry.asset.commune in visitor.communes
        return answered(
            ApiProblem(
                412,
                "{tag} has been changed since that version; nothing was changed",
                values={"tag": entry.asset.tag},
                headers={"ETag": etag(entry.version)} if shown else None,
                present=asset_body(entry) if shown else None,
            ),
            request,
        )

    @api.exception_handler(NotFound)
    def missing(request: Request, error: NotFound) -> Response:
        return answered(not_there(error.what), request)

    @api.exception_handler(StoreError)
    def unusable(request: Request, error: StoreError) -> Response:
        told = "the database cannot be used now; nothing was changed"
        return answered(ApiProblem(503, told, headers={"Retry-After": "10"}), request)


def _place(field: str, row: int | None) -> str:
    return field if row is None else f"steps.{row}.{field}".rstrip(".")


_DESCRIPTION = """\
The register of Hatang and what it knows of equipment and communes: the same operations as the
pages, with the same checks.

**Who asks**: `Authorization: Bearer TOKEN`. **Lists** have `limit` and `offset`, the header `Link`
and, with `X-Total-Count`, the number of all. **Changes**: `ETag` is the version; `PATCH` and
`DELETE` need `If-Match` with it, so that nobody's change is lost. **Once only**: a `POST` with an
`Idempotency-Key` is done once, and answered the same for a day. **Refusals** are
`application/problem+json` (RFC 9457), with `errors` by field; in English, or in the language of
`Accept-Language` (vi, hi).
"""
