"""What machines read: metrics and health."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from dashboards.exposition import render
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter()

    @router.api_route("/metrics", methods=READ)
    def metrics(request: Request) -> Response:
        names = request.query_params.getlist("name[]")
        body, content_type = render(site.registry, request.headers.get("accept", ""), names)
        return Response(body, headers={"Content-Type": content_type})

    @router.api_route("/healthz", methods=READ)
    def health() -> JSONResponse:
        problems = dict(site.snapshot.problems)
        status = "degraded" if problems else "ok"
        return JSONResponse({"status": status, "problems": problems}, 503 if problems else 200)

    return router
