"""The page that explains the API to people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dashboards.api.application import ADDRESS, description_of, make_api
from dashboards.web.answers import Answer
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site
from dashboards.web.visitor import Right, require


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that the API does. what: in English, as its description has it."""

    method: str
    path: str
    what: str


def routes(site: Site, answer: Answer) -> APIRouter:
    """See the module."""
    router = APIRouter()

    @cache
    def operations() -> list[Operation]:
        return _operations(site)

    @router.api_route(ADDRESS, methods=READ)
    def explained(request: Request) -> HTMLResponse:
        require(request, Right.READ)
        address = f"{request.url.scheme}://{request.url.netloc}"
        return answer(request, "api.html", operations=operations(), address=address)

    return router


def _operations(site: Site) -> list[Operation]:
    described = description_of(make_api(site))
    return [
        Operation(method.upper(), f"{ADDRESS}{path}", " ".join(told["description"].split()))
        for path, methods in sorted(described["paths"].items())
        for method, told in methods.items()
    ]
