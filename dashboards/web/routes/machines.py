"""What machines read: metrics and health."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from dashboards.exposition import PARTS, names_of, render, render_commune
from dashboards.web.routes.reading import READ
from dashboards.web.site import Site


def routes(site: Site) -> APIRouter:
    """See the module."""
    router = APIRouter()

    @router.api_route("/metrics", methods=READ)
    def metrics(request: Request) -> Response:
        parts, names = (request.query_params.getlist(key) for key in ("collect[]", "name[]"))
        if unknown := set(parts) - set(PARTS):
            told = f"no part {min(unknown)!r}; there are {', '.join(PARTS)}\n"
            return PlainTextResponse(told, 400)
        asked = [*names, *names_of(parts)]
        body, content_type = render(site.registry, request.headers.get("accept", ""), asked)
        return Response(body, headers={"Content-Type": content_type})

    @router.api_route("/metrics/communes/{code}", methods=READ)
    def of_commune(request: Request, code: str) -> Response:
        if code not in site.snapshot.communes:
            return PlainTextResponse("no such commune\n", 404)
        accept = request.headers.get("accept", "")
        body, content_type = render_commune(site.snapshot, site.series_dropped, code, accept)
        return Response(body, headers={"Content-Type": content_type})

    @router.api_route("/sd", methods=READ)
    def discovery(request: Request) -> JSONResponse:
        """The communes' pages as Prometheus' HTTP service discovery has them. Each is an instance
        of its own, because two targets of one name would share their `up`."""
        here = request.headers.get("host", "")
        return JSONResponse(
            [
                {
                    "targets": [here],
                    "labels": {
                        "__metrics_path__": f"/metrics/communes/{code}",
                        "instance": f"{here}/{code}",
                    },
                }
                for code in sorted(site.snapshot.communes)
            ]
        )

    @router.api_route("/healthz", methods=READ)
    def health() -> JSONResponse:
        problems = dict(site.snapshot.problems)
        status = "degraded" if problems else "ok"
        return JSONResponse({"status": status, "problems": problems}, 503 if problems else 200)

    return router
